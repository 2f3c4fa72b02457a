// SPDX-License-Identifier: GPL-2.0
/*
 * Races: timeouts against sends, descriptors that are swapped under a running
 * call, creation against removal, arguments that change while they are read,
 * pollers of every kind against the end of what they poll, and all at once.
 *
 * A race that is lost shows as a wrong sum here, or as a report of the kernel
 * (KASAN, KCSAN, lockdep, a refcount), which the harness looks for.
 *
 * Waiters that outlive their wait: commit a11ddb3 ("ipc/mqueue, msg, sem: avoid
 * relying on a stack reference past its expiry"). Swapped descriptors:
 * CVE-2017-11176. Objects seen too early: CVE-2015-7613. Double fetches:
 * CVE-2016-5728. Wait queues that go before their pollers: CVE-2019-2215.
 */
#include "mbox_genl.h"

#include <pthread.h>
#include <sys/epoll.h>

/* How long each race runs. */
#define RACE_MS	2000

FIXTURE(race)
{
	int fd;
	int full;
	bool stop;
};

FIXTURE_SETUP(race)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	self->full = open_limited(NULL, O_RDWR, 4, 0, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->full);
}

FIXTURE_TEARDOWN(race)
{
	close(self->fd);
	close(self->full);
}

/* ---- threads ----------------------------------------------------------- */

/* One side of a race; @good counts what succeeded, @wrong what must not be. */
struct racer {
	pthread_t thread;
	int fd;
	int other;
	__s64 end;
	unsigned int random;
	long good;
	long wrong;
	const char *name;
};

static bool racing(struct racer *r)
{
	return now() < r->end;
}

static void start(struct racer *r, void *(*fn)(void *), int fd)
{
	r->fd = fd;
	r->end = in_ms(RACE_MS);
	r->random = (unsigned int)fd * 7919 + 1;
	r->good = 0;
	r->wrong = 0;
	pthread_create(&r->thread, NULL, fn, r);
}

static void join(struct racer *r, int count)
{
	int i;

	for (i = 0; i < count; i++)
		pthread_join(r[i].thread, NULL);
}

/* ---- timeouts ---------------------------------------------------------- */

static void *recv_briefly(void *arg)
{
	struct racer *r = arg;
	char buf[16];
	int ret;

	while (racing(r)) {
		ret = recv_into(r->fd, NULL, buf, sizeof(buf), 0, NULL,
				now() + rand_r(&r->random) % 50000);
		r->good += ret == 1;
		r->wrong += ret != 1 && ret != -ETIMEDOUT;
	}
	return NULL;
}

static void *send_briefly(void *arg)
{
	struct racer *r = arg;
	int ret;

	while (racing(r)) {
		ret = send_until(r->fd, 1, "x", 1, 0,
				 now() + rand_r(&r->random) % 50000);
		r->good += ret == 1;
		r->wrong += ret != 1 && ret != -ETIMEDOUT;
	}
	return NULL;
}

/* A message is received once or still there: never both, never neither. */
static bool adds_up(int fd, struct racer *r, int senders, int receivers)
{
	struct mbox_info info = info_of(fd);
	long sent = 0, received = 0, wrong = 0;
	int i;

	for (i = 0; i < senders + receivers; i++) {
		wrong += r[i].wrong;
		if (i < senders)
			sent += r[i].good;
		else
			received += r[i].good;
	}
	fprintf(stderr, "# sent %ld received %ld queued %u wrong %ld\n", sent,
		received, info.msgs, wrong);
	return !wrong && sent && received && sent == info.sent &&
	       received == info.received && sent == received + info.msgs &&
	       !info.waiting_senders && !info.waiting_receivers;
}

TEST_F(race, wait_race_of_receive_timeouts)
{
	struct racer r[3];

	start(&r[0], send_briefly, self->fd);
	start(&r[1], recv_briefly, self->fd);
	start(&r[2], recv_briefly, self->fd);
	join(r, 3);
	EXPECT_TRUE(adds_up(self->fd, r, 1, 2));
}

