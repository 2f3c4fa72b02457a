// SPDX-License-Identifier: GPL-2.0
/*
 * Messages for one handle among all others: their order, their share of the
 * limits, what discards them, and what happens when the handle is closed.
 */
#include "fixture_address.h"

/* ---- order and limits -------------------------------------------------- */

TEST_F(address, order_is_that_of_all_messages)
{
	int i;

	for (i = 1; i <= 9; i++)
		ASSERT_EQ(1, send_to(self->fd, 10 - i, "x",
				     i % 3 ? i % 3 == 1 ? self->b_id : 0 :
					     self->a_id));
	EXPECT_EQ(1, take_range(self->b, 1, 9, 0).header.seq);
	EXPECT_EQ(2, take_range(self->b, 1, 9, 0).header.seq);
	EXPECT_EQ(4, take_range(self->b, 1, 9, 0).header.seq);
	EXPECT_EQ(8, take_range(self->b, 1, 9,
				MBOX_FILTER_LOWEST).header.seq);
	EXPECT_EQ(7, take_range(self->b, 1, 9,
				MBOX_FILTER_LOWEST).header.seq);
	EXPECT_EQ(5, take_range(self->b, 1, 9, 0).header.seq);
	EXPECT_EQ(-EAGAIN, take(self->b).ret);
	EXPECT_EQ(9, take_range(self->a, 1, 9,
				MBOX_FILTER_LOWEST).header.seq);
	EXPECT_EQ(3, take_range(self->a, 1, 9, 0).header.seq);
	EXPECT_EQ(6, take_range(self->a, 1, 9, 0).header.seq);
}

/* Of one type LOWEST goes by age, whoever a message is for. */
TEST_F(address, lowest_of_one_type_is_the_oldest_of_both)
{
	int i;

	for (i = 1; i <= 6; i++)
		ASSERT_EQ(1, send_to(self->fd, 5, "x",
				     i & 1 ? 0 : self->b_id));
	for (i = 1; i <= 6; i++)
		EXPECT_EQ(i, take_range(self->b, 1, 9,
					MBOX_FILTER_LOWEST).header.seq);
}

TEST_F(address, leased_it_comes_back_to_that_handle)
{
	ASSERT_EQ(1, send_to(self->fd, 1, "first", self->b_id));
	ASSERT_EQ(1, send_to(self->fd, 1, "second", 0));
	self->got = lease(self->b);
	EXPECT_STREQ("first", self->got.text);
	EXPECT_EQ(0, put_back(self->b, self->got.header.cookie));
	EXPECT_EQ(-EFAULT, recv_into(self->b, NULL, nowhere(), 9, 0, NULL, 0));
	EXPECT_STREQ("second", take(self->a).text);
	EXPECT_EQ(-EAGAIN, take(self->a).ret);
	self->got = take(self->b);
	EXPECT_STREQ("first", self->got.text);
	EXPECT_EQ(1, self->got.header.deliveries);
}

TEST_F(address, limits_count_what_is_addressed)
{
	int fd = open_limited(NULL, O_RDWR, 2, 0, MBOX_POLICY_BLOCK);
	int reader = grant(fd, MBOX_RIGHT_RECV);
	__u64 id = info_of(reader).handle;

	ASSERT_EQ(1, send_to(fd, 1, "four", id));
	ASSERT_EQ(1, send_to(fd, 1, "four", id));
	EXPECT_EQ(2, msgs_of(fd));
	EXPECT_EQ(8, info_of(fd).bytes);
	EXPECT_EQ(0, poll_now(fd));
	EXPECT_EQ(-EAGAIN, send_to(fd, 1, "x", 0));
	EXPECT_EQ(-EAGAIN, send_to(fd, 1, "x", id));
	/* One that blocks is offered to its handle alone. */
	write_post(&self->p, fd, "offered");
	self->p.message.header.type = 2;
	self->p.message.header.to = id;
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(fd, 1));
	EXPECT_EQ(-EAGAIN, take_range(fd, 2, 2, 0).ret);
	EXPECT_EQ(0, poll_now(fd));
	EXPECT_STREQ("offered", take_range(reader, 2, 2, 0).text);
	EXPECT_EQ(1, end_post(&self->p));
	close(reader);
	EXPECT_EQ(0, msgs_of(fd));
	EXPECT_EQ(2, info_of(fd).lost);
	close(fd);
}

