// SPDX-License-Identifier: GPL-2.0
/*
 * Leases: what is handed out and not acknowledged comes back to its old place, by
 * a return and by every end of its holder; and what happens to its mailbox
 * meanwhile. What ends by time is in lease_end_test.c.
 */
#include "fixture_lease.h"

/* ---- refusals ---------------------------------------------------------- */

TEST_F(lease, every_unknown_flag_and_bad_length_returns_einval)
{
	struct mbox_message message = { .buf = addr(self->got.text) };
	struct mbox_info before;
	int bit;

	ASSERT_EQ(1, send_bytes(self->fd, 1, NULL, 0));
	before = info_of(self->a);
	for (bit = 7; bit < 32; bit++)
		EXPECT_EQ(-EINVAL, lease_vec(self->a, &message, 1, 1U << bit,
					     0));
	EXPECT_EQ(-EINVAL, lease_for(self->a, 1ULL << 63).ret);
	EXPECT_EQ(-EINVAL, lease_for(self->a, ~0ULL).ret);
	EXPECT_EQ(-EINVAL, lease_vec(self->a, &message, 0, 0, 0));
	EXPECT_EQ(-EINVAL, lease_vec(self->a, &message, MBOX_VEC_MAX + 1, 0,
				     0));
	EXPECT_TRUE(same_info(&before, self->a));
}

TEST_F(lease, length_without_the_flag_returns_einval)
{
	struct mbox_message message = { .buf = addr(self->got.text) };
	struct mbox_recv args = { .count = 1, .vec = addr(&message) };
	struct mbox_info before;
	int bit;

	ASSERT_EQ(1, send_bytes(self->fd, 1, NULL, 0));
	before = info_of(self->a);
	for (bit = 0; bit < 64; bit++) {
		args.lease = 1ULL << bit;
		EXPECT_EQ(-EINVAL, do_ioctl(self->a, MBOX_IOC_RECV, &args));
	}
	EXPECT_TRUE(same_info(&before, self->a));
}

TEST_F(lease, peek_cannot_lease)
{
	struct mbox_info before;

	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	before = info_of(self->a);
	EXPECT_EQ(-EINVAL, lease_flags(self->a, MBOX_RECV_PEEK, 0).ret);
	EXPECT_TRUE(same_info(&before, self->a));
}

TEST_F(lease, what_any_receive_refuses_is_refused)
{
	int unbound = open_device(O_RDWR), writer;
	char small[1];
	struct mbox_message message = { .buf = addr(small), .size = 1 };

	writer = open_existing(own_name(), O_WRONLY);
	EXPECT_EQ(-EAGAIN, lease(self->a).ret);
	EXPECT_EQ(-ENOTCONN, lease(unbound).ret);
	EXPECT_EQ(-EBADF, lease(writer).ret);
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(-EMSGSIZE, lease_vec(self->a, &message, 1, 0, 0));
	EXPECT_EQ(4, message.header.len);
	EXPECT_EQ(0, message.header.cookie);
	EXPECT_EQ(0, message.header.flags);
	EXPECT_EQ(-EFAULT, lease_vec(self->a, nowhere(), 1, 0, 0));
	EXPECT_EQ(1, msgs_of(self->a));
	EXPECT_EQ(0, info_of(self->a).leased + info_of(self->a).owed);
	close(writer);
	close(unbound);
}

/* ---- the delivery ------------------------------------------------------ */

TEST_F(lease, header_names_the_delivery)
{
	struct got got;

	ASSERT_EQ(1, send_text(self->fd, 7, "first"));
	ASSERT_EQ(1, send_text(self->fd, 7, "second"));
	got = lease(self->a);
	EXPECT_EQ(1, got.ret);
	EXPECT_STREQ("first", got.text);
	EXPECT_EQ(7, got.header.type);
	EXPECT_EQ(MBOX_MSG_LEASED, got.header.flags);
	EXPECT_NE(0, got.header.cookie);
	EXPECT_EQ(0, got.header.deadline);
	EXPECT_EQ(0, got.header.deliveries);
	EXPECT_EQ(0, acknowledge(self->a, got.header.cookie));
	/* A plain receive owes nothing. */
	got = take(self->a);
	EXPECT_EQ(0, got.header.flags);
	EXPECT_EQ(0, got.header.cookie);
}

