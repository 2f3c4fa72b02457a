// SPDX-License-Identifier: GPL-2.0
/*
 * Readiness: poll, select, epoll in all its modes, and SIGIO. What poll says
 * must be what the next call finds, for each handle by its own filter.
 */
#include "mbox_genl.h"

#include <sys/epoll.h>
#include <sys/select.h>

FIXTURE(poll)
{
	int fd;
	int reader;
	int writer;
	int full;
	int ep;
};

/* @reader and @writer are handles on the mailbox of @fd; @full has no room. */
FIXTURE_SETUP(poll)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->reader = grant(self->fd, MBOX_RIGHT_RECV);
	self->writer = grant(self->fd, MBOX_RIGHT_SEND);
	self->full = open_limited(NULL, O_RDWR, 1, 0, 0);
	self->ep = epoll_create1(EPOLL_CLOEXEC);
	ASSERT_LE(0, self->reader);
	ASSERT_LE(0, self->writer);
	ASSERT_EQ(1, send_text(self->full, 1, "x"));
}

FIXTURE_TEARDOWN(poll)
{
	close(self->fd);
	close(self->reader);
	close(self->writer);
	close(self->full);
	close(self->ep);
}

/* ---- what is told ------------------------------------------------------ */

TEST_F(poll, empty_mailbox_is_writable_only)
{
	EXPECT_EQ(POLL_WRITE, poll_now(self->fd));
	EXPECT_EQ(0, poll_now(self->reader));
	EXPECT_EQ(POLL_WRITE, poll_now(self->writer));
}

TEST_F(poll, message_makes_it_readable_for_readers_only)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(POLL_READ | POLL_WRITE, poll_now(self->fd));
	EXPECT_EQ(POLL_READ, poll_now(self->reader));
	EXPECT_EQ(POLL_WRITE, poll_now(self->writer));
	EXPECT_EQ(1, take(self->reader).ret);
	EXPECT_EQ(0, poll_now(self->reader));
}

TEST_F(poll, empty_message_makes_it_readable)
{
	ASSERT_EQ(1, send_bytes(self->fd, 1, NULL, 0));
	EXPECT_EQ(POLL_READ, poll_now(self->reader));
}

TEST_F(poll, pollin_goes_by_the_filter_of_the_handle)
{
	EXPECT_EQ(0, set_filter(self->reader, 5, 9, 0));
	ASSERT_EQ(1, send_text(self->fd, 4, "x"));
	EXPECT_EQ(0, poll_now(self->reader));
	EXPECT_EQ(POLL_READ | POLL_WRITE, poll_now(self->fd));
	ASSERT_EQ(1, send_text(self->fd, 5, "x"));
	EXPECT_EQ(POLL_READ, poll_now(self->reader));
	EXPECT_EQ(0, set_filter(self->reader, 4, 5, MBOX_FILTER_EXCEPT));
	EXPECT_EQ(0, poll_now(self->reader));
}

TEST_F(poll, full_mailbox_is_not_writable)
{
	EXPECT_EQ(POLL_READ, poll_now(self->full));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(POLL_WRITE, poll_now(self->full));
}

/* POLLOUT promises room for a message of max_size, not for a small one. */
TEST_F(poll, pollout_means_room_for_max_size)
{
	struct mbox_open args = open_args(NULL, MBOX_OPEN_CREATE);
	int fd;

	args.limits.max_bytes = 100;
	args.limits.max_size = 40;
	fd = open_with(O_RDWR, &args);
	ASSERT_EQ(1, send_bytes(fd, 1, self, 40));
	ASSERT_EQ(1, send_bytes(fd, 1, self, 20));
	EXPECT_EQ(POLL_READ | POLL_WRITE, poll_now(fd));
	EXPECT_EQ(1, send_nowait(fd, 1, "x"));
	EXPECT_EQ(POLL_READ, poll_now(fd));
	EXPECT_EQ(1, send_nowait(fd, 1, "39 bytes are left, but not for the"));
}

TEST_F(poll, drop_policies_are_always_writable)
{
	int oldest = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_OLDEST);
	int newest = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_NEWEST);

	ASSERT_EQ(1, send_text(oldest, 1, "x"));
	ASSERT_EQ(1, send_text(newest, 1, "x"));
	EXPECT_EQ(POLL_READ | POLL_WRITE, poll_now(oldest));
	EXPECT_EQ(POLL_READ | POLL_WRITE, poll_now(newest));
}

