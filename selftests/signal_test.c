// SPDX-License-Identifier: GPL-2.0
/*
 * Signals in blocked calls: EINTR or restart, never twice, never lost; and a
 * caller that is killed is gone within a second and leaves right counters.
 */
#include "mbox_proc.h"

#include <sys/time.h>

#define KILL_MS		1000

FIXTURE(signal)
{
	int fd;
	int full;
	struct job *job;
};

FIXTURE_SETUP(signal)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	self->full = open_limited(NULL, O_RDWR, 1, 0, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->full);
	ASSERT_EQ(1, send_text(self->full, 1, "first"));
	self->job = new_job(self->fd);
}

FIXTURE_TEARDOWN(signal)
{
	close(self->fd);
	close(self->full);
}

/* The four blocking calls, with a handler of SIGUSR1 that restarts or not. */
static int recv_eintr(void *arg)
{
	catch_signal(SIGUSR1, 0);
	return recv_job(arg);
}

static int recv_restart(void *arg)
{
	catch_signal(SIGUSR1, SA_RESTART);
	return recv_job(arg);
}

static int send_eintr(void *arg)
{
	catch_signal(SIGUSR1, 0);
	return send_job(arg);
}

static int send_restart(void *arg)
{
	catch_signal(SIGUSR1, SA_RESTART);
	return send_job(arg);
}

static int read_eintr(void *arg)
{
	struct job *job = arg;

	catch_signal(SIGUSR1, 0);
	return or_errno(read(job->fd, job->text, TEXT_MAX));
}

static int write_eintr(void *arg)
{
	struct job *job = arg;

	catch_signal(SIGUSR1, 0);
	return or_errno(write(job->fd, job->text, strlen(job->text)));
}

TEST_F(signal, recv_returns_eintr)
{
	pid_t pid = spawn(recv_eintr, self->job);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
}

TEST_F(signal, read_returns_eintr)
{
	pid_t pid = spawn(read_eintr, self->job);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
}

TEST_F(signal, send_returns_eintr_and_has_sent_nothing)
{
	pid_t pid;

	self->job->fd = self->full;
	strcpy(self->job->text, "second");
	pid = spawn(send_eintr, self->job);
	ASSERT_TRUE(wait_senders(self->full, 1));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
	EXPECT_EQ(0, info_of(self->full).waiting_senders);
	EXPECT_STREQ("first", take(self->full).text);
	EXPECT_EQ(-EAGAIN, take(self->full).ret);
	EXPECT_EQ(1, info_of(self->full).sent);
}

TEST_F(signal, write_returns_eintr_and_has_sent_nothing)
{
	pid_t pid;

	self->job->fd = self->full;
	strcpy(self->job->text, "second");
	pid = spawn(write_eintr, self->job);
	ASSERT_TRUE(wait_senders(self->full, 1));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
	EXPECT_EQ(1, info_of(self->full).sent);
}

/* Only a signal that was delivered is gone from the pending ones. */
static bool wait_delivered(pid_t pid)
{
	char path[64], text[4096], *line;
	__s64 end = in_ms(PATIENCE_MS);

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	while (now() < end) {
		if (read_file(path, text, sizeof(text)) < 0)
			return false;
		line = strstr(text, "\nShdPnd:");
		if (line && !strtoull(line + 8, NULL, 16))
			return true;
		usleep(500);
	}
	return false;
}

TEST_F(signal, recv_with_sa_restart_goes_on)
{
	pid_t pid = spawn(recv_restart, self->job);
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_TRUE(wait_receivers(self->fd, 1));
		kill(pid, SIGUSR1);
		ASSERT_TRUE(wait_delivered(pid));
	}
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("hello", self->job->text);
}

TEST_F(signal, send_with_sa_restart_goes_on_and_sends_once)
{
	pid_t pid;
	int i;

	self->job->fd = self->full;
	strcpy(self->job->text, "second");
	pid = spawn(send_restart, self->job);
	for (i = 0; i < 20; i++) {
		ASSERT_TRUE(wait_senders(self->full, 1));
		kill(pid, SIGUSR1);
		ASSERT_TRUE(wait_delivered(pid));
	}
	EXPECT_STREQ("first", take(self->full).text);
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("second", take(self->full).text);
	EXPECT_EQ(-EAGAIN, take(self->full).ret);
	EXPECT_EQ(2, info_of(self->full).sent);
}