TEST_F(lease, leased_message_is_received_and_stays_the_mailboxes)
{
	struct mbox_info info;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	self->got = lease(self->a);
	info = info_of(self->a);
	EXPECT_EQ(1, info.received);
	EXPECT_EQ(1, info.leased);
	EXPECT_EQ(1, info.owed);
	EXPECT_EQ(0, info.msgs);
	EXPECT_EQ(0, info.bytes);
	EXPECT_EQ(0, info_of(self->b).owed);
	EXPECT_EQ(1, info_of(self->b).leased);
	EXPECT_EQ(-EAGAIN, take(self->b).ret);
	EXPECT_EQ(0, poll_now(self->b));
}

TEST_F(lease, ack_is_its_end)
{
	struct mbox_info info;
	__u64 cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	cookie = lease(self->a).header.cookie;
	EXPECT_EQ(0, acknowledge(self->a, cookie));
	info = info_of(self->a);
	EXPECT_EQ(1, info.received);
	EXPECT_EQ(0, info.leased + info.owed + info.msgs + info.lost);
	EXPECT_EQ(-EALREADY, acknowledge(self->a, cookie));
	EXPECT_EQ(-EALREADY, put_back(self->a, cookie));
	EXPECT_EQ(-EALREADY, check_wanted(self->a, cookie));
	close(self->a);
	EXPECT_EQ(0, msgs_of(self->fd));
}

TEST_F(lease, check_tells_that_it_holds_and_settles_nothing)
{
	struct mbox_info before;
	int i;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	self->got = lease(self->a);
	before = info_of(self->a);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, check_wanted(self->a, self->got.header.cookie));
	EXPECT_TRUE(same_info(&before, self->a));
	EXPECT_EQ(0, acknowledge(self->a, self->got.header.cookie));
}

TEST_F(lease, nobody_else_can_settle_it)
{
	int copy = dup(self->a);
	struct mbox_info before;
	__u64 cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	cookie = lease(self->a).header.cookie;
	before = info_of(self->a);
	EXPECT_EQ(-EPERM, acknowledge(self->b, cookie));
	EXPECT_EQ(-EPERM, put_back(self->b, cookie));
	EXPECT_EQ(-EPERM, check_wanted(self->b, cookie));
	EXPECT_EQ(-EPERM, acknowledge(self->a, cookie + 1));
	EXPECT_TRUE(same_info(&before, self->a));
	/* The delivery is the handle's, by whichever descriptor. */
	EXPECT_EQ(0, acknowledge(copy, cookie));
	close(copy);
}

TEST_F(lease, wrong_outcome_returns_einval_and_leaves_it)
{
	static const __u32 wrong[] = {
		MBOX_SETTLE_ACK | MBOX_SETTLE_RETURN,
		MBOX_SETTLE_ACK | MBOX_SETTLE_REPLY,
		MBOX_SETTLE_ACK | MBOX_SETTLE_CHECK,
		MBOX_SETTLE_ACK | 1U << 5, MBOX_SETTLE_ACK | 1U << 31, 0,
	};
	struct mbox_settle settle = { .flags = MBOX_SETTLE_ACK };
	struct mbox_info before;
	size_t i;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	settle.cookie = lease(self->a).header.cookie;
	before = info_of(self->a);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_EQ(-EINVAL, settle_by(self->a, settle.cookie,
					     wrong[i]));
	EXPECT_EQ(-EINVAL, reply_text(self->a, settle.cookie, "no request"));
	settle.len = 1;
	EXPECT_EQ(-EINVAL, do_settle(self->a, &settle));
	settle.len = 0;
	settle.next = addr(&settle);
	EXPECT_EQ(-EINVAL, do_settle(self->a, &settle));
	EXPECT_NE(0, settle.cookie);
	EXPECT_TRUE(same_info(&before, self->a));
	settle.next = 0;
	EXPECT_EQ(0, do_settle(self->a, &settle));
	EXPECT_EQ(0, settle.cookie);
}

