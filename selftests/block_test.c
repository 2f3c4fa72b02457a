// SPDX-License-Identifier: GPL-2.0
/*
 * Blocking: direct hand-over, the order of waiters, buffers that turn out too
 * small, offers of blocked senders, and deadlines. Signals are in signal_test.
 */
#include "mbox_proc.h"

FIXTURE(block)
{
	int fd;
	int full;
};

/* @fd is an empty mailbox; @full holds one message of type 1 and no more. */
FIXTURE_SETUP(block)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	self->full = open_limited(NULL, O_RDWR, 1, 0, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->full);
	ASSERT_EQ(1, send_text(self->full, 1, "first"));
}

FIXTURE_TEARDOWN(block)
{
	close(self->fd);
	close(self->full);
}

/* ---- receivers --------------------------------------------------------- */

TEST_F(block, blocked_receiver_is_given_the_message_directly)
{
	struct job *job = new_job(self->fd);
	pid_t pid = spawn(recv_job, job);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(1, send_text(self->fd, 7, "hello"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(7, job->header.type);
	EXPECT_STREQ("hello", job->text);
	EXPECT_EQ(0, info_of(self->fd).peak_msgs);
	EXPECT_EQ(1, info_of(self->fd).received);
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
}

/* Hand-over needs no room: the mailbox is full of another type. */
TEST_F(block, hand_over_passes_by_a_full_queue)
{
	struct job *job = new_job(self->full);
	pid_t pid;

	job->filter = (struct mbox_filter){ .lo = 2, .hi = 2 };
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->full, 1));
	EXPECT_EQ(1, send_nowait(self->full, 2, "second"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("second", job->text);
	EXPECT_EQ(1, msgs_of(self->full));
}

TEST_F(block, blocked_read_returns_the_payload)
{
	char buf[8] = "";
	struct job *job = new_job(self->fd);
	pid_t pid;

	job->type = 3;
	strcpy(job->text, "later");
	pid = spawn(send_job, job);
	EXPECT_EQ(5, read(self->fd, buf, sizeof(buf)));
	EXPECT_STREQ("later", buf);
	EXPECT_EQ(0, reap(pid));
}

/* A new filter of the handle is for the receives that begin after it. */
TEST_F(block, blocked_receive_keeps_the_filter_it_began_with)
{
	struct job *job = new_job(self->fd);
	pid_t pid;

	EXPECT_EQ(0, set_filter(self->fd, 2, 2, 0));
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(0, set_filter(self->fd, 1, 1, 0));
	EXPECT_EQ(1, send_text(self->fd, 1, "one"));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(1, send_text(self->fd, 2, "two"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("two", job->text);
	EXPECT_STREQ("one", take(self->fd).text);
}

TEST_F(block, receivers_are_served_in_order_of_arrival)
{
	struct job *jobs[4];
	pid_t pids[4];
	int i;

	for (i = 0; i < 4; i++) {
		jobs[i] = new_job(self->fd);
		pids[i] = spawn(recv_job, jobs[i]);
		ASSERT_TRUE(wait_receivers(self->fd, i + 1));
	}
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(1, send_text(self->fd, 1, "x"));
		EXPECT_EQ(0, reap(pids[i]));
		EXPECT_EQ(i + 1, jobs[i]->header.seq);
		EXPECT_EQ(3 - i, info_of(self->fd).waiting_receivers);
	}
}

TEST_F(block, message_passes_by_receivers_that_do_not_take_it)
{
	struct job *jobs[2] = { new_job(self->fd), new_job(self->fd) };
	pid_t pids[2];
	int i;

	for (i = 0; i < 2; i++) {
		jobs[i]->filter = (struct mbox_filter){ .lo = i + 1,
							.hi = i + 1 };
		pids[i] = spawn(recv_job, jobs[i]);
		ASSERT_TRUE(wait_receivers(self->fd, i + 1));
	}
	EXPECT_EQ(1, send_text(self->fd, 3, "nobody"));
	EXPECT_EQ(2, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(1, send_text(self->fd, 2, "second"));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(1, send_text(self->fd, 1, "first"));
	EXPECT_EQ(0, reap(pids[0]));
	EXPECT_EQ(1, msgs_of(self->fd));
}

/* It gets the size, and the message goes on to the next in the row. */
TEST_F(block, small_buffer_gets_emsgsize_and_the_next_the_message)
{
	struct job *small = new_job(self->fd), *large = new_job(self->fd);
	pid_t pids[2];

	small->size = 2;
	pids[0] = spawn(recv_job, small);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	pids[1] = spawn(recv_job, large);
	ASSERT_TRUE(wait_receivers(self->fd, 2));
	EXPECT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(EMSGSIZE, reap(pids[0]));
	EXPECT_EQ(5, small->header.len);
	EXPECT_EQ(4, small->header.type);
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_STREQ("hello", large->text);
	EXPECT_EQ(1, info_of(self->fd).received);
}

TEST_F(block, small_buffer_alone_leaves_the_message_queued)
{
	struct job *small = new_job(self->fd);
	pid_t pid;

	small->size = 2;
	pid = spawn(recv_job, small);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(EMSGSIZE, reap(pid));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_STREQ("hello", take(self->fd).text);
}

/* Only whose turn it was learns the size. */
TEST_F(block, small_buffer_behind_the_taker_keeps_waiting)
{
	struct job *large = new_job(self->fd), *small = new_job(self->fd);
	pid_t pids[2];

	pids[0] = spawn(recv_job, large);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	small->size = 2;
	pids[1] = spawn(recv_job, small);
	ASSERT_TRUE(wait_receivers(self->fd, 2));
	EXPECT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(0, reap(pids[0]));
	EXPECT_STREQ("hello", large->text);
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(1, send_text(self->fd, 4, "hi"));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_STREQ("hi", small->text);
}

TEST_F(block, small_buffer_with_trunc_takes_the_head)
{
	struct job *small = new_job(self->fd);
	pid_t pid;

	small->size = 2;
	small->flags = MBOX_RECV_TRUNC;
	pid = spawn(recv_job, small);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(MBOX_MSG_TRUNC, small->header.flags);
	EXPECT_STREQ("he", small->text);
	EXPECT_EQ(0, msgs_of(self->fd));
}

static int recv_nowhere(void *arg)
{
	struct job *job = arg;

	return recv_into(job->fd, NULL, nowhere(), 9, 0, NULL, 0);
}

/* It was handed over to a receiver that cannot be given it after all. */
TEST_F(block, faulty_receiver_gets_efault_and_the_next_the_message)
{
	struct job *job = new_job(self->fd);
	pid_t pids[2];

	pids[0] = spawn(recv_nowhere, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	pids[1] = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 2));
	EXPECT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(EFAULT, reap(pids[0]));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_STREQ("hello", job->text);
	EXPECT_EQ(1, info_of(self->fd).received);
	EXPECT_TRUE(balanced(self->fd));
}

TEST_F(block, all_blocked_peeks_see_the_message)
{
	struct job *jobs[3];
	pid_t pids[3];
	int i;

	for (i = 0; i < 3; i++) {
		jobs[i] = new_job(self->fd);
		jobs[i]->flags = MBOX_RECV_PEEK;
		pids[i] = spawn(recv_job, jobs[i]);
		ASSERT_TRUE(wait_receivers(self->fd, i + 1));
	}
	EXPECT_EQ(1, send_text(self->fd, 4, "hello"));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, reap(pids[i]));
		EXPECT_STREQ("hello", jobs[i]->text);
	}
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).received);
}