TEST_F(race, wait_race_of_send_timeouts)
{
	struct racer r[4];

	start(&r[0], send_briefly, self->full);
	start(&r[1], send_briefly, self->full);
	start(&r[2], send_briefly, self->full);
	start(&r[3], recv_briefly, self->full);
	join(r, 4);
	EXPECT_TRUE(adds_up(self->full, r, 3, 1));
}

static void *disturb(void *arg)
{
	struct racer *r = arg;
	struct racer *victim = r - 1;

	while (racing(r)) {
		pthread_kill(victim->thread, SIGUSR1);
		usleep(200);
	}
	return NULL;
}

static void *recv_disturbed(void *arg)
{
	struct racer *r = arg;
	char buf[16];
	int ret;

	while (racing(r)) {
		ret = recv_into(r->fd, NULL, buf, sizeof(buf), 0, NULL,
				in_ms(5));
		r->good += ret == 1;
		r->wrong += ret != 1 && ret != -ETIMEDOUT && ret != -EINTR;
	}
	return NULL;
}

TEST_F(race, signals_lose_no_message)
{
	struct racer r[3];

	catch_signal(SIGUSR1, 0);
	start(&r[0], send_briefly, self->full);
	start(&r[1], recv_disturbed, self->full);
	start(&r[2], disturb, self->full);
	join(r, 3);
	EXPECT_TRUE(adds_up(self->full, r, 1, 1));
}

/* ---- descriptors ------------------------------------------------------- */

static void *swap_fd(void *arg)
{
	struct racer *r = arg;
	int a = dup(r->fd), b = dup(r->other);

	while (racing(r)) {
		dup2(b, r->fd);
		dup2(a, r->fd);
		r->good++;
	}
	dup2(a, r->fd);
	close(a);
	close(b);
	return NULL;
}

static void *use_fd(void *arg)
{
	struct racer *r = arg;
	struct mbox_info info;
	char buf[16];

	while (racing(r)) {
		r->good += send_nowait(r->fd, 1, "x") == 1;
		r->wrong += get_info(r->fd, &info) != 0;
		recv_into(r->fd, NULL, buf, sizeof(buf), 0, NULL,
			  now() + rand_r(&r->random) % 50000);
		poll_now(r->fd);
	}
	return NULL;
}

TEST_F(race, fd_swap_under_running_calls)
{
	int first = dup(self->fd), slot = dup(self->fd);
	struct mbox_info a, b;
	struct racer r[3];

	r[0].other = self->full;
	start(&r[0], swap_fd, slot);
	start(&r[1], use_fd, slot);
	start(&r[2], use_fd, slot);
	join(r, 3);
	EXPECT_EQ(0, r[1].wrong + r[2].wrong);
	a = info_of(first);
	b = info_of(self->full);
	EXPECT_EQ(r[1].good + r[2].good, a.sent + b.sent);
	EXPECT_EQ(a.sent, a.received + a.msgs);
	EXPECT_EQ(b.sent, b.received + b.msgs);
	EXPECT_LT(0, r[0].good);
}

/* ---- creation and removal ---------------------------------------------- */

static void *open_by_name(void *arg)
{
	struct racer *r = arg;
	struct mbox_info info;
	int fd;

	while (racing(r)) {
		fd = open_mailbox(r->name, O_RDWR);
		if (fd < 0) {
			r->wrong++;
			continue;
		}
		if (get_info(fd, &info) == 0) {
			r->wrong += info.mode != 0600 || info.uid || info.gid ||
				    info.id == 0 || info.limits.max_msgs !=
						    MBOX_MSGS_DEFAULT;
			r->good++;
		}
		close(fd);
	}
	return NULL;
}

