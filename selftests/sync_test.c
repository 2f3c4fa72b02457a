// SPDX-License-Identifier: GPL-2.0
/*
 * MBOX_SEND_SYNC: a send that returns when its message was taken, and not before;
 * what it refuses, and how it waits for room first.
 */
#include "fixture_sync.h"

/* ---- refusals ---------------------------------------------------------- */

TEST_F(sync, every_unknown_flag_returns_einval)
{
	struct mbox_info before = info_of(self->fd);
	int bit;

	for (bit = 0; bit < 32; bit++) {
		if (1U << bit == MBOX_SEND_NOWAIT ||
		    1U << bit == MBOX_SEND_SYNC ||
		    1U << bit == MBOX_SEND_INTR)
			continue;
		self->p.send.flags = MBOX_SEND_SYNC | 1U << bit;
		EXPECT_EQ(-EINVAL, send_post(&self->p));
	}
	EXPECT_TRUE(same_info(&before, self->fd));
}

TEST_F(sync, any_count_but_1_returns_einval)
{
	struct mbox_message vec[2] = { self->p.message, self->p.message };
	struct mbox_info before = info_of(self->fd);

	self->p.send.vec = addr(vec);
	self->p.send.count = 0;
	EXPECT_EQ(-EINVAL, send_post(&self->p));
	self->p.send.count = 2;
	EXPECT_EQ(-EINVAL, send_post(&self->p));
	self->p.send.count = MBOX_VEC_MAX + 1;
	EXPECT_EQ(-EINVAL, send_post(&self->p));
	EXPECT_TRUE(same_info(&before, self->fd));
}

TEST_F(sync, what_any_send_refuses_is_refused)
{
	struct mbox_info before = info_of(self->fd);

	self->p.send.deadline = -1;
	EXPECT_EQ(-EINVAL, send_post(&self->p));
	self->p.send.deadline = 0;
	self->p.message.header.type = 0;
	EXPECT_EQ(-EINVAL, send_post(&self->p));
	self->p.message.header.type = 1;
	self->p.message.header.len = MBOX_SIZE_DEFAULT + 1;
	EXPECT_EQ(-EMSGSIZE, send_post(&self->p));
	self->p.message.header.len = 5;
	self->p.message.buf = addr(nowhere());
	EXPECT_EQ(-EFAULT, send_post(&self->p));
	self->p.message.buf = addr(self->p.text);
	self->p.fd = self->reader;
	EXPECT_EQ(-EBADF, send_post(&self->p));
	EXPECT_TRUE(same_info(&before, self->fd));
}

/* ---- taken ------------------------------------------------------------- */

TEST_F(sync, send_returns_when_the_message_is_taken)
{
	struct mbox_info info;

	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	info = info_of(self->fd);
	EXPECT_EQ(1, info.msgs);
	EXPECT_EQ(7, info.bytes);
	EXPECT_EQ(1, info.sent);
	ASSERT_TRUE(wait_asleep(self->p.tid));
	EXPECT_STREQ("message", take(self->reader).text);
	EXPECT_EQ(1, end_post(&self->p));
	EXPECT_EQ(0, info_of(self->fd).waiting_senders);
	EXPECT_EQ(1, info_of(self->fd).received);
}

TEST_F(sync, peek_and_a_small_buffer_do_not_take_it)
{
	char small[2];

	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	EXPECT_EQ(1, take_with(self->reader, MBOX_RECV_PEEK, NULL).ret);
	EXPECT_EQ(-EMSGSIZE, recv_into(self->reader, NULL, small, 2, 0, NULL,
				       0));
	EXPECT_EQ(-EAGAIN, take_range(self->reader, 2, 2, 0).ret);
	EXPECT_EQ(1, info_of(self->fd).waiting_senders);
	EXPECT_EQ(7, read(self->reader, self->q.text, TEXT_MAX));
	EXPECT_EQ(1, end_post(&self->p));
}

TEST_F(sync, waiting_receiver_gets_it_at_once)
{
	struct job *job = new_job(self->reader);
	pid_t pid = spawn(recv_job, job);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	self->p.send.deadline = 1;
	EXPECT_EQ(1, send_post(&self->p));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("message", job->text);
	EXPECT_EQ(0, info_of(self->fd).peak_msgs);
}

TEST_F(sync, lease_counts_as_taken_and_its_return_changes_nothing)
{
	struct got got;

	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	got = lease(self->reader);
	EXPECT_EQ(1, end_post(&self->p));
	EXPECT_EQ(0, put_back(self->reader, got.header.cookie));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_STREQ("message", take(self->reader).text);
}

TEST_F(sync, receiver_that_cannot_copy_it_out_has_taken_it)
{
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	EXPECT_EQ(-EFAULT, recv_into(self->reader, NULL, nowhere(), 99, 0,
				     NULL, 0));
	EXPECT_EQ(1, end_post(&self->p));
	EXPECT_STREQ("message", take(self->reader).text);
}

