// SPDX-License-Identifier: GPL-2.0
/*
 * Leases that end by their time, how many of them a handle may have, and what
 * happens to the mailbox while a message is leased.
 */
#include "fixture_lease.h"

/* ---- the end by time --------------------------------------------------- */

TEST_F(lease, deadline_of_the_header_tells_the_end)
{
	__s64 before, after;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	before = now();
	self->got = lease_for(self->a, 60 * NSEC_PER_SEC);
	after = now();
	EXPECT_LE(before + 60 * NSEC_PER_SEC, self->got.header.deadline);
	EXPECT_GE(after + 60 * NSEC_PER_SEC, self->got.header.deadline);
	EXPECT_EQ(0, check_wanted(self->a, self->got.header.cookie));
	EXPECT_EQ(0, put_back(self->a, self->got.header.cookie));
	/* As long as there are numbers for it. */
	self->got = lease_for(self->a, INT64_MAX);
	EXPECT_EQ(1, self->got.ret);
	EXPECT_LT(now() + 60 * NSEC_PER_SEC, self->got.header.deadline);
	EXPECT_EQ(0, acknowledge(self->a, self->got.header.cookie));
}

TEST_F(lease, message_is_back_when_the_lease_has_ended)
{
	struct mbox_info info;
	struct got again;

	ASSERT_EQ(1, send_text(self->fd, 1, "old"));
	self->got = lease_for(self->a, NSEC_PER_MSEC);
	ASSERT_EQ(1, send_text(self->fd, 1, "new"));
	ASSERT_TRUE(wait_leased(self->fd, 0));
	EXPECT_LE(self->got.header.deadline, now());
	EXPECT_EQ(POLL_READ, poll_now(self->b));
	info = info_of(self->a);
	EXPECT_EQ(0, info.received);
	EXPECT_EQ(2, info.msgs);
	EXPECT_EQ(1, info.owed);
	again = take(self->b);
	EXPECT_STREQ("old", again.text);
	EXPECT_EQ(1, again.header.deliveries);
	EXPECT_EQ(self->got.header.seq, again.header.seq);
	EXPECT_EQ(self->got.header.time, again.header.time);
}

TEST_F(lease, holder_learns_of_it_once)
{
	__u64 cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	cookie = lease_for(self->a, NSEC_PER_MSEC).header.cookie;
	ASSERT_TRUE(wait_poll(self->a, POLLPRI));
	EXPECT_EQ(0, poll_now(self->b) & POLLPRI);
	EXPECT_EQ(-ECANCELED, check_wanted(self->a, cookie));
	EXPECT_EQ(-ECANCELED, check_wanted(self->a, cookie));
	EXPECT_EQ(POLLPRI, poll_now(self->a) & POLLPRI);
	EXPECT_EQ(1, info_of(self->a).owed);
	EXPECT_EQ(-ECANCELED, acknowledge(self->a, cookie));
	EXPECT_EQ(0, poll_now(self->a) & POLLPRI);
	EXPECT_EQ(0, info_of(self->a).owed);
	EXPECT_EQ(-EALREADY, acknowledge(self->a, cookie));
	EXPECT_EQ(-EALREADY, check_wanted(self->a, cookie));
	EXPECT_STREQ("text", take(self->b).text);
}

TEST_F(lease, return_and_reply_come_too_late_as_well)
{
	__u64 cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	cookie = lease_for(self->a, 1).header.cookie;
	EXPECT_EQ(-ECANCELED, put_back(self->a, cookie));
	EXPECT_EQ(-EALREADY, put_back(self->a, cookie));
	cookie = lease_for(self->a, 1).header.cookie;
	EXPECT_EQ(-ECANCELED, reply_text(self->a, cookie, "x"));
	EXPECT_EQ(2, take(self->b).header.deliveries);
}

/* Whoever asks after the time learns it, before any clock has run. */
TEST_F(lease, end_is_seen_at_once_by_whoever_asks)
{
	int i, held = 0, settled = 0;
	__u64 cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	for (i = 0; i < 20; i++) {
		cookie = lease_for(self->a, 1).header.cookie;
		held += check_wanted(self->a, cookie) != -ECANCELED;
		cookie = lease_for(self->a, 1).header.cookie;
		settled += acknowledge(self->a, cookie) != -ECANCELED;
		EXPECT_EQ(1, msgs_of(self->fd));
	}
	EXPECT_EQ(0, held);
	EXPECT_EQ(0, settled);
	EXPECT_EQ(1, take(self->b).ret);
}

