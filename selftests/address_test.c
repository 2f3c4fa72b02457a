// SPDX-License-Identifier: GPL-2.0
/*
 * Messages for one handle: only that one gets them, in the order and within the
 * limits of all, and whoever sent one learns that the handle is gone.
 */
#include "fixture_address.h"

/* ---- to whom ----------------------------------------------------------- */

TEST_F(address, handle_that_does_not_receive_here_returns_ehostunreach)
{
	int writer = open_existing(own_name(), O_WRONLY);
	int elsewhere = open_mailbox(NULL, O_RDWR), unbound, gone;
	struct mbox_info before;
	__u64 gone_id;

	unbound = open_device(O_RDWR);
	gone = open_existing(own_name(), O_RDONLY);
	gone_id = info_of(gone).handle;
	close(gone);
	before = info_of(self->fd);
	EXPECT_EQ(-EHOSTUNREACH, send_to(self->fd, 1, "x", ~0ULL));
	EXPECT_EQ(-EHOSTUNREACH, send_to(self->fd, 1, "x", gone_id));
	EXPECT_EQ(-EHOSTUNREACH, send_to(self->fd, 1, "x",
					 info_of(writer).handle));
	EXPECT_EQ(-EHOSTUNREACH, send_to(self->fd, 1, "x",
					 info_of(elsewhere).handle));
	write_post(&self->p, self->fd, "x");
	self->p.message.header.to = gone_id;
	self->p.send.flags = MBOX_SEND_SYNC;
	EXPECT_EQ(-EHOSTUNREACH, send_post(&self->p));
	aim(&self->c, self->fd, "x");
	self->c.call.to = gone_id;
	EXPECT_EQ(-EHOSTUNREACH, do_call(self->fd, &self->c.call));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_TRUE(same_info(&before, self->fd));
	close(writer);
	close(elsewhere);
	close(unbound);
}

/* A vector that cannot go whole does not look as if it had. */
TEST_F(address, vector_with_one_that_is_for_nobody_tells_what_was_sent)
{
	struct mbox_message vec[3] = { 0 };
	struct mbox_send args = { .count = 3, .vec = addr(vec) };
	int i, ret;

	for (i = 0; i < 3; i++)
		vec[i].header.type = 1 + i;
	vec[0].header.to = self->a_id;
	vec[1].header.to = ~0ULL;
	ret = do_ioctl(self->fd, MBOX_IOC_SEND, &args);
	EXPECT_TRUE(ret == 1 || ret == -EHOSTUNREACH);
	EXPECT_EQ(ret == 1, info_of(self->fd).sent);
	EXPECT_EQ(ret == 1 ? 1 : -EAGAIN, take_type(self->a));
	EXPECT_EQ(-EAGAIN, take_type(self->a));
}

TEST_F(address, only_that_handle_gets_it)
{
	char buf[8];

	ASSERT_EQ(0, set_nonblock(self->b));
	ASSERT_EQ(1, send_to(self->fd, 1, "for a", self->a_id));
	EXPECT_EQ(-EAGAIN, take(self->b).ret);
	EXPECT_EQ(-EAGAIN, take(self->fd).ret);
	EXPECT_EQ(-EAGAIN, lease(self->b).ret);
	EXPECT_EQ(-EAGAIN, take_with(self->b, MBOX_RECV_PEEK, NULL).ret);
	EXPECT_EQ(-EAGAIN, or_errno(read(self->b, buf, sizeof(buf))));
	EXPECT_EQ(0, poll_now(self->b));
	EXPECT_EQ(-1, info_of(self->b).next_size);
	EXPECT_EQ(1, msgs_of(self->b));
	EXPECT_EQ(POLL_READ | POLL_WRITE, poll_now(self->a));
	EXPECT_EQ(5, info_of(self->a).next_size);
	EXPECT_EQ(1, take_with(self->a, MBOX_RECV_PEEK, NULL).ret);
	self->got = take(self->a);
	EXPECT_STREQ("for a", self->got.text);
	EXPECT_EQ(self->a_id, self->got.header.to);
	EXPECT_EQ(info_of(self->fd).handle, self->got.header.sender);
}

