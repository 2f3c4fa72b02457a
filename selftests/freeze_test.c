// SPDX-License-Identifier: GPL-2.0
/* Frozen mailboxes: they take messages and give none, but for what they are told to. */
#include "mbox_topic.h"

#include <sys/epoll.h>

FIXTURE(freeze)
{
	struct genl nl;
	int fd;
};

FIXTURE_SETUP(freeze)
{
	struct mbox_open args = open_args(own_name(), MBOX_OPEN_CREATE);

	args.limits.max_msgs = 1;
	self->fd = open_with(O_RDWR, &args);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, genl_open(&self->nl));
	ASSERT_EQ(0, freeze(&self->nl, self->fd));
}

FIXTURE_TEARDOWN(freeze)
{
	EXPECT_TRUE(balanced(self->fd));
	close(self->fd);
	close(self->nl.fd);
}

static pid_t start_receive(int fd, const char *text)
{
	pid_t pid = fork();
	struct got got;

	if (!pid) {
		got = take_with(fd, 0, NULL);
		_exit(got.ret == 1 && !strcmp(got.text, text) ? 0 : 1);
	}
	while (info_of(fd).waiting_receivers != 1)
		usleep(1000);
	return pid;
}

/* Receivers that wait, one after the other, each for a message of its own. */
static bool start_crowd(int fd, struct job **jobs, pid_t *pids, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		jobs[i] = new_job(fd);
		pids[i] = spawn(recv_job, jobs[i]);
		if (!wait_blocked(fd, i + 1, info_of(fd).waiting_senders))
			return false;
	}
	return true;
}

TEST_F(freeze, holds_messages_back)
{
	EXPECT_EQ(1, send_nowait(self->fd, 1, "x"));
	EXPECT_EQ(-EAGAIN, send_nowait(self->fd, 1, "y"));
	EXPECT_EQ(-EAGAIN, take(self->fd).ret);
	EXPECT_EQ(0, poll_now(self->fd) & POLLIN);
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_STREQ("x", take(self->fd).text);
}

TEST_F(freeze, thaw_gives_each_receive_one_message)
{
	pid_t receiver = start_receive(self->fd, "first"), sender;

	EXPECT_EQ(1, send_nowait(self->fd, 1, "first"));
	sender = fork();
	if (!sender)
		_exit(send_text(self->fd, 1, "second") == 1 ? 0 : 1);
	while (info_of(self->fd).waiting_senders != 1)
		usleep(1000);
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(0, reap(receiver));
	EXPECT_EQ(0, reap(sender));
	EXPECT_STREQ("second", take(self->fd).text);
}

TEST_F(freeze, step_lets_one_message_go)
{
	pid_t receiver = start_receive(self->fd, "x");

	EXPECT_EQ(1, send_nowait(self->fd, 1, "x"));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(0, reap(receiver));
	EXPECT_EQ(1, send_nowait(self->fd, 1, "y"));
	EXPECT_EQ(-EAGAIN, take(self->fd).ret);
}

/* The message that could not be copied is there for another receive. */
TEST_F(freeze, failed_receive_is_no_step)
{
	EXPECT_EQ(1, send_nowait(self->fd, 1, "x"));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(-EFAULT, or_errno(read(self->fd, nowhere(), 99)));
	EXPECT_EQ(1, info_of(self->fd).steps);
	EXPECT_EQ(-EFAULT, lease_vec(self->fd, nowhere(), 1, 0, 0));
	EXPECT_EQ(1, info_of(self->fd).steps);
	EXPECT_STREQ("x", take(self->fd).text);
	EXPECT_EQ(0, info_of(self->fd).steps);
}

/* ---- steps --------------------------------------------------------------------------- */

/* As above, with as much room as others have; @nl asks, @reader only receives. */
FIXTURE(frozen)
{
	struct genl nl;
	int fd, reader;
	struct job *jobs[3];
	pid_t pids[3];
	struct got got;
	struct caller c;
	struct post p;
};

FIXTURE_SETUP(frozen)
{
	self->fd = open_mailbox(own_name(), O_RDWR);
	self->reader = open_existing(own_name(), O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->reader);
	ASSERT_EQ(0, genl_open(&self->nl));
	ASSERT_EQ(0, freeze(&self->nl, self->fd));
}