TEST_F(poll, offer_of_a_blocked_sender_is_readable_and_not_writable)
{
	struct job *job = new_job(self->full);
	pid_t pid;

	EXPECT_EQ(0, set_filter(self->full, 2, 2, 0));
	EXPECT_EQ(0, poll_now(self->full));
	job->type = 2;
	pid = spawn(send_job, job);
	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_EQ(POLL_READ, poll_now(self->full));
	EXPECT_EQ(2, take_type(self->full));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(0, poll_now(self->full));
}

TEST_F(poll, removed_mailbox_is_pollhup_and_never_pollerr)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(POLLHUP | POLL_WRITE, poll_now(self->fd));
	EXPECT_EQ(POLLHUP, poll_now(self->reader));
	EXPECT_EQ(POLLHUP | POLL_WRITE, poll_now(self->writer));
}

/* A writer in select() knows no other way to hear of it. */
TEST_F(poll, removed_mailbox_is_ready_for_select)
{
	struct timeval none = { 0 };
	fd_set in, out;

	ASSERT_EQ(0, remove_mailbox(self->fd));
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(self->reader, &in);
	FD_SET(self->writer, &out);
	EXPECT_EQ(2, select(self->ep + 1, &in, &out, NULL, &none));
}

TEST_F(poll, select_agrees_with_poll)
{
	struct timeval none = { 0 };
	fd_set in, out, except;
	int max = self->full + 1;

	FD_ZERO(&in);
	FD_SET(self->reader, &in);
	FD_SET(self->full, &in);
	out = in;
	FD_SET(self->writer, &out);
	except = out;
	EXPECT_EQ(2, select(max, &in, &out, &except, &none));
	EXPECT_TRUE(FD_ISSET(self->full, &in));
	EXPECT_FALSE(FD_ISSET(self->reader, &in));
	EXPECT_TRUE(FD_ISSET(self->writer, &out));
	EXPECT_FALSE(FD_ISSET(self->full, &out));
	EXPECT_FALSE(FD_ISSET(self->writer, &except));
}

/* ---- who is woken ------------------------------------------------------ */

static int poll_in(void *arg)
{
	struct pollfd item = { .fd = *(int *)arg, .events = POLLIN };

	return poll(&item, 1, -1) == 1 ? item.revents : 255;
}

static int poll_out(void *arg)
{
	struct pollfd item = { .fd = *(int *)arg, .events = POLLOUT };

	return poll(&item, 1, -1) == 1 ? item.revents : 255;
}

TEST_F(poll, send_wakes_poll)
{
	pid_t pid = spawn(poll_in, &self->reader);

	ASSERT_TRUE(wait_asleep(pid));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(POLLIN, reap(pid));
}

TEST_F(poll, receive_wakes_pollout)
{
	pid_t pid = spawn(poll_out, &self->full);

	ASSERT_TRUE(wait_asleep(pid));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(POLLOUT, reap(pid));
}

TEST_F(poll, message_of_another_type_does_not_end_poll)
{
	pid_t pid;

	EXPECT_EQ(0, set_filter(self->reader, 2, 2, 0));
	pid = spawn(poll_in, &self->reader);
	ASSERT_TRUE(wait_asleep(pid));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(-ETIMEDOUT, reap_within(pid, 100));
	ASSERT_EQ(1, send_text(self->writer, 2, "x"));
	EXPECT_EQ(POLLIN, reap(pid));
}

/* What is there already starts to match. */
TEST_F(poll, new_filter_wakes_poll)
{
	pid_t pid;

	EXPECT_EQ(0, set_filter(self->reader, 2, 2, 0));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	pid = spawn(poll_in, &self->reader);
	ASSERT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, set_filter(self->reader, 1, 1, 0));
	EXPECT_EQ(POLLIN, reap(pid));
}

TEST_F(poll, offer_wakes_poll)
{
	struct job *job = new_job(self->full);
	pid_t pids[2];

	EXPECT_EQ(0, set_filter(self->full, 2, 2, 0));
	pids[0] = spawn(poll_in, &self->full);
	ASSERT_TRUE(wait_asleep(pids[0]));
	job->type = 2;
	pids[1] = spawn(send_job, job);
	EXPECT_EQ(POLLIN, reap(pids[0]));
	EXPECT_EQ(2, take_type(self->full));
	EXPECT_EQ(0, reap(pids[1]));
}

