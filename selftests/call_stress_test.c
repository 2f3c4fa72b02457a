// SPDX-License-Identifier: GPL-2.0
/*
 * Callers and servers of which random ones are killed and started again. In the
 * end every call is accounted for.
 *
 * MBOX_STRESS_MS is how long all of it takes (10000), MBOX_STRESS_SEED where the
 * random numbers begin (1).
 */
#include "mbox_call.h"

#define CALLERS		5
#define SERVERS		3
#define PROCESSES	(CALLERS + SERVERS)

/* How a call can end, in the order of the counters. */
static const int ends[] = {
	0, -ETIMEDOUT, -EOWNERDEAD, -ENOBUFS, -EAGAIN,
};

#define ENDS	ARRAY_SIZE(ends)

/* What a process and those before it in its place have done; shared. */
struct tally {
	__u64 made;
	__u64 ended[ENDS];
	__u64 other;
	__u64 wrong;
	__u64 taken;
	__u64 replied;
	__u64 returned;
	__u64 late;
};

/* A place among the processes. */
struct place {
	pid_t pid;
	unsigned int seed;
	unsigned int kills;
	__u64 cut;
};

static struct tally *tallies;
static struct place places[PROCESSES];
static volatile bool *stop_callers, *stop_servers;
static const char *stress_name;

static long setting(const char *name, long value)
{
	const char *text = getenv(name);

	return text ? atol(text) : value;
}

/* ---- callers ----------------------------------------------------------- */

struct payload {
	__u64 place;
	__u64 number;
	char filler[200];
};

static void count_end(struct tally *tally, int ret)
{
	size_t i;

	for (i = 0; i < ENDS && ends[i] != ret; i++)
		;
	if (i < ENDS)
		tally->ended[i]++;
	else
		tally->other++;
}

/* Resumes what it does not wait for now and then, and perhaps gives it up. */
static int go_on(int fd, struct mbox_call *call, unsigned int *seed)
{
	int ret, i;

	for (i = rand_r(seed) % 4; i > 0; i--) {
		ret = do_call(fd, call);
		if (ret != -EINPROGRESS)
			return ret;
		usleep(rand_r(seed) % 300);
	}
	call->flags = 0;
	call->deadline = now() + rand_r(seed) % 2000000;
	do {
		ret = do_call(fd, call);
	} while (ret == -EINTR);
	return ret;
}

static int call_once(int fd, struct payload *request, struct payload *reply,
		     unsigned int *seed)
{
	struct mbox_call call = {
		.type = 1 + rand_r(seed) % 4,
		.buf = addr(request),
		.len = 16 + rand_r(seed) % sizeof(request->filler),
		.reply = addr(reply),
		.room = sizeof(*reply),
	};
	int ret;

	switch (rand_r(seed) % 4) {
	case 0:
		call.deadline = now() + rand_r(seed) % 300000;
		break;
	case 1:
		call.deadline = now() + rand_r(seed) % 20000000;
		break;
	case 2:
		call.flags = MBOX_CALL_NOWAIT;
	}
	do {
		ret = do_call(fd, &call);
	} while (ret == -EINTR);
	return ret == -EINPROGRESS ? go_on(fd, &call, seed) : ret;
}

static int caller_process(void *arg)
{
	struct place *place = arg;
	struct tally *tally = &tallies[place - places];
	struct payload request = { .place = place - places }, reply;
	int fd = open_existing(stress_name, O_WRONLY), ret;

	if (fd < 0)
		return 1;
	while (!*stop_callers) {
		request.number = tally->made++;
		memset(&reply, 0, sizeof(reply));
		ret = call_once(fd, &request, &reply, &place->seed);
		count_end(tally, ret);
		tally->wrong += !ret && (reply.place != ~request.place ||
					 reply.number != ~request.number);
		/* Some leave as they came, with a new handle. */
		if (rand_r(&place->seed) % 200 == 0) {
			close(fd);
			fd = open_existing(stress_name, O_WRONLY);
		}
	}
	return 0;
}

/* ---- servers ----------------------------------------------------------- */

#define HELD	4

struct held {
	__u64 cookie;
	struct payload request;
};

