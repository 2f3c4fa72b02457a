// SPDX-License-Identifier: GPL-2.0
/*
 * The states of a call, each way from one to another, and every end.
 */
#include "fixture_call.h"

/* ---- states ------------------------------------------------------------ */

TEST_F(call, offered_request_is_not_sent)
{
	struct mbox_info before = info_of(self->full), info;

	call_text(&self->c, self->full, "request");
	ASSERT_TRUE(wait_senders(self->full, 1));
	info = info_of(self->full);
	EXPECT_EQ(before.sent, info.sent);
	EXPECT_EQ(before.msgs, info.msgs);
	EXPECT_EQ(0, info.calls);
	EXPECT_EQ(0, info.owed);
	EXPECT_EQ(0, remove_mailbox(self->full));
	EXPECT_EQ(-EIDRM, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
}

TEST_F(call, offered_becomes_queued_when_there_is_room)
{
	struct mbox_info info;
	struct got got;

	call_text(&self->c, self->full, "request");
	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_EQ(1, take(self->full).ret);
	info = info_of(self->full);
	EXPECT_EQ(0, info.waiting_senders);
	EXPECT_EQ(1, info.msgs);
	EXPECT_EQ(1, info.calls);
	EXPECT_EQ(2, info.sent);
	got = take(self->full);
	EXPECT_EQ(2, got.header.seq);
	EXPECT_EQ(0, reply_text(self->full, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_TRUE(all_settled(self->full));
}

TEST_F(call, offered_becomes_taken_by_a_receiver_of_its_type)
{
	struct got got;

	aim(&self->c, self->full, "request");
	self->c.call.type = 2;
	start_call(&self->c);
	ASSERT_TRUE(wait_senders(self->full, 1));
	got = take_range(self->full, 2, 2, 0);
	EXPECT_EQ(1, got.ret);
	EXPECT_NE(0, got.header.cookie);
	EXPECT_EQ(1, info_of(self->full).calls);
	EXPECT_EQ(1, info_of(self->full).owed);
	EXPECT_EQ(1, msgs_of(self->full));
	EXPECT_EQ(0, reply_text(self->full, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
}

static void *serve_one(void *arg)
{
	int fd = *(int *)arg;
	struct got got = take_next(fd);

	return (void *)(long)reply_text(fd, got.header.cookie, got.text);
}

TEST_F(call, waiting_receiver_takes_it_at_once)
{
	pthread_t thread;
	void *ret;

	pthread_create(&thread, NULL, serve_one, &self->server);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(0, do_call(self->fd, &self->c.call));
	EXPECT_STREQ("request", self->c.reply);
	pthread_join(thread, &ret);
	EXPECT_EQ(NULL, ret);
	EXPECT_EQ(0, info_of(self->fd).peak_msgs);
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call, queued_becomes_taken_and_then_ended)
{
	__u64 cookie;

	call_text(&self->c, self->fd, "request");
	ASSERT_TRUE(wait_calls(self->fd, 1));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->server).owed);
	cookie = take(self->server).header.cookie;
	EXPECT_EQ(1, info_of(self->fd).calls);
	EXPECT_EQ(1, info_of(self->server).owed);
	EXPECT_EQ(0, info_of(self->fd).owed);
	EXPECT_EQ(0, msgs_of(self->fd));
	EXPECT_EQ(0, reply_text(self->server, cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call, taken_becomes_queued_again_when_it_is_put_back)
{
	struct got got;

	call_text(&self->c, self->fd, "request");
	got = take_next(self->server);
	EXPECT_EQ(0, put_back(self->server, got.header.cookie));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(1, info_of(self->fd).calls);
	EXPECT_EQ(0, info_of(self->server).owed);
	EXPECT_EQ(0, info_of(self->fd).received);
	EXPECT_TRUE(balanced(self->fd));
	got = take(self->server);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
}

TEST_F(call, offered_request_is_shown_by_peek)
{
	struct got got;

	aim(&self->c, self->full, "request");
	self->c.call.type = 2;
	start_call(&self->c);
	ASSERT_TRUE(wait_senders(self->full, 1));
	got = take_with(self->full, MBOX_RECV_PEEK | MBOX_RECV_NOWAIT,
			&(struct mbox_filter){ .lo = 2, .hi = 2 });
	EXPECT_EQ(1, got.ret);
	EXPECT_EQ(MBOX_MSG_CALL, got.header.flags);
	EXPECT_EQ(0, got.header.cookie);
	EXPECT_EQ(0, got.header.seq);
	EXPECT_EQ(1, info_of(self->full).waiting_senders);
	EXPECT_EQ(0, info_of(self->full).calls);
	EXPECT_EQ(0, remove_mailbox(self->full));
	EXPECT_EQ(-EIDRM, end_call(&self->c));
}

/* ---- ends -------------------------------------------------------------- */

TEST_F(call, deadline_of_an_offered_call_sends_nothing)
{
	struct mbox_info before = info_of(self->full);

	aim(&self->c, self->full, "request");
	self->c.call.deadline = 1;
	EXPECT_EQ(-ETIMEDOUT, do_call(self->full, &self->c.call));
	self->c.call.deadline = in_ms(20);
	EXPECT_EQ(-ETIMEDOUT, do_call(self->full, &self->c.call));
	EXPECT_LE(self->c.call.deadline, now());
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_TRUE(same_info(&before, self->full));
}

TEST_F(call, deadline_of_a_queued_call_withdraws_it)
{
	struct mbox_info info;

	self->c.call.deadline = in_ms(20);
	EXPECT_EQ(-ETIMEDOUT, do_call(self->fd, &self->c.call));
	EXPECT_LE(self->c.call.deadline, now());
	EXPECT_EQ(0, self->c.call.cookie);
	info = info_of(self->fd);
	EXPECT_EQ(1, info.sent);
	EXPECT_EQ(1, info.withdrawn);
	EXPECT_EQ(0, info.received + info.lost);
	EXPECT_EQ(0, info.bytes);
	EXPECT_EQ(-EAGAIN, take(self->server).ret);
	EXPECT_TRUE(all_settled(self->server));
}

/* What it had of the mailbox others can have now. */
TEST_F(call, withdrawn_request_makes_room_for_a_blocked_sender)
{
	struct job *job = new_job(self->full);
	pid_t pid;

	EXPECT_EQ(1, take(self->full).ret);
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->full, "request"));
	strcpy(job->text, "next");
	pid = spawn(send_job, job);
	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("next", take(self->full).text);
}

TEST_F(call, deadline_of_a_taken_call_leaves_the_delivery)
{
	__u64 cookie;

	self->c.call.deadline = in_ms(100);
	start_call(&self->c);
	cookie = take_next(self->server).header.cookie;
	EXPECT_EQ(0, check_wanted(self->server, cookie));
	EXPECT_EQ(-ETIMEDOUT, end_call(&self->c));
	EXPECT_EQ(0, info_of(self->fd).calls);
	EXPECT_EQ(0, info_of(self->fd).withdrawn);
	EXPECT_EQ(1, info_of(self->server).owed);
	EXPECT_EQ(POLLPRI, poll_now(self->server));
	EXPECT_EQ(-ECANCELED, check_wanted(self->server, cookie));
	EXPECT_EQ(-ECANCELED, reply_text(self->server, cookie, "late"));
	EXPECT_EQ(-EALREADY, reply_text(self->server, cookie, "later"));
	EXPECT_EQ(0, poll_now(self->server));
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call, close_of_the_receiver_returns_eownerdead)
{
	call_text(&self->c, self->fd, "request");
	EXPECT_EQ(1, take_next(self->server).ret);
	close(self->server);
	EXPECT_EQ(-EOWNERDEAD, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(0, info_of(self->fd).calls);
	EXPECT_EQ(1, info_of(self->fd).received);
	self->server = open_existing(self->name, O_RDONLY);
	EXPECT_EQ(-EAGAIN, take(self->server).ret);
}

/* One that nobody took is not lost with a receiver that might have. */
TEST_F(call, close_of_a_receiver_does_not_end_a_queued_call)
{
	struct got got;

	call_text(&self->c, self->fd, "request");
	ASSERT_TRUE(wait_calls(self->fd, 1));
	close(self->server);
	EXPECT_EQ(1, info_of(self->fd).calls);
	self->server = open_existing(self->name, O_RDONLY);
	got = take(self->server);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
}

static int take_and_stand_still(void *arg)
{
	int fd = open_existing(arg, O_RDONLY);

	if (take_next(fd).ret != 1)
		return 1;
	for (;;)
		pause();
}

TEST_F(call, sigkill_of_the_receiver_returns_eownerdead)
{
	pid_t pid;

	/* A child would have a copy of it. */
	close(self->server);
	pid = spawn(take_and_stand_still, (void *)self->name);
	call_text(&self->c, self->fd, "request");
	ASSERT_TRUE(wait_calls(self->fd, 1));
	ASSERT_TRUE(wait_msgs(self->fd, 0));
	kill(pid, SIGKILL);
	EXPECT_EQ(-EOWNERDEAD, end_call(&self->c));
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	EXPECT_EQ(0, info_of(self->fd).calls);
	self->server = -1;
}

TEST_F(call, removal_ends_queued_and_taken_with_eidrm)
{
	__u64 cookie;

	call_text(&self->c, self->fd, "taken");
	cookie = take_next(self->server).header.cookie;
	call_text(&self->d, self->fd, "queued");
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, end_call(&self->c));
	EXPECT_EQ(-EIDRM, end_call(&self->d));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(-EIDRM, reply_text(self->server, cookie, "late"));
	EXPECT_EQ(-EIDRM, check_wanted(self->server, cookie));
	EXPECT_EQ(-EIDRM, put_back(self->server, cookie));
}

TEST_F(call, drop_oldest_ends_the_dropped_one_with_enobufs)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_OLDEST);

	call_text(&self->c, fd, "first");
	ASSERT_TRUE(wait_calls(fd, 1));
	ASSERT_EQ(1, send_text(fd, 1, "second"));
	EXPECT_EQ(-ENOBUFS, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(0, info_of(fd).calls);
	EXPECT_EQ(1, info_of(fd).lost);
	EXPECT_EQ(0, info_of(fd).withdrawn);
	EXPECT_TRUE(balanced(fd));
	EXPECT_STREQ("second", take(fd).text);
}

TEST_F(call, drop_newest_ends_the_new_one_with_enobufs)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_NEWEST);

	ASSERT_EQ(1, send_text(fd, 1, "first"));
	aim(&self->c, fd, "second");
	EXPECT_EQ(-ENOBUFS, do_call(fd, &self->c.call));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(2, info_of(fd).sent);
	EXPECT_EQ(1, info_of(fd).lost);
	EXPECT_EQ(0, info_of(fd).calls);
	EXPECT_TRUE(balanced(fd));
}

