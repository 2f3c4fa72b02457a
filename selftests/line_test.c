// SPDX-License-Identifier: GPL-2.0
/*
 * Which of many blocked receives gets a message: of those that take it the one
 * that came first, whatever the others' filters are, and nobody else wakes.
 */
#include "mbox_genl.h"

#include <pthread.h>

#define CROWD	40

/* A receive that blocks in a thread; it may be started anew when it has ended. */
struct sleeper {
	pthread_t thread;
	int fd;
	pid_t tid;
	size_t room;
	__u32 flags;
	__s64 deadline;
	struct mbox_filter filter;
	int ret;
	__u64 type;
	bool ended;
};

static void *sleep_in_receive(void *arg)
{
	struct sleeper *s = arg;
	struct mbox_header header = { 0 };
	char buf[TEXT_MAX];

	s->tid = gettid();
	s->ret = recv_into(s->fd, &header, buf, s->room, s->flags, &s->filter,
			   s->deadline);
	s->type = header.type;
	__atomic_store_n(&s->ended, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool has_ended(struct sleeper *s)
{
	return __atomic_load_n(&s->ended, __ATOMIC_ACQUIRE);
}

static void start(struct sleeper *s)
{
	s->ended = false;
	pthread_create(&s->thread, NULL, sleep_in_receive, s);
}

/* Starts one that takes [lo, hi], or with EXCEPT all but those. */
static void start_range(struct sleeper *s, int fd, __u64 lo, __u64 hi, __u32 flags)
{
	*s = (struct sleeper){
		.fd = fd,
		.room = TEXT_MAX,
		.filter = { .lo = lo, .hi = hi, .flags = flags },
	};
	start(s);
}

static int end_of(struct sleeper *s)
{
	__s64 end = in_ms(PATIENCE_MS);

	while (!has_ended(s) && now() < end)
		usleep(500);
	if (!has_ended(s))
		return -ETIME;
	pthread_join(s->thread, NULL);
	return s->ret;
}

static bool takes(const struct sleeper *s, __u64 type)
{
	bool inside = type >= s->filter.lo && type <= s->filter.hi;

	return inside == !(s->filter.flags & MBOX_FILTER_EXCEPT);
}

static unsigned int next_random(unsigned int *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 16;
}

/* Types are 1 to 30: filters of all kinds that often overlap. */
static void choose_filter(struct mbox_filter *filter, unsigned int *random)
{
	__u64 lo = 1 + next_random(random) % 30;
	__u64 width = next_random(random) % 8;

	*filter = (struct mbox_filter){ .lo = lo, .hi = lo + width };
	switch (next_random(random) % 8) {
	case 0:
		*filter = any_type;
		break;
	case 1:
		filter->flags = MBOX_FILTER_EXCEPT;
		break;
	case 2:
		filter->flags = MBOX_FILTER_LOWEST;
		break;
	case 3:
		filter->hi = MBOX_TYPE_MAX;
		break;
	case 4:
	case 5:
	case 6:
		filter->hi = lo;
		break;
	}
}

FIXTURE(line)
{
	int fd;
	struct sleeper crowd[CROWD];
};

FIXTURE_SETUP(line)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(line)
{
	close(self->fd);
}

TEST_F(line, the_first_that_came_gets_it_if_its_filter_is_a_range)
{
	start_range(&self->crowd[0], self->fd, 9, 9, 0);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	start_range(&self->crowd[1], self->fd, 1, 7, 0);
	ASSERT_TRUE(wait_receivers(self->fd, 2));
	start_range(&self->crowd[2], self->fd, 5, 5, 0);
	ASSERT_TRUE(wait_receivers(self->fd, 3));
	ASSERT_EQ(1, send_text(self->fd, 5, "first"));
	EXPECT_EQ(1, end_of(&self->crowd[1]));
	EXPECT_EQ(2, info_of(self->fd).waiting_receivers);
	ASSERT_EQ(1, send_text(self->fd, 5, "second"));
	EXPECT_EQ(1, end_of(&self->crowd[2]));
	ASSERT_EQ(1, send_text(self->fd, 9, "third"));
	EXPECT_EQ(1, end_of(&self->crowd[0]));
}

TEST_F(line, the_first_that_came_gets_it_if_its_filter_is_exact)
{
	start_range(&self->crowd[0], self->fd, 9, 9, 0);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	start_range(&self->crowd[1], self->fd, 5, 5, 0);
	ASSERT_TRUE(wait_receivers(self->fd, 2));
	start_range(&self->crowd[2], self->fd, 9, 9, MBOX_FILTER_EXCEPT);
	ASSERT_TRUE(wait_receivers(self->fd, 3));
	ASSERT_EQ(1, send_text(self->fd, 5, "first"));
	EXPECT_EQ(1, end_of(&self->crowd[1]));
	ASSERT_EQ(1, send_text(self->fd, 5, "second"));
	EXPECT_EQ(1, end_of(&self->crowd[2]));
	ASSERT_EQ(1, send_text(self->fd, 9, "third"));
	EXPECT_EQ(1, end_of(&self->crowd[0]));
}

/* Both ends of what EXCEPT leaves, and of all there is. */
TEST_F(line, except_takes_what_is_below_and_above)
{
	static const __u64 types[] = { 1, 4, 8, MBOX_TYPE_MAX };
	int i;

	start_range(&self->crowd[4], self->fd, 6, 6, 0);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	for (i = 0; i < 4; i++) {
		start_range(&self->crowd[i], self->fd, 5, 7, MBOX_FILTER_EXCEPT);
		ASSERT_TRUE(wait_receivers(self->fd, i + 2));
	}
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(1, send_text(self->fd, types[i], "x"));
		EXPECT_EQ(1, end_of(&self->crowd[i]));
		EXPECT_EQ(types[i], self->crowd[i].type);
	}
	ASSERT_EQ(1, send_text(self->fd, 6, "x"));
	EXPECT_EQ(1, end_of(&self->crowd[4]));
}

/* Against a list that is searched from its head; who was served comes again. */
static int play(struct sleeper *crowd, int fd, unsigned int random)
{
	struct sleeper *order[CROWD];
	int i, k, round;

	for (i = 0; i < CROWD; i++) {
		crowd[i] = (struct sleeper){ .fd = fd, .room = TEXT_MAX };
		choose_filter(&crowd[i].filter, &random);
		order[i] = &crowd[i];
		start(order[i]);
		if (!wait_receivers(fd, i + 1))
			return 1000 + i;
	}
	for (round = 0; round < 150; round++) {
		__u64 type = 1 + next_random(&random) % 40;
		struct sleeper *s;

		for (k = 0; k < CROWD && !takes(order[k], type); k++)
			;
		if (k == CROWD)
			continue;
		s = order[k];
		if (send_text(fd, type, "x") != 1 || end_of(s) != 1 ||
		    s->type != type)
			return 2000 + round;
		if (info_of(fd).waiting_receivers != CROWD - 1)
			return 3000 + round;
		memmove(order + k, order + k + 1,
			(CROWD - 1 - k) * sizeof(order[0]));
		order[CROWD - 1] = s;
		choose_filter(&s->filter, &random);
		start(s);
		if (!wait_receivers(fd, CROWD))
			return 4000 + round;
	}
	return 0;
}

TEST_F_TIMEOUT(line, many_filters_are_served_in_order_of_arrival, 300)
{
	int i;

	EXPECT_EQ(0, play(self->crowd, self->fd, 1));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	for (i = 0; i < CROWD; i++)
		EXPECT_EQ(-EIDRM, end_of(&self->crowd[i]));
}

static long switches_of(pid_t tid)
{
	char path[64], text[4096], *line;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", (int)tid);
	if (read_file(path, text, sizeof(text)) <= 0)
		return -1;
	line = strstr(text, "\nvoluntary_ctxt_switches:");
	return line ? atol(strchr(line, ':') + 1) : -1;
}

/* A sleeper that is no longer on a CPU: only then the switch has been counted. */
static bool wait_off_cpu(pid_t tid)
{
	__s64 end = in_ms(PATIENCE_MS);
	char path[64], text[256];

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", (int)tid);
	while (now() < end) {
		if (read_file(path, text, sizeof(text)) > 0 &&
		    strncmp(text, "running", 7))
			return true;
		usleep(500);
	}
	return false;
}

TEST_F_TIMEOUT(line, nobody_else_wakes, 300)
{
	long before[CROWD];
	int i;

	for (i = 0; i < CROWD; i++) {
		start_range(&self->crowd[i], self->fd, i + 1, i + 1, 0);
		ASSERT_TRUE(wait_receivers(self->fd, i + 1));
	}
	for (i = 0; i < CROWD; i++) {
		ASSERT_TRUE(wait_off_cpu(self->crowd[i].tid));
		before[i] = switches_of(self->crowd[i].tid);
		ASSERT_LE(0, before[i]);
	}
	ASSERT_EQ(1, send_text(self->fd, 17, "x"));
	EXPECT_EQ(1, end_of(&self->crowd[16]));
	for (i = 0; i < CROWD; i++) {
		if (i != 16)
			EXPECT_EQ(before[i], switches_of(self->crowd[i].tid));
	}
	ASSERT_EQ(0, remove_mailbox(self->fd));
	for (i = 0; i < CROWD; i++) {
		if (i != 16)
			EXPECT_EQ(-EIDRM, end_of(&self->crowd[i]));
	}
}

TEST_F(line, those_before_the_taker_whose_buffer_is_too_small_learn_of_it)
{
	int i;

	for (i = 0; i < 5; i++) {
		self->crowd[i] = (struct sleeper){
			.fd = self->fd,
			.room = i == 3 ? TEXT_MAX : 2,
			.filter = { .lo = 1, .hi = 1 + i },
		};
		start(&self->crowd[i]);
		ASSERT_TRUE(wait_receivers(self->fd, i + 1));
	}
	ASSERT_EQ(1, send_text(self->fd, 2, "long"));
	EXPECT_EQ(-EMSGSIZE, end_of(&self->crowd[1]));
	EXPECT_EQ(-EMSGSIZE, end_of(&self->crowd[2]));
	EXPECT_EQ(1, end_of(&self->crowd[3]));
	/* Not their type, and not their turn. */
	EXPECT_TRUE(wait_receivers(self->fd, 2));
	EXPECT_FALSE(has_ended(&self->crowd[0]));
	EXPECT_FALSE(has_ended(&self->crowd[4]));
	ASSERT_EQ(1, send_text(self->fd, 1, "long"));
	EXPECT_EQ(-EMSGSIZE, end_of(&self->crowd[0]));
	EXPECT_EQ(-EMSGSIZE, end_of(&self->crowd[4]));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(line, peeks_see_it_wherever_they_stand)
{
	int i;

	for (i = 0; i < 4; i++) {
		self->crowd[i] = (struct sleeper){
			.fd = self->fd,
			.room = TEXT_MAX,
			.flags = i == 1 ? 0 : MBOX_RECV_PEEK,
			.filter = { .lo = 5, .hi = i == 3 ? 5 : 6 },
		};
		start(&self->crowd[i]);
		ASSERT_TRUE(wait_receivers(self->fd, i + 1));
	}
	ASSERT_EQ(1, send_text(self->fd, 6, "x"));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(1, end_of(&self->crowd[i]));
	EXPECT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(0, msgs_of(self->fd));
	ASSERT_EQ(1, send_text(self->fd, 5, "y"));
	EXPECT_EQ(1, end_of(&self->crowd[3]));
	EXPECT_EQ(1, msgs_of(self->fd));
}

static int send_to(int fd, __u64 to, __u64 type)
{
	struct mbox_message message = {
		.header = { .type = type, .len = 1, .to = to },
		.buf = addr("x"),
	};
	struct mbox_send args = { .count = 1, .vec = addr(&message) };

	return do_ioctl(fd, MBOX_IOC_SEND, &args);
}

TEST_F(line, an_address_passes_over_who_came_before)
{
	int other = grant(self->fd, MBOX_RIGHT_RECV);
	__u64 to = info_of(other).handle;
	int i;

	for (i = 0; i < 6; i++) {
		start_range(&self->crowd[i], i % 2 ? other : self->fd, 1,
			    i < 4 ? 5 : 6, 0);
		ASSERT_TRUE(wait_receivers(self->fd, i + 1));
	}
	ASSERT_EQ(1, send_to(self->fd, to, 5));
	EXPECT_EQ(1, end_of(&self->crowd[1]));
	ASSERT_EQ(1, send_to(self->fd, to, 6));
	EXPECT_EQ(1, end_of(&self->crowd[5]));
	ASSERT_EQ(1, send_text(self->fd, 5, "x"));
	EXPECT_EQ(1, end_of(&self->crowd[0]));
	ASSERT_EQ(1, send_text(self->fd, 5, "x"));
	EXPECT_EQ(1, end_of(&self->crowd[2]));
	ASSERT_EQ(1, send_text(self->fd, 5, "x"));
	EXPECT_EQ(1, end_of(&self->crowd[3]));
	ASSERT_EQ(1, send_text(self->fd, 5, "x"));
	EXPECT_EQ(1, end_of(&self->crowd[4]));
	close(other);
}

/* ---- coming and going -------------------------------------------------- */

#define RACE_MS	2000

struct racer {
	pthread_t thread;
	int fd;
	__s64 end;
	unsigned int random;
	long good;
	long wrong;
};

/* Receives with another filter each time, and soon gives up. */
static void *come_and_go(void *arg)
{
	struct racer *r = arg;
	struct mbox_header header;
	struct mbox_filter filter;
	char buf[8];

	while (now() < r->end) {
		__s64 deadline = now() + next_random(&r->random) % 2000000;
		int ret;

		choose_filter(&filter, &r->random);
		ret = recv_into(r->fd, &header, buf, sizeof(buf), 0, &filter,
				deadline);
		if (ret == 1)
			r->good++;
		else if (ret != -ETIMEDOUT && ret != -EINTR)
			r->wrong++;
	}
	return NULL;
}

static void *send_all_types(void *arg)
{
	struct racer *r = arg;

	while (now() < r->end) {
		int ret = send_nowait(r->fd, 1 + next_random(&r->random) % 40,
				      "x");

		if (ret == 1)
			r->good++;
		else if (ret == -EAGAIN)
			usleep(100);
		else
			r->wrong++;
	}
	return NULL;
}

static void ignore_signal(int number)
{
}

#define RECEIVERS	8

/* Deadlines, signals and messages end the waits, in every order. */
TEST_F(line, waits_end_in_every_order)
{
	struct sigaction action = { .sa_handler = ignore_signal };
	struct racer r[RECEIVERS + 1] = { 0 };
	long received = 0;
	int i;

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	for (i = 0; i <= RECEIVERS; i++) {
		r[i].fd = self->fd;
		r[i].random = i + 1;
		r[i].end = in_ms(RACE_MS);
		pthread_create(&r[i].thread, NULL,
			       i ? come_and_go : send_all_types, &r[i]);
	}
	while (now() < r[0].end) {
		pthread_kill(r[1 + now() % RECEIVERS].thread, SIGUSR1);
		usleep(300);
	}
	for (i = 0; i <= RECEIVERS; i++) {
		pthread_join(r[i].thread, NULL);
		EXPECT_EQ(0, r[i].wrong);
		received += i ? r[i].good : 0;
	}
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(r[0].good, received + msgs_of(self->fd));
	EXPECT_TRUE(balanced(self->fd));
}

TEST_HARNESS_MAIN
