// SPDX-License-Identifier: GPL-2.0-only
/*
 * hello - send a message to a mailbox and receive it
 *
 * A message is some bytes with a type, a number from 1 on. The kernel adds who
 * sent it and when. Without MBOX_OPEN_PERSIST the mailbox "hello" goes with its
 * last handle, so that this program leaves nothing behind.
 *
 *	$ cc hello.c $(pkg-config --cflags --libs libmbox) -o hello
 *	$ examples/mbox/hello
 */
#include <mbox.h>

#include "../check.h"

int main(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
	};
	static const char text[] = "hello, mailbox";
	struct mbox_header header;
	struct mbox *mbox;
	char got[64];

	check(mbox_open(&mbox, "hello", &options), "open the mailbox 'hello'");
	check(mbox_send(mbox, 7, text, strlen(text), MBOX_FOREVER), "send");
	printf("process %d sent a message of type 7\n", getpid());
	check(mbox_recv(mbox, &header, got, sizeof(got), MBOX_FOREVER), "receive");
	printf("received type %llu, %llu bytes, from process %u, user %u: %.*s\n",
	       header.type, header.len, header.pid, header.uid,
	       (int)header.len, got);
	mbox_close(mbox);
	return 0;
}