TEST_F(block, blocked_peek_does_not_keep_the_message_from_a_receiver)
{
	struct job *peek = new_job(self->fd), *recv = new_job(self->fd);
	pid_t pids[2];

	peek->flags = MBOX_RECV_PEEK;
	pids[0] = spawn(recv_job, peek);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	pids[1] = spawn(recv_job, recv);
	ASSERT_TRUE(wait_receivers(self->fd, 2));
	EXPECT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(0, reap(pids[0]));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_STREQ("hello", peek->text);
	EXPECT_STREQ("hello", recv->text);
	EXPECT_EQ(0, msgs_of(self->fd));
}

static int busy_recv(void *arg)
{
	struct mbox_config config = {
		.flags = MBOX_CONFIG_BUSY_POLL,
		.busy_poll = MBOX_BUSY_POLL_MAX,
	};
	struct job *job = arg;

	if (set_config(job->fd, &config))
		return 1;
	return recv_job(job);
}

TEST_F(block, busy_polling_receiver_sleeps_in_the_end)
{
	struct job *job = new_job(self->fd);
	pid_t pid = spawn(busy_recv, job);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	ASSERT_TRUE(wait_asleep(pid));
	EXPECT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("hello", job->text);
}

/* ---- senders ----------------------------------------------------------- */