TEST_F(lease, waiting_receiver_gets_it_then)
{
	struct job *job = new_job(self->b);
	pid_t pid;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	self->got = lease_for(self->a, SHORT);
	pid = spawn(recv_job, job);
	EXPECT_EQ(0, reap(pid));
	EXPECT_LE(self->got.header.deadline, now());
	EXPECT_STREQ("text", job->text);
}

TEST_F(lease, poller_is_woken_then)
{
	EXPECT_EQ(0, set_filter(self->b, 2, 2, 0));
	ASSERT_EQ(1, send_text(self->fd, 1, "other"));
	ASSERT_EQ(1, send_text(self->fd, 2, "text"));
	self->got = take_with(self->b, MBOX_RECV_LEASE, NULL);
	EXPECT_EQ(0, put_back(self->b, self->got.header.cookie));
	EXPECT_EQ(0, set_filter(self->a, 2, 2, 0));
	self->got = lease_for(self->a, SHORT);
	EXPECT_EQ(0, poll_now(self->b));
	EXPECT_TRUE(wait_poll(self->b, POLLIN));
	EXPECT_LE(self->got.header.deadline, now());
}

TEST_F(lease, ack_before_the_end_is_final)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	self->got = lease_for(self->a, SHORT);
	EXPECT_EQ(0, acknowledge(self->a, self->got.header.cookie));
	wait_until(self->got.header.deadline);
	EXPECT_EQ(-EAGAIN, take(self->b).ret);
	EXPECT_EQ(0, poll_now(self->a));
	EXPECT_EQ(1, info_of(self->a).received);
}

TEST_F(lease, each_lease_has_its_own_end)
{
	struct got longer;

	ASSERT_EQ(1, send_text(self->fd, 1, "longer"));
	ASSERT_EQ(1, send_text(self->fd, 2, "shorter"));
	longer = lease_for(self->a, 3600 * NSEC_PER_SEC);
	self->got = lease_for(self->a, NSEC_PER_MSEC);
	ASSERT_TRUE(wait_leased(self->fd, 1));
	EXPECT_EQ(2, take_type(self->b));
	EXPECT_EQ(0, acknowledge(self->a, longer.header.cookie));
	EXPECT_EQ(-ECANCELED, acknowledge(self->a, self->got.header.cookie));
}

TEST_F(lease, close_after_the_end_returns_nothing_twice)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	self->got = lease_for(self->a, 1);
	self->got = take(self->b);
	EXPECT_EQ(1, self->got.header.deliveries);
	close(self->a);
	self->a = -1;
	EXPECT_EQ(-EAGAIN, take(self->b).ret);
	EXPECT_EQ(1, info_of(self->b).received);
}

/* ---- how many ---------------------------------------------------------- */

/* Leases so many at a time until an error; how many there are then. */
static int lease_all(int fd, int each, int *why)
{
	static struct mbox_message vec[MBOX_VEC_MAX];
	int count = 0;

	do {
		memset(vec, 0, sizeof(vec));
		*why = lease_vec(fd, vec, each, MBOX_RECV_NOWAIT, 0);
		count += *why > 0 ? *why : 0;
	} while (*why > 0);
	return count;
}

static void send_many(int fd, int count)
{
	while (count--)
		send_bytes(fd, 1, NULL, 0);
}

TEST_F(lease, more_than_leases_max_returns_enolck)
{
	struct mbox_message message = { 0 };
	struct mbox_info before;
	int why;

	send_many(self->fd, MBOX_MSGS_DEFAULT);
	EXPECT_EQ(1, lease_vec(self->b, &message, 1, 0, 0));
	send_many(self->fd, 1);
	EXPECT_EQ(MBOX_LEASES_MAX, lease_all(self->a, MBOX_VEC_MAX, &why));
	send_many(self->fd, 3);
	before = info_of(self->a);
	EXPECT_EQ(MBOX_LEASES_MAX, before.owed);
	EXPECT_EQ(-ENOLCK, lease(self->a).ret);
	EXPECT_TRUE(same_info(&before, self->a));
	/* It is a matter of this handle, and of leases. */
	EXPECT_EQ(1, take(self->a).ret);
	EXPECT_EQ(1, lease(self->b).ret);
}

