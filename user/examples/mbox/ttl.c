// SPDX-License-Identifier: GPL-2.0-only
/*
 * ttl - a message that nobody needs any more is not delivered
 *
 * With a time to live a message waits for so long and is then discarded, not in
 * silence: it is counted, and the next header tells that something was lost. The time
 * begins when the mailbox accepts the message; one without a time stays.
 *
 *	$ examples/mbox/ttl
 */
#include <mbox.h>

#include "../check.h"

#define MS	UINT64_C(1000000)

static void send_text(struct mbox *mbox, const char *text, uint64_t ttl)
{
	const struct mbox_send_options options = { .ttl = ttl };

	check(mbox_send_with(mbox, 1, text, strlen(text), &options, MBOX_FOREVER), "send");
}

static void receive(struct mbox *mbox, const char *when)
{
	struct mbox_header header;
	char text[64];
	int ret = mbox_recv(mbox, &header, text, sizeof(text), 0);

	printf("%-15s", when);
	if (ret == -EAGAIN)
		printf("nothing\n");
	else if (check(ret, "receive"))
		printf("%.*s, %llu lost\n", (int)header.len, text, header.lost);
}

int main(void)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox_stat stat;
	struct mbox *mbox;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	send_text(mbox, "parked at gate 7", 60000 * MS);
	receive(mbox, "at once:");
	send_text(mbox, "boarding now", 20 * MS);
	send_text(mbox, "the manual", 0);
	usleep(60000);
	receive(mbox, "after 60 ms:");
	receive(mbox, "after 60 ms:");
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	printf("%ju sent, %ju received, %ju lost, %ju of them expired\n",
	       (uintmax_t)stat.sent, (uintmax_t)stat.received, (uintmax_t)stat.lost,
	       (uintmax_t)stat.expired);
	mbox_close(mbox);
	return 0;
}