static pid_t blocked_send(int fd, __u64 type, const char *text, __u32 before)
{
	struct job *job = new_job(fd);
	pid_t pid;

	job->type = type;
	strcpy(job->text, text);
	pid = spawn(send_job, job);
	return wait_senders(fd, before + 1) ? pid : -1;
}

TEST_F(block, blocked_sender_goes_on_when_there_is_room)
{
	pid_t pid = blocked_send(self->full, 1, "second", 0);

	ASSERT_LT(0, pid);
	EXPECT_EQ(1, msgs_of(self->full));
	EXPECT_EQ(1, info_of(self->full).sent);
	EXPECT_STREQ("first", take(self->full).text);
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(0, info_of(self->full).waiting_senders);
	EXPECT_STREQ("second", take(self->full).text);
	EXPECT_TRUE(balanced(self->full));
}

TEST_F(block, senders_are_served_in_order_of_arrival)
{
	static const char * const text[] = { "a", "b", "c" };
	pid_t pids[3];
	int i;

	for (i = 0; i < 3; i++) {
		pids[i] = blocked_send(self->full, 1, text[i], i);
		ASSERT_LT(0, pids[i]);
	}
	EXPECT_STREQ("first", take(self->full).text);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, reap(pids[i]));
		EXPECT_STREQ(text[i], take(self->full).text);
	}
}

/* Room in bytes for the small one, but it came after the large one. */
TEST_F(block, small_message_does_not_overtake_a_blocked_sender)
{
	int fd = open_limited(NULL, O_RDWR, 0, 10, 0);
	pid_t pid;

	ASSERT_EQ(1, send_text(fd, 1, "12345678"));
	pid = blocked_send(fd, 1, "abcde", 0);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 1, "x"));
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 1, ""));
	EXPECT_EQ(1, take(fd).ret);
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(1, send_nowait(fd, 1, "x"));
	EXPECT_STREQ("abcde", take(fd).text);
}

/* Full of type 1: a sender and a receiver of type 2 still meet. */
TEST_F(block, offer_of_a_blocked_sender_can_be_received)
{
	struct mbox_info info;
	pid_t pid = blocked_send(self->full, 2, "offered", 0);
	struct got got;

	ASSERT_LT(0, pid);
	EXPECT_EQ(-EAGAIN, take_range(self->full, 3, 3, 0).ret);
	got = take_range(self->full, 2, 2, 0);
	EXPECT_EQ(1, got.ret);
	EXPECT_STREQ("offered", got.text);
	EXPECT_EQ(0, reap(pid));
	info = info_of(self->full);
	EXPECT_EQ(2, info.sent);
	EXPECT_EQ(1, info.received);
	EXPECT_EQ(1, info.msgs);
	EXPECT_EQ(0, info.waiting_senders);
	EXPECT_STREQ("first", take(self->full).text);
}

