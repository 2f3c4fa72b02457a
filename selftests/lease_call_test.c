// SPDX-License-Identifier: GPL-2.0
/*
 * Leased requests, whose receiver may die; the consumer that acknowledges and
 * leases in one command; and what listeners and quotas know of leases.
 */
#include "fixture_lease.h"

/* ---- requests ---------------------------------------------------------- */

TEST_F(lease, leased_request_owes_a_reply_and_no_acknowledgement)
{
	struct mbox_info before;

	call_text(&self->c, self->fd, "request");
	self->got = lease_flags(self->a, 0, 0);
	EXPECT_EQ(MBOX_MSG_CALL | MBOX_MSG_LEASED, self->got.header.flags);
	before = info_of(self->a);
	EXPECT_EQ(-EINVAL, acknowledge(self->a, self->got.header.cookie));
	EXPECT_TRUE(same_info(&before, self->a));
	EXPECT_EQ(0, reply_text(self->a, self->got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
	EXPECT_EQ(0, info_of(self->a).leased + info_of(self->a).owed);
	EXPECT_EQ(1, info_of(self->a).received);
}

TEST_F(lease, ack_of_a_request_that_is_not_leased_returns_einval)
{
	struct mbox_info before;

	call_text(&self->c, self->fd, "request");
	self->got = take_next(self->a);
	before = info_of(self->a);
	EXPECT_EQ(0, before.leased);
	EXPECT_EQ(-EINVAL, acknowledge(self->a, self->got.header.cookie));
	EXPECT_TRUE(same_info(&before, self->a));
	EXPECT_EQ(0, reply_text(self->a, self->got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
}

TEST_F(lease, another_receiver_gets_the_request_of_one_that_died)
{
	call_text(&self->c, self->fd, "request");
	EXPECT_EQ(1, lease_flags(self->a, 0, 0).ret);
	close(self->a);
	self->a = -1;
	EXPECT_EQ(1, info_of(self->fd).calls);
	self->got = take(self->b);
	EXPECT_STREQ("request", self->got.text);
	EXPECT_EQ(1, self->got.header.deliveries);
	EXPECT_EQ(0, reply_text(self->b, self->got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_F(lease, plain_receive_after_that_has_its_own_rule)
{
	call_text(&self->c, self->fd, "request");
	self->got = lease_flags(self->a, 0, 0);
	EXPECT_EQ(0, put_back(self->a, self->got.header.cookie));
	EXPECT_EQ(MBOX_MSG_CALL, take(self->b).header.flags);
	close(self->b);
	self->b = -1;
	EXPECT_EQ(-EOWNERDEAD, end_call(&self->c));
}

TEST_F(lease, lease_of_a_request_that_ends_hands_it_on)
{
	__u64 cookie;

	call_text(&self->c, self->fd, "request");
	cookie = lease_flags(self->a, 0, NSEC_PER_MSEC).header.cookie;
	self->got = take_next(self->b);
	EXPECT_EQ(-ECANCELED, reply_text(self->a, cookie, "late"));
	EXPECT_EQ(-EALREADY, reply_text(self->a, cookie, "later"));
	EXPECT_EQ(0, reply_text(self->b, self->got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_F(lease, deadline_of_a_request_is_that_of_whoever_gives_up_first)
{
	__s64 far = now() + 3600 * NSEC_PER_SEC;

	aim(&self->c, self->fd, "request");
	self->c.call.deadline = far;
	start_call(&self->c);
	self->got = lease_flags(self->a, 0, 60 * NSEC_PER_SEC);
	EXPECT_GT(far, self->got.header.deadline);
	EXPECT_LT(now(), self->got.header.deadline);
	EXPECT_EQ(0, put_back(self->a, self->got.header.cookie));
	self->got = lease_flags(self->a, 0, 7200 * NSEC_PER_SEC);
	EXPECT_EQ(far, self->got.header.deadline);
	EXPECT_EQ(0, reply_text(self->a, self->got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
}

/* Whatever becomes of the lease then, nobody gets the request again. */
TEST_F(lease, request_whose_caller_is_gone_is_withdrawn)
{
	int i;

	for (i = 0; i < 4; i++) {
		ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "x"));
		self->got = lease_for(self->a, i == 3 ? SHORT : 0);
		EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
		EXPECT_EQ(POLLPRI, poll_now(self->a));
		EXPECT_EQ(-ECANCELED, check_wanted(self->a,
						   self->got.header.cookie));
		if (i == 0)
			EXPECT_EQ(-ECANCELED,
				  reply_text(self->a, self->got.header.cookie,
					     "x"));
		if (i == 1)
			EXPECT_EQ(-ECANCELED,
				  put_back(self->a, self->got.header.cookie));
		if (i == 2) {
			close(self->a);
			self->a = open_existing(own_name(), O_RDONLY);
		}
		EXPECT_EQ(i == 3, info_of(self->a).owed);
		ASSERT_TRUE(wait_leased(self->fd, 0));
		EXPECT_EQ(-EAGAIN, take(self->b).ret);
		EXPECT_TRUE(balanced(self->fd));
	}
	EXPECT_EQ(-ECANCELED, acknowledge(self->a, self->got.header.cookie));
	EXPECT_EQ(0, poll_now(self->a));
	/* A reply that came too late keeps it, the other ends take it back. */
	EXPECT_EQ(1, info_of(self->fd).received);
	EXPECT_EQ(3, info_of(self->fd).withdrawn);
}

/* Not even where it was the last try: then, too, it is not lost but withdrawn. */
TEST_F(lease, request_in_its_last_try_whose_caller_is_gone_is_withdrawn)
{
	struct genl nl;
	int caller, i;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, genl_set(&nl, id_of(self->fd), MBOX_A_MAILBOX_MAX_DELIVERIES, 1));
	for (i = 0; i < 2; i++) {
		caller = open_existing(own_name(), O_RDWR);
		ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, caller, "x"));
		self->got = lease_for(self->a, i ? SHORT : 0);
		ASSERT_EQ(1, self->got.ret);
		close(caller);
		if (!i) {
			close(self->a);
			self->a = open_existing(own_name(), O_RDONLY);
		}
		ASSERT_TRUE(wait_leased(self->fd, 0));
		EXPECT_EQ(0, info_of(self->fd).calls);
		EXPECT_EQ(0, info_of(self->fd).lost);
		EXPECT_EQ(i + 1, info_of(self->fd).withdrawn);
	}
	EXPECT_EQ(-ECANCELED, put_back(self->a, self->got.header.cookie));
	close(nl.fd);
}

/* ---- one command a message --------------------------------------------- */

TEST_F(lease, ack_and_next_consumes_one_message_a_command)
{
	struct mbox_message message = {
		.buf = addr(self->got.text),
		.size = TEXT_MAX,
	};
	struct mbox_recv recv = {
		.flags = MBOX_RECV_LEASE | MBOX_RECV_NOWAIT,
		.count = 1,
		.vec = addr(&message),
	};
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_ACK | MBOX_SETTLE_NEXT,
		.next = addr(&recv),
	};
	int i;

	for (i = 1; i <= 50; i++)
		ASSERT_EQ(1, send_bytes(self->fd, i, NULL, 0));
	for (i = 1; i <= 50; i++) {
		ASSERT_EQ(1, do_settle(self->a, &settle));
		ASSERT_EQ(i, message.header.type);
		EXPECT_EQ(0, settle.cookie);
		EXPECT_EQ(1, info_of(self->a).owed);
		settle.cookie = message.header.cookie;
	}
	/* Put back and leased again: the oldest, which is the same one. */
	settle.flags = MBOX_SETTLE_RETURN | MBOX_SETTLE_NEXT;
	EXPECT_EQ(1, do_settle(self->a, &settle));
	EXPECT_EQ(50, message.header.type);
	EXPECT_EQ(1, message.header.deliveries);
	settle.flags = MBOX_SETTLE_ACK | MBOX_SETTLE_NEXT;
	settle.cookie = message.header.cookie;
	EXPECT_EQ(-EAGAIN, do_settle(self->a, &settle));
	EXPECT_EQ(0, settle.cookie);
	EXPECT_EQ(50, info_of(self->a).received);
	EXPECT_EQ(0, info_of(self->a).leased);
}

TEST_F(lease, next_that_cannot_be_refuses_before_it_settles)
{
	struct mbox_message message = { .buf = addr(self->got.text) };
	struct mbox_recv recv = { .count = 1, .vec = addr(&message) };
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_ACK | MBOX_SETTLE_NEXT,
		.next = addr(&recv),
	};
	struct mbox_info before;

	ASSERT_EQ(1, send_bytes(self->fd, 1, NULL, 0));
	ASSERT_EQ(1, send_bytes(self->fd, 1, NULL, 0));
	settle.cookie = lease(self->a).header.cookie;
	before = info_of(self->a);
	recv.lease = 1;
	EXPECT_EQ(-EINVAL, do_settle(self->a, &settle));
	recv.flags = MBOX_RECV_LEASE;
	recv.lease = 1ULL << 63;
	EXPECT_EQ(-EINVAL, do_settle(self->a, &settle));
	recv.flags = MBOX_RECV_LEASE | MBOX_RECV_PEEK;
	recv.lease = 0;
	EXPECT_EQ(-EINVAL, do_settle(self->a, &settle));
	EXPECT_TRUE(same_info(&before, self->a));
	EXPECT_NE(0, settle.cookie);
}

/* The place that an ACK gives back is there for what comes next. */
TEST_F(lease, ack_and_next_at_leases_max_goes_on)
{
	struct mbox_message message = { 0 };
	struct mbox_recv recv = {
		.flags = MBOX_RECV_LEASE | MBOX_RECV_NOWAIT,
		.count = 1,
		.vec = addr(&message),
	};
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_ACK | MBOX_SETTLE_NEXT,
		.next = addr(&recv),
	};
	int i;

	for (i = 0; i < MBOX_LEASES_MAX; i++) {
		ASSERT_EQ(1, send_bytes(self->fd, 1, NULL, 0));
		ASSERT_EQ(1, lease_vec(self->a, &message, 1, 0, 0));
	}
	ASSERT_EQ(1, send_bytes(self->fd, 1, NULL, 0));
	EXPECT_EQ(-ENOLCK, lease(self->a).ret);
	settle.cookie = message.header.cookie;
	EXPECT_EQ(1, do_settle(self->a, &settle));
	EXPECT_EQ(-ENOLCK, lease(self->a).ret);
}

/* ---- who else knows ---------------------------------------------------- */

FIXTURE(lease_event)
{
	struct genl nl;
	int fd;
};

FIXTURE_SETUP(lease_event)
{
	ASSERT_EQ(0, hear_events(&self->nl));
	self->fd = open_mailbox("events", O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(lease_event)
{
	close(self->fd);
	close(self->nl.fd);
}

TEST_F(lease_event, end_of_a_lease_is_told_with_its_handle)
{
	struct genl_msg *msg = &self->nl.msg;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(1, lease_for(self->fd, NSEC_PER_MSEC).ret);
	ASSERT_TRUE(wait_leased(self->fd, 0));
	ASSERT_TRUE(next_event_of(&self->nl, MBOX_CMD_TIMED_OUT_NTF));
	EXPECT_EQ(id_of(self->fd), genl_u64(msg, MBOX_A_EVENT_ID));
	EXPECT_EQ(info_of(self->fd).handle,
		  genl_u64(msg, MBOX_A_EVENT_HANDLE));
	EXPECT_EQ(MBOX_RIGHT_RECV, genl_u32(msg, MBOX_A_EVENT_RIGHTS));
	EXPECT_FALSE(next_event_of(&self->nl, MBOX_CMD_TIMED_OUT_NTF));
}

TEST_F(lease_event, lease_that_is_settled_or_closed_is_not_told)
{
	int fd = open_existing("events", O_RDONLY);
	__u64 cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	cookie = lease_for(fd, SHORT).header.cookie;
	EXPECT_EQ(0, put_back(fd, cookie));
	cookie = lease_for(fd, SHORT).header.cookie;
	close(fd);
	cookie = lease_for(self->fd, SHORT).header.cookie;
	EXPECT_EQ(0, acknowledge(self->fd, cookie));
	wait_until(in_ms(550));
	EXPECT_EQ(0, info_of(self->fd).leased);
	EXPECT_FALSE(next_event_of(&self->nl, MBOX_CMD_TIMED_OUT_NTF));
}

TEST_F(lease_event, close_with_a_leased_request_is_no_death_of_an_owner)
{
	int fd = open_existing("events", O_RDONLY);
	struct caller c;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&c, self->fd, "request"));
	EXPECT_EQ(1, lease(fd).ret);
	close(fd);
	EXPECT_FALSE(next_event_of(&self->nl, MBOX_CMD_OWNER_DIED_NTF));
	EXPECT_EQ(-EINPROGRESS, fetch(&c));
}

/* The sender pays for it until it is gone, not only while it is queued. */
static int pay_as_alice(void *arg)
{
	static char buf[50000];
	__u64 cookie;
	int fd;

	if (become_user(ALICE))
		return 1;
	fd = open_mailbox(NULL, O_RDWR);
	if (send_bytes(fd, 1, buf, sizeof(buf)) != 1)
		return 2;
	cookie = lease_flags(fd, MBOX_RECV_TRUNC, 0).header.cookie;
	if (!cookie || msgs_of(fd))
		return 3;
	if (send_bytes(fd, 1, buf, sizeof(buf)) != -EDQUOT)
		return 4;
	if (acknowledge(fd, cookie))
		return 5;
	return send_bytes(fd, 1, buf, sizeof(buf)) == 1 ? 0 : 6;
}

TEST(leased_message_stays_charged_to_its_sender)
{
	static const char path[] = "/sys/module/mbox/parameters/user_bytes";
	char before[32];

	ASSERT_LT(0, read_file(path, before, sizeof(before)));
	ASSERT_EQ(0, write_file(path, "65536"));
	EXPECT_EQ(0, run(pay_as_alice, NULL));
	EXPECT_EQ(0, write_file(path, before));
}

TEST_HARNESS_MAIN