/* Any end that a delivery may have, at random. */
static void settle_one(int fd, struct held *held, struct tally *tally,
		       unsigned int *seed)
{
	struct payload reply = {
		.place = ~held->request.place,
		.number = ~held->request.number,
	};
	int ret;

	if (rand_r(seed) % 8 == 0) {
		ret = check_wanted(fd, held->cookie);
		tally->wrong += ret && ret != -ECANCELED;
	}
	if (rand_r(seed) % 6 == 0) {
		ret = put_back(fd, held->cookie);
		tally->returned += ret == 0;
	} else {
		ret = reply_bytes(fd, held->cookie, 1, &reply,
				  16 + rand_r(seed) % sizeof(reply.filler));
		tally->replied += ret == 0;
	}
	tally->late += ret == -ECANCELED;
	tally->wrong += ret && ret != -ECANCELED;
	/* Nobody has it settled twice. */
	tally->wrong += reply_text(fd, held->cookie, "") != -EALREADY;
	held->cookie = 0;
}

/* Takes one into a free place, waiting only if there is nothing to settle. */
static void take_one(int fd, struct held *held, struct tally *tally, bool wait)
{
	struct mbox_header header;
	int ret;

	ret = recv_into(fd, &header, &held->request, sizeof(held->request), 0,
			NULL, wait ? in_ms(20) : 1);
	if (ret == 1) {
		held->cookie = header.cookie;
		tally->taken++;
		tally->wrong += !header.cookie;
	}
	tally->wrong += ret != 1 && ret != -ETIMEDOUT;
}

static int server_process(void *arg)
{
	struct place *place = arg;
	struct tally *tally = &tallies[place - places];
	int fd = open_existing(stress_name, O_RDONLY), i;
	struct held held[HELD] = { 0 };
	unsigned int busy = 0;

	if (fd < 0)
		return 1;
	while (!*stop_servers || busy) {
		i = rand_r(&place->seed) % HELD;
		if (held[i].cookie)
			settle_one(fd, &held[i], tally, &place->seed);
		else if (!*stop_servers)
			take_one(fd, &held[i], tally, !busy);
		for (i = 0, busy = 0; i < HELD; i++)
			busy += held[i].cookie != 0;
		if (rand_r(&place->seed) % 300 == 0) {
			close(fd);
			fd = open_existing(stress_name, O_RDONLY);
			memset(held, 0, sizeof(held));
			busy = 0;
		}
	}
	return 0;
}

/* ---- the course of it -------------------------------------------------- */

static void start_place(int i, unsigned int *seed)
{
	places[i].seed = rand_r(seed);
	places[i].pid = spawn(i < CALLERS ? caller_process : server_process,
			      &places[i]);
}

static __u64 ended(const struct tally *tally)
{
	__u64 sum = tally->other;
	size_t i;

	for (i = 0; i < ENDS; i++)
		sum += tally->ended[i];
	return sum;
}

/* A process that was killed in a call has seen no end of that one. */
static void count_cut(int i)
{
	places[i].cut = tallies[i].made - ended(&tallies[i]);
}

static bool kill_and_restart(int i, unsigned int *seed)
{
	__u64 cut = places[i].cut;

	kill(places[i].pid, SIGKILL);
	if (reap(places[i].pid) != 256 + SIGKILL)
		return false;
	count_cut(i);
	places[i].kills++;
	start_place(i, seed);
	/* At most the call that it was in. */
	return places[i].cut - cut <= 1;
}

static void tell(void)
{
	struct tally *t;
	int i;

	for (i = 0; i < PROCESSES; i++) {
		t = &tallies[i];
		if (i < CALLERS)
			fprintf(stderr,
				"# caller %d: made %llu reply %llu timeout %llu ownerdead %llu dropped %llu full %llu other %llu cut %llu wrong %llu kills %u\n",
				i, t->made, t->ended[0], t->ended[1],
				t->ended[2], t->ended[3], t->ended[4],
				t->other, places[i].cut, t->wrong,
				places[i].kills);
		else
			fprintf(stderr,
				"# server %d: taken %llu replied %llu returned %llu late %llu wrong %llu kills %u\n",
				i, t->taken, t->replied, t->returned, t->late,
				t->wrong, places[i].kills);
	}
}

