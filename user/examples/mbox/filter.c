// SPDX-License-Identifier: GPL-2.0-only
/*
 * filter - two receivers of one mailbox, each of which takes its own types
 *
 * A filter belongs to a handle. Here one handle takes the types 1 to 9 and the
 * other all but those; neither gets, or is woken by, what the other takes.
 *
 *	$ examples/mbox/filter
 */
#include <mbox.h>

#include "../check.h"

static struct mbox *open_receiver(uint64_t id, const char *spec)
{
	static const struct mbox_open_options options = {
		.rights = MBOX_RIGHT_RECV,
	};
	struct mbox_filter filter;
	struct mbox *mbox;

	check(mbox_filter_parse(spec, &filter), spec);
	check(mbox_open_id(&mbox, id, &options), "open by id");
	check(mbox_set_filter(mbox, &filter), "set the filter");
	return mbox;
}

static void send_type(struct mbox *mbox, uint64_t type)
{
	printf("send        type %ju\n", (uintmax_t)type);
	check(mbox_send(mbox, type, NULL, 0, MBOX_FOREVER), "send");
}

static void receive_all(struct mbox *mbox, const char *spec)
{
	struct mbox_header header;
	int ret;

	while ((ret = mbox_recv(mbox, &header, NULL, 0, 0)) > 0)
		printf("filter %-4s type %llu\n", spec, header.type);
	if (ret != -EAGAIN)
		check(ret, "receive");
}

int main(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
	};
	struct mbox *mbox, *small, *rest;
	struct mbox_stat stat;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	check(mbox_info(mbox, &stat, NULL), "ask for its id");
	small = open_receiver(stat.id, "1-9");
	rest = open_receiver(stat.id, "!1-9");
	send_type(mbox, 3);
	send_type(mbox, 30);
	send_type(mbox, 5);
	send_type(mbox, 50);
	receive_all(rest, "!1-9");
	receive_all(small, "1-9");
	mbox_close(rest);
	mbox_close(small);
	mbox_close(mbox);
	return 0;
}
