// SPDX-License-Identifier: GPL-2.0
/*
 * Consumers that lease, acknowledge, put back and let leases end, of which random
 * ones are killed and started again. In the end each message was acknowledged
 * once, or is still there.
 *
 * MBOX_STRESS_MS is how long it takes (8000), MBOX_STRESS_SEED where the random
 * numbers begin (1).
 */
#include "mbox_lease.h"

#define WORKERS		8
#define VEC		4
#define NUMBERS		(1 << 20)
#define QUEUED		64

/* What is known of one numbered message; shared, and written by its holder. */
struct fate {
	__u32 acknowledged;
	/* The holder was killed while it acknowledged: nobody knows. */
	bool cut;
	bool queued;
};

/* A place among the processes, and what those in it have done; shared. */
struct place {
	pid_t pid;
	unsigned int seed;
	unsigned int kills;
	/* The number that is being acknowledged, plus 1. */
	volatile __u32 busy;
	__u64 leased;
	__u64 acknowledged;
	__u64 returned;
	__u64 late;
	__u64 wrong;
};

static struct fate *fates;
static struct place *places;
static const char *stress_name;

static long setting(const char *name, long value)
{
	const char *text = getenv(name);

	return text ? atol(text) : value;
}

/* ---- consumers --------------------------------------------------------- */

static bool settled(struct place *place, int ret)
{
	place->late += ret == -ECANCELED;
	place->wrong += ret && ret != -ECANCELED;
	return ret == 0;
}

static void acknowledge_one(struct place *place, int fd, __u64 cookie,
			    __u32 number)
{
	place->busy = number + 1;
	if (settled(place, acknowledge(fd, cookie))) {
		__atomic_add_fetch(&fates[number].acknowledged, 1,
				   __ATOMIC_SEQ_CST);
		place->acknowledged++;
	}
	place->busy = 0;
}

static void end_one(struct place *place, int fd,
		    const struct mbox_message *message, __u32 number)
{
	__u64 cookie = message->header.cookie;

	place->wrong += message->header.seq != number + 1 ||
			message->header.flags != MBOX_MSG_LEASED;
	switch (rand_r(&place->seed) % 8) {
	case 0 ... 3:
		acknowledge_one(place, fd, cookie, number);
		break;
	case 4 ... 5:
		place->returned += settled(place, put_back(fd, cookie));
		break;
	case 6:
		/* It stays as it is until the lease or the handle ends. */
		settled(place, check_wanted(fd, cookie));
		return;
	default:
		return;
	}
	place->wrong += acknowledge(fd, cookie) != -EALREADY;
}

static __u64 some_time(struct place *place)
{
	switch (rand_r(&place->seed) % 4) {
	case 0:
		return 0;
	case 1:
		return 1 + rand_r(&place->seed) % 200000;
	default:
		return 1 + rand_r(&place->seed) % 5000000;
	}
}

/* Leases some, keeps them for a while, and ends most of them. */
static int one_round(struct place *place, int fd)
{
	struct mbox_message vec[VEC] = { 0 };
	__u32 numbers[VEC];
	int i, count;

	for (i = 0; i < VEC; i++) {
		vec[i].buf = addr(&numbers[i]);
		vec[i].size = sizeof(numbers[i]);
	}
	if (rand_r(&place->seed) % 8 == 0)
		vec[rand_r(&place->seed) % VEC].buf = addr(nowhere());
	count = lease_vec(fd, vec, 1 + rand_r(&place->seed) % VEC,
			  MBOX_RECV_NOWAIT, some_time(place));
	if (count < 0)
		return count;
	place->leased += count;
	if (rand_r(&place->seed) % 4 == 0)
		usleep(rand_r(&place->seed) % 2000);
	for (i = 0; i < count; i++)
		end_one(place, fd, &vec[i], numbers[i]);
	return count;
}

/* A handle that has kept too many is closed, which returns them. */
static int worker(void *arg)
{
	struct place *place = arg;
	int fd = -1, ret;

	for (;;) {
		if (fd < 0)
			fd = open_existing(stress_name, O_RDONLY);
		if (fd < 0)
			return 1;
		ret = one_round(place, fd);
		place->wrong += ret < 0 && ret != -EAGAIN && ret != -EFAULT &&
				ret != -ENOLCK;
		if (ret == -ENOLCK || rand_r(&place->seed) % 100 == 0) {
			close(fd);
			fd = -1;
		}
	}
}

/* ---- the course of it -------------------------------------------------- */

static void start_place(struct place *place, unsigned int *seed)
{
	place->seed = rand_r(seed);
	place->pid = spawn(worker, place);
}