static void *remove_by_name(void *arg)
{
	struct racer *r = arg;
	struct genl nl;
	int ret;

	r->wrong += genl_open(&nl) != 0;
	while (racing(r)) {
		ret = genl_by_name(&nl, MBOX_CMD_DEL, r->name);
		r->good += ret == 0;
		r->wrong += ret != 0 && ret != -ENOENT;
	}
	close(nl.fd);
	return NULL;
}

TEST_F(race, create_race_shows_no_unfinished_mailbox)
{
	struct racer r[5];
	int i;

	for (i = 0; i < 5; i++) {
		r[i].name = own_name();
		start(&r[i], i < 4 ? open_by_name : remove_by_name, i);
	}
	join(r, 5);
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(0, r[i].wrong);
		EXPECT_LT(0, r[i].good);
	}
}

static void *create_excl(void *arg)
{
	struct racer *r = arg;
	struct mbox_open args;
	int fd;

	while (racing(r)) {
		args = open_args(r->name, MBOX_OPEN_CREATE | MBOX_OPEN_EXCL);
		fd = open_with(O_RDWR, &args);
		r->wrong += fd < 0 && fd != -EEXIST;
		if (fd < 0)
			continue;
		/* Whoever made it is alone in it. */
		r->wrong += info_of(fd).receivers != 1;
		r->good++;
		close(fd);
	}
	return NULL;
}

TEST_F(race, exclusive_creation_has_one_winner)
{
	struct racer r[3];
	int i;

	for (i = 0; i < 3; i++) {
		r[i].name = own_name();
		start(&r[i], create_excl, i);
	}
	join(r, 3);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, r[i].wrong);
	EXPECT_LT(0, r[0].good + r[1].good + r[2].good);
}

/* ---- arguments that change --------------------------------------------- */

/* What both sides see; one flips it, the other hands it to the kernel. */
static struct mbox_message flipped_vec;
static struct mbox_send flipped_args;
static char flipped_text[64];

static void *flip(void *arg)
{
	struct racer *r = arg;
	unsigned int i;

	for (i = 0; racing(r); i++) {
		flipped_vec.header.type = i & 1 ? 1 : 1000;
		flipped_vec.header.len = i & 2 ? 8 : 48;
		flipped_vec.header.cookie = (i & 31) == 0;
		flipped_vec.size = (i & 63) == 0;
		flipped_args.flags = (i & 15) == 0 ? ~0U : MBOX_SEND_NOWAIT;
		flipped_args.count = (i & 127) == 0 ? ~0U : 1;
		asm volatile("" : : : "memory");
	}
	return NULL;
}

static void *send_flipped(void *arg)
{
	struct racer *r = arg;
	int ret;

	while (racing(r)) {
		ret = do_ioctl(r->fd, MBOX_IOC_SEND, &flipped_args);
		r->good += ret == 1;
		r->wrong += ret != 1 && ret != -EINVAL && ret != -EAGAIN;
	}
	return NULL;
}

static void *check_flipped(void *arg)
{
	struct racer *r = arg;
	struct got got;

	while (racing(r) || msgs_of(r->fd)) {
		got = take(r->fd);
		if (got.ret != 1)
			continue;
		r->good++;
		r->wrong += got.header.type != 1 && got.header.type != 1000;
		r->wrong += got.header.len != 8 && got.header.len != 48;
		r->wrong += got.header.cookie != 0 ||
			    strlen(got.text) != got.header.len;
	}
	return NULL;
}

TEST_F(race, double_fetch_finds_one_value_or_the_other)
{
	struct racer r[3];

	memset(flipped_text, 'f', sizeof(flipped_text));
	flipped_vec.buf = addr(flipped_text);
	flipped_args.vec = addr(&flipped_vec);
	start(&r[0], send_flipped, self->fd);
	start(&r[1], check_flipped, self->fd);
	start(&r[2], flip, self->fd);
	join(r, 3);
	EXPECT_EQ(0, r[0].wrong);
	EXPECT_EQ(0, r[1].wrong);
	EXPECT_LT(0, r[0].good);
	/* The sender may have been held up in its last send until now. */
	EXPECT_EQ(r[0].good, r[1].good + msgs_of(self->fd));
}