TEST_F(block, queued_messages_come_before_offers)
{
	pid_t pid = blocked_send(self->full, 1, "offered", 0);

	ASSERT_LT(0, pid);
	EXPECT_STREQ("first", take_range(self->full, 1, 1, 0).text);
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("offered", take(self->full).text);
}

TEST_F(block, offers_are_taken_in_order_of_arrival)
{
	pid_t a = blocked_send(self->full, 2, "a", 0);
	pid_t b = blocked_send(self->full, 3, "b", 1);

	ASSERT_LT(0, a);
	ASSERT_LT(0, b);
	EXPECT_STREQ("a", take_range(self->full, 2, 3, 0).text);
	EXPECT_STREQ("b", take_range(self->full, 2, 3, 0).text);
	EXPECT_EQ(0, reap(a));
	EXPECT_EQ(0, reap(b));
}

TEST_F(block, peek_at_an_offer_leaves_the_sender_blocked)
{
	struct mbox_filter two = { .lo = 2, .hi = 2 };
	pid_t pid = blocked_send(self->full, 2, "offered", 0);
	struct got got;

	ASSERT_LT(0, pid);
	got = take_with(self->full, MBOX_RECV_NOWAIT | MBOX_RECV_PEEK, &two);
	EXPECT_EQ(1, got.ret);
	EXPECT_STREQ("offered", got.text);
	/* It has no number before it is accepted. */
	EXPECT_EQ(0, got.header.seq);
	EXPECT_EQ(1, info_of(self->full).waiting_senders);
	EXPECT_EQ(-EFAULT, recv_into(self->full, NULL, nowhere(), 99, 0, &two,
				     0));
	EXPECT_STREQ("offered", take_range(self->full, 2, 2, 0).text);
	EXPECT_EQ(0, reap(pid));
}

static int send_three(void *arg)
{
	struct mbox_message vec[3] = { 0 };
	struct mbox_send args = { .count = 3, .vec = addr(vec) };
	struct job *job = arg;
	int i;

	args.deadline = job->deadline;
	for (i = 0; i < 3; i++)
		vec[i].header.type = i + 1;
	job->ret = do_ioctl(job->fd, MBOX_IOC_SEND, &args);
	return 0;
}

TEST_F(block, vector_waits_for_room_for_each)
{
	struct job *job = new_job(self->full);
	pid_t pid = spawn(send_three, job);
	int i;

	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_STREQ("first", take(self->full).text);
	for (i = 1; i <= 3; i++) {
		ASSERT_TRUE(wait_senders(self->full, i < 3));
		EXPECT_EQ(i, take_type(self->full));
	}
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(3, job->ret);
}

TEST_F(block, vector_returns_what_was_sent_before_the_deadline)
{
	struct job *job = new_job(self->fd);

	job->fd = open_limited(NULL, O_RDWR, 2, 0, 0);
	job->deadline = in_ms(50);
	EXPECT_EQ(0, run(send_three, job));
	EXPECT_EQ(2, job->ret);
	EXPECT_EQ(2, msgs_of(job->fd));
	EXPECT_EQ(1, take_type(job->fd));
	EXPECT_EQ(2, take_type(job->fd));
	EXPECT_EQ(-EAGAIN, take_type(job->fd));
}

/* ---- deadlines --------------------------------------------------------- */

TEST_F(block, recv_returns_etimedout_not_before_the_deadline)
{
	__s64 deadline = in_ms(60);

	EXPECT_EQ(-ETIMEDOUT, recv_into(self->fd, NULL, NULL, 0, 0, NULL,
					deadline));
	EXPECT_LE(deadline, now());
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
}

