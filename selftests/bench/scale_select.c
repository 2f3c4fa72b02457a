// SPDX-License-Identifier: GPL-2.0
/*
 * One receive by type from a queue of many messages of many types, and the send
 * that fills the gap. System V messages beside it.
 */
#include "scale.h"

#include <sys/ipc.h>
#include <sys/msg.h>

#define SELECT_ROUNDS	40
#define DEPTH_MAX	100000

struct kind {
	const char *name;
	struct mbox_filter (*filter)(long types, long round);
};

/* A type in the middle, another one in each round. */
static __u64 some_type(long types, long round)
{
	return 1 + (types / 2 + round * 17) % types;
}

static struct mbox_filter exact(long types, long round)
{
	__u64 type = some_type(types, round);

	return (struct mbox_filter){ .lo = type, .hi = type };
}

static struct mbox_filter range(long types, long round)
{
	__u64 type = some_type(types, round);

	return (struct mbox_filter){
		.lo = type > 3 ? type - 3 : 1,
		.hi = type + 3,
	};
}

static struct mbox_filter except(long types, long round)
{
	struct mbox_filter filter = exact(types, round);

	filter.flags = MBOX_FILTER_EXCEPT;
	if (types == 1)
		return (struct mbox_filter){ 2, 2, MBOX_FILTER_EXCEPT };
	return filter;
}

/* All but the type of the oldest message, which stays there. */
static struct mbox_filter except_oldest(long types, long round)
{
	__u64 type = types == 1 ? 2 : 1;

	return (struct mbox_filter){ type, type, MBOX_FILTER_EXCEPT };
}

static struct mbox_filter lowest(long types, long round)
{
	return (struct mbox_filter){
		.lo = 1,
		.hi = some_type(types, round),
		.flags = MBOX_FILTER_LOWEST,
	};
}

static const struct kind kinds[] = {
	{ "exact", exact },
	{ "range", range },
	{ "except", except },
	{ "except-oldest", except_oldest },
	{ "lowest", lowest },
};

static void measure_kind(int fd, const struct kind *kind, long depth,
			 long types)
{
	struct costs receive = { 0 }, send = { 0 };
	struct mbox_header header;
	char buf[8] = "";
	long i;

	for (i = 0; i < SELECT_ROUNDS; i++) {
		struct mbox_filter filter = kind->filter(types, i);
		__s64 start = now();

		want(recv_into(fd, &header, buf, sizeof(buf), MBOX_RECV_NOWAIT,
			       &filter, 0), "receive");
		add_cost(&receive, now() - start);
		start = now();
		want(send_bytes(fd, header.type, buf, 8), "send");
		add_cost(&send, now() - start);
	}
	row("select", kind->name, depth, types, median(&receive));
	row("select-fill", kind->name, depth, types, median(&send));
}

static void measure(long depth, long types)
{
	int fd = want(open_limited(NULL, O_RDWR, DEPTH_MAX, MBOX_BYTES_MAX, 0),
		      "mailbox");
	long i;

	for (i = 0; i < depth; i++)
		want(send_bytes(fd, 1 + i % types, "8 bytes", 8), "send");
	for (i = 0; i < (long)ARRAY_SIZE(kinds); i++)
		measure_kind(fd, &kinds[i], depth, types);
	close(fd);
}

struct sysv_message {
	long type;
	char text[8];
};

static void measure_sysv(long depth, long types)
{
	int id = want(or_errno(msgget(IPC_PRIVATE, 0600)), "msgget");
	struct sysv_message msg = { .text = "8 bytes" };
	struct msqid_ds settings;
	struct costs costs = { 0 };
	long i;

	msgctl(id, IPC_STAT, &settings);
	settings.msg_qbytes = depth * sizeof(msg.text) + 4096;
	want(or_errno(msgctl(id, IPC_SET, &settings)), "msgctl");
	for (i = 0; i < depth; i++) {
		msg.type = 1 + i % types;
		want(or_errno(msgsnd(id, &msg, sizeof(msg.text), IPC_NOWAIT)),
		     "msgsnd");
	}
	for (i = 0; i < SELECT_ROUNDS; i++) {
		__s64 start = now();

		want(or_errno(msgrcv(id, &msg, sizeof(msg.text),
				     some_type(types, i), IPC_NOWAIT)),
		     "msgrcv");
		add_cost(&costs, now() - start);
		want(or_errno(msgsnd(id, &msg, sizeof(msg.text), IPC_NOWAIT)),
		     "msgsnd");
	}
	row("select", "sysv-exact", depth, types, median(&costs));
	msgctl(id, IPC_RMID, NULL);
}

void scale_select(void)
{
	static const long depths[] = { 10, 1000, DEPTH_MAX };
	static const long types[] = { 1, 100, 10000 };
	int i, k;

	for (i = 0; i < 3; i++) {
		for (k = 0; k < 3; k++) {
			/* Of ten messages not more than ten types can be. */
			long t = types[k] > depths[i] ? depths[i] : types[k];

			if (k && t == types[k - 1])
				continue;
			measure(depths[i], t);
			measure_sysv(depths[i], t);
		}
	}
}