static bool kill_place(struct place *place)
{
	kill(place->pid, SIGKILL);
	if (reap(place->pid) != 256 + SIGKILL)
		return false;
	place->kills++;
	if (place->busy)
		fates[place->busy - 1].cut = true;
	place->busy = 0;
	return true;
}

/* Keeps the mailbox from running empty; returns how many there have been. */
static __u32 send_some(int fd, __u32 sent)
{
	while (sent < NUMBERS && msgs_of(fd) < QUEUED &&
	       send_until(fd, 1 + sent % 5, &sent, sizeof(sent),
			  MBOX_SEND_NOWAIT, 0) == 1)
		sent++;
	return sent;
}

/* Lets all run for @ms; the number of messages, or 0 if one was not to be killed. */
static __u32 run_all(int fd, unsigned int *seed, long ms)
{
	__s64 end = in_ms(ms), next = now();
	struct place *place;
	__u32 sent = 0;
	bool good = true;
	int i;

	for (i = 0; i < WORKERS; i++)
		start_place(&places[i], seed);
	while (good && now() < end) {
		sent = send_some(fd, sent);
		usleep(500);
		if (now() < next)
			continue;
		next = now() + rand_r(seed) % 40000000;
		place = &places[rand_r(seed) % WORKERS];
		good = kill_place(place);
		start_place(place, seed);
	}
	for (i = 0; i < WORKERS; i++)
		good = kill_place(&places[i]) && good;
	return good ? sent : 0;
}

static void tell(void)
{
	const struct place *p;
	int i;

	for (i = 0; i < WORKERS; i++) {
		p = &places[i];
		fprintf(stderr,
			"# worker %d: leased %llu acknowledged %llu returned %llu late %llu wrong %llu kills %u\n",
			i, p->leased, p->acknowledged, p->returned, p->late,
			p->wrong, p->kills);
	}
}

/* Takes what is left; false if something is there twice, or not what it was. */
static bool drain(int fd, __u32 sent)
{
	struct mbox_header header;
	__u64 last = 0;
	bool good = true;
	__u32 number;

	while (recv_into(fd, &header, &number, sizeof(number),
			 MBOX_RECV_NOWAIT, NULL, 0) == 1) {
		good = good && number < sent && header.seq == number + 1 &&
		       header.seq > last && !fates[number].queued;
		last = header.seq;
		if (number < sent)
			fates[number].queued = true;
	}
	return good;
}

FIXTURE(lease_stress)
{
	int fd;
	unsigned int seed;
};

FIXTURE_SETUP(lease_stress)
{
	fates = shared(NUMBERS * sizeof(*fates));
	places = shared(WORKERS * sizeof(*places));
	stress_name = own_name();
	self->seed = setting("MBOX_STRESS_SEED", 1);
	fprintf(stderr, "# seed %u\n", self->seed);
	self->fd = open_mailbox(stress_name, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(lease_stress)
{
	EXPECT_TRUE(books_balance(self->fd));
	close(self->fd);
}

TEST_F_TIMEOUT(lease_stress, killed_consumers_lose_no_message_and_repeat_none, 3600)
{
	__u32 sent, i, acknowledged = 0, missing = 0, twice = 0, kills = 0;
	struct mbox_info info;

	sent = run_all(self->fd, &self->seed,
		       setting("MBOX_STRESS_MS", 8000));
	tell();
	ASSERT_LT(0, sent);
	info = info_of(self->fd);
	EXPECT_EQ(sent, info.sent);
	EXPECT_EQ(0, info.leased + info.lost + info.withdrawn);
	EXPECT_EQ(1, info.receivers);
	EXPECT_TRUE(balanced(self->fd));
	EXPECT_TRUE(drain(self->fd, sent));
	for (i = 0; i < sent; i++) {
		acknowledged += fates[i].acknowledged;
		twice += fates[i].acknowledged + fates[i].queued > 1;
		missing += !fates[i].acknowledged && !fates[i].queued &&
			   !fates[i].cut;
	}
	for (i = 0; i < WORKERS; i++) {
		EXPECT_EQ(0, places[i].wrong);
		EXPECT_LT(0, places[i].acknowledged);
		kills += places[i].kills;
	}
	fprintf(stderr, "# sent %u acknowledged %u kills %u\n", sent,
		acknowledged, kills);
	EXPECT_EQ(0, twice);
	EXPECT_EQ(0, missing);
	/* Those that were killed before they could tell have acknowledged more. */
	EXPECT_LE(acknowledged, info.received);
	EXPECT_GE(acknowledged + kills, info.received);
}

TEST_HARNESS_MAIN