TEST_F(address, read_of_that_handle_gets_it)
{
	struct mbox_header header;

	ASSERT_EQ(1, send_to(self->fd, 1, "one", self->b_id));
	ASSERT_EQ(1, send_to(self->fd, 1, "", self->b_id));
	EXPECT_EQ(3, read(self->b, self->p.text, TEXT_MAX));
	EXPECT_EQ(0, set_framing(self->b, MBOX_FRAMING_RECORD));
	EXPECT_EQ(sizeof(header), read(self->b, &header, sizeof(header)));
	EXPECT_EQ(self->b_id, header.to);
}

TEST_F(address, write_in_record_framing_has_an_address)
{
	struct mbox_header header = { .type = 3, .to = self->b_id };

	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	EXPECT_EQ(sizeof(header), write(self->fd, &header, sizeof(header)));
	EXPECT_EQ(-EAGAIN, take(self->a).ret);
	EXPECT_EQ(3, take_type(self->b));
	header.to = ~0ULL;
	EXPECT_EQ(-EHOSTUNREACH, or_errno(write(self->fd, &header,
						sizeof(header))));
	EXPECT_EQ(1, info_of(self->fd).sent);
}

TEST_F(address, filter_of_that_handle_decides_when)
{
	EXPECT_EQ(0, set_filter(self->b, 2, 2, 0));
	ASSERT_EQ(1, send_to(self->fd, 1, "one", self->b_id));
	EXPECT_EQ(-EAGAIN, take(self->b).ret);
	EXPECT_EQ(0, poll_now(self->b));
	EXPECT_EQ(0, set_filter(self->b, 1, 1, 0));
	EXPECT_EQ(POLL_READ, poll_now(self->b));
	EXPECT_EQ(1, take(self->b).ret);
}

TEST_F(address, blocked_receiver_of_that_handle_gets_it)
{
	struct job *a = new_job(self->a), *b = new_job(self->b);
	pid_t pids[2];

	pids[0] = spawn(recv_job, a);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	pids[1] = spawn(recv_job, b);
	ASSERT_TRUE(wait_receivers(self->fd, 2));
	ASSERT_EQ(1, send_to(self->fd, 1, "for b", self->b_id));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_STREQ("for b", b->text);
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	ASSERT_EQ(1, send_to(self->fd, 1, "for all", 0));
	EXPECT_EQ(0, reap(pids[0]));
	EXPECT_STREQ("for all", a->text);
	EXPECT_EQ(0, info_of(self->fd).peak_msgs);
}

TEST_F(address, blocked_peek_of_another_handle_does_not_see_it)
{
	struct job *job = new_job(self->b);
	pid_t pid;

	job->flags = MBOX_RECV_PEEK;
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	ASSERT_EQ(1, send_to(self->fd, 1, "for a", self->a_id));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	ASSERT_EQ(1, send_to(self->fd, 1, "for b", self->b_id));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("for b", job->text);
}

TEST_F(address, sync_and_call_wait_for_that_handle)
{
	write_post(&self->p, self->fd, "sync");
	self->p.message.header.to = self->b_id;
	self->p.send.flags = MBOX_SEND_SYNC;
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	EXPECT_EQ(-EAGAIN, take(self->a).ret);
	EXPECT_STREQ("sync", take(self->b).text);
	EXPECT_EQ(1, end_post(&self->p));
	aim(&self->c, self->fd, "request");
	self->c.call.to = self->b_id;
	start_call(&self->c);
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	EXPECT_EQ(-EAGAIN, take(self->a).ret);
	self->got = take(self->b);
	EXPECT_EQ(self->b_id, self->got.header.to);
	EXPECT_EQ(0, reply_text(self->b, self->got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

/* What `to` is for: whoever gets a message can answer its sender alone. */
TEST_F(address, answer_to_the_sender_of_a_message_reaches_it)
{
	int i;

	for (i = 1; i <= 20; i++) {
		ASSERT_EQ(1, send_to(self->fd, i, "question", self->a_id));
		self->got = take(self->a);
		ASSERT_EQ(1, send_to(self->a, i, "answer",
				     self->got.header.sender));
		EXPECT_EQ(-EAGAIN, take(self->b).ret);
		self->got = take(self->fd);
		ASSERT_STREQ("answer", self->got.text);
		ASSERT_EQ(self->a_id, self->got.header.sender);
	}
	/* A handle may write to itself. */
	ASSERT_EQ(1, send_to(self->a, 1, "note", self->a_id));
	EXPECT_STREQ("note", take(self->a).text);
}

TEST_HARNESS_MAIN
