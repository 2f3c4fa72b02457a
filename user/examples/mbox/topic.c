// SPDX-License-Identifier: GPL-2.0-only
/*
 * topic - each message goes to all who have subscribed
 *
 * Every handle that may receive from a topic is a subscriber, with a filter, a queue
 * and a policy of its own: one takes the weather only, one wants nothing but the
 * latest and is told how much it has missed, one wants all. The publisher sends once
 * and knows none of them. The topic retains its last message for who comes late.
 *
 * Rows: 82, 134
 *
 *	$ examples/mbox/topic
 */
#include <mbox.h>

#include "../check.h"

enum { WEATHER = 1, SPORTS = 2 };

/* With room for fewer messages than are there, it loses the old ones; nobody waits. */
static struct mbox *subscribe(uint64_t id, const char *spec, uint32_t room)
{
	struct mbox_open_options options = {
		.rights = MBOX_RIGHT_RECV,
		.max_msgs = room,
		.policy = MBOX_POLICY_DROP_OLDEST,
	};
	struct mbox_filter filter;
	struct mbox *mbox;

	check(mbox_filter_parse(spec, &filter), spec);
	options.filter = &filter;
	check(mbox_open_id(&mbox, id, &options), "subscribe");
	return mbox;
}

static void publish(struct mbox *topic, uint64_t type, const char *text)
{
	check(mbox_send(topic, type, text, strlen(text), MBOX_FOREVER), "publish");
}

static void read_all(const char *name, struct mbox *mbox)
{
	struct mbox_header header;
	char text[64];
	int ret;

	while ((ret = mbox_recv(mbox, &header, text, sizeof(text), 0)) > 0) {
		printf("%-9s%.*s", name, (int)header.len, text);
		if (header.lost)
			printf(" (%llu older ones lost)", header.lost);
		putchar('\n');
	}
	if (ret != -EAGAIN)
		check(ret, "receive");
	mbox_close(mbox);
}

int main(void)
{
	static const struct mbox_open_options options = {
		.rights = MBOX_RIGHT_SEND,
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_RETAIN,
		.kind = MBOX_KIND_TOPIC,
		.limits = { .policy = MBOX_POLICY_DROP_OLDEST },
	};
	struct mbox *topic, *weather, *latest, *archive;
	struct mbox_stat stat;

	check(mbox_open(&topic, NULL, &options), "make a topic");
	check(mbox_info(topic, &stat, NULL), "mailbox state");
	weather = subscribe(stat.id, "1", 100);
	latest = subscribe(stat.id, "any", 1);
	archive = subscribe(stat.id, "any", 100);
	publish(topic, WEATHER, "it rains");
	publish(topic, WEATHER, "it pours");
	publish(topic, SPORTS, "the team lost");
	read_all("weather:", weather);
	read_all("latest:", latest);
	read_all("archive:", archive);
	read_all("late:", subscribe(stat.id, "any", 100));
	check(mbox_info(topic, &stat, NULL), "mailbox state");
	printf("%ju copies sent, %ju received, %ju lost\n", (uintmax_t)stat.sent,
	       (uintmax_t)stat.received, (uintmax_t)stat.lost);
	mbox_close(topic);
	return 0;
}
