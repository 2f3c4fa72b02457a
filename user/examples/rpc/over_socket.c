// SPDX-License-Identifier: GPL-2.0-only
/*
 * over_socket - remote procedure calls with generated stubs, over a socket
 *
 * The client, the server and the steps of a call are those of over_mbox.c; all
 * that is different is what carries the messages, parts/socket.c.
 *
 * Rows: 150
 *
 *	$ examples/rpc/over_socket
 */
#include "parts/story.h"

int main(void)
{
	tell_story(connect_socket);
	return 0;
}