TEST_F(call, purge_ends_queued_with_enobufs_and_leaves_taken)
{
	__u64 cookie;

	call_text(&self->c, self->fd, "taken");
	cookie = take_next(self->server).header.cookie;
	call_text(&self->d, self->fd, "queued");
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	ASSERT_EQ(0, purge(self->fd));
	EXPECT_EQ(-ENOBUFS, end_call(&self->d));
	EXPECT_EQ(1, info_of(self->fd).calls);
	EXPECT_EQ(1, info_of(self->fd).lost);
	EXPECT_EQ(0, reply_text(self->server, cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call, last_receiver_of_an_anonymous_mailbox_goes_with_epipe)
{
	int reader, writer;

	ASSERT_EQ(0, open_pair(&reader, &writer));
	call_text(&self->c, writer, "taken");
	EXPECT_EQ(1, take_next(reader).ret);
	call_text(&self->d, writer, "queued");
	ASSERT_TRUE(wait_msgs(writer, 1));
	close(reader);
	EXPECT_EQ(-EOWNERDEAD, end_call(&self->c));
	EXPECT_EQ(-EPIPE, end_call(&self->d));
	EXPECT_EQ(0, info_of(writer).calls);
	EXPECT_TRUE(balanced(writer));
	close(writer);
}

TEST_F(call, last_receiver_goes_with_epipe_for_an_offered_call)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0);
	int reader = grant(fd, MBOX_RIGHT_RECV);
	int writer = grant(fd, MBOX_RIGHT_SEND);

	close(fd);
	ASSERT_EQ(1, send_text(writer, 1, "fills it"));
	call_text(&self->c, writer, "offered");
	ASSERT_TRUE(wait_senders(writer, 1));
	close(reader);
	EXPECT_EQ(-EPIPE, end_call(&self->c));
	EXPECT_EQ(1, info_of(writer).sent);
	close(writer);
}

