// SPDX-License-Identifier: GPL-2.0-only
/*
 * anonymous - a mailbox without a name between a parent and its child
 *
 * As with a pipe, each side keeps one end: mbox_grant() makes a handle that can
 * only send, and one that can only receive. When the last sender has gone, the
 * receiver gets what is left and then the end of file. Unlike in a pipe, the
 * messages arrive as they were sent, and have types.
 *
 * A handle that is inherited over fork() signs with the process that opened it,
 * which is the parent here; a child that wants to sign opens its own by id.
 *
 *	$ examples/mbox/anonymous
 */
#include <mbox.h>

#include "../check.h"

static void write_words(struct mbox *sender)
{
	static const char *const words[] = { "Hello", "How about an answer?", "Bye" };

	for (uint64_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		check(mbox_send(sender, i + 1, words[i], strlen(words[i]),
				MBOX_FOREVER), "send");
	printf("child: sent 3 messages and left\n");
}

static void read_words(struct mbox *receiver)
{
	struct mbox_header header;
	char text[64];

	while (check(mbox_recv(receiver, &header, text, sizeof(text), MBOX_FOREVER),
		     "receive"))
		printf("parent: type %llu, %2llu bytes: %.*s\n", header.type,
		       header.len, (int)header.len, text);
	printf("parent: end of file, no sender is left\n");
}

int main(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
	};
	struct mbox *both, *sender, *receiver;
	pid_t child;

	check(mbox_open(&both, NULL, &options), "make a mailbox");
	check(mbox_grant(both, MBOX_RIGHT_SEND, &sender), "grant sending");
	check(mbox_grant(both, MBOX_RIGHT_RECV, &receiver), "grant receiving");
	mbox_close(both);
	child = start_child();
	if (!child) {
		mbox_close(receiver);
		write_words(sender);
		return 0;
	}
	/* While we held the sending end ourselves, the end would never come. */
	mbox_close(sender);
	end_child(child);
	read_words(receiver);
	mbox_close(receiver);
	return 0;
}