FIXTURE_TEARDOWN(frozen)
{
	close(self->reader);
	EXPECT_TRUE(books_balance(self->fd));
	close(self->fd);
	close(self->nl.fd);
}

static void send_three(int fd)
{
	send_text(fd, 1, "a");
	send_text(fd, 2, "b");
	send_text(fd, 3, "c");
}

TEST_F(frozen, steps_go_to_those_who_wait_in_their_order)
{
	ASSERT_TRUE(start_crowd(self->fd, self->jobs, self->pids, 3));
	send_three(self->fd);
	EXPECT_EQ(3, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(3, msgs_of(self->fd));
	EXPECT_EQ(0, step(&self->nl, self->fd, 2));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).steps);
	EXPECT_EQ(0, reap(self->pids[0]));
	EXPECT_EQ(0, reap(self->pids[1]));
	EXPECT_STREQ("a", self->jobs[0]->text);
	EXPECT_STREQ("b", self->jobs[1]->text);
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(0, reap(self->pids[2]));
	EXPECT_STREQ("c", self->jobs[2]->text);
}

TEST_F(frozen, steps_beyond_what_is_queued_are_left)
{
	ASSERT_TRUE(start_crowd(self->fd, self->jobs, self->pids, 2));
	ASSERT_EQ(1, send_text(self->fd, 1, "a"));
	EXPECT_EQ(0, step(&self->nl, self->fd, 3));
	EXPECT_EQ(0, reap(self->pids[0]));
	EXPECT_EQ(2, info_of(self->fd).steps);
	send_three(self->fd);
	EXPECT_EQ(0, reap(self->pids[1]));
	EXPECT_STREQ("a", self->jobs[1]->text);
	EXPECT_EQ(1, info_of(self->fd).steps);
	EXPECT_STREQ("b", take(self->reader).text);
	EXPECT_EQ(0, info_of(self->fd).steps);
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
}

TEST_F(frozen, steps_add_up_until_it_thaws)
{
	__u64 id = id_of(self->fd);

	EXPECT_EQ(0, step(&self->nl, self->fd, 2));
	EXPECT_EQ(0, step(&self->nl, self->fd, 3));
	EXPECT_EQ(5, info_of(self->fd).steps);
	EXPECT_EQ(0, genl_set(&self->nl, id, MBOX_A_MAILBOX_MODE, 0600));
	EXPECT_EQ(0, freeze(&self->nl, self->fd));
	EXPECT_EQ(5, info_of(self->fd).steps);
	EXPECT_EQ(MBOX_INFO_FROZEN, info_of(self->fd).flags);
	EXPECT_EQ(0, genl_by_id(&self->nl, MBOX_CMD_GET, id));
	EXPECT_EQ(1, genl_u32(&self->nl.msg, MBOX_A_MAILBOX_FROZEN));
	EXPECT_EQ(5, genl_u32(&self->nl.msg, MBOX_A_MAILBOX_STEPS));
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(0, info_of(self->fd).steps);
	EXPECT_EQ(0, info_of(self->fd).flags);
	EXPECT_EQ(0, freeze(&self->nl, self->fd));
	EXPECT_EQ(0, info_of(self->fd).steps);
}

