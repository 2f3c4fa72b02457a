// SPDX-License-Identifier: GPL-2.0
/*
 * Overflow policies: which message goes, that its number is not used again,
 * that every loss is told once, and that the counters always add up.
 */
#include "mbox_proc.h"

FIXTURE(policy)
{
	int oldest;
	int newest;
};

/* Both mailboxes hold three messages of at most ten bytes. */
FIXTURE_SETUP(policy)
{
	self->oldest = open_limited(NULL, O_RDWR, 3, 10,
				    MBOX_POLICY_DROP_OLDEST);
	self->newest = open_limited(NULL, O_RDWR, 3, 10,
				    MBOX_POLICY_DROP_NEWEST);
	ASSERT_LE(0, self->oldest);
	ASSERT_LE(0, self->newest);
}

FIXTURE_TEARDOWN(policy)
{
	close(self->oldest);
	close(self->newest);
}

static bool send_count(int fd, int count)
{
	int i;

	for (i = 1; i <= count; i++) {
		if (send_text(fd, i, "x") != 1)
			return false;
	}
	return true;
}

TEST_F(policy, drop_oldest_keeps_the_newest)
{
	struct mbox_info info;
	struct got got;
	int i;

	ASSERT_TRUE(send_count(self->oldest, 8));
	info = info_of(self->oldest);
	EXPECT_EQ(8, info.sent);
	EXPECT_EQ(5, info.lost);
	EXPECT_EQ(3, info.msgs);
	EXPECT_EQ(3, info.peak_msgs);
	EXPECT_EQ(3, info.bytes);
	for (i = 6; i <= 8; i++) {
		got = take(self->oldest);
		EXPECT_EQ(i, got.header.type);
		EXPECT_EQ(i, got.header.seq);
		EXPECT_EQ(i == 6 ? 5 : 0, got.header.lost);
	}
}

TEST_F(policy, drop_newest_keeps_the_oldest)
{
	struct mbox_info info;
	struct got got;
	int i;

	ASSERT_TRUE(send_count(self->newest, 8));
	info = info_of(self->newest);
	EXPECT_EQ(8, info.sent);
	EXPECT_EQ(5, info.lost);
	EXPECT_EQ(3, info.msgs);
	for (i = 1; i <= 3; i++) {
		got = take(self->newest);
		EXPECT_EQ(i, got.header.seq);
		EXPECT_EQ(i == 1 ? 5 : 0, got.header.lost);
	}
	ASSERT_EQ(1, send_text(self->newest, 1, "x"));
	EXPECT_EQ(9, take(self->newest).header.seq);
}

/* One long message may cost several short ones, and no more than it needs. */
TEST_F(policy, drop_oldest_makes_room_in_bytes)
{
	ASSERT_EQ(1, send_text(self->oldest, 1, "1234"));
	ASSERT_EQ(1, send_text(self->oldest, 2, "1234"));
	ASSERT_EQ(1, send_text(self->oldest, 3, "12"));
	ASSERT_EQ(1, send_text(self->oldest, 4, "12345678"));
	EXPECT_EQ(2, info_of(self->oldest).lost);
	EXPECT_EQ(10, info_of(self->oldest).bytes);
	EXPECT_EQ(3, take_type(self->oldest));
	EXPECT_EQ(4, take_type(self->oldest));
}

TEST_F(policy, drop_newest_looks_at_bytes)
{
	ASSERT_EQ(1, send_text(self->newest, 1, "12345678"));
	ASSERT_EQ(1, send_text(self->newest, 2, "123"));
	ASSERT_EQ(1, send_text(self->newest, 3, "12"));
	EXPECT_EQ(1, info_of(self->newest).lost);
	EXPECT_EQ(1, take_type(self->newest));
	EXPECT_EQ(3, take_type(self->newest));
}

/* The oldest goes, whatever its type and whoever filters. */
TEST_F(policy, drop_oldest_goes_by_age_not_by_type)
{
	ASSERT_EQ(1, send_text(self->oldest, 9, "x"));
	ASSERT_EQ(1, send_text(self->oldest, 1, "x"));
	ASSERT_EQ(1, send_text(self->oldest, 5, "x"));
	ASSERT_EQ(1, send_text(self->oldest, 7, "x"));
	EXPECT_EQ(-EAGAIN, take_range(self->oldest, 9, 9, 0).ret);
	EXPECT_EQ(1, take_type(self->oldest));
}

TEST_F(policy, drop_policies_never_block)
{
	int i;

	for (i = 0; i < 10; i++) {
		EXPECT_EQ(2, write(self->oldest, "xx", 2));
		EXPECT_EQ(2, write(self->newest, "xx", 2));
	}
	EXPECT_EQ(7, info_of(self->oldest).lost);
	EXPECT_EQ(7, info_of(self->newest).lost);
	EXPECT_EQ(0, info_of(self->oldest).waiting_senders);
}

TEST_F(policy, message_above_max_size_returns_emsgsize)
{
	EXPECT_EQ(-EMSGSIZE, send_text(self->oldest, 1, "12345678901"));
	EXPECT_EQ(-EMSGSIZE, send_text(self->newest, 1, "12345678901"));
	EXPECT_EQ(0, info_of(self->oldest).sent);
	EXPECT_EQ(0, info_of(self->newest).lost);
}