TEST_F(address, drop_oldest_drops_the_oldest_of_all)
{
	int fd = open_limited(NULL, O_RDWR, 3, 0, MBOX_POLICY_DROP_OLDEST);
	int reader = grant(fd, MBOX_RIGHT_RECV);
	__u64 id = info_of(reader).handle;

	ASSERT_EQ(1, send_to(fd, 1, "x", id));
	ASSERT_EQ(1, send_to(fd, 2, "x", 0));
	ASSERT_EQ(1, send_to(fd, 3, "x", id));
	ASSERT_EQ(1, send_to(fd, 4, "x", 0));
	EXPECT_EQ(1, info_of(fd).lost);
	EXPECT_EQ(3, take_range(reader, 3, 9, 0).header.type);
	ASSERT_EQ(1, send_to(fd, 5, "x", id));
	ASSERT_EQ(1, send_to(fd, 6, "x", id));
	EXPECT_EQ(2, info_of(fd).lost);
	EXPECT_EQ(4, take_type(reader));
	EXPECT_EQ(5, take_type(reader));
	EXPECT_EQ(6, take_type(reader));
	EXPECT_TRUE(balanced(fd));
	close(reader);
	close(fd);
}

TEST_F(address, purge_and_ttl_discard_it)
{
	__s64 end = in_ms(PATIENCE_MS);
	int i;

	for (i = 0; i < 6; i++)
		ASSERT_EQ(1, send_to(self->fd, i + 1, "x",
				     i % 3 == 0 ? 0 : i % 3 == 1 ? self->a_id :
							   self->b_id));
	ASSERT_EQ(0, purge(self->fd));
	EXPECT_EQ(6, info_of(self->fd).lost);
	EXPECT_EQ(0, msgs_of(self->fd) + info_of(self->fd).bytes);
	EXPECT_EQ(-EAGAIN, take(self->a).ret);
	EXPECT_EQ(-EAGAIN, take(self->b).ret);
	write_post(&self->p, self->fd, "short");
	self->p.message.header.to = self->b_id;
	self->p.send.ttl = NSEC_PER_MSEC;
	ASSERT_EQ(1, send_post(&self->p));
	while (!info_of(self->fd).expired && now() < end)
		usleep(500);
	EXPECT_EQ(-EAGAIN, take(self->b).ret);
	EXPECT_EQ(7, info_of(self->fd).lost);
	ASSERT_EQ(1, send_to(self->fd, 1, "after", self->b_id));
	EXPECT_STREQ("after", take(self->b).text);
}

TEST_F(address, removal_ends_it)
{
	ASSERT_EQ(1, send_to(self->fd, 1, "plain", self->b_id));
	write_post(&self->p, self->fd, "sync");
	self->p.message.header.to = self->b_id;
	self->p.send.flags = MBOX_SEND_SYNC;
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(self->fd, 1));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, end_post(&self->p));
	EXPECT_EQ(-EIDRM, take(self->b).ret);
	close(self->b);
	self->b = -1;
	EXPECT_EQ(-EIDRM, send_to(self->fd, 1, "x", self->b_id));
}

/* ---- the handle is closed ---------------------------------------------- */