TEST_F(lease, every_element_of_the_vector_counts)
{
	struct mbox_message vec[3] = { 0 };
	int why;

	send_many(self->fd, MBOX_MSGS_DEFAULT);
	EXPECT_EQ(MBOX_LEASES_MAX - 1, lease_all(self->a, 3, &why));
	EXPECT_EQ(-ENOLCK, why);
	EXPECT_EQ(-ENOLCK, lease_vec(self->a, vec, 2, 0, 0));
	EXPECT_EQ(1, lease_vec(self->a, vec, 1, 0, 0));
	EXPECT_EQ(-ENOLCK, lease_vec(self->a, vec + 1, 1, 0, 0));
	EXPECT_EQ(0, acknowledge(self->a, vec[0].header.cookie));
	send_many(self->fd, 1);
	EXPECT_EQ(1, lease_vec(self->a, vec, 1, 0, 0));
}

TEST_F(lease, lease_that_ended_counts_until_it_is_settled)
{
	struct mbox_message message = { 0 };
	__u64 cookie;
	int why;

	send_many(self->fd, MBOX_MSGS_DEFAULT);
	EXPECT_EQ(1, lease_vec(self->a, &message, 1, 0, 1));
	cookie = message.header.cookie;
	EXPECT_EQ(MBOX_LEASES_MAX - 1, lease_all(self->a, 1, &why));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(-ENOLCK, why);
	EXPECT_EQ(-ECANCELED, acknowledge(self->a, cookie));
	EXPECT_EQ(1, lease_vec(self->a, &message, 1, 0, 0));
}

/* A receive that waits: @ret is what it ended with. */
struct waiting {
	pthread_t thread;
	int fd;
	int ret;
	__s64 deadline;
};

static void *lease_and_wait(void *arg)
{
	static struct mbox_message vec[MBOX_VEC_MAX];
	struct waiting *w = arg;
	struct mbox_recv args = {
		.flags = MBOX_RECV_LEASE,
		.count = MBOX_VEC_MAX,
		.vec = addr(vec),
		.deadline = w->deadline,
	};

	w->ret = do_ioctl(w->fd, MBOX_IOC_RECV, &args);
	return NULL;
}

TEST_F(lease, receive_that_waits_has_its_leases_reserved)
{
	const int rest = MBOX_LEASES_MAX - MBOX_VEC_MAX;
	struct waiting w = { .fd = self->a };
	int why, i;

	catch_signal(SIGUSR1, 0);
	for (i = 0; i < 3; i++) {
		w.deadline = i == 1 ? in_ms(400) : 0;
		pthread_create(&w.thread, NULL, lease_and_wait, &w);
		ASSERT_TRUE(wait_receivers(self->fd, 1));
		set_filter(self->a, 1, 1, 0);
		EXPECT_EQ(0, info_of(self->a).owed);
		if (i == 0) {
			pthread_kill(w.thread, SIGUSR1);
		} else if (i == 2) {
			send_many(self->fd, MBOX_MSGS_DEFAULT);
			while (info_of(self->fd).waiting_receivers)
				usleep(500);
		}
		pthread_join(w.thread, NULL);
		EXPECT_EQ(i == 0 ? -EINTR : i == 1 ? -ETIMEDOUT : w.ret, w.ret);
	}
	EXPECT_LE(1, w.ret);
	/* What it did not use, and what the other two reserved, is free. */
	send_many(self->fd, MBOX_MSGS_DEFAULT - msgs_of(self->fd));
	EXPECT_EQ(MBOX_LEASES_MAX - w.ret, lease_all(self->a, 1, &why));
	EXPECT_EQ(-ENOLCK, why);
	EXPECT_LT(0, rest);
}

TEST_F(lease, receive_that_waits_counts_as_that_many_leases)
{
	const int rest = MBOX_LEASES_MAX - MBOX_VEC_MAX;
	struct waiting w = { .fd = self->a };
	struct mbox_filter other = { .lo = 2, .hi = 2 };
	int i;

	catch_signal(SIGUSR1, 0);
	EXPECT_EQ(0, set_filter(self->a, 1, 1, 0));
	pthread_create(&w.thread, NULL, lease_and_wait, &w);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	for (i = 0; i < rest; i++) {
		ASSERT_EQ(1, send_bytes(self->fd, 2, NULL, 0));
		ASSERT_EQ(1, take_with(self->a, MBOX_RECV_LEASE, &other).ret);
	}
	ASSERT_EQ(1, send_bytes(self->fd, 2, NULL, 0));
	EXPECT_EQ(-ENOLCK, take_with(self->a, MBOX_RECV_LEASE, &other).ret);
	pthread_kill(w.thread, SIGUSR1);
	pthread_join(w.thread, NULL);
	EXPECT_EQ(-EINTR, w.ret);
	EXPECT_EQ(1, take_with(self->a, MBOX_RECV_LEASE, &other).ret);
}