TEST_F(policy, vector_is_sent_whole)
{
	struct mbox_message vec[8] = { 0 };
	struct mbox_send args = { .count = 8, .vec = addr(vec) };
	int i;

	for (i = 0; i < 8; i++)
		vec[i].header.type = i + 1;
	EXPECT_EQ(8, do_ioctl(self->oldest, MBOX_IOC_SEND, &args));
	EXPECT_EQ(8, do_ioctl(self->newest, MBOX_IOC_SEND, &args));
	EXPECT_EQ(6, take_type(self->oldest));
	EXPECT_EQ(1, take_type(self->newest));
}

TEST_F(policy, peek_shows_the_loss_without_using_it_up)
{
	ASSERT_TRUE(send_count(self->oldest, 5));
	EXPECT_EQ(2, take_with(self->oldest, MBOX_RECV_PEEK, NULL).header.lost);
	EXPECT_EQ(2, take_with(self->oldest, MBOX_RECV_PEEK, NULL).header.lost);
	EXPECT_EQ(2, take(self->oldest).header.lost);
	EXPECT_EQ(0, take(self->oldest).header.lost);
}

/* A header that could not be delivered has not told the loss. */
TEST_F(policy, refused_receive_does_not_use_up_the_loss)
{
	ASSERT_TRUE(send_count(self->oldest, 5));
	EXPECT_EQ(-EFAULT, recv_into(self->oldest, NULL, nowhere(), 9, 0, NULL,
				     0));
	EXPECT_EQ(-EMSGSIZE, recv_into(self->oldest, NULL, NULL, 0, 0, NULL,
				       0));
	EXPECT_EQ(2, take(self->oldest).header.lost);
}

TEST_F(policy, loss_is_told_once_whoever_receives)
{
	int other = grant(self->oldest, MBOX_RIGHT_RECV);

	ASSERT_TRUE(send_count(self->oldest, 5));
	EXPECT_EQ(2, take(other).header.lost);
	EXPECT_EQ(0, take(self->oldest).header.lost);
}

TEST_F(policy, losses_add_up_between_receives)
{
	ASSERT_TRUE(send_count(self->oldest, 4));
	EXPECT_EQ(1, take(self->oldest).header.lost);
	ASSERT_TRUE(send_count(self->oldest, 4));
	EXPECT_EQ(3, take(self->oldest).header.lost);
	EXPECT_EQ(4, info_of(self->oldest).lost);
}

/* It delivers no header; the loss waits for one that is. */
TEST_F(policy, plain_read_does_not_use_up_the_loss)
{
	char c;

	ASSERT_TRUE(send_count(self->oldest, 5));
	EXPECT_EQ(1, read(self->oldest, &c, 1));
	EXPECT_EQ(2, take(self->oldest).header.lost);
}

TEST_F(policy, record_header_tells_the_loss)
{
	struct mbox_header h;
	char buf[100];

	ASSERT_TRUE(send_count(self->oldest, 5));
	EXPECT_EQ(0, set_framing(self->oldest, MBOX_FRAMING_RECORD));
	EXPECT_EQ(sizeof(h) + 1, read(self->oldest, buf, sizeof(buf)));
	memcpy(&h, buf, sizeof(h));
	EXPECT_EQ(2, h.lost);
	EXPECT_EQ(3, h.seq);
}

TEST_F(policy, waiting_receiver_is_served_although_full)
{
	struct job *job = new_job(self->newest);
	pid_t pid;

	job->filter = (struct mbox_filter){ .lo = 77, .hi = 77 };
	ASSERT_TRUE(send_count(self->newest, 3));
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->newest, 1));
	EXPECT_EQ(1, send_text(self->newest, 77, "direct"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("direct", job->text);
	EXPECT_EQ(0, info_of(self->newest).lost);
	EXPECT_TRUE(balanced(self->newest));
}

/* ---- the invariant while everything runs ------------------------------- */

#define ROUNDS	600

static int flood(void *arg)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (send_text(*(int *)arg, 1 + i % 3, "x") != 1)
			return 1;
	}
	return 0;
}

/* Receives while a child sends; counts the moments that did not add up. */
static int drink(int fd, pid_t pid)
{
	int wrong = 0;

	while (reap_within(pid, 0) == -ETIMEDOUT) {
		wrong += !balanced(fd);
		take(fd);
		wrong += !balanced(fd);
	}
	return wrong;
}

static bool keeps_balance(int fd)
{
	pid_t other = spawn(flood, &fd);
	int wrong = drink(fd, spawn(flood, &fd));

	return !wrong && !reap(other) && info_of(fd).sent == 2 * ROUNDS &&
	       balanced(fd);
}

TEST_F_TIMEOUT(policy, counters_add_up_at_every_moment, 60)
{
	EXPECT_TRUE(keeps_balance(self->oldest));
	EXPECT_TRUE(keeps_balance(self->newest));
}

/* Numbers that are missing between two receives are those told as lost. */
TEST_F(policy, gaps_in_the_numbers_are_the_losses)
{
	__u64 last = 0, gaps = 0, told = 0;
	struct got got;
	int round, i;

	for (round = 0; round < 50; round++) {
		for (i = 0; i < 1 + round % 7; i++)
			ASSERT_EQ(1, send_text(self->oldest, 1, "x"));
		for (i = 0; i < 1 + round % 2; i++) {
			got = take(self->oldest);
			if (got.ret != 1)
				continue;
			gaps += got.header.seq - last - 1;
			told += got.header.lost;
			last = got.header.seq;
		}
	}
	EXPECT_EQ(gaps, told);
	EXPECT_EQ(info_of(self->oldest).lost, told);
}

TEST_HARNESS_MAIN