/* ---- pollers against the end ------------------------------------------- */

/* Each kind of poller on a handle that is removed and closed in some order. */
static void epoll_round(struct racer *r, unsigned int order)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int fd = open_mailbox(NULL, O_RDWR), ep = epoll_create1(0);
	int copy = dup(fd);

	r->wrong += epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event) != 0;
	fcntl(fd, F_SETOWN, getpid());
	fcntl(fd, F_SETFL, O_ASYNC);
	if (order & 1)
		send_text(fd, 1, "x");
	if (order & 2)
		remove_mailbox(fd);
	if (order & 4)
		close(fd);
	if (order & 8)
		close(ep);
	else
		epoll_wait(ep, &event, 1, 0);
	close(copy);
	if (!(order & 8))
		close(ep);
	if (!(order & 4))
		close(fd);
	r->good++;
}

static void *epoll_rounds(void *arg)
{
	struct racer *r = arg;
	unsigned int order = 0;

	while (racing(r))
		epoll_round(r, order++);
	return NULL;
}

TEST_F(race, epoll_life_in_every_order)
{
	struct racer r[2];

	signal(SIGIO, SIG_IGN);
	start(&r[0], epoll_rounds, 0);
	start(&r[1], epoll_rounds, 1);
	join(r, 2);
	EXPECT_EQ(0, r[0].wrong + r[1].wrong);
	EXPECT_LT(16, r[0].good);
}

/* Sends and removals while others sit in epoll_wait on the same handle. */
static void *wait_in_epoll(void *arg)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	struct racer *r = arg;
	int ep;

	while (racing(r)) {
		ep = epoll_create1(0);
		epoll_ctl(ep, EPOLL_CTL_ADD, r->fd, &event);
		if (epoll_wait(ep, &event, 1, 1) == 1)
			r->good += take(r->fd).ret == 1;
		close(ep);
	}
	return NULL;
}

static void *send_on(void *arg)
{
	struct racer *r = arg;

	while (racing(r)) {
		r->good += send_nowait(r->fd, 1, "x") == 1;
		usleep(rand_r(&r->random) % 300);
	}
	return NULL;
}

TEST_F(race, epoll_sets_come_and_go_while_messages_arrive)
{
	struct racer r[4];
	int i;

	start(&r[0], send_on, self->fd);
	for (i = 1; i < 4; i++)
		start(&r[i], wait_in_epoll, self->fd);
	join(r, 4);
	EXPECT_EQ(r[0].good, r[1].good + r[2].good + r[3].good +
		  msgs_of(self->fd));
	EXPECT_LT(0, r[1].good + r[2].good + r[3].good);
}

/* Edge-triggered, each edge read to its end: nothing may be left over. */
static void *drain_edges(void *arg)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	struct racer *r = arg;
	int ep = epoll_create1(0);

	epoll_ctl(ep, EPOLL_CTL_ADD, r->fd, &event);
	while (epoll_wait(ep, &event, 1, racing(r) ? 1000 : 100) == 1) {
		while (take(r->fd).ret == 1)
			r->good++;
	}
	close(ep);
	return NULL;
}

TEST_F(race, edge_triggered_reader_misses_nothing)
{
	struct racer r[3];
	int i;

	for (i = 0; i < 2; i++)
		start(&r[i], send_on, self->fd);
	start(&r[2], drain_edges, self->fd);
	join(r, 3);
	EXPECT_EQ(0, msgs_of(self->fd));
	EXPECT_EQ(r[0].good + r[1].good, r[2].good);
	EXPECT_LT(0, r[2].good);
}

/* ---- processes that are killed ----------------------------------------- */

static int recv_for_ever(void *arg)
{
	char buf[16];

	while (recv_into(*(int *)arg, NULL, buf, sizeof(buf), 0, NULL, 0) == 1)
		;
	return 1;
}

static int send_for_ever(void *arg)
{
	while (send_text(*(int *)arg, 1, "x") == 1)
		;
	return 1;
}

