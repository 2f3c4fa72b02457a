// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims on which mechanism is the fastest. Two processes, messages of 128 bytes,
 * some rounds of each mechanism in turn; the best round counts, since whatever
 * else runs here only makes it slower.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/socket.h>

#include "claim.h"
#include "clock.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"

#define SIZE		128
#define ROUNDS		5
#define ROUND_SECONDS	0.02
#define COUNT_MIN	50
#define COUNT_MAX	4000
#define NEVER		1e9

/* How a mechanism ranks: in the order of the claim. */
enum kind {
	KIND_PIPE,
	KIND_QUEUE,
	KIND_SOCKET,
};

struct text {
	long type;
	char text[SIZE];
};

/**
 * struct channel - one direction of a mechanism
 * @in: descriptor or id to send to
 * @out: descriptor or id to receive from
 */
struct channel {
	int in;
	int out;
};

struct mechanism {
	const char *name;
	enum kind kind;
	int (*open)(struct channel *channel);
	void (*send)(int in, struct text *text);
	void (*receive)(int out, struct text *text);
};

static int open_pipe(struct channel *channel)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	channel->in = ends[1];
	channel->out = ends[0];
	return 0;
}

static int open_socket(struct channel *channel, int type)
{
	int ends[2];

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends))
		return -1;
	channel->in = ends[1];
	channel->out = ends[0];
	return 0;
}

static int open_stream(struct channel *channel)
{
	return open_socket(channel, SOCK_STREAM);
}

static int open_datagram(struct channel *channel)
{
	return open_socket(channel, SOCK_DGRAM);
}

static int open_sysv(struct channel *channel)
{
	int id = msgget(object_key(GUARD_MSG_KEY), IPC_CREAT | IPC_EXCL | 0600);

	channel->in = id;
	channel->out = id;
	return id < 0 ? -1 : 0;
}

static int open_posix(struct channel *channel)
{
	struct mq_attr attributes = { .mq_maxmsg = 10, .mq_msgsize = SIZE };
	char name[OBJECT_NAME_MAX];
	int queue;

	object_name(GUARD_MQ_NAME, name);
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	if (queue < 0)
		return -1;
	mq_unlink(name);
	channel->in = queue;
	channel->out = queue;
	return 0;
}

static void write_text(int in, struct text *text)
{
	must(write(in, text->text, SIZE), "write");
}

static void read_text(int out, struct text *text)
{
	if (must(read(out, text->text, SIZE), "read") != SIZE)
		fault("a message of %d bytes came in parts", SIZE);
}

static void put_sysv(int in, struct text *text)
{
	text->type = 1;
	must(msgsnd(in, text, SIZE, 0), "msgsnd");
}

static void take_sysv(int out, struct text *text)
{
	must(msgrcv(out, text, SIZE, 0, 0), "msgrcv");
}

static void put_posix(int in, struct text *text)
{
	must(mq_send(in, text->text, SIZE, 0), "mq_send");
}

static void take_posix(int out, struct text *text)
{
	must(mq_receive(out, text->text, SIZE, NULL), "mq_receive");
}

static const struct mechanism mechanisms[] = {
	{ "pipe", KIND_PIPE, open_pipe, write_text, read_text },
	{ "SysV", KIND_QUEUE, open_sysv, put_sysv, take_sysv },
	{ "mq", KIND_QUEUE, open_posix, put_posix, take_posix },
	{ "stream", KIND_SOCKET, open_stream, write_text, read_text },
	{ "dgram", KIND_SOCKET, open_datagram, write_text, read_text },
};

#define MECHANISMS	ARRAY_SIZE(mechanisms)

/**
 * struct race - one mechanism's part
 * @mechanism: which
 * @there: and back
 * @back: the two directions
 * @present: the mechanism is here
 * @count: messages or trips of a round, as many as @ROUND_SECONDS allow
 * @seconds: its best round, for one message or trip
 */
struct race {
	const struct mechanism *mechanism;
	struct channel there;
	struct channel back;
	bool present;
	int count;
	double seconds;
};

static double time_trips(const struct race *race)
{
	const struct mechanism *mechanism = race->mechanism;
	struct text text = { 0 };
	double begin;
	pid_t child = start();

	if (!child) {
		for (int i = 0; i < race->count; i++) {
			mechanism->receive(race->there.out, &text);
			mechanism->send(race->back.in, &text);
		}
		_exit(0);
	}
	begin = clock_seconds();
	for (int i = 0; i < race->count; i++) {
		mechanism->send(race->there.in, &text);
		mechanism->receive(race->back.out, &text);
	}
	begin = (clock_seconds() - begin) / race->count;
	ends_well(child);
	return begin;
}

