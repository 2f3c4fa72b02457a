// SPDX-License-Identifier: GPL-2.0
/*
 * Time to live: a message that has had its time is discarded, counted and
 * announced, and nobody gets it; one that was received in time is not.
 */
#include "mbox_lease.h"

#define SHORT	(500 * NSEC_PER_MSEC)
#define HOUR	(3600 * NSEC_PER_SEC)

/* @fd sends and looks on; @reader receives. */
FIXTURE(ttl)
{
	int fd;
	int reader;
	struct got got;
	struct post p;
};

FIXTURE_SETUP(ttl)
{
	self->fd = open_mailbox(own_name(), O_RDWR);
	self->reader = open_existing(own_name(), O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->reader);
}

FIXTURE_TEARDOWN(ttl)
{
	close(self->reader);
	EXPECT_TRUE(books_balance(self->fd));
	close(self->fd);
}

/* True once so many have had their time. */
static bool wait_expired(int fd, __u64 count)
{
	__s64 end = in_ms(PATIENCE_MS);

	do {
		if (info_of(fd).expired == count)
			return true;
		usleep(300);
	} while (now() < end);
	return false;
}

/* ---- refusals ---------------------------------------------------------- */

TEST_F(ttl, more_than_the_largest_s64_returns_einval)
{
	struct mbox_info before = info_of(self->fd);

	EXPECT_EQ(-EINVAL, send_ttl(self->fd, 1, "x", 1ULL << 63));
	EXPECT_EQ(-EINVAL, send_ttl(self->fd, 1, "x", ~0ULL));
	EXPECT_TRUE(same_info(&before, self->fd));
}

TEST_F(ttl, send_that_fails_with_one_leaves_nothing)
{
	int full = open_limited(NULL, O_RDWR, 1, 0, 0);
	struct mbox_info before;

	ASSERT_EQ(1, send_ttl(full, 1, "x", 0));
	before = info_of(full);
	write_post(&self->p, full, "y");
	self->p.send.ttl = 1;
	self->p.send.flags = MBOX_SEND_NOWAIT;
	EXPECT_EQ(-EAGAIN, send_post(&self->p));
	self->p.message.buf = addr(nowhere());
	EXPECT_EQ(-EFAULT, send_post(&self->p));
	EXPECT_TRUE(same_info(&before, full));
	EXPECT_EQ(1, take(full).ret);
	close(full);
}

/* ---- the end ----------------------------------------------------------- */

TEST_F(ttl, message_that_had_its_time_is_lost_and_expired)
{
	struct mbox_info info;

	ASSERT_EQ(1, send_ttl(self->fd, 1, "text", NSEC_PER_MSEC));
	ASSERT_EQ(1, send_text(self->fd, 1, "stays"));
	ASSERT_TRUE(wait_expired(self->fd, 1));
	info = info_of(self->fd);
	EXPECT_EQ(1, info.lost);
	EXPECT_EQ(0, info.received + info.withdrawn);
	EXPECT_EQ(1, info.msgs);
	EXPECT_EQ(5, info.bytes);
	self->got = take(self->reader);
	EXPECT_STREQ("stays", self->got.text);
	EXPECT_EQ(2, self->got.header.seq);
	EXPECT_EQ(1, self->got.header.lost);
}

/* Nobody need wait for a clock to run: whoever looks after the time is told. */
TEST_F(ttl, no_receive_gets_it_after_its_time)
{
	char buf[8];
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(1, send_ttl(self->fd, 1, "x", 1));
		EXPECT_EQ(-EAGAIN, take(self->reader).ret);
		ASSERT_EQ(1, send_ttl(self->fd, 1, "x", 1));
		EXPECT_EQ(-EAGAIN, take_with(self->reader, MBOX_RECV_PEEK |
					     MBOX_RECV_NOWAIT, NULL).ret);
		ASSERT_EQ(1, send_ttl(self->fd, 1, "x", 1));
		EXPECT_EQ(-EAGAIN, lease(self->reader).ret);
	}
	EXPECT_EQ(60, info_of(self->fd).expired);
	ASSERT_EQ(0, set_nonblock(self->reader));
	ASSERT_EQ(1, send_ttl(self->fd, 1, "x", 1));
	EXPECT_EQ(-EAGAIN, or_errno(read(self->reader, buf, sizeof(buf))));
}