TEST_F(lease, vector_has_a_delivery_for_each)
{
	struct mbox_message vec[4] = { 0 };
	int i;

	for (i = 1; i <= 3; i++)
		ASSERT_EQ(1, send_bytes(self->fd, i, NULL, 0));
	EXPECT_EQ(3, lease_vec(self->a, vec, 4, 0, 0));
	EXPECT_EQ(3, info_of(self->a).owed);
	EXPECT_EQ(0, acknowledge(self->a, vec[1].header.cookie));
	EXPECT_EQ(0, put_back(self->a, vec[2].header.cookie));
	EXPECT_EQ(0, put_back(self->a, vec[0].header.cookie));
	EXPECT_EQ(1, take_type(self->b));
	EXPECT_EQ(3, take_type(self->b));
	EXPECT_EQ(-EAGAIN, take_type(self->b));
}

TEST_F(lease, truncated_message_comes_back_whole)
{
	struct mbox_message message = {
		.buf = addr(self->got.text),
		.size = 2,
	};

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(1, lease_vec(self->a, &message, 1, MBOX_RECV_TRUNC, 0));
	EXPECT_EQ(MBOX_MSG_LEASED | MBOX_MSG_TRUNC, message.header.flags);
	EXPECT_EQ(0, put_back(self->a, message.header.cookie));
	EXPECT_STREQ("text", take(self->b).text);
}

/* Nobody was told of the delivery, so it must not be there. */
TEST_F(lease, efault_leaves_nothing_leased)
{
	struct mbox_message vec[3] = { 0 };
	struct mbox_info before;
	int i;

	for (i = 1; i <= 3; i++)
		ASSERT_EQ(1, send_text(self->fd, i, "x"));
	before = info_of(self->a);
	for (i = 0; i < 3; i++) {
		vec[i].buf = addr(i == 1 ? nowhere() : self->got.text);
		vec[i].size = 8;
	}
	EXPECT_EQ(-EFAULT, lease_vec(self->a, vec + 1, 1, 0, NSEC_PER_SEC));
	EXPECT_TRUE(same_info(&before, self->a));
	EXPECT_EQ(1, lease_vec(self->a, vec, 3, 0, 0));
	EXPECT_EQ(1, info_of(self->a).leased);
	EXPECT_EQ(1, info_of(self->a).owed);
	EXPECT_EQ(2, msgs_of(self->a));
	self->got = take(self->b);
	EXPECT_EQ(2, self->got.header.type);
	EXPECT_EQ(0, self->got.header.deliveries);
	EXPECT_EQ(0, acknowledge(self->a, vec[0].header.cookie));
}

/* ---- the way back ------------------------------------------------------ */

TEST_F(lease, returned_message_is_as_before)
{
	struct got first, again;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	first = lease(self->a);
	EXPECT_EQ(0, put_back(self->a, first.header.cookie));
	EXPECT_EQ(1, msgs_of(self->a));
	EXPECT_EQ(4, info_of(self->a).bytes);
	EXPECT_EQ(0, info_of(self->a).received + info_of(self->a).leased);
	EXPECT_EQ(POLL_READ, poll_now(self->b));
	EXPECT_EQ(1, take_with(self->b, MBOX_RECV_PEEK,
			       NULL).header.deliveries);
	again = lease(self->b);
	EXPECT_EQ(1, again.header.deliveries);
	EXPECT_NE(first.header.cookie, again.header.cookie);
	again.header.cookie = first.header.cookie;
	again.header.deliveries = 0;
	EXPECT_EQ(0, memcmp(&first, &again, sizeof(first)));
}

