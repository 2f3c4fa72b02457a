// SPDX-License-Identifier: GPL-2.0
/*
 * Tracepoints: send, receive, wake and drop tell what happened, and nothing of
 * a payload.
 */
#include "mbox_proc.h"

#define TRACING	"/sys/kernel/tracing"
#define EVENTS	TRACING "/events/mbox"
#define LOG_MAX	1048576

FIXTURE(trace)
{
	int fd;
	char *log;
};

FIXTURE_SETUP(trace)
{
	if (access(EVENTS "/enable", W_OK))
		SKIP(return, "there is no tracefs with the events of mbox");
	self->log = shared(LOG_MAX);
	self->fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_OLDEST);
	ASSERT_LE(0, self->fd);
	close(open(TRACING "/trace", O_WRONLY | O_TRUNC | O_CLOEXEC));
	ASSERT_EQ(0, write_file(EVENTS "/enable", "1"));
}

FIXTURE_TEARDOWN(trace)
{
	write_file(EVENTS "/enable", "0");
	close(self->fd);
}

/* Is there a line of that event with those words? */
static bool traced(char *log, const char *event, const char *words)
{
	char want[256], *line;

	snprintf(want, sizeof(want), " %s: %s", event, words);
	if (read_file(TRACING "/trace", log, LOG_MAX) < 0)
		return false;
	line = strstr(log, want);
	return line;
}

TEST_F(trace, send_receive_and_drop_are_told)
{
	char words[128];
	__u64 id = id_of(self->fd);

	ASSERT_EQ(1, send_text(self->fd, 7, "secret"));
	ASSERT_EQ(1, send_text(self->fd, 8, "secrets"));
	ASSERT_EQ(1, take(self->fd).ret);
	snprintf(words, sizeof(words), "mailbox=%llu type=7 len=6 seq=1", id);
	EXPECT_TRUE(traced(self->log, "mbx_send", words));
	snprintf(words, sizeof(words), "mailbox=%llu type=8 len=7 seq=2", id);
	EXPECT_TRUE(traced(self->log, "mbx_send", words));
	EXPECT_TRUE(traced(self->log, "mbx_receive", words));
	snprintf(words, sizeof(words), "mailbox=%llu count=1", id);
	EXPECT_TRUE(traced(self->log, "mbx_drop", words));
	EXPECT_EQ(NULL, strstr(self->log, "secret"));
}

TEST_F(trace, wake_is_told)
{
	struct job *job = new_job(self->fd);
	pid_t pid = spawn(recv_job, job);
	char words[64];

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, reap(pid));
	snprintf(words, sizeof(words), "pid=%d result=0", (int)pid);
	EXPECT_TRUE(traced(self->log, "mbx_wake", words));
}

/* What was refused did not happen. */
TEST_F(trace, refused_send_is_not_told)
{
	EXPECT_EQ(-EINVAL, send_text(self->fd, 0, "x"));
	EXPECT_EQ(-EFAULT, send_bytes(self->fd, 1, nowhere(), 5));
	EXPECT_FALSE(traced(self->log, "mbx_send", ""));
}

TEST_HARNESS_MAIN