TEST_F(ttl, poll_and_next_size_do_not_tell_of_it_after_its_time)
{
	int i, readable = 0, sized = 0;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(1, send_ttl(self->fd, 1, "x", 1));
		readable += poll_now(self->reader) != 0;
		ASSERT_EQ(1, send_ttl(self->fd, 1, "x", 1));
		sized += info_of(self->reader).next_size != -1;
	}
	EXPECT_EQ(0, readable);
	EXPECT_EQ(0, sized);
}

TEST_F(ttl, poll_tells_of_it_until_then)
{
	ASSERT_EQ(1, send_ttl(self->fd, 1, "x", SHORT));
	EXPECT_EQ(POLL_READ, poll_now(self->reader));
	EXPECT_EQ(1, info_of(self->reader).next_size);
	ASSERT_TRUE(wait_expired(self->fd, 1));
	EXPECT_EQ(0, poll_now(self->reader));
	EXPECT_EQ(-1, info_of(self->reader).next_size);
}

/* A receive that waited, and then takes what came behind its message. */
static int take_two(void *arg)
{
	struct mbox_message vec[2] = { 0 };
	struct job *job = arg;
	struct mbox_recv args = { .count = 2, .vec = addr(vec) };

	job->ret = do_ioctl(job->fd, MBOX_IOC_RECV, &args);
	return 0;
}

TEST_F(ttl, vector_that_waited_gets_none_that_had_its_time)
{
	struct mbox_message vec[2] = { 0 };
	struct mbox_send args = { .count = 2, .vec = addr(vec), .ttl = 1 };
	struct job *job = new_job(self->reader);
	int i, late = 0;
	pid_t pid;

	vec[0].header.type = 1;
	vec[1].header.type = 1;
	for (i = 0; i < 10; i++) {
		pid = spawn(take_two, job);
		ASSERT_TRUE(wait_receivers(self->fd, 1));
		ASSERT_EQ(2, do_ioctl(self->fd, MBOX_IOC_SEND, &args));
		EXPECT_EQ(0, reap(pid));
		late += job->ret != 1;
	}
	EXPECT_EQ(0, late);
}

TEST_F(ttl, waiting_receiver_gets_it_however_short)
{
	struct job *job = new_job(self->reader);
	pid_t pid = spawn(recv_job, job);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	ASSERT_EQ(1, send_ttl(self->fd, 1, "text", 1));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("text", job->text);
	EXPECT_EQ(0, info_of(self->fd).lost);
}

TEST_F(ttl, zero_and_the_largest_are_for_ever)
{
	ASSERT_EQ(1, send_ttl(self->fd, 1, "zero", 0));
	ASSERT_EQ(1, send_ttl(self->fd, 1, "largest", INT64_MAX));
	ASSERT_EQ(1, send_ttl(self->fd, 1, "hour", HOUR));
	ASSERT_EQ(1, send_ttl(self->fd, 1, "short", NSEC_PER_MSEC));
	ASSERT_TRUE(wait_expired(self->fd, 1));
	EXPECT_STREQ("zero", take(self->reader).text);
	EXPECT_STREQ("largest", take(self->reader).text);
	EXPECT_STREQ("hour", take(self->reader).text);
}

TEST_F(ttl, each_has_its_own_end_in_any_order)
{
	int i;

	for (i = 0; i < 30; i++)
		ASSERT_EQ(1, send_ttl(self->fd, 1 + i % 3, "x",
				      (1 + i * 7 % 30) * NSEC_PER_MSEC));
	ASSERT_TRUE(wait_expired(self->fd, 30));
	EXPECT_EQ(0, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).bytes);
}

TEST_F(ttl, every_message_of_a_vector_has_it)
{
	static struct mbox_message vec[MBOX_VEC_MAX];
	struct mbox_send args = {
		.count = MBOX_VEC_MAX,
		.vec = addr(vec),
		.ttl = NSEC_PER_MSEC,
	};
	int i;

	for (i = 0; i < MBOX_VEC_MAX; i++)
		vec[i].header.type = 1 + i % 5;
	ASSERT_EQ(MBOX_VEC_MAX, do_ioctl(self->fd, MBOX_IOC_SEND, &args));
	ASSERT_TRUE(wait_expired(self->fd, MBOX_VEC_MAX));
	EXPECT_EQ(0, msgs_of(self->fd));
}

