// SPDX-License-Identifier: GPL-2.0
/*
 * MBOX_SEND_SYNC: every end that it can have when nobody takes its message, and
 * that the message is then nowhere.
 */
#include "fixture_sync.h"

/* ---- every other end --------------------------------------------------- */

#define EXPECT_WITHDRAWN(fd)						\
do {									\
	struct mbox_info info = info_of(fd);				\
									\
	EXPECT_EQ(1, info.withdrawn);					\
	EXPECT_EQ(0, info.received + info.lost);			\
	EXPECT_EQ(0, info.msgs);					\
	EXPECT_EQ(0, info.bytes);					\
	EXPECT_EQ(0, info.waiting_senders);				\
} while (0)

TEST_F(sync, deadline_returns_etimedout_and_withdraws)
{
	self->p.send.deadline = in_ms(20);
	EXPECT_EQ(-ETIMEDOUT, send_post(&self->p));
	EXPECT_LE(self->p.send.deadline, now());
	EXPECT_WITHDRAWN(self->fd);
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
}

TEST_F(sync, withdrawn_message_makes_room_for_a_blocked_sender)
{
	EXPECT_EQ(1, take(self->full).ret);
	write_post(&self->p, self->full, "leaves");
	self->p.send.flags = MBOX_SEND_SYNC;
	self->p.send.deadline = in_ms(300);
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->full, 1));
	write_post(&self->q, self->full, "comes");
	start_post(&self->q);
	EXPECT_EQ(-ETIMEDOUT, end_post(&self->p));
	EXPECT_EQ(1, end_post(&self->q));
	EXPECT_STREQ("comes", take(self->full).text);
}

TEST_F(sync, signal_returns_eintr_and_withdraws)
{
	catch_signal(SIGUSR1, 0);
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	pthread_kill(self->p.thread, SIGUSR1);
	EXPECT_EQ(-EINTR, end_post(&self->p));
	EXPECT_WITHDRAWN(self->fd);
}

TEST_F(sync, sa_restart_goes_to_the_end_and_sends_once)
{
	int i;

	catch_signal(SIGUSR1, SA_RESTART);
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	ASSERT_EQ(1, send_text(self->fd, 1, "younger"));
	for (i = 1; i <= 20; i++) {
		ASSERT_TRUE(wait_asleep(self->p.tid));
		pthread_kill(self->p.thread, SIGUSR1);
		while (__atomic_load_n(&signals_seen, __ATOMIC_RELAXED) < i)
			usleep(200);
	}
	ASSERT_TRUE(wait_senders(self->fd, 1));
	EXPECT_EQ(2, msgs_of(self->fd));
	EXPECT_STREQ("younger", take(self->reader).text);
	EXPECT_STREQ("message", take(self->reader).text);
	EXPECT_EQ(1, end_post(&self->p));
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
	EXPECT_EQ(20, info_of(self->fd).withdrawn);
	EXPECT_EQ(22, info_of(self->fd).sent);
}

static int post_alone(void *arg)
{
	struct post post;

	write_post(&post, *(int *)arg, "message");
	post.send.flags = MBOX_SEND_SYNC;
	return send_post(&post);
}

TEST_F(sync, sigkill_withdraws)
{
	pid_t pid = spawn(post_alone, &self->fd);

	ASSERT_TRUE(wait_senders(self->fd, 1));
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	EXPECT_WITHDRAWN(self->fd);
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
}

TEST_F(sync, removal_returns_eidrm)
{
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, end_post(&self->p));
	EXPECT_EQ(-EIDRM, send_post(&self->p));
}

TEST_F(sync, last_receiver_of_an_anonymous_mailbox_goes_with_epipe)
{
	int reader, writer;

	ASSERT_EQ(0, open_pair(&reader, &writer));
	ASSERT_EQ(1, send_text(writer, 1, "plain"));
	post_sync(&self->p, writer, "message");
	ASSERT_TRUE(wait_senders(writer, 1));
	close(reader);
	EXPECT_EQ(-EPIPE, end_post(&self->p));
	EXPECT_EQ(1, info_of(writer).withdrawn);
	EXPECT_EQ(1, msgs_of(writer));
	EXPECT_EQ(-EPIPE, send_post(&self->p));
	EXPECT_TRUE(books_balance(writer));
	close(writer);
}

TEST_F(sync, drop_oldest_returns_enobufs_to_the_dropped_one)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_OLDEST);

	post_sync(&self->p, fd, "first");
	ASSERT_TRUE(wait_senders(fd, 1));
	ASSERT_EQ(1, send_text(fd, 1, "second"));
	EXPECT_EQ(-ENOBUFS, end_post(&self->p));
	EXPECT_EQ(1, info_of(fd).lost);
	EXPECT_EQ(0, info_of(fd).withdrawn);
	EXPECT_STREQ("second", take(fd).text);
	EXPECT_TRUE(books_balance(fd));
}