TEST_F(lease, receive_at_the_end_of_file_reserves_nothing)
{
	static struct mbox_message vec[MBOX_VEC_MAX];
	int reader, writer, i;

	ASSERT_EQ(0, open_pair(&reader, &writer));
	ASSERT_EQ(1, send_text(writer, 1, ""));
	close(writer);
	EXPECT_EQ(1, lease(reader).ret);
	for (i = 0; i < MBOX_LEASES_MAX / MBOX_VEC_MAX + 1; i++)
		EXPECT_EQ(0, lease_vec(reader, vec, MBOX_VEC_MAX - 1, 0, 0));
	EXPECT_EQ(1, info_of(reader).owed);
	close(reader);
}

/* ---- the mailbox meanwhile --------------------------------------------- */

TEST_F(lease, message_returns_to_a_full_mailbox)
{
	int fd = open_limited(NULL, O_RDWR, 2, 8, MBOX_POLICY_BLOCK), i;

	for (i = 1; i <= 2; i++)
		ASSERT_EQ(1, send_text(fd, i, "four"));
	self->got = lease(fd);
	ASSERT_EQ(1, send_text(fd, 3, "four"));
	EXPECT_EQ(0, put_back(fd, self->got.header.cookie));
	EXPECT_EQ(3, msgs_of(fd));
	EXPECT_EQ(12, info_of(fd).bytes);
	EXPECT_EQ(POLL_READ, poll_now(fd));
	EXPECT_EQ(1, take_type(fd));
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 4, ""));
	EXPECT_EQ(2, take_type(fd));
	EXPECT_EQ(1, send_nowait(fd, 4, ""));
	EXPECT_TRUE(books_balance(fd));
	close(fd);
}

TEST_F(lease, leased_message_is_not_dropped_but_one_that_is_back_is)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_OLDEST);

	ASSERT_EQ(1, send_text(fd, 1, "leased"));
	self->got = lease(fd);
	ASSERT_EQ(1, send_text(fd, 2, "second"));
	ASSERT_EQ(1, send_text(fd, 3, "third"));
	EXPECT_EQ(1, info_of(fd).lost);
	EXPECT_EQ(0, put_back(fd, self->got.header.cookie));
	EXPECT_EQ(2, msgs_of(fd));
	EXPECT_EQ(1, info_of(fd).lost);
	ASSERT_EQ(1, send_text(fd, 4, "fourth"));
	EXPECT_EQ(3, info_of(fd).lost);
	EXPECT_EQ(4, take_type(fd));
	EXPECT_TRUE(books_balance(fd));
	close(fd);
}

TEST_F(lease, purge_leaves_what_is_leased)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "leased"));
	self->got = lease(self->a);
	ASSERT_EQ(1, send_text(self->fd, 1, "queued"));
	ASSERT_EQ(0, purge(self->fd));
	EXPECT_EQ(1, info_of(self->fd).lost);
	EXPECT_EQ(1, info_of(self->fd).leased);
	EXPECT_EQ(0, put_back(self->a, self->got.header.cookie));
	EXPECT_STREQ("leased", take(self->b).text);
}

TEST_F(lease, removal_ends_it_with_eidrm)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	self->got = lease_for(self->a, NSEC_PER_MSEC);
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, acknowledge(self->a, self->got.header.cookie));
	EXPECT_EQ(-EIDRM, put_back(self->a, self->got.header.cookie));
	EXPECT_EQ(-EIDRM, check_wanted(self->a, self->got.header.cookie));
	EXPECT_EQ(-EIDRM, lease(self->a).ret);
}

TEST_F(lease, mailbox_goes_with_its_last_handle_whatever_was_leased)
{
	int fd = open_mailbox(NULL, O_RDWR);
	__u64 id = id_of(fd);

	ASSERT_EQ(1, send_text(fd, 1, "leased"));
	EXPECT_EQ(1, lease_for(fd, NSEC_PER_SEC).ret);
	close(fd);
	EXPECT_EQ(-ENOENT, open_id(id, O_RDWR));
}

TEST_HARNESS_MAIN