/* SA_RESTART does not help against INTR; and a stop, which runs no handler, is none. */
TEST_F(signal, recv_with_intr_is_not_restarted)
{
	pid_t pid;

	self->job->flags = MBOX_RECV_INTR;
	pid = spawn(recv_restart, self->job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	kill(pid, SIGSTOP);
	kill(pid, SIGCONT);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
}

TEST_F(signal, send_with_intr_is_not_restarted)
{
	pid_t pid;

	self->job->fd = self->full;
	self->job->flags = MBOX_SEND_INTR;
	strcpy(self->job->text, "second");
	pid = spawn(send_restart, self->job);
	ASSERT_TRUE(wait_senders(self->full, 1));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
	EXPECT_EQ(1, info_of(self->full).sent);
}

/* A deadline that began anew at each restart would never be reached. */
TEST_F(signal, restart_keeps_the_deadline)
{
	int ret = -ETIMEDOUT, i;
	pid_t pid;

	self->job->deadline = in_ms(400);
	pid = spawn(recv_restart, self->job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	for (i = 0; i < 200 && ret == -ETIMEDOUT; i++) {
		kill(pid, SIGUSR1);
		ret = reap_within(pid, 50);
	}
	EXPECT_EQ(ETIMEDOUT, ret);
	EXPECT_LE(self->job->deadline, now());
}

TEST_F(signal, stop_and_continue_does_not_end_a_wait)
{
	pid_t pid = spawn(recv_job, self->job);
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_TRUE(wait_receivers(self->fd, 1));
		kill(pid, SIGSTOP);
		while (state_of(pid) != 'T')
			usleep(500);
		kill(pid, SIGCONT);
	}
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("hello", self->job->text);
}

/* Of a vector, what was sent before the signal is told and not repeated. */
static int send_vector_eintr(void *arg)
{
	struct mbox_message vec[3] = { 0 };
	struct mbox_send args = { .count = 3, .vec = addr(vec) };
	struct job *job = arg;
	int i;

	catch_signal(SIGUSR1, SA_RESTART);
	for (i = 0; i < 3; i++)
		vec[i].header.type = i + 1;
	job->ret = do_ioctl(job->fd, MBOX_IOC_SEND, &args);
	return 0;
}

TEST_F(signal, vector_returns_what_was_sent_before_the_signal)
{
	pid_t pid;

	self->job->fd = self->full;
	EXPECT_EQ(1, take(self->full).ret);
	pid = spawn(send_vector_eintr, self->job);
	ASSERT_TRUE(wait_senders(self->full, 1));
	kill(pid, SIGUSR1);
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(1, self->job->ret);
	EXPECT_EQ(1, take_type(self->full));
	EXPECT_EQ(-EAGAIN, take_type(self->full));
	EXPECT_EQ(2, info_of(self->full).sent);
}

/* ---- a storm of signals ------------------------------------------------ */

#define STORM	600

static void start_storm(int flags)
{
	struct itimerval every = {
		.it_interval = { .tv_usec = 700 },
		.it_value = { .tv_usec = 700 },
	};

	catch_signal(SIGALRM, flags);
	setitimer(ITIMER_REAL, &every, NULL);
}

static int storm_sender(int fd, int flags)
{
	int i, ret;

	start_storm(flags);
	for (i = 0; i < STORM; i++) {
		do {
			ret = send_bytes(fd, 1, &i, sizeof(i));
		} while (ret == -EINTR && !(flags & SA_RESTART));
		if (ret != 1)
			return 1;
	}
	return 0;
}

static int storm_restart(void *arg)
{
	return storm_sender(*(int *)arg, SA_RESTART);
}

static int storm_eintr(void *arg)
{
	return storm_sender(*(int *)arg, 0);
}

/* Every number arrives once, also under the receiver's own storm. */
static int recv_storm(int fd)
{
	int want, seen, ret;

	start_storm(0);
	for (want = 0; want < STORM; want++) {
		do {
			ret = recv_into(fd, NULL, &seen, sizeof(seen), 0, NULL,
					0);
		} while (ret == -EINTR);
		if (ret != 1 || seen != want)
			return want + 1;
	}
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	return 0;
}

TEST_F_TIMEOUT(signal, storm_with_restart_sends_each_once, 60)
{
	pid_t pid;

	EXPECT_EQ(1, take(self->full).ret);
	pid = spawn(storm_restart, &self->full);
	EXPECT_EQ(0, recv_storm(self->full));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(STORM + 1, info_of(self->full).sent);
	EXPECT_TRUE(balanced(self->full));
}

TEST_F_TIMEOUT(signal, storm_with_eintr_sends_each_once, 60)
{
	pid_t pid;

	EXPECT_EQ(1, take(self->full).ret);
	pid = spawn(storm_eintr, &self->full);
	EXPECT_EQ(0, recv_storm(self->full));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(STORM + 1, info_of(self->full).sent);
	EXPECT_EQ(0, info_of(self->full).waiting_senders);
}

/* ---- SIGKILL ----------------------------------------------------------- */

TEST_F(signal, killed_receiver_is_gone_and_gets_nothing)
{
	pid_t pid = spawn(recv_job, self->job);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap_within(pid, KILL_MS));
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(1, send_text(self->fd, 1, "stays"));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).received);
	EXPECT_STREQ("stays", take(self->fd).text);
}