TEST_F(poll, larger_limits_wake_pollout)
{
	struct genl nl;
	pid_t pid = spawn(poll_out, &self->full);

	ASSERT_TRUE(wait_asleep(pid));
	ASSERT_EQ(0, genl_open(&nl));
	EXPECT_EQ(0, genl_set(&nl, id_of(self->full), MBOX_A_MAILBOX_MAX_MSGS,
			      2));
	EXPECT_EQ(POLLOUT, reap(pid));
}

TEST_F(poll, purge_wakes_pollout)
{
	struct genl nl;
	pid_t pid = spawn(poll_out, &self->full);

	ASSERT_TRUE(wait_asleep(pid));
	ASSERT_EQ(0, genl_open(&nl));
	EXPECT_EQ(0, genl_by_id(&nl, MBOX_CMD_PURGE, id_of(self->full)));
	EXPECT_EQ(POLLOUT, reap(pid));
}

/* ---- epoll ------------------------------------------------------------- */

static int add(int ep, int fd, __u32 events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return or_errno(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event));
}

/* Events of one ready descriptor within @ms, or 0. */
static int epoll_events(int ep, int ms)
{
	struct epoll_event event;

	return epoll_wait(ep, &event, 1, ms) == 1 ? (int)event.events : 0;
}

TEST_F(poll, epoll_level_tells_it_again)
{
	ASSERT_EQ(0, add(self->ep, self->reader, EPOLLIN));
	EXPECT_EQ(0, epoll_events(self->ep, 0));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(EPOLLIN, epoll_events(self->ep, 0));
	EXPECT_EQ(EPOLLIN, epoll_events(self->ep, 0));
	EXPECT_EQ(1, take(self->reader).ret);
	EXPECT_EQ(0, epoll_events(self->ep, 0));
}

TEST_F(poll, epoll_edge_tells_each_arrival_once)
{
	int i;

	ASSERT_EQ(0, add(self->ep, self->reader, EPOLLIN | EPOLLET));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(1, send_text(self->writer, 1, "x"));
		EXPECT_EQ(EPOLLIN, epoll_events(self->ep, 0));
		EXPECT_EQ(0, epoll_events(self->ep, 0));
	}
}

TEST_F(poll, epoll_edge_goes_by_the_filter)
{
	EXPECT_EQ(0, set_filter(self->reader, 2, 2, 0));
	ASSERT_EQ(0, add(self->ep, self->reader, EPOLLIN | EPOLLET));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(0, epoll_events(self->ep, 0));
	EXPECT_EQ(0, set_filter(self->reader, 1, 2, 0));
	EXPECT_EQ(EPOLLIN, epoll_events(self->ep, 0));
}

/* It is readable already: the other type makes no new edge. */
TEST_F(poll, epoll_edge_is_silent_about_other_types)
{
	EXPECT_EQ(0, set_filter(self->reader, 2, 2, 0));
	ASSERT_EQ(1, send_text(self->writer, 2, "x"));
	ASSERT_EQ(0, add(self->ep, self->reader, EPOLLIN | EPOLLET));
	EXPECT_EQ(EPOLLIN, epoll_events(self->ep, 0));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(0, epoll_events(self->ep, 0));
	ASSERT_EQ(1, send_text(self->writer, 2, "x"));
	EXPECT_EQ(EPOLLIN, epoll_events(self->ep, 0));
}

TEST_F(poll, epoll_edge_tells_new_room)
{
	ASSERT_EQ(0, add(self->ep, self->full, EPOLLOUT | EPOLLET));
	EXPECT_EQ(0, epoll_events(self->ep, 0));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(EPOLLOUT, epoll_events(self->ep, 0));
	EXPECT_EQ(0, epoll_events(self->ep, 0));
}

TEST_F(poll, epoll_oneshot_is_told_once_until_rearmed)
{
	struct epoll_event again = { .events = EPOLLIN | EPOLLONESHOT };

	ASSERT_EQ(0, add(self->ep, self->reader, EPOLLIN | EPOLLONESHOT));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(EPOLLIN, epoll_events(self->ep, 0));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(0, epoll_events(self->ep, 0));
	epoll_ctl(self->ep, EPOLL_CTL_MOD, self->reader, &again);
	EXPECT_EQ(EPOLLIN, epoll_events(self->ep, 0));
}

TEST_F(poll, epoll_tells_hangup_unasked)
{
	ASSERT_EQ(0, add(self->ep, self->fd, EPOLLET));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(EPOLLHUP, epoll_events(self->ep, 0));
}