TEST_F(frozen, vector_gets_as_many_as_there_are_steps)
{
	struct mbox_message vec[3] = { 0 };
	struct mbox_recv args = { .count = 3, .vec = addr(vec) };
	char room[3];
	int i;

	for (i = 0; i < 3; i++) {
		vec[i].buf = addr(&room[i]);
		vec[i].size = 1;
	}
	send_three(self->fd);
	EXPECT_EQ(0, step(&self->nl, self->fd, 2));
	EXPECT_EQ(2, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(frozen, look_takes_no_step)
{
	struct mbox_header header;
	char small[1];

	ASSERT_EQ(1, send_text(self->fd, 1, "long"));
	EXPECT_EQ(-EAGAIN, take_with(self->reader, MBOX_RECV_NOWAIT | MBOX_RECV_PEEK, NULL).ret);
	EXPECT_EQ(-1, info_of(self->reader).next_size);
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	self->got = take_with(self->reader, MBOX_RECV_NOWAIT | MBOX_RECV_PEEK, NULL);
	EXPECT_STREQ("long", self->got.text);
	EXPECT_EQ(4, info_of(self->reader).next_size);
	EXPECT_EQ(-EMSGSIZE, recv_into(self->reader, &header, small, 1, MBOX_RECV_NOWAIT, NULL, 0));
	EXPECT_EQ(1, info_of(self->fd).steps);
	EXPECT_STREQ("long", take(self->reader).text);
}

TEST_F(frozen, look_that_waits_is_shown_nothing_before_a_step)
{
	struct job *job = new_job(self->fd);
	pid_t pid;

	job->flags = MBOX_RECV_PEEK;
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("text", job->text);
	EXPECT_EQ(1, info_of(self->fd).steps);
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(frozen, step_waits_for_a_message_that_the_receiver_takes)
{
	struct job *job = new_job(self->fd);
	pid_t pid;

	job->filter = (struct mbox_filter){ .lo = 2, .hi = 2 };
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	ASSERT_EQ(1, send_text(self->fd, 1, "other"));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(1, info_of(self->fd).steps);
	ASSERT_EQ(1, send_text(self->fd, 2, "text"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("text", job->text);
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
}

/* ---- poll ---------------------------------------------------------------------------- */

static int poll_job(void *arg)
{
	struct job *job = arg;

	return wait_poll(job->fd, POLLIN) ? 0 : ETIMEDOUT;
}

TEST_F(frozen, poll_sleeps_until_a_step)
{
	struct job *job = new_job(self->reader);
	pid_t pid = spawn(poll_job, job);

	ASSERT_TRUE(wait_asleep(pid));
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(0, poll_now(self->reader));
	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(POLL_READ, poll_now(self->reader));
	EXPECT_STREQ("text", take(self->reader).text);
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(0, poll_now(self->reader));
}

TEST_F(frozen, edge_comes_with_the_thaw)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET }, out;
	int set = epoll_create1(0);

	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->reader, &event));
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(0, epoll_wait(set, &out, 1, 0));
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(1, epoll_wait(set, &out, 1, 0));
	EXPECT_EQ(0, epoll_wait(set, &out, 1, 0));
	close(set);
}

TEST_F(frozen, signal_comes_with_the_thaw)
{
	catch_signal(SIGIO, 0);
	EXPECT_EQ(0, fcntl(self->reader, F_SETOWN, getpid()));
	EXPECT_EQ(0, fcntl(self->reader, F_SETFL, O_ASYNC));
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(0, signals_seen);
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(1, signals_seen);
}

TEST_F(freeze, poll_tells_senders_of_room_as_ever)
{
	EXPECT_EQ(POLL_WRITE, poll_now(self->fd));
	EXPECT_EQ(1, send_nowait(self->fd, 1, "x"));
	EXPECT_EQ(0, poll_now(self->fd));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(POLL_READ, poll_now(self->fd));
	EXPECT_EQ(1, take(self->fd).ret);
	EXPECT_EQ(POLL_WRITE, poll_now(self->fd));
}

/* ---- calls and leases ---------------------------------------------------------------- */

TEST_F(frozen, request_waits_and_can_be_given_up)
{
	call_text(&self->c, self->fd, "request");
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	self->got = take(self->reader);
	EXPECT_STREQ("request", self->got.text);
	/* A reply is no message of the mailbox. */
	EXPECT_EQ(0, reply_text(self->reader, self->got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
	aim(&self->c, self->fd, "late");
	self->c.call.deadline = in_ms(20);
	EXPECT_EQ(-ETIMEDOUT, do_call(self->fd, &self->c.call));
	EXPECT_EQ(1, info_of(self->fd).withdrawn);
}

TEST_F(frozen, request_that_is_put_back_stays)
{
	call_text(&self->c, self->fd, "request");
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	self->got = take(self->reader);
	ASSERT_TRUE(start_crowd(self->fd, self->jobs, self->pids, 1));
	EXPECT_EQ(0, check_wanted(self->reader, self->got.header.cookie));
	EXPECT_EQ(0, put_back(self->reader, self->got.header.cookie));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, end_call(&self->c));
	EXPECT_EQ(EIDRM, reap(self->pids[0]));
}

TEST_F(frozen, settle_settles_and_receives_nothing_next)
{
	struct mbox_message message = { .buf = addr(self->got.text), .size = TEXT_MAX };
	struct mbox_recv next = { .flags = MBOX_RECV_NOWAIT, .count = 1, .vec = addr(&message) };
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_ACK | MBOX_SETTLE_NEXT,
		.next = addr(&next),
	};

	send_three(self->fd);
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	settle.cookie = lease(self->reader).header.cookie;
	EXPECT_EQ(-EAGAIN, do_settle(self->reader, &settle));
	EXPECT_EQ(0, settle.cookie);
	EXPECT_EQ(1, info_of(self->fd).received);
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(1, do_settle(self->reader, &settle));
	EXPECT_STREQ("b", self->got.text);
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(frozen, lease_that_ends_is_held_back_again)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(1, lease_for(self->reader, NSEC_PER_MSEC).ret);
	ASSERT_TRUE(start_crowd(self->fd, self->jobs, self->pids, 1));
	ASSERT_TRUE(wait_leased(self->fd, 0));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(1, info_of(self->fd).waiting_receivers);
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(0, reap(self->pids[0]));
	EXPECT_EQ(1, self->jobs[0]->header.deliveries);
}

/* ---- senders ------------------------------------------------------------------------- */

TEST_F(frozen, rendezvous_takes_a_step)
{
	ASSERT_TRUE(start_crowd(self->fd, self->jobs, self->pids, 1));
	EXPECT_EQ(-EAGAIN, send_until(self->fd, 1, "x", 1, MBOX_SEND_SYNC | MBOX_SEND_NOWAIT, 0));
	EXPECT_EQ(-ETIMEDOUT, send_until(self->fd, 1, "x", 1, MBOX_SEND_SYNC, in_ms(20)));
	EXPECT_EQ(1, info_of(self->fd).withdrawn);
	post_sync(&self->p, self->fd, "met");
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(1, end_post(&self->p));
	EXPECT_EQ(0, reap(self->pids[0]));
	EXPECT_STREQ("met", self->jobs[0]->text);
	ASSERT_TRUE(start_crowd(self->fd, self->jobs, self->pids, 1));
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(1, send_until(self->fd, 1, "x", 1, MBOX_SEND_SYNC | MBOX_SEND_NOWAIT, 0));
	EXPECT_EQ(0, reap(self->pids[0]));
}

TEST_F(frozen, time_to_live_goes_on)
{
	ASSERT_TRUE(start_crowd(self->fd, self->jobs, self->pids, 1));
	ASSERT_EQ(1, send_ttl(self->fd, 1, "short", NSEC_PER_MSEC));
	ASSERT_EQ(1, send_text(self->fd, 1, "long"));
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	EXPECT_EQ(1, info_of(self->fd).expired);
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(0, reap(self->pids[0]));
	EXPECT_STREQ("long", self->jobs[0]->text);
	EXPECT_EQ(1, self->jobs[0]->header.lost);
}

static pid_t start_sender(int fd, const char *text, __u32 nth, __u32 receivers)
{
	struct job *job = new_job(fd);
	pid_t pid;

	strcpy(job->text, text);
	pid = spawn(send_job, job);
	return wait_blocked(fd, receivers, nth) ? pid : -1;
}

TEST_F(freeze, crowds_meet_in_order_after_a_step_and_a_thaw)
{
	struct job *jobs[3];
	pid_t pids[3], a, b, c;

	ASSERT_TRUE(start_crowd(self->fd, jobs, pids, 3));
	EXPECT_EQ(1, send_nowait(self->fd, 1, "1"));
	a = start_sender(self->fd, "2", 1, 3);
	b = start_sender(self->fd, "3", 2, 3);
	c = start_sender(self->fd, "4", 3, 3);
	EXPECT_EQ(0, step(&self->nl, self->fd, 1));
	EXPECT_EQ(0, reap(pids[0]));
	EXPECT_EQ(0, reap(a));
	EXPECT_TRUE(wait_blocked(self->fd, 2, 2));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_EQ(0, reap(pids[2]));
	EXPECT_EQ(0, reap(b));
	EXPECT_EQ(0, reap(c));
	EXPECT_STREQ("1", jobs[0]->text);
	EXPECT_STREQ("2", jobs[1]->text);
	EXPECT_STREQ("3", jobs[2]->text);
	EXPECT_STREQ("4", take(self->fd).text);
}

TEST_F(freeze, policy_discards_as_ever)
{
	__u64 id = id_of(self->fd);

	EXPECT_EQ(0, genl_set(&self->nl, id, MBOX_A_MAILBOX_POLICY, MBOX_POLICY_DROP_OLDEST));
	EXPECT_EQ(1, send_nowait(self->fd, 1, "a"));
	EXPECT_EQ(1, send_nowait(self->fd, 1, "b"));
	EXPECT_EQ(1, info_of(self->fd).lost);
	EXPECT_EQ(0, genl_by_id(&self->nl, MBOX_CMD_PURGE, id));
	EXPECT_EQ(2, info_of(self->fd).lost);
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(-EAGAIN, take(self->fd).ret);
}

/* ---- receivers ----------------------------------------------------------------------- */

TEST_F(frozen, receiver_has_its_deadline)
{
	char text[8];

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(-ETIMEDOUT, recv_into(self->reader, NULL, text, 8, 0, NULL, in_ms(20)));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST(blocked_receivers_of_a_frozen_anonymous_mailbox_end_with_the_thaw)
{
	struct job *jobs[2];
	int reader, writer, i;
	struct genl nl;
	pid_t pids[2];

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, open_pair(&reader, &writer));
	EXPECT_EQ(0, freeze(&nl, reader));
	for (i = 0; i < 2; i++) {
		jobs[i] = new_job(reader);
		jobs[i]->unwanted = writer;
		pids[i] = spawn(recv_job, jobs[i]);
		ASSERT_TRUE(wait_receivers(reader, i + 1));
	}
	EXPECT_EQ(1, send_nowait(writer, 1, "last"));
	close(writer);
	EXPECT_EQ(2, info_of(reader).waiting_receivers);
	EXPECT_EQ(0, thaw(&nl, reader));
	EXPECT_EQ(0, reap(pids[0]));
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_EQ(1, jobs[0]->ret);
	EXPECT_STREQ("last", jobs[0]->text);
	EXPECT_EQ(0, jobs[1]->ret);
	close(reader);
	close(nl.fd);
}

TEST(frozen_topic_holds_every_copy_back)
{
	int fd = open_topic(own_name(), O_WRONLY, 0, 1, MBOX_POLICY_BLOCK);
	int a = subscribe(own_name()), b = subscribe(own_name());
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	EXPECT_EQ(0, freeze(&nl, fd));
	EXPECT_EQ(1, send_nowait(fd, 1, "x"));
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 1, "y"));
	EXPECT_EQ(0, poll_now(a));
	EXPECT_EQ(-EAGAIN, take(b).ret);
	/* A step is for one of the copies. */
	EXPECT_EQ(0, step(&nl, fd, 1));
	EXPECT_STREQ("x", take(b).text);
	EXPECT_EQ(-EAGAIN, take(a).ret);
	EXPECT_EQ(0, thaw(&nl, fd));
	EXPECT_STREQ("x", take(a).text);
	EXPECT_TRUE(balanced(fd));
	close(fd);
	close(a);
	close(b);
	close(nl.fd);
}