TEST_F(signal, killed_sender_is_gone_and_has_sent_nothing)
{
	pid_t pid;

	self->job->fd = self->full;
	strcpy(self->job->text, "second");
	pid = spawn(send_job, self->job);
	ASSERT_TRUE(wait_senders(self->full, 1));
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap_within(pid, KILL_MS));
	EXPECT_EQ(0, info_of(self->full).waiting_senders);
	EXPECT_STREQ("first", take(self->full).text);
	EXPECT_EQ(-EAGAIN, take(self->full).ret);
	EXPECT_TRUE(balanced(self->full));
	EXPECT_EQ(1, send_nowait(self->full, 1, "room"));
}

static int read_forever(void *arg)
{
	struct job *job = arg;

	return or_errno(read(job->fd, job->text, TEXT_MAX));
}

TEST_F(signal, killed_reader_among_others_does_not_take_their_message)
{
	pid_t pids[3];
	int i;

	for (i = 0; i < 3; i++) {
		pids[i] = spawn(i ? recv_job : read_forever, self->job);
		ASSERT_TRUE(wait_receivers(self->fd, i + 1));
	}
	kill(pids[0], SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap_within(pids[0], KILL_MS));
	EXPECT_EQ(2, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(1, send_text(self->fd, 1, "a"));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	kill(pids[2], SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap_within(pids[2], KILL_MS));
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
}

TEST_F(signal, killed_blocked_sender_lets_the_next_one_go_on)
{
	struct job *after = new_job(self->full);
	pid_t pids[2];

	self->job->fd = self->full;
	strcpy(self->job->text, "second");
	pids[0] = spawn(send_job, self->job);
	ASSERT_TRUE(wait_senders(self->full, 1));
	strcpy(after->text, "after");
	pids[1] = spawn(send_job, after);
	ASSERT_TRUE(wait_senders(self->full, 2));
	kill(pids[0], SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap_within(pids[0], KILL_MS));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_STREQ("after", take(self->full).text);
}

/* There is room for the small one as soon as the large one leaves the line. */
TEST_F(signal, killed_large_sender_lets_a_small_one_go_on)
{
	int fd = open_limited(NULL, O_RDWR, 0, 10, 0);
	struct job *large = new_job(fd), *small = new_job(fd);
	pid_t pids[2];

	ASSERT_EQ(1, send_text(fd, 1, "12345678"));
	strcpy(large->text, "large");
	strcpy(small->text, "s");
	pids[0] = spawn(send_job, large);
	ASSERT_TRUE(wait_senders(fd, 1));
	pids[1] = spawn(send_job, small);
	ASSERT_TRUE(wait_senders(fd, 2));
	EXPECT_EQ(0, poll_now(fd) & POLLOUT);
	kill(pids[0], SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap_within(pids[0], KILL_MS));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_EQ(9, info_of(fd).bytes);
}

TEST_HARNESS_MAIN
