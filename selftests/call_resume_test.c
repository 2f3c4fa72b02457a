// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that go on after a signal: one request and one reply, whatever happens,
 * and who may resume them. Those that were never waited for are in
 * call_nowait_test.
 */
#include "mbox_call.h"

#include <sys/time.h>

FIXTURE(resume)
{
	const char *name;
	int fd;
	int server;
	int full;
	struct caller c;
	struct caller d;
};

FIXTURE_SETUP(resume)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_WRONLY);
	self->server = open_existing(self->name, O_RDONLY);
	self->full = open_limited(NULL, O_RDWR, 1, 0, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->server);
	ASSERT_EQ(1, send_text(self->full, 1, "first"));
	aim(&self->c, self->fd, "request");
	catch_signal(SIGUSR1, 0);
}

FIXTURE_TEARDOWN(resume)
{
	close(self->fd);
	close(self->server);
	close(self->full);
}

/* ---- signals ----------------------------------------------------------- */

static void interrupt(struct caller *c)
{
	pthread_kill(c->thread, SIGUSR1);
}

TEST_F(resume, signal_while_offered_sends_nothing)
{
	struct mbox_info before = info_of(self->full);

	call_text(&self->c, self->full, "request");
	ASSERT_TRUE(wait_senders(self->full, 1));
	interrupt(&self->c);
	EXPECT_EQ(-EINTR, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_TRUE(same_info(&before, self->full));
	EXPECT_STREQ("first", take(self->full).text);
	EXPECT_EQ(-EAGAIN, take(self->full).ret);
}

TEST_F(resume, signal_while_queued_leaves_the_call)
{
	struct got got;

	start_call(&self->c);
	ASSERT_TRUE(wait_calls(self->fd, 1));
	ASSERT_TRUE(caller_sleeps(&self->c));
	interrupt(&self->c);
	EXPECT_EQ(-EINTR, end_call(&self->c));
	EXPECT_NE(0, self->c.call.cookie);
	EXPECT_EQ(1, info_of(self->fd).calls);
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).withdrawn);
	start_call(&self->c);
	ASSERT_TRUE(caller_sleeps(&self->c));
	got = take(self->server);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_STREQ("reply", self->c.reply);
	EXPECT_EQ(1, info_of(self->fd).sent);
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(resume, signal_while_taken_loses_no_reply)
{
	struct got got;

	start_call(&self->c);
	got = take_next(self->server);
	ASSERT_TRUE(caller_sleeps(&self->c));
	interrupt(&self->c);
	EXPECT_EQ(-EINTR, end_call(&self->c));
	EXPECT_EQ(0, check_wanted(self->server, got.header.cookie));
	/* It comes while nobody waits. */
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, do_call(self->fd, &self->c.call));
	EXPECT_STREQ("reply", self->c.reply);
	EXPECT_EQ(1, info_of(self->fd).sent);
}