TEST_F(ttl, received_in_time_is_received)
{
	__s64 end;

	ASSERT_EQ(1, send_ttl(self->fd, 1, "text", SHORT));
	end = now() + SHORT;
	EXPECT_STREQ("text", take(self->reader).text);
	wait_until(end);
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
	EXPECT_EQ(0, info_of(self->fd).expired + info_of(self->fd).lost);
}

TEST_F(ttl, put_back_by_efault_it_has_the_rest_of_its_time)
{
	ASSERT_EQ(1, send_ttl(self->fd, 1, "text", SHORT));
	EXPECT_EQ(-EFAULT, recv_into(self->reader, NULL, nowhere(), 9, 0, NULL,
				     0));
	EXPECT_EQ(1, msgs_of(self->fd));
	ASSERT_TRUE(wait_expired(self->fd, 1));
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
}

/* ---- room -------------------------------------------------------------- */

TEST_F(ttl, its_end_makes_room_for_a_blocked_sender)
{
	int full = open_limited(NULL, O_RDWR, 1, 0, 0);

	ASSERT_EQ(1, send_ttl(full, 1, "first", SHORT));
	write_post(&self->p, full, "second");
	start_post(&self->p);
	EXPECT_EQ(1, end_post(&self->p));
	EXPECT_EQ(1, info_of(full).expired);
	EXPECT_STREQ("second", take(full).text);
	EXPECT_EQ(POLL_WRITE, poll_now(full));
	EXPECT_TRUE(books_balance(full));
	close(full);
}

/* A sender that finds it full looks whether it is. */
TEST_F(ttl, room_of_one_that_had_its_time_is_there_at_once)
{
	int full = open_limited(NULL, O_RDWR, 1, 0, 0), i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(1, send_ttl(full, 1, "x", 1));
		write_post(&self->p, full, "y");
		self->p.send.flags = MBOX_SEND_NOWAIT;
		EXPECT_EQ(1, send_post(&self->p));
		EXPECT_STREQ("y", take(full).text);
	}
	close(full);
}

TEST_F(ttl, time_of_a_blocked_sender_has_not_begun)
{
	int full = open_limited(NULL, O_RDWR, 1, 0, 0);

	ASSERT_EQ(1, send_text(full, 1, "first"));
	write_post(&self->p, full, "second");
	self->p.message.header.type = 2;
	self->p.send.ttl = SHORT;
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(full, 1));
	wait_until(now() + SHORT);
	EXPECT_EQ(0, info_of(full).expired);
	EXPECT_STREQ("second", take_range(full, 2, 2, 0).text);
	EXPECT_EQ(1, end_post(&self->p));
	/* It begins when there is room. */
	start_post(&self->p);
	ASSERT_TRUE(wait_senders(full, 1));
	wait_until(now() + SHORT);
	EXPECT_STREQ("first", take(full).text);
	EXPECT_EQ(1, take_with(full, MBOX_RECV_PEEK | MBOX_RECV_NOWAIT,
			       NULL).ret);
	EXPECT_EQ(1, end_post(&self->p));
	ASSERT_TRUE(wait_expired(full, 1));
	EXPECT_EQ(0, msgs_of(full));
	close(full);
}

TEST_F(ttl, discarded_before_its_time_it_is_lost_and_not_expired)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_OLDEST);
	__s64 end;

	ASSERT_EQ(1, send_ttl(fd, 1, "dropped", SHORT));
	ASSERT_EQ(1, send_ttl(fd, 1, "purged", SHORT));
	end = now() + SHORT;
	EXPECT_EQ(1, info_of(fd).lost);
	ASSERT_EQ(0, purge(fd));
	EXPECT_EQ(2, info_of(fd).lost);
	ASSERT_EQ(1, send_text(fd, 1, "stays"));
	wait_until(end);
	EXPECT_STREQ("stays", take(fd).text);
	EXPECT_EQ(0, info_of(fd).expired);
	EXPECT_EQ(2, info_of(fd).lost);
	close(fd);
}