TEST_F(sync, each_send_has_its_own_end)
{
	write_post(&self->q, self->fd, "second");
	self->q.send.flags = MBOX_SEND_SYNC;
	self->q.message.header.type = 2;
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	start_post(&self->q);
	ASSERT_TRUE(wait_senders(self->fd, 2));
	EXPECT_STREQ("second", take_range(self->reader, 2, 2, 0).text);
	EXPECT_EQ(1, end_post(&self->q));
	EXPECT_EQ(1, info_of(self->fd).waiting_senders);
	EXPECT_EQ(1, take(self->reader).ret);
	EXPECT_EQ(1, end_post(&self->p));
}

/* ---- without waiting --------------------------------------------------- */

TEST_F(sync, nowait_without_a_waiting_receiver_returns_eagain)
{
	struct mbox_info before = info_of(self->fd);

	self->p.send.flags |= MBOX_SEND_NOWAIT;
	EXPECT_EQ(-EAGAIN, send_post(&self->p));
	self->p.send.flags = MBOX_SEND_SYNC;
	ASSERT_EQ(0, set_nonblock(self->fd));
	EXPECT_EQ(-EAGAIN, send_post(&self->p));
	EXPECT_TRUE(same_info(&before, self->fd));
}

TEST_F(sync, nowait_needs_a_receiver_that_takes_it)
{
	struct job *job = new_job(self->reader);
	pid_t pid;

	job->filter.lo = 2;
	job->filter.hi = 9;
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	self->p.send.flags |= MBOX_SEND_NOWAIT;
	EXPECT_EQ(-EAGAIN, send_post(&self->p));
	EXPECT_EQ(0, info_of(self->fd).sent);
	self->p.message.header.type = 2;
	EXPECT_EQ(1, send_post(&self->p));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("message", job->text);
}

/* What cannot be sent at all is not said to be worth another try. */
TEST_F(sync, nowait_tells_why_there_will_be_no_receiver)
{
	int reader, writer;

	ASSERT_EQ(0, open_pair(&reader, &writer));
	close(reader);
	self->p.send.flags |= MBOX_SEND_NOWAIT;
	self->p.message.header.to = ~0ULL;
	EXPECT_EQ(-EHOSTUNREACH, send_post(&self->p));
	self->p.message.header.to = 0;
	self->p.fd = writer;
	EXPECT_EQ(-EPIPE, send_post(&self->p));
	close(writer);
	ASSERT_EQ(0, remove_mailbox(self->fd));
	self->p.fd = self->fd;
	EXPECT_EQ(-EIDRM, send_post(&self->p));
}

/* ---- no room ----------------------------------------------------------- */

TEST_F(sync, offered_message_is_queued_first_and_then_taken)
{
	post_sync(&self->q, self->full, "second");
	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_EQ(1, info_of(self->full).sent);
	EXPECT_STREQ("first", take(self->full).text);
	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_EQ(1, msgs_of(self->full));
	EXPECT_EQ(2, info_of(self->full).sent);
	ASSERT_TRUE(wait_asleep(self->q.tid));
	EXPECT_STREQ("second", take(self->full).text);
	EXPECT_EQ(1, end_post(&self->q));
}

TEST_F(sync, offered_message_is_taken_from_the_sender)
{
	write_post(&self->q, self->full, "other");
	self->q.send.flags = MBOX_SEND_SYNC;
	self->q.message.header.type = 2;
	start_post(&self->q);
	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_STREQ("other", take_range(self->full, 2, 2, 0).text);
	EXPECT_EQ(1, end_post(&self->q));
	EXPECT_EQ(1, msgs_of(self->full));
}

TEST_F(sync, offered_message_ends_unsent)
{
	struct mbox_info before = info_of(self->full);

	write_post(&self->q, self->full, "second");
	self->q.send.flags = MBOX_SEND_SYNC | MBOX_SEND_NOWAIT;
	EXPECT_EQ(-EAGAIN, send_post(&self->q));
	self->q.send.flags = MBOX_SEND_SYNC;
	self->q.send.deadline = in_ms(20);
	EXPECT_EQ(-ETIMEDOUT, send_post(&self->q));
	EXPECT_LE(self->q.send.deadline, now());
	EXPECT_TRUE(same_info(&before, self->full));
	self->q.send.deadline = 0;
	start_post(&self->q);
	ASSERT_TRUE(wait_senders(self->full, 1));
	ASSERT_EQ(0, remove_mailbox(self->full));
	EXPECT_EQ(-EIDRM, end_post(&self->q));
}

/* One deadline for the two waits. */
TEST_F(sync, deadline_goes_on_when_there_is_room)
{
	write_post(&self->q, self->full, "second");
	self->q.send.flags = MBOX_SEND_SYNC;
	self->q.send.deadline = in_ms(300);
	start_post(&self->q);
	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(-ETIMEDOUT, end_post(&self->q));
	EXPECT_LE(self->q.send.deadline, now());
	EXPECT_GT(self->q.send.deadline + 5 * NSEC_PER_SEC, now());
	EXPECT_EQ(1, info_of(self->full).withdrawn);
	EXPECT_EQ(0, msgs_of(self->full));
}

TEST_HARNESS_MAIN