FIXTURE(stress)
{
	int fd;
	unsigned int seed;
};

FIXTURE_SETUP(stress)
{
	tallies = shared(PROCESSES * sizeof(*tallies));
	stop_callers = shared(4096);
	stop_servers = stop_callers + 1;
	memset(places, 0, sizeof(places));
	stress_name = own_name();
	self->seed = setting("MBOX_STRESS_SEED", 1);
	fprintf(stderr, "# seed %u\n", self->seed);
}

FIXTURE_TEARDOWN(stress)
{
	close(self->fd);
}

/* Lets all run for @ms; false if one could not be killed and started again. */
static bool run_all(unsigned int *seed, long ms)
{
	__s64 end = in_ms(ms);
	bool good = true;
	int i;

	for (i = 0; i < PROCESSES; i++)
		start_place(i, seed);
	while (good && now() < end) {
		usleep(rand_r(seed) % 20000);
		i = rand_r(seed) % PROCESSES;
		good = kill_and_restart(i, seed);
	}
	*stop_callers = true;
	for (i = 0; i < CALLERS; i++)
		good = reap(places[i].pid) == 0 && good;
	*stop_servers = true;
	for (i = CALLERS; i < PROCESSES; i++)
		good = reap(places[i].pid) == 0 && good;
	return good;
}

/* Every call of every caller has had its end; returns how many were made. */
static __u64 check_tallies(struct __test_metadata *_metadata)
{
	__u64 made = 0, got = 0, given = 0, kills = 0;
	int i;

	for (i = 0; i < PROCESSES; i++) {
		EXPECT_EQ(0, tallies[i].wrong);
		EXPECT_EQ(0, tallies[i].other);
		EXPECT_EQ(tallies[i].made, ended(&tallies[i]) + places[i].cut);
		EXPECT_GE(places[i].kills, places[i].cut);
		EXPECT_LT(0, tallies[i].ended[0] + tallies[i].replied);
		made += tallies[i].made;
		got += tallies[i].ended[0];
		given += tallies[i].replied;
		kills += places[i].kills;
	}
	/* One more for each that was killed before it could count. */
	EXPECT_LE(got, given + kills);
	EXPECT_LE(given, got + kills);
	return made;
}

static void stress(struct __test_metadata *_metadata, int fd,
		   unsigned int seed, __u32 policy, long ms)
{
	struct mbox_info info;
	__u64 made, refused = 0;
	int i;

	EXPECT_TRUE(run_all(&seed, ms));
	tell();
	made = check_tallies(_metadata);
	for (i = 0; i < CALLERS; i++)
		refused += tallies[i].ended[4];
	info = info_of(fd);
	fprintf(stderr, "# sent %llu received %llu lost %llu withdrawn %llu\n",
		info.sent, info.received, info.lost, info.withdrawn);
	EXPECT_TRUE(all_settled(fd));
	EXPECT_EQ(1, info.receivers);
	EXPECT_EQ(1, info.senders);
	/* Those that ended before there was room were not sent. */
	EXPECT_GE(made - refused, info.sent);
	EXPECT_LT(0, info.received);
	EXPECT_EQ(policy == MBOX_POLICY_BLOCK, info.lost == 0);
}

TEST_F_TIMEOUT(stress, killed_processes_leave_every_call_accounted_for, 3600)
{
	self->fd = open_limited(stress_name, O_RDWR, 3, 0, MBOX_POLICY_BLOCK);
	ASSERT_LE(0, self->fd);
	stress(_metadata, self->fd, self->seed, MBOX_POLICY_BLOCK,
	       setting("MBOX_STRESS_MS", 10000) * 2 / 3);
}

TEST_F_TIMEOUT(stress, so_they_do_where_requests_are_dropped, 3600)
{
	self->fd = open_limited(stress_name, O_RDWR, 3, 0,
				MBOX_POLICY_DROP_OLDEST);
	ASSERT_LE(0, self->fd);
	stress(_metadata, self->fd, self->seed, MBOX_POLICY_DROP_OLDEST,
	       setting("MBOX_STRESS_MS", 10000) / 3);
}

TEST_HARNESS_MAIN