TEST_F(resume, sa_restart_resumes_by_itself)
{
	struct got got;
	int i;

	catch_signal(SIGUSR1, SA_RESTART);
	start_call(&self->c);
	got = take_next(self->server);
	for (i = 1; i <= 20; i++) {
		ASSERT_TRUE(caller_sleeps(&self->c));
		interrupt(&self->c);
		while (__atomic_load_n(&signals_seen, __ATOMIC_RELAXED) < i)
			usleep(200);
	}
	EXPECT_EQ(1, info_of(self->fd).calls);
	EXPECT_EQ(1, info_of(self->fd).sent);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_F(resume, sa_restart_keeps_the_deadline)
{
	struct timespec end;
	int i, ret = -1;

	catch_signal(SIGUSR1, SA_RESTART);
	self->c.call.deadline = in_ms(300);
	start_call(&self->c);
	for (i = 0; i < 500 && ret; i++) {
		interrupt(&self->c);
		clock_gettime(CLOCK_REALTIME, &end);
		end.tv_nsec += 10 * NSEC_PER_MSEC;
		end.tv_sec += end.tv_nsec / 1000000000;
		end.tv_nsec %= 1000000000;
		ret = pthread_timedjoin_np(self->c.thread, NULL, &end);
	}
	EXPECT_EQ(0, ret);
	EXPECT_EQ(-ETIMEDOUT, self->c.ret);
	EXPECT_LE(self->c.call.deadline, now());
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(1, info_of(self->fd).sent);
	EXPECT_EQ(1, info_of(self->fd).withdrawn);
}

static int call_shared(void *arg)
{
	struct caller c;

	aim(&c, *(int *)arg, "request");
	return do_call(c.fd, &c.call);
}

TEST_F(resume, sigkill_while_offered_sends_nothing)
{
	struct mbox_info before = info_of(self->full);
	pid_t pid = spawn(call_shared, &self->full);

	ASSERT_TRUE(wait_senders(self->full, 1));
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	EXPECT_TRUE(same_info(&before, self->full));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(-EAGAIN, take(self->full).ret);
}

/* ---- storms ------------------------------------------------------------ */

#define STORM	500

static void start_storm(int flags)
{
	struct itimerval every = {
		.it_interval = { .tv_usec = 600 },
		.it_value = { .tv_usec = 600 },
	};

	catch_signal(SIGALRM, flags);
	setitimer(ITIMER_REAL, &every, NULL);
}

/* Calls that resume as long as they are interrupted; each is answered once. */
static int storm_caller(const char *name, int flags)
{
	int fd = open_existing(name, O_WRONLY), interrupted = 0, i, reply, ret;
	struct mbox_call call;

	start_storm(flags);
	for (i = 0; i < STORM; i++) {
		reply = -1;
		call = (struct mbox_call){
			.type = 1, .buf = addr(&i), .len = sizeof(i),
			.reply = addr(&reply), .room = sizeof(reply),
		};
		do {
			ret = do_call(fd, &call);
			interrupted += ret == -EINTR;
		} while (ret == -EINTR && !(flags & SA_RESTART));
		if (ret || call.cookie || reply != -i)
			return 1;
	}
	/* Or it was no storm. */
	if (flags & SA_RESTART)
		interrupted = signals_seen;
	return interrupted > STORM / 20 ? 0 : 2;
}

static int storm_eintr(void *arg)
{
	return storm_caller(arg, 0);
}

static int storm_restart(void *arg)
{
	return storm_caller(arg, SA_RESTART);
}

/* Under a storm of its own; every number has to come once, and in order. */
static int storm_server(int fd)
{
	struct mbox_header header;
	int want, seen = -1, ret, reply;
	unsigned int random = 1;

	start_storm(0);
	for (want = 0; want < STORM; want++) {
		do {
			ret = recv_into(fd, &header, &seen, sizeof(seen), 0,
					NULL, 0);
		} while (ret == -EINTR);
		if (ret != 1 || seen != want)
			break;
		/* So that signals find the caller in this state as well. */
		if (rand_r(&random) % 4 == 0)
			usleep(rand_r(&random) % 2000);
		reply = -seen;
		if (reply_bytes(fd, header.cookie, 1, &reply, sizeof(reply)))
			break;
	}
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	return want;
}

TEST_F_TIMEOUT(resume, storm_of_signals_with_eintr_calls_once_each, 60)
{
	pid_t pid = spawn(storm_eintr, (void *)self->name);

	EXPECT_EQ(STORM, storm_server(self->server));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(STORM, info_of(self->fd).sent);
	EXPECT_EQ(STORM, info_of(self->fd).received);
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F_TIMEOUT(resume, storm_of_signals_with_restart_calls_once_each, 60)
{
	pid_t pid = spawn(storm_restart, (void *)self->name);

	EXPECT_EQ(STORM, storm_server(self->server));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(STORM, info_of(self->fd).sent);
	EXPECT_TRUE(all_settled(self->server));
}

/* ---- clocks ------------------------------------------------------------ */

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME	0x00000080
#endif

#define DAY	86400000000000LL

static int call_a_day_ahead(void *arg)
{
	struct mbox_call call = { .type = 1, .deadline = in_ms(20) };
	__s64 before = now();
	int fd = *(int *)arg;

	if (do_call(fd, &call) != -ETIMEDOUT || now() < call.deadline)
		return 1;
	call.deadline = before + DAY;
	if (do_call(fd, &call))
		return 2;
	return call.header.time >= before && call.header.time <= now() ? 0 : 3;
}

static int enter_next_day(void *arg)
{
	if (unshare(CLONE_NEWTIME) ||
	    write_file("/proc/self/timens_offsets", "monotonic 86400 0"))
		return 99;
	return run(call_a_day_ahead, arg);
}

/* A deadline and the time of a reply are told on the clock of whoever reads. */
TEST_F(resume, times_are_of_the_readers_time_namespace)
{
	__s64 before = now();
	struct mbox_header h;
	pid_t pid;

	if (access("/proc/self/timens_offsets", F_OK))
		SKIP(return, "the kernel has no time namespaces");
	pid = spawn(enter_next_day, &self->fd);
	do {
		h = take_next(self->server).header;
		/* The first one is given up. */
	} while (h.deadline && h.deadline < before + DAY / 2);
	EXPECT_LE(before + DAY, h.deadline);
	EXPECT_GE(now() + DAY, h.deadline);
	EXPECT_EQ(0, reply_bytes(self->server, h.cookie, 1, NULL, 0));
	EXPECT_EQ(0, reap(pid));
}

/* ---- who may resume ---------------------------------------------------- */

TEST_F(resume, any_thread_may_resume)
{
	struct got got;

	start_call(&self->c);
	got = take_next(self->server);
	ASSERT_TRUE(caller_sleeps(&self->c));
	interrupt(&self->c);
	EXPECT_EQ(-EINTR, end_call(&self->c));
	self->d = self->c;
	self->d.call.reply = addr(self->d.reply);
	start_call(&self->d);
	ASSERT_TRUE(caller_sleeps(&self->d));
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->d));
	EXPECT_STREQ("reply", self->d.reply);
}