TEST_F(block, send_returns_etimedout_not_before_the_deadline)
{
	__s64 deadline = in_ms(60);

	EXPECT_EQ(-ETIMEDOUT, send_until(self->full, 1, "x", 1, 0, deadline));
	EXPECT_LE(deadline, now());
	EXPECT_EQ(0, info_of(self->full).waiting_senders);
	EXPECT_EQ(1, info_of(self->full).sent);
	EXPECT_EQ(1, take(self->full).ret);
	EXPECT_EQ(-EAGAIN, take(self->full).ret);
}

TEST_F(block, past_deadline_returns_etimedout_at_once)
{
	EXPECT_EQ(-ETIMEDOUT, recv_into(self->fd, NULL, NULL, 0, 0, NULL, 1));
	EXPECT_EQ(-ETIMEDOUT, send_until(self->full, 1, "x", 1, 0, 1));
}

/* NOWAIT says how the call fails, whatever the deadline. */
TEST_F(block, nowait_with_a_deadline_returns_eagain)
{
	EXPECT_EQ(-EAGAIN, recv_into(self->fd, NULL, NULL, 0, MBOX_RECV_NOWAIT,
				     NULL, 1));
	EXPECT_EQ(-EAGAIN, send_until(self->full, 1, "x", 1, MBOX_SEND_NOWAIT,
				      INT64_MAX));
}

TEST_F(block, farthest_deadline_waits)
{
	struct job *job = new_job(self->fd);
	pid_t pid;

	job->deadline = INT64_MAX;
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, reap(pid));
}

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME	0x00000080
#endif

/* A process whose clock runs a day ahead, or behind, of everybody's. */
static int wait_in_own_time(void *arg)
{
	struct job *job = arg;
	__s64 deadline = in_ms(60);
	struct got got;

	if (recv_into(job->fd, NULL, NULL, 0, 0, NULL, deadline) != -ETIMEDOUT)
		return 1;
	if (now() < deadline)
		return 2;
	if (send_text(job->fd, 1, "x") != 1)
		return 3;
	got = take(job->fd);
	return got.header.time >= deadline && got.header.time <= now() ? 0 : 4;
}

/* The farthest deadline is none of the near ones in any namespace. */
static int wait_farthest_in_own_time(void *arg)
{
	struct job *job = arg;

	job->deadline = INT64_MAX;
	return recv_job(job);
}

static int enter_earlier_time(void *arg)
{
	if (unshare(CLONE_NEWTIME) ||
	    write_file("/proc/self/timens_offsets", "monotonic -1 0"))
		return 99;
	return run(wait_farthest_in_own_time, arg);
}

TEST_F(block, farthest_deadline_waits_in_an_earlier_time_namespace)
{
	struct job *job = new_job(self->fd);
	pid_t pid;

	if (access("/proc/self/timens_offsets", F_OK))
		SKIP(return, "the kernel has no time namespaces");
	pid = spawn(enter_earlier_time, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, reap(pid));
}

static int enter_own_time(void *arg)
{
	struct job *job = arg;

	if (unshare(CLONE_NEWTIME) ||
	    write_file("/proc/self/timens_offsets", job->text))
		return 99;
	return run(wait_in_own_time, job);
}

TEST_F(block, deadlines_and_times_are_of_the_callers_time_namespace)
{
	struct job *job = new_job(self->fd);

	if (access("/proc/self/timens_offsets", F_OK))
		SKIP(return, "the kernel has no time namespaces");
	strcpy(job->text, "monotonic 86400 0");
	EXPECT_EQ(0, run(enter_own_time, job));
	strcpy(job->text, "monotonic -1 0");
	EXPECT_EQ(0, run(enter_own_time, job));
}

TEST_F(block, timed_out_receiver_is_given_nothing)
{
	struct job *job = new_job(self->fd);

	job->deadline = in_ms(20);
	EXPECT_EQ(ETIMEDOUT, run(recv_job, job));
	EXPECT_EQ(1, send_text(self->fd, 1, "stays"));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_HARNESS_MAIN