/* ---- limits that change ------------------------------------------------ */

static int set_limit(int fd, int attr, __u32 value)
{
	struct genl nl;
	int ret = genl_open(&nl);

	if (ret < 0)
		return ret;
	ret = genl_set(&nl, id_of(fd), attr, value);
	close(nl.fd);
	return ret;
}

TEST_F(call, offered_above_a_new_max_size_returns_emsgsize)
{
	call_text(&self->c, self->full, "longer than five");
	ASSERT_TRUE(wait_senders(self->full, 1));
	ASSERT_EQ(0, set_limit(self->full, MBOX_A_MAILBOX_MAX_SIZE, 5));
	EXPECT_EQ(-EMSGSIZE, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(1, info_of(self->full).sent);
}

TEST_F(call, offered_under_a_new_policy_is_dropped_or_queued)
{
	call_text(&self->c, self->full, "request");
	ASSERT_TRUE(wait_senders(self->full, 1));
	ASSERT_EQ(0, set_limit(self->full, MBOX_A_MAILBOX_POLICY,
			       MBOX_POLICY_DROP_OLDEST));
	ASSERT_TRUE(wait_calls(self->full, 1));
	EXPECT_EQ(1, info_of(self->full).lost);
	ASSERT_EQ(0, set_limit(self->full, MBOX_A_MAILBOX_POLICY, 0));
	call_text(&self->d, self->full, "another");
	ASSERT_TRUE(wait_senders(self->full, 1));
	ASSERT_EQ(0, set_limit(self->full, MBOX_A_MAILBOX_POLICY,
			       MBOX_POLICY_DROP_NEWEST));
	EXPECT_EQ(-ENOBUFS, end_call(&self->d));
	EXPECT_EQ(1, info_of(self->full).calls);
	EXPECT_EQ(0, reply_text(self->full, take(self->full).header.cookie,
				"reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_TRUE(all_settled(self->full));
}

/* What was reserved at the call is what holds. */
TEST_F(call, smaller_max_size_takes_nothing_from_the_room)
{
	char buf[TEXT_MAX] = { 0 };
	struct got got;

	call_text(&self->c, self->fd, "request");
	got = take_next(self->server);
	ASSERT_EQ(0, set_limit(self->fd, MBOX_A_MAILBOX_MAX_SIZE, 5));
	EXPECT_EQ(0, reply_bytes(self->server, got.header.cookie, 1, buf,
				 TEXT_MAX));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_EQ(TEXT_MAX, self->c.call.header.len);
}

TEST_HARNESS_MAIN