static int resume_in_child(void *arg)
{
	struct caller *c = arg;

	c->call.flags = 0;
	return do_call(c->fd, &c->call) || strcmp(c->reply, "reply");
}

TEST_F(resume, process_that_shares_the_handle_may_resume)
{
	struct got got;
	pid_t pid;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	pid = spawn(resume_in_child, &self->c);
	got = take_next(self->server);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(-ESRCH, fetch(&self->c));
}

TEST_F(resume, second_resume_returns_ebusy)
{
	struct got got;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	self->d = self->c;
	self->d.call.reply = addr(self->d.reply);
	self->c.call.flags = 0;
	start_call(&self->c);
	ASSERT_TRUE(caller_sleeps(&self->c));
	EXPECT_EQ(-EBUSY, fetch(&self->d));
	EXPECT_EQ(-EBUSY, give_up(&self->d));
	EXPECT_EQ(1, info_of(self->fd).calls);
	got = take(self->server);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
	EXPECT_EQ(-ESRCH, fetch(&self->d));
}

TEST_F(resume, unknown_call_returns_esrch_and_sends_nothing)
{
	int other = open_existing(self->name, O_WRONLY);
	struct mbox_info before;
	unsigned int random = 1;
	struct caller c;
	int i;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	before = info_of(self->fd);
	aim(&c, self->fd, "other");
	for (i = 0; i < 200; i++) {
		c.call.cookie = (__u64)rand_r(&random) << 32 | 0x80000000;
		EXPECT_EQ(-ESRCH, do_call(self->fd, &c.call));
	}
	c.call.cookie = self->c.call.cookie + 1;
	EXPECT_EQ(-ESRCH, do_call(self->fd, &c.call));
	/* What it is to that handle it is not to another. */
	c.call.cookie = self->c.call.cookie;
	c.call.flags = MBOX_CALL_NOWAIT;
	EXPECT_EQ(-ESRCH, do_call(other, &c.call));
	EXPECT_EQ(self->c.call.cookie, c.call.cookie);
	EXPECT_TRUE(same_info(&before, self->fd));
	close(other);
}

TEST_F(resume, fetched_call_returns_esrch)
{
	__u64 cookie;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	cookie = self->c.call.cookie;
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	self->c.call.cookie = cookie;
	EXPECT_EQ(-ESRCH, fetch(&self->c));
	EXPECT_EQ(1, info_of(self->fd).sent);
}

/* It sends nothing: so what would be sent is no matter. */
TEST_F(resume, resume_needs_no_request)
{
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	self->c.call.type = 0;
	self->c.call.buf = addr(nowhere());
	self->c.call.len = ~0ULL;
	EXPECT_EQ(-EINPROGRESS, fetch(&self->c));
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_HARNESS_MAIN
