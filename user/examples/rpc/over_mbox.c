// SPDX-License-Identifier: GPL-2.0-only
/*
 * over_mbox - remote procedure calls with generated stubs, over mailboxes
 *
 * calc.x names the procedures and their types; rpcgen makes the client's stubs,
 * the server's dispatcher and all the marshalling of it. The steps of a call:
 * the client calls a stub (1), which marshals the arguments (2) and sends them
 * (3); the server's dispatcher unmarshals them and calls the procedure (4), and
 * the reply goes the same way back (5). Only parts/mbox.c knows of mailboxes, as
 * parts/socket.c knows of sockets.
 *
 * Rows: 150
 *
 *	$ examples/rpc/over_mbox
 */
#include "parts/story.h"

int main(void)
{
	tell_story(connect_mbox);
	return 0;
}