/* On a topic that goes on the message would be for who waits, full or not. */
TEST(publisher_waits_for_a_full_subscriber_of_a_frozen_topic)
{
	int fd = open_topic(own_name(), O_WRONLY, 0, 1, MBOX_POLICY_BLOCK);
	int a = subscribe(own_name());
	struct job *job = new_job(a);
	struct genl nl;
	pid_t pid;

	ASSERT_EQ(0, genl_open(&nl));
	EXPECT_EQ(1, send_nowait(fd, 5, "first"));
	job->filter = (struct mbox_filter){ .lo = 6, .hi = 6 };
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(fd, 1));
	EXPECT_EQ(0, freeze(&nl, fd));
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 6, "second"));
	EXPECT_EQ(1, msgs_of(fd));
	EXPECT_EQ(0, step(&nl, fd, 1));
	EXPECT_EQ(1, send_nowait(fd, 6, "second"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("second", job->text);
	EXPECT_EQ(-EAGAIN, take(a).ret);
	close(fd);
	close(a);
	close(nl.fd);
}

/* ---- refusals ------------------------------------------------------------------------ */

static int thaw_with_steps(struct genl *nl, int fd)
{
	struct genl_msg *msg = calloc(1, sizeof(*msg));
	int ret;

	genl_start(nl, msg, MBOX_CMD_SET, 0);
	genl_put_u64(msg, MBOX_A_MAILBOX_ID, id_of(fd));
	genl_put_u32(msg, MBOX_A_MAILBOX_FROZEN, 0);
	genl_put_u32(msg, MBOX_A_MAILBOX_STEPS, 1);
	ret = genl_ask(nl, msg);
	free(msg);
	return ret;
}

TEST_F(frozen, bad_values_return_einval_and_change_nothing)
{
	struct mbox_info before = info_of(self->fd);

	EXPECT_EQ(-EINVAL, genl_set(&self->nl, id_of(self->fd), MBOX_A_MAILBOX_FROZEN, 2));
	EXPECT_STREQ("frozen is neither 0 nor 1", self->nl.text);
	EXPECT_EQ(-EINVAL, step(&self->nl, self->fd, MBOX_MSGS_MAX + 1));
	EXPECT_STREQ("steps is not in 0..1048576", self->nl.text);
	EXPECT_EQ(-EINVAL, thaw_with_steps(&self->nl, self->fd));
	EXPECT_STREQ("steps are for a frozen mailbox", self->nl.text);
	EXPECT_TRUE(same_info(&before, self->fd));
	EXPECT_EQ(0, thaw(&self->nl, self->fd));
	EXPECT_EQ(-EINVAL, step(&self->nl, self->fd, 1));
	EXPECT_STREQ("steps are for a frozen mailbox", self->nl.text);
	EXPECT_EQ(0, step(&self->nl, self->fd, 0));
}

static int freeze_as_alice(void *arg)
{
	struct genl nl;

	if (become_user(ALICE) || genl_open(&nl))
		return -ENODEV;
	if (step(&nl, *(int *)arg, 1) != -EPERM || thaw(&nl, *(int *)arg) != -EPERM)
		return -EPROTO;
	return freeze(&nl, *(int *)arg);
}

TEST_F(frozen, only_the_owner_may)
{
	EXPECT_EQ(0, genl_set(&self->nl, id_of(self->fd), MBOX_A_MAILBOX_MODE, 0666));
	EXPECT_EQ(EPERM, run(freeze_as_alice, &self->fd));
	EXPECT_EQ(0, info_of(self->fd).steps);
	EXPECT_EQ(MBOX_INFO_FROZEN, info_of(self->fd).flags);
	EXPECT_EQ(0, genl_set(&self->nl, id_of(self->fd), MBOX_A_MAILBOX_UID, ALICE));
	EXPECT_EQ(EPROTO, run(freeze_as_alice, &self->fd));
	EXPECT_EQ(0, genl_set(&self->nl, id_of(self->fd), MBOX_A_MAILBOX_UID, 0));
}

TEST(new_does_not_take_frozen)
{
	struct genl_msg *msg = calloc(1, sizeof(*msg));
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	genl_start(&nl, msg, MBOX_CMD_NEW, 0);
	genl_put_name(msg, MBOX_A_MAILBOX_NAME, own_name());
	genl_put_u32(msg, MBOX_A_MAILBOX_FROZEN, 1);
	EXPECT_EQ(-EINVAL, genl_ask(&nl, msg));
	EXPECT_EQ(-ENOENT, open_existing(own_name(), O_RDWR));
	free(msg);
	close(nl.fd);
}

TEST_HARNESS_MAIN