static double time_stream(const struct race *race)
{
	const struct mechanism *mechanism = race->mechanism;
	struct text text = { 0 };
	double begin;
	pid_t child = start();

	if (!child) {
		for (int i = 0; i < race->count; i++)
			mechanism->send(race->there.in, &text);
		_exit(0);
	}
	begin = clock_seconds();
	for (int i = 0; i < race->count; i++)
		mechanism->receive(race->there.out, &text);
	begin = (clock_seconds() - begin) / race->count;
	ends_well(child);
	return begin;
}

static void open_all(struct race races[MECHANISMS])
{
	for (size_t i = 0; i < MECHANISMS; i++) {
		struct race *race = &races[i];

		race->mechanism = &mechanisms[i];
		race->seconds = NEVER;
		race->count = COUNT_MIN;
		race->present = !race->mechanism->open(&race->there) &&
				!race->mechanism->open(&race->back);
		if (!race->present)
			observe("No %s here: %s.", race->mechanism->name, strerror(errno));
	}
}

static int compare(const void *one, const void *two)
{
	const struct race *first = one, *second = two;

	if (first->seconds == second->seconds)
		return 0;
	return first->seconds < second->seconds ? -1 : 1;
}

static double best_of(const struct race races[MECHANISMS], enum kind kind)
{
	double seconds = NEVER;

	for (size_t i = 0; i < MECHANISMS; i++)
		if (races[i].mechanism->kind == kind)
			seconds = shorter(seconds, races[i].seconds);
	return seconds;
}

static void run_round(struct race *race, double (*time)(const struct race *race))
{
	double count;

	race->seconds = shorter(race->seconds, time(race));
	count = ROUND_SECONDS / race->seconds;
	if (count > COUNT_MAX)
		race->count = COUNT_MAX;
	else if (count > race->count)
		race->count = count;
}

static void hold(struct race races[MECHANISMS], double (*time)(const struct race *race))
{
	open_all(races);
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < MECHANISMS; i++)
			if (races[i].present)
				run_round(&races[i], time);
	if (best_of(races, KIND_QUEUE) == NEVER)
		skip("there are no message queues here");
	qsort(races, MECHANISMS, sizeof(*races), compare);
}

static void observe_order(const struct race races[MECHANISMS], const char *what)
{
	observe("%s of %d bytes, in microseconds:", what, SIZE);
	for (size_t i = 0; i < MECHANISMS && races[i].present; i++)
		observe("%s %.2f%s", races[i].mechanism->name, races[i].seconds * 1e6,
			i + 1 < MECHANISMS && races[i + 1].present ? "," : ".");
}

/* The claim is on kinds: the best of each counts. */
static void judge_order(const struct race races[MECHANISMS], double factor)
{
	double pipe = best_of(races, KIND_PIPE), queue = best_of(races, KIND_QUEUE);
	double socket = best_of(races, KIND_SOCKET);

	if (queue < pipe && queue < socket)
		conclude_as("otherwise", "mq first");
	else if (socket < pipe)
		conclude_as("otherwise", "socket first");
	else if (socket < queue)
		conclude_as("otherwise", "socket second");
	else if (socket < factor * pipe)
		conclude_as("otherwise", "sockets %.1f x", socket / pipe);
	else
		conclude("as claimed");
}

static void check_stream(void)
{
	struct race races[MECHANISMS];

	hold(races, time_stream);
	observe_order(races, "One way, a message");
	observe("The best socket takes %.1f times as long as a pipe.",
		best_of(races, KIND_SOCKET) / best_of(races, KIND_PIPE));
	judge_order(races, 2);
}

static void check_trips(void)
{
	struct race races[MECHANISMS];

	hold(races, time_trips);
	observe_order(races, "A round trip");
	judge_order(races, 1);
}

const struct claim speed_claims[] = {
	{
		.row = "24",
		.lectures = "S2",
		.text = "flow: pipe, mq, socket",
		.says = "Pipes are the fastest, message queues slower, sockets the slowest: "
			"at most half as fast.",
		.page = "pipe(7), mq_overview(7), sysvipc(7), unix(7)",
		.check = check_stream,
		.outcomes = { { "as claimed", VERDICT_TRUE }, { "otherwise", VERDICT_OUTDATED } },
		.note = "A short measurement; ipcbench(1) takes more care.",
	}, {
		.row = "A2.11",
		.lectures = "S2",
		.text = "trip: pipe, mq, socket",
		.says = "Pipes are the fastest, message queues slower, sockets the slowest.",
		.page = "pipe(7), mq_overview(7), sysvipc(7), unix(7)",
		.check = check_trips,
		.outcomes = { { "as claimed", VERDICT_TRUE }, { "otherwise", VERDICT_OUTDATED } },
		.note = "A short measurement; ipcbench(1) takes more care.",
	},
	{ 0 }
};