TEST_F(address, close_returns_eownerdead_to_sync_and_call)
{
	struct mbox_info info;

	write_post(&self->p, self->fd, "sync");
	self->p.message.header.to = self->b_id;
	self->p.send.flags = MBOX_SEND_SYNC;
	start_post(&self->p);
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	aim(&self->c, self->fd, "request");
	self->c.call.to = self->b_id;
	start_call(&self->c);
	ASSERT_TRUE(wait_msgs(self->fd, 2));
	close(self->b);
	self->b = -1;
	EXPECT_EQ(-EOWNERDEAD, end_post(&self->p));
	EXPECT_EQ(-EOWNERDEAD, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	info = info_of(self->fd);
	EXPECT_EQ(0, info.msgs + info.bytes + info.calls + info.received);
	EXPECT_EQ(2, info.sent);
	EXPECT_EQ(2, info.lost + info.withdrawn);
}

/* What others were to get stays, and so does what no one is to get. */
TEST_F(address, close_loses_what_was_for_it_and_no_more)
{
	ASSERT_EQ(1, send_to(self->fd, 1, "for b", self->b_id));
	ASSERT_EQ(1, send_to(self->fd, 2, "for a", self->a_id));
	ASSERT_EQ(1, send_to(self->fd, 3, "for all", 0));
	ASSERT_EQ(1, send_to(self->fd, 4, "for b", self->b_id));
	self->got = lease(self->b);
	EXPECT_EQ(1, self->got.header.type);
	close(self->b);
	self->b = -1;
	EXPECT_EQ(2, info_of(self->fd).lost);
	EXPECT_EQ(0, info_of(self->fd).leased);
	self->got = take(self->a);
	EXPECT_EQ(2, self->got.header.type);
	EXPECT_EQ(2, self->got.header.lost);
	EXPECT_EQ(3, take_type(self->a));
	EXPECT_EQ(-EAGAIN, take(self->a).ret);
	EXPECT_EQ(-EHOSTUNREACH, send_to(self->fd, 1, "x", self->b_id));
}

TEST_F(address, close_of_one_of_two_descriptors_ends_nothing)
{
	int copy = dup(self->b);

	ASSERT_EQ(1, send_to(self->fd, 1, "for b", self->b_id));
	close(self->b);
	self->b = copy;
	EXPECT_EQ(0, info_of(self->fd).lost);
	EXPECT_STREQ("for b", take(copy).text);
}

TEST_F(address, close_returns_ehostunreach_to_whom_waits_for_room)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_BLOCK), i;

	for (i = 0; i < 3; i++) {
		int reader = grant(fd, MBOX_RIGHT_RECV);
		__u64 id = info_of(reader).handle;

		ASSERT_EQ(1, send_to(fd, 1, "fills it", 0));
		write_post(&self->p, fd, "waits");
		self->p.message.header.to = id;
		self->p.send.flags = i == 1 ? MBOX_SEND_SYNC : 0;
		aim(&self->c, fd, "waits");
		self->c.call.to = id;
		if (i == 2)
			start_call(&self->c);
		else
			start_post(&self->p);
		ASSERT_TRUE(wait_senders(fd, 1));
		close(reader);
		EXPECT_EQ(-EHOSTUNREACH, i == 2 ? end_call(&self->c) :
						  end_post(&self->p));
		EXPECT_EQ(i + 1, info_of(fd).sent);
		EXPECT_EQ(0, info_of(fd).lost);
		EXPECT_STREQ("fills it", take(fd).text);
	}
	close(fd);
}

TEST_F(address, close_lets_others_have_the_room)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_BLOCK);
	int reader = grant(fd, MBOX_RIGHT_RECV);

	ASSERT_EQ(1, send_to(fd, 1, "for it", info_of(reader).handle));
	write_post(&self->p, fd, "next");
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(fd, 1));
	close(reader);
	EXPECT_EQ(1, end_post(&self->p));
	EXPECT_STREQ("next", take(fd).text);
	EXPECT_EQ(POLL_WRITE, poll_now(fd));
	close(fd);
}

TEST(close_is_told_as_a_loss_with_the_handle)
{
	struct genl nl;
	int fd, reader;
	__u64 id;

	ASSERT_EQ(0, hear_events(&nl));
	fd = open_mailbox("events", O_RDWR);
	reader = open_existing("events", O_RDONLY);
	id = info_of(reader).handle;
	ASSERT_EQ(1, send_to(fd, 1, "x", id));
	ASSERT_EQ(1, send_to(fd, 1, "x", id));
	ASSERT_EQ(1, send_to(fd, 1, "x", 0));
	EXPECT_FALSE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	close(reader);
	ASSERT_TRUE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	EXPECT_EQ(id_of(fd), genl_u64(&nl.msg, MBOX_A_EVENT_ID));
	EXPECT_EQ(id, genl_u64(&nl.msg, MBOX_A_EVENT_HANDLE));
	EXPECT_EQ(2, genl_u64(&nl.msg, MBOX_A_EVENT_COUNT));
	EXPECT_FALSE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	/* A handle to which nobody wrote goes without a word. */
	reader = open_existing("events", O_RDONLY);
	close(reader);
	EXPECT_FALSE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	close(fd);
	close(nl.fd);
}

TEST_HARNESS_MAIN