TEST_F(ttl, dropped_as_the_newest_it_is_lost_once)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_NEWEST);

	ASSERT_EQ(1, send_text(fd, 1, "first"));
	ASSERT_EQ(1, send_ttl(fd, 1, "dropped", NSEC_PER_MSEC));
	wait_until(in_ms(20));
	EXPECT_EQ(1, info_of(fd).lost);
	EXPECT_EQ(0, info_of(fd).expired);
	EXPECT_STREQ("first", take(fd).text);
	EXPECT_TRUE(books_balance(fd));
	close(fd);
}

TEST_F(ttl, removal_and_the_last_close_end_all_that_wait_for_their_time)
{
	int fd = open_mailbox(NULL, O_RDWR), i;

	for (i = 1; i <= 20; i++) {
		ASSERT_EQ(1, send_ttl(self->fd, i, "x", i * NSEC_PER_MSEC));
		ASSERT_EQ(1, send_ttl(fd, i, "x", i * NSEC_PER_MSEC));
	}
	self->got = lease_for(self->reader, 10 * NSEC_PER_MSEC);
	close(fd);
	ASSERT_EQ(0, remove_mailbox(self->fd));
	wait_until(in_ms(40));
	EXPECT_EQ(-EIDRM, take(self->reader).ret);
}

/* ---- leases ------------------------------------------------------------ */

TEST_F(ttl, acknowledged_after_its_time_it_is_received)
{
	__s64 end;

	ASSERT_EQ(1, send_ttl(self->fd, 1, "text", SHORT));
	end = now() + SHORT;
	self->got = lease(self->reader);
	ASSERT_EQ(1, self->got.ret);
	wait_until(end);
	EXPECT_EQ(0, check_wanted(self->reader, self->got.header.cookie));
	EXPECT_EQ(0, acknowledge(self->reader, self->got.header.cookie));
	EXPECT_EQ(1, info_of(self->fd).received);
	EXPECT_EQ(0, info_of(self->fd).lost);
}

/* By a return, by the end of the lease, and by a close. */
TEST_F(ttl, returned_after_its_time_it_is_discarded_then)
{
	__s64 end;
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(1, send_ttl(self->fd, 1, "x", SHORT));
		end = now() + SHORT;
		self->got = lease_for(self->reader, i == 1 ? 2 * SHORT : 0);
		ASSERT_EQ(1, self->got.ret);
		wait_until(end);
		EXPECT_EQ(i, info_of(self->fd).expired);
		EXPECT_EQ(1, info_of(self->fd).leased);
		if (i == 0)
			EXPECT_EQ(0, put_back(self->reader,
					      self->got.header.cookie));
		if (i == 1)
			ASSERT_TRUE(wait_leased(self->fd, 0));
		if (i == 2)
			close(self->reader);
		EXPECT_EQ(i + 1, info_of(self->fd).expired);
		EXPECT_EQ(i + 1, info_of(self->fd).lost);
		EXPECT_EQ(0, msgs_of(self->fd));
		EXPECT_TRUE(balanced(self->fd));
	}
	self->reader = -1;
	EXPECT_EQ(0, info_of(self->fd).received);
}

TEST_F(ttl, returned_in_time_it_has_the_rest_of_its_time)
{
	ASSERT_EQ(1, send_ttl(self->fd, 1, "text", SHORT));
	self->got = lease(self->reader);
	EXPECT_EQ(0, put_back(self->reader, self->got.header.cookie));
	EXPECT_EQ(1, take_with(self->reader, MBOX_RECV_PEEK, NULL).ret);
	ASSERT_TRUE(wait_expired(self->fd, 1));
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
}

/* ---- the event --------------------------------------------------------- */

TEST(end_of_a_message_is_told_as_a_loss)
{
	struct genl nl;
	int fd;

	ASSERT_EQ(0, hear_events(&nl));
	fd = open_mailbox("events", O_RDWR);
	ASSERT_EQ(1, send_ttl(fd, 1, "text", NSEC_PER_MSEC));
	ASSERT_TRUE(wait_expired(fd, 1));
	ASSERT_TRUE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	EXPECT_EQ(id_of(fd), genl_u64(&nl.msg, MBOX_A_EVENT_ID));
	EXPECT_EQ(1, genl_u64(&nl.msg, MBOX_A_EVENT_COUNT));
	EXPECT_EQ(NULL, genl_attr(&nl.msg, MBOX_A_EVENT_HANDLE));
	EXPECT_FALSE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	close(fd);
	close(nl.fd);
}

TEST_HARNESS_MAIN