struct exclusive {
	int fd;
	int woken;
};

static int wait_exclusive(void *arg)
{
	struct exclusive *state = arg;
	int ep = epoll_create1(EPOLL_CLOEXEC);

	if (add(ep, state->fd, EPOLLIN | EPOLLEXCLUSIVE))
		return 1;
	if (epoll_events(ep, PATIENCE_MS) != EPOLLIN)
		return 2;
	__atomic_add_fetch(&state->woken, 1, __ATOMIC_SEQ_CST);
	/* Leave the message, so that each message wakes one more. */
	return 0;
}

TEST_F(poll, epoll_exclusive_wakes_at_least_one_and_not_all)
{
	struct exclusive *state = shared(sizeof(*state));
	pid_t pids[4];
	int i, reaped = 0;

	state->fd = self->reader;
	for (i = 0; i < 4; i++) {
		pids[i] = spawn(wait_exclusive, state);
		ASSERT_TRUE(wait_asleep(pids[i]));
	}
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	while (!__atomic_load_n(&state->woken, __ATOMIC_SEQ_CST))
		usleep(500);
	usleep(100000);
	EXPECT_GT(4, __atomic_load_n(&state->woken, __ATOMIC_SEQ_CST));
	for (i = 0; i < 4; i++)
		ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	for (i = 0; i < 4; i++)
		reaped += reap(pids[i]) == 0;
	EXPECT_EQ(4, reaped);
}

static int hear_of_the_end(void *arg)
{
	int ep = epoll_create1(EPOLL_CLOEXEC);

	if (add(ep, *(int *)arg, EPOLLIN | EPOLLEXCLUSIVE))
		return 1;
	return epoll_events(ep, PATIENCE_MS) & EPOLLHUP ? 0 : 2;
}

TEST_F(poll, hangup_wakes_every_exclusive_epoll)
{
	pid_t pids[4];
	int i;

	for (i = 0; i < 4; i++) {
		pids[i] = spawn(hear_of_the_end, &self->reader);
		ASSERT_TRUE(wait_asleep(pids[i]));
	}
	ASSERT_EQ(0, remove_mailbox(self->fd));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, reap(pids[i]));
}

/* Alice may not use root's default, but then binds what is her own. */
static int bind_after_a_failed_poll(void *arg)
{
	struct mbox_open args = open_args("alices", MBOX_OPEN_CREATE);
	int ep = epoll_create1(EPOLL_CLOEXEC), fd;

	if (become_user(ALICE))
		return 1;
	fd = open_device(O_RDWR);
	if (add(ep, fd, EPOLLOUT | EPOLLET))
		return 2;
	if (epoll_events(ep, 0) != EPOLLERR || epoll_events(ep, 0))
		return 3;
	if (do_open(fd, &args))
		return 4;
	return epoll_events(ep, 0) == EPOLLOUT ? 0 : 5;
}

TEST_F(poll, binding_wakes_a_poller_that_saw_pollerr)
{
	int fd = open_device(O_RDWR);

	EXPECT_EQ(0, poll_now(fd) & POLLERR);
	EXPECT_EQ(0, run(bind_after_a_failed_poll, NULL));
}

/* ---- SIGIO ------------------------------------------------------------- */

static int ask_for_signal(int fd, int sig)
{
	int flags = fcntl(fd, F_GETFL);

	if (fcntl(fd, F_SETOWN, getpid()) || fcntl(fd, F_SETSIG, sig))
		return -errno;
	return or_errno(fcntl(fd, F_SETFL, flags | O_ASYNC));
}

static int wait_signal(const sigset_t *set, siginfo_t *info, int ms)
{
	struct timespec limit = { ms / 1000, ms % 1000 * NSEC_PER_MSEC };

	return or_errno(sigtimedwait(set, info, &limit));
}

TEST_F(poll, o_async_sends_the_chosen_signal)
{
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGIO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ASSERT_EQ(0, ask_for_signal(self->reader, SIGRTMIN));
	EXPECT_EQ(0, set_filter(self->reader, 1, 8, 0));
	EXPECT_EQ(-EAGAIN, wait_signal(&set, &info, 0));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(SIGRTMIN, wait_signal(&set, &info, PATIENCE_MS));
	EXPECT_EQ(self->reader, info.si_fd);
	EXPECT_TRUE(info.si_band & POLLIN);
	/* Switched off, it stays silent. */
	fcntl(self->reader, F_SETFL, 0);
	while (wait_signal(&set, &info, 0) > 0)
		;
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(-EAGAIN, wait_signal(&set, &info, 20));
}