TEST_F(race, killed_processes_leave_the_counters_right)
{
	unsigned int random = 1;
	int round;

	for (round = 0; round < 60; round++) {
		pid_t a = spawn(recv_for_ever, &self->full);
		pid_t b = spawn(send_for_ever, &self->full);

		usleep(rand_r(&random) % 3000);
		kill(round & 1 ? a : b, SIGKILL);
		kill(round & 1 ? b : a, SIGKILL);
		ASSERT_EQ(256 + SIGKILL, reap_within(a, 1000));
		ASSERT_EQ(256 + SIGKILL, reap_within(b, 1000));
		ASSERT_EQ(0, info_of(self->full).waiting_receivers);
		ASSERT_EQ(0, info_of(self->full).waiting_senders);
		ASSERT_TRUE(balanced(self->full));
	}
	EXPECT_LT(0, info_of(self->full).received);
}

/* ---- all at once ------------------------------------------------------- */

static void one_command(struct racer *r, int fd)
{
	struct mbox_filter filter = { .lo = 1, .hi = 3 };
	char buf[64];

	switch (rand_r(&r->random) % 10) {
	case 0 ... 2:
		send_until(fd, 1 + rand_r(&r->random) % 5, buf, 40, 0,
			   now() + rand_r(&r->random) % 100000);
		break;
	case 3 ... 4:
		recv_into(fd, NULL, buf, sizeof(buf), 0, NULL,
			  now() + rand_r(&r->random) % 100000);
		break;
	case 5:
		recv_into(fd, NULL, buf, 8, MBOX_RECV_TRUNC, &filter,
			  now() + rand_r(&r->random) % 100000);
		break;
	case 6:
		set_filter(fd, 1 + rand_r(&r->random) % 3, 5, 0);
		break;
	case 7:
		recv_into(fd, NULL, nowhere(), 64, MBOX_RECV_NOWAIT, NULL, 0);
		break;
	case 8:
		close(grant(fd, 1 + rand_r(&r->random) % 3));
		break;
	default:
		poll_now(fd);
	}
}

/* Opens by name, does some random things, closes. */
static void *live(void *arg)
{
	struct racer *r = arg;
	int fd, i;

	while (racing(r)) {
		fd = open_limited(r->name, O_RDWR, 4, 0,
				  rand_r(&r->random) % 3);
		r->wrong += fd < 0;
		for (i = 0; i < 20; i++)
			one_command(r, fd);
		r->good++;
		close(fd);
	}
	return NULL;
}

static void *manage(void *arg)
{
	static const int cmds[] = {
		MBOX_CMD_GET, MBOX_CMD_PURGE, MBOX_CMD_PURGE, MBOX_CMD_DEL,
	};
	struct racer *r = arg;
	struct genl nl;
	int fd;

	genl_open(&nl);
	while (racing(r)) {
		genl_by_name(&nl, cmds[rand_r(&r->random) % 4], r->name);
		fd = open_existing(r->name, O_RDWR);
		if (fd >= 0) {
			genl_set(&nl, id_of(fd), MBOX_A_MAILBOX_MAX_MSGS,
				 1 + rand_r(&r->random) % 8);
			r->wrong += info_of(fd).id != ~0ULL && !balanced(fd);
			close(fd);
		}
		usleep(rand_r(&r->random) % 2000);
	}
	close(nl.fd);
	return NULL;
}

TEST_F(race, everything_at_once)
{
	struct racer r[6];
	int i;

	for (i = 0; i < 6; i++) {
		r[i].name = own_name();
		start(&r[i], i < 5 ? live : manage, i);
	}
	join(r, 6);
	/* All handles are closed, so nothing may be left. */
	EXPECT_EQ(-ENOENT, open_existing(own_name(), O_RDWR));
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(0, r[i].wrong);
		EXPECT_LT(0, r[i].good);
	}
}

TEST_HARNESS_MAIN