/* Leases all, returns them in a shuffled order, and finds the old one. */
static bool order_survives(int fd, int reader, int types, __u32 flags)
{
	struct mbox_filter filter = {
		.lo = 1,
		.hi = MBOX_TYPE_MAX,
		.flags = flags,
	};
	__u64 seqs[24], cookies[24];
	bool same = true;
	struct got got;
	int i;

	for (i = 0; i < 24; i++)
		send_text(fd, 1 + i * 7 % types, "x");
	for (i = 0; i < 24; i++) {
		got = take_with(reader, MBOX_RECV_LEASE, &filter);
		seqs[i] = got.header.seq;
		cookies[i] = got.header.cookie;
	}
	for (i = 0; i < 24; i++)
		same = !put_back(reader, cookies[i * 5 % 24]) && same;
	for (i = 0; i < 24; i++)
		same = take_with(reader, 0, &filter).header.seq == seqs[i] &&
		       same;
	return same;
}

TEST_F(lease, returned_messages_have_their_old_order)
{
	EXPECT_TRUE(order_survives(self->fd, self->a, 1, 0));
	EXPECT_TRUE(order_survives(self->fd, self->a, 5, 0));
	EXPECT_TRUE(order_survives(self->fd, self->a, 5, MBOX_FILTER_LOWEST));
	EXPECT_TRUE(order_survives(self->fd, self->a, 24, MBOX_FILTER_LOWEST));
}

TEST_F(lease, returned_message_is_older_than_what_came_meanwhile)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "old"));
	self->got = lease(self->a);
	ASSERT_EQ(1, send_text(self->fd, 1, "new"));
	EXPECT_EQ(0, put_back(self->a, self->got.header.cookie));
	EXPECT_STREQ("old", take(self->b).text);
	EXPECT_STREQ("new", take(self->b).text);
}

TEST_F(lease, returned_message_goes_to_a_waiting_receiver)
{
	struct job *job = new_job(self->b);
	pid_t pid;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	self->got = lease(self->a);
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(0, put_back(self->a, self->got.header.cookie));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("text", job->text);
	EXPECT_EQ(1, job->header.deliveries);
	EXPECT_EQ(0, info_of(self->fd).leased);
	EXPECT_EQ(1, info_of(self->fd).received);
}

TEST_F(lease, deliveries_count_how_often_it_came_back)
{
	int i;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	for (i = 0; i < 6; i++) {
		self->got = lease(i & 1 ? self->a : self->b);
		ASSERT_EQ(i, self->got.header.deliveries);
		if (i < 4) {
			EXPECT_EQ(0, put_back(i & 1 ? self->a : self->b,
					      self->got.header.cookie));
			continue;
		}
		close(i & 1 ? self->a : self->b);
	}
	self->a = open_existing(own_name(), O_RDONLY);
	self->b = -1;
	EXPECT_EQ(6, take(self->a).header.deliveries);
}

TEST_F(lease, close_returns_all_that_is_leased)
{
	int i, copy = dup(self->a);

	for (i = 1; i <= 4; i++)
		ASSERT_EQ(1, send_text(self->fd, i, "x"));
	for (i = 1; i <= 3; i++)
		self->got = lease(self->a);
	EXPECT_EQ(0, acknowledge(self->a, self->got.header.cookie));
	close(self->a);
	/* The handle lives as long as one descriptor does. */
	EXPECT_EQ(2, info_of(self->fd).leased);
	EXPECT_EQ(1, msgs_of(self->fd));
	close(copy);
	self->a = -1;
	EXPECT_EQ(0, info_of(self->fd).leased);
	EXPECT_EQ(1, info_of(self->fd).received);
	EXPECT_EQ(1, take_type(self->b));
	EXPECT_EQ(2, take_type(self->b));
	EXPECT_EQ(4, take_type(self->b));
}

static int lease_and_stand_still(void *arg)
{
	int fd = open_existing(arg, O_RDONLY);

	if (lease_flags(fd, 0, 0).ret != 1)
		return 1;
	for (;;)
		pause();
}

TEST_F(lease, sigkill_returns_it_to_a_waiting_receiver)
{
	struct job *job = new_job(self->b);
	pid_t holder = spawn(lease_and_stand_still, (void *)own_name()), pid;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	ASSERT_TRUE(wait_leased(self->fd, 1));
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	kill(holder, SIGKILL);
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("text", job->text);
	EXPECT_EQ(1, job->header.deliveries);
	EXPECT_EQ(256 + SIGKILL, reap(holder));
}

TEST_HARNESS_MAIN