TEST_F(poll, o_async_goes_by_the_filter)
{
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	EXPECT_EQ(0, set_filter(self->reader, 2, 2, 0));
	ASSERT_EQ(0, ask_for_signal(self->reader, SIGRTMIN));
	ASSERT_EQ(1, send_text(self->writer, 1, "x"));
	EXPECT_EQ(-EAGAIN, wait_signal(&set, &info, 20));
	ASSERT_EQ(1, send_text(self->writer, 2, "x"));
	EXPECT_EQ(SIGRTMIN, wait_signal(&set, &info, PATIENCE_MS));
}

TEST_F(poll, o_async_tells_room)
{
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ASSERT_EQ(0, ask_for_signal(self->full, SIGRTMIN));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(SIGRTMIN, wait_signal(&set, &info, PATIENCE_MS));
	EXPECT_TRUE(info.si_band & POLLOUT);
}

/* The promise of POLLOUT holds: what it announces does not block. */
TEST_F(poll, send_after_pollout_never_blocks)
{
	int fd = open_limited(NULL, O_RDWR, 7, 0, 0), round;

	for (round = 0; round < 300; round++) {
		int want = poll_now(fd) & POLLOUT ? 1 : -EAGAIN;

		ASSERT_EQ(want, send_nowait(fd, 1, "x"));
		want = poll_now(fd) & POLLIN ? 1 : -EAGAIN;
		if (round % 3 == 0)
			ASSERT_EQ(want, take(fd).ret);
	}
}

/* ---- many handles ------------------------------------------------------ */

#define CROWD	24

/* The filter of handle @i in a round: ranges, single types, exceptions. */
static struct mbox_filter filter_of(int i, int round)
{
	__u64 lo = 1 + (i * 7 + round * 5) % 20;
	struct mbox_filter filter = { .lo = lo, .hi = lo + i % 4 };

	if (i % 5 == 4)
		filter.flags = MBOX_FILTER_EXCEPT;
	if (i % 11 == 10)
		filter = (struct mbox_filter){ .lo = 1, .hi = MBOX_TYPE_MAX };
	return filter;
}

static bool filter_takes(const struct mbox_filter *filter, __u64 type)
{
	bool inside = type >= filter->lo && type <= filter->hi;

	return inside == !(filter->flags & MBOX_FILTER_EXCEPT);
}

/* One bit for each handle that an arrival is reported of. */
static unsigned int reported(int set)
{
	struct epoll_event events[CROWD];
	int count = epoll_wait(set, events, CROWD, 0);
	unsigned int bits = 0;

	while (count > 0)
		bits |= 1u << events[--count].data.u32;
	return bits;
}

/* Handles change their filters and go while others are told. */
TEST_F(poll, of_many_handles_those_are_told_whose_filters_take_it)
{
	int set = epoll_create1(EPOLL_CLOEXEC), fds[CROWD], round, i;
	__u64 type;

	for (i = 0; i < CROWD; i++) {
		struct epoll_event event = {
			.events = EPOLLIN | EPOLLET,
			.data.u32 = i,
		};

		fds[i] = grant(self->fd, MBOX_RIGHT_RECV);
		ASSERT_LE(0, fds[i]);
		ASSERT_EQ(0, set_filter(fds[i], 30, 30, 0));
		ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, fds[i], &event));
	}
	for (round = 0; round < CROWD; round++) {
		for (i = round; i < CROWD; i++) {
			struct mbox_filter filter = filter_of(i, round);

			ASSERT_EQ(0, set_filter(fds[i], filter.lo, filter.hi,
						filter.flags));
		}
		EXPECT_EQ(0, reported(set));
		for (type = 1; type <= 24; type++) {
			unsigned int expected = 0;

			for (i = round; i < CROWD; i++) {
				struct mbox_filter filter = filter_of(i, round);

				if (filter_takes(&filter, type))
					expected |= 1u << i;
			}
			ASSERT_EQ(1, send_text(self->fd, type, "x"));
			EXPECT_EQ(expected, reported(set));
			EXPECT_EQ(type, take_type(self->fd));
		}
		close(fds[round]);
	}
	close(set);
}

TEST_HARNESS_MAIN
