// SPDX-License-Identifier: GPL-2.0-only
/*
 * nonblock - four answers of a receive that does not wait
 *
 * A program that does not wait has to tell apart: nothing there yet, a message,
 * an empty message, and the end, after which nothing will ever come. An
 * anonymous mailbox is at its end when it is empty and no sender is left.
 *
 *	$ examples/mbox/nonblock
 */
#include <mbox.h>

#include "../check.h"

static void try_receive(struct mbox *mbox, const char *when)
{
	struct mbox_header header;
	char text[64];
	int ret;

	printf("%-30s ", when);
	ret = mbox_recv(mbox, &header, text, sizeof(text), 0);
	if (ret == -EAGAIN)
		printf("-EAGAIN: nothing yet, try again later\n");
	else if (!check(ret, "receive"))
		printf("0: the end, no sender is left\n");
	else
		printf("1: a message of %llu bytes '%.*s'\n", header.len,
		       (int)header.len, text);
}

static void send_text(struct mbox *mbox, const char *text)
{
	check(mbox_send(mbox, 1, text, strlen(text), 0), "send");
}

int main(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
	};
	struct mbox *both, *sender, *receiver;

	check(mbox_open(&both, NULL, &options), "make a mailbox");
	check(mbox_grant(both, MBOX_RIGHT_SEND, &sender), "grant sending");
	check(mbox_grant(both, MBOX_RIGHT_RECV, &receiver), "grant receiving");
	mbox_close(both);
	try_receive(receiver, "before anything was sent:");
	send_text(sender, "news");
	try_receive(receiver, "after a message:");
	send_text(sender, "");
	try_receive(receiver, "after an empty message:");
	try_receive(receiver, "while the sender lives:");
	mbox_close(sender);
	try_receive(receiver, "after the sender has closed:");
	mbox_close(receiver);
	return 0;
}