TEST_F(sync, drop_newest_returns_enobufs_at_once)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_NEWEST);

	ASSERT_EQ(1, send_text(fd, 1, "first"));
	self->p.fd = fd;
	EXPECT_EQ(-ENOBUFS, send_post(&self->p));
	EXPECT_EQ(1, info_of(fd).lost);
	EXPECT_EQ(2, info_of(fd).sent);
	EXPECT_TRUE(books_balance(fd));
}

TEST_F(sync, purge_and_ttl_return_enobufs)
{
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	ASSERT_EQ(0, purge(self->fd));
	EXPECT_EQ(-ENOBUFS, end_post(&self->p));
	EXPECT_EQ(1, info_of(self->fd).lost);
	EXPECT_EQ(0, info_of(self->fd).expired);
	self->p.send.ttl = 20 * NSEC_PER_MSEC;
	EXPECT_EQ(-ENOBUFS, send_post(&self->p));
	EXPECT_EQ(2, info_of(self->fd).lost);
	EXPECT_EQ(1, info_of(self->fd).expired);
	EXPECT_EQ(0, info_of(self->fd).withdrawn);
}

/* ---- between the two waits --------------------------------------------- */

/*
 * The message was accepted for a sender that has not run since: what ends it now
 * must not be missed. All on one CPU, with a priority that keeps the sender off it.
 */
static int alone_on_a_cpu(int policy)
{
	struct sched_param param = { .sched_priority = policy ? 1 : 0 };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return or_errno(sched_setaffinity(0, sizeof(set), &set)) ?:
	       or_errno(sched_setscheduler(0, policy, &param));
}

TEST_F(sync, purge_before_the_second_wait_is_not_missed)
{
	ASSERT_EQ(0, alone_on_a_cpu(SCHED_OTHER));
	post_sync(&self->q, self->full, "second");
	ASSERT_TRUE(wait_senders(self->full, 1));
	ASSERT_EQ(0, alone_on_a_cpu(SCHED_FIFO));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(0, purge(self->full));
	EXPECT_EQ(0, alone_on_a_cpu(SCHED_OTHER));
	EXPECT_EQ(-ENOBUFS, end_post(&self->q));
	EXPECT_EQ(1, info_of(self->full).lost);
}

TEST_F(sync, removal_before_the_second_wait_is_not_missed)
{
	ASSERT_EQ(0, alone_on_a_cpu(SCHED_OTHER));
	post_sync(&self->q, self->full, "second");
	ASSERT_TRUE(wait_senders(self->full, 1));
	ASSERT_EQ(0, alone_on_a_cpu(SCHED_FIFO));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(0, remove_mailbox(self->full));
	EXPECT_EQ(0, alone_on_a_cpu(SCHED_OTHER));
	EXPECT_EQ(-EIDRM, end_post(&self->q));
}

TEST_F(sync, last_receiver_before_the_second_wait_is_not_missed)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0);
	int reader = grant(fd, MBOX_RIGHT_RECV);
	int writer = grant(fd, MBOX_RIGHT_SEND);

	close(fd);
	ASSERT_EQ(1, send_text(writer, 1, "first"));
	ASSERT_EQ(0, alone_on_a_cpu(SCHED_OTHER));
	post_sync(&self->q, writer, "second");
	ASSERT_TRUE(wait_senders(writer, 1));
	ASSERT_EQ(0, alone_on_a_cpu(SCHED_FIFO));
	EXPECT_EQ(1, take(reader).ret);
	close(reader);
	EXPECT_EQ(0, alone_on_a_cpu(SCHED_OTHER));
	EXPECT_EQ(-EPIPE, end_post(&self->q));
	EXPECT_EQ(1, info_of(writer).withdrawn);
	EXPECT_TRUE(books_balance(writer));
	close(writer);
}

/* ---- the event --------------------------------------------------------- */

TEST(deadline_is_told_as_that_of_a_send)
{
	struct post post;
	struct genl nl;
	int fd;

	ASSERT_EQ(0, hear_events(&nl));
	fd = open_mailbox("events", O_RDWR);
	write_post(&post, fd, "message");
	post.send.flags = MBOX_SEND_SYNC;
	post.send.deadline = 1;
	EXPECT_EQ(-ETIMEDOUT, send_post(&post));
	ASSERT_TRUE(next_event_of(&nl, MBOX_CMD_TIMED_OUT_NTF));
	EXPECT_EQ(MBOX_RIGHT_SEND, genl_u32(&nl.msg, MBOX_A_EVENT_RIGHTS));
	EXPECT_EQ(info_of(fd).handle, genl_u64(&nl.msg, MBOX_A_EVENT_HANDLE));
	EXPECT_FALSE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	close(fd);
	close(nl.fd);
}

TEST_HARNESS_MAIN
