// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that nobody waits for: NOWAIT, how POLLPRI tells of their end, how they
 * are given up, and replies that could not be copied out.
 */
#include "fixture_call.h"

#include <stddef.h>
#include <sys/epoll.h>

/* ---- without waiting --------------------------------------------------- */

TEST_F(call, nowait_without_room_returns_eagain)
{
	struct mbox_info before = info_of(self->full);

	EXPECT_EQ(-EAGAIN, call_nowait(&self->c, self->full, "request"));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_TRUE(same_info(&before, self->full));
	ASSERT_EQ(0, set_nonblock(self->full));
	aim(&self->c, self->full, "request");
	EXPECT_EQ(-EAGAIN, do_call(self->full, &self->c.call));
	EXPECT_TRUE(same_info(&before, self->full));
	EXPECT_EQ(0, poll_now(self->full) & POLLPRI);
}

TEST_F(call, nonblocking_handle_returns_einprogress)
{
	ASSERT_EQ(0, set_nonblock(self->fd));
	EXPECT_EQ(-EINPROGRESS, do_call(self->fd, &self->c.call));
	EXPECT_NE(0, self->c.call.cookie);
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(-EINPROGRESS, do_call(self->fd, &self->c.call));
	EXPECT_EQ(1, info_of(self->fd).sent);
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	EXPECT_EQ(0, do_call(self->fd, &self->c.call));
	EXPECT_STREQ("reply", self->c.reply);
}

/* What was begun without waiting may be waited for. */
TEST_F(call, nowait_call_can_be_waited_for)
{
	struct got got;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	self->c.call.flags = 0;
	start_call(&self->c);
	got = take_next(self->server);
	ASSERT_TRUE(caller_sleeps(&self->c));
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	/* Someone waited for it: there was nothing to tell. */
	EXPECT_EQ(0, poll_now(self->fd) & POLLPRI);
}

#define MANY	100

TEST_F(call, each_of_many_calls_gets_its_own_reply)
{
	static struct caller c[MANY];
	__u64 cookies[MANY];
	char text[16];
	int i;

	for (i = 0; i < MANY; i++) {
		ASSERT_EQ(-EINPROGRESS, call_nowait(&c[i], self->fd, "x"));
		cookies[i] = take(self->server).header.cookie;
	}
	EXPECT_EQ(MANY, info_of(self->fd).calls);
	EXPECT_EQ(MANY, info_of(self->server).owed);
	for (i = MANY - 1; i >= 0; i--) {
		snprintf(text, sizeof(text), "reply %d", i);
		ASSERT_EQ(0, reply_text(self->server, cookies[i], text));
	}
	for (i = 0; i < MANY; i++) {
		EXPECT_EQ(POLLPRI, poll_now(self->fd) & POLLPRI);
		ASSERT_EQ(0, fetch(&c[i]));
		snprintf(text, sizeof(text), "reply %d", i);
		EXPECT_STREQ(text, c[i].reply);
	}
	EXPECT_EQ(0, poll_now(self->fd) & POLLPRI);
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call, call_without_a_waiter_has_no_deadline)
{
	struct got got;

	aim(&self->c, self->fd, "request");
	self->c.call.flags = MBOX_CALL_NOWAIT;
	self->c.call.deadline = in_ms(20);
	ASSERT_EQ(-EINPROGRESS, do_call(self->fd, &self->c.call));
	while (now() < self->c.call.deadline + 20 * NSEC_PER_MSEC)
		usleep(5000);
	EXPECT_EQ(1, info_of(self->fd).calls);
	got = take(self->server);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	/* The deadline has passed, but the reply is there. */
	EXPECT_EQ(0, do_call(self->fd, &self->c.call));
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_F(call, past_deadline_gives_up_a_queued_call)
{
	__u64 cookie;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	cookie = self->c.call.cookie;
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(1, info_of(self->fd).withdrawn);
	EXPECT_EQ(-EAGAIN, take(self->server).ret);
	self->c.call.cookie = cookie;
	EXPECT_EQ(-ESRCH, fetch(&self->c));
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call, past_deadline_fetches_a_reply_that_is_there)
{
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	EXPECT_EQ(0, give_up(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_F(call, close_of_the_handle_gives_up_all_its_calls)
{
	__u64 cookie;

	close(self->fd);
	self->fd = open_existing(self->name, O_WRONLY);
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "taken"));
	cookie = take(self->server).header.cookie;
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "ended"));
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "queued"));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "queued"));
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(2, info_of(self->server).withdrawn);
	EXPECT_EQ(0, info_of(self->server).calls);
	EXPECT_EQ(0, msgs_of(self->server));
	EXPECT_EQ(POLLPRI, poll_now(self->server));
	EXPECT_EQ(-ECANCELED, check_wanted(self->server, cookie));
	EXPECT_EQ(-ECANCELED, reply_text(self->server, cookie, "late"));
	EXPECT_TRUE(all_settled(self->server));
}

static int call_and_wait(void *arg)
{
	struct caller c;
	int fd = open_existing(arg, O_WRONLY);

	aim(&c, fd, "request");
	return do_call(fd, &c.call);
}

TEST_F(call, sigkill_of_the_caller_gives_up_its_call)
{
	pid_t pid = spawn(call_and_wait, (void *)self->name);
	__u64 cookie = take_next(self->server).header.cookie;

	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	EXPECT_EQ(0, info_of(self->fd).calls);
	EXPECT_EQ(-ECANCELED, reply_text(self->server, cookie, "late"));
	pid = spawn(call_and_wait, (void *)self->name);
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	EXPECT_EQ(1, info_of(self->fd).withdrawn);
	EXPECT_EQ(-EAGAIN, take(self->server).ret);
}

/* ---- pollpri ----------------------------------------------------------- */

TEST_F(call, pollpri_tells_of_each_end_until_it_is_fetched)
{
	static const int ends[] = { -ENOBUFS, 0, -EOWNERDEAD };
	struct got got;
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "x"));
		EXPECT_EQ(0, poll_now(self->fd) & POLLPRI);
		if (i)
			got = take(self->server);
		EXPECT_EQ(0, poll_now(self->fd) & POLLPRI);
		if (i == 0)
			EXPECT_EQ(0, purge(self->fd));
		if (i == 1)
			EXPECT_EQ(0, reply_text(self->server, got.header.cookie,
						"x"));
		if (i == 2)
			close(self->server);
		EXPECT_EQ(POLLPRI, poll_now(self->fd) & POLLPRI);
		EXPECT_EQ(POLLPRI, poll_now(self->fd) & POLLPRI);
		EXPECT_EQ(ends[i], fetch(&self->c));
		EXPECT_EQ(0, self->c.call.cookie);
		EXPECT_EQ(0, poll_now(self->fd) & POLLPRI);
	}
	self->server = -1;
}

TEST_F(call, removal_ends_calls_that_nobody_waits_for)
{
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "taken"));
	EXPECT_EQ(1, take(self->server).ret);
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "queued"));
	EXPECT_EQ(0, poll_now(self->fd) & POLLPRI);
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(POLLPRI | POLLHUP, poll_now(self->fd) & (POLLPRI | POLLHUP));
	EXPECT_EQ(-EIDRM, fetch(&self->c));
	EXPECT_EQ(-EIDRM, give_up(&self->d));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(0, self->d.call.cookie);
}

TEST_F(call, pollpri_tells_the_server_until_it_settles)
{
	__u64 cookie;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	cookie = take(self->server).header.cookie;
	EXPECT_EQ(0, poll_now(self->server));
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	/* Another handle has nothing to do with it. */
	EXPECT_EQ(0, poll_now(self->fd) & POLLPRI);
	EXPECT_EQ(POLLPRI, poll_now(self->server));
	EXPECT_EQ(-ECANCELED, check_wanted(self->server, cookie));
	EXPECT_EQ(POLLPRI, poll_now(self->server));
	EXPECT_EQ(-ECANCELED, put_back(self->server, cookie));
	EXPECT_EQ(0, poll_now(self->server));
}

static int poll_pri(void *arg)
{
	struct pollfd item = { .fd = *(int *)arg, .events = POLLPRI };

	return poll(&item, 1, -1) == 1 ? item.revents : 255;
}

TEST_F(call, pollpri_wakes_caller_and_server)
{
	__u64 cookie;
	pid_t pid;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	cookie = take(self->server).header.cookie;
	pid = spawn(poll_pri, &self->fd);
	ASSERT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, reply_text(self->server, cookie, "reply"));
	EXPECT_EQ(POLLPRI, reap(pid));
	EXPECT_EQ(0, fetch(&self->c));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	cookie = take(self->server).header.cookie;
	pid = spawn(poll_pri, &self->server);
	ASSERT_TRUE(wait_asleep(pid));
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	EXPECT_EQ(POLLPRI, reap(pid));
	EXPECT_EQ(-ECANCELED, reply_text(self->server, cookie, "late"));
}

TEST_F(call, epoll_edge_tells_each_end_once)
{
	struct epoll_event event = { .events = EPOLLPRI | EPOLLET };
	int ep = epoll_create1(EPOLL_CLOEXEC), i;
	struct caller c[5];

	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->fd, &event));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(-EINPROGRESS, call_nowait(&c[i], self->fd, "x"));
		EXPECT_EQ(0, epoll_wait(ep, &event, 1, 0));
		EXPECT_EQ(0, reply_text(self->server,
					take(self->server).header.cookie, "x"));
		EXPECT_EQ(1, epoll_wait(ep, &event, 1, 0));
		EXPECT_EQ(EPOLLPRI, event.events);
		EXPECT_EQ(0, epoll_wait(ep, &event, 1, 0));
	}
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, fetch(&c[i]));
	close(ep);
}

/* ---- replies that cannot be copied ------------------------------------- */

TEST_F(call, bad_reply_buffer_returns_efault_and_keeps_the_reply)
{
	char *page = page_before_nothing();
	struct got got;

	self->c.call.reply = addr(nowhere());
	start_call(&self->c);
	got = take_next(self->server);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(-EFAULT, end_call(&self->c));
	EXPECT_NE(0, self->c.call.cookie);
	EXPECT_EQ(0, info_of(self->fd).calls);
	EXPECT_EQ(POLLPRI, poll_now(self->fd) & POLLPRI);
	self->c.call.reply = addr(page + 4096 - 3);
	EXPECT_EQ(-EFAULT, do_call(self->fd, &self->c.call));
	EXPECT_NE(0, self->c.call.cookie);
	self->c.call.reply = addr(page + 4096 - 5);
	EXPECT_EQ(0, do_call(self->fd, &self->c.call));
	EXPECT_EQ(0, memcmp("reply", page + 4096 - 5, 5));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_EQ(0, poll_now(self->fd) & POLLPRI);
}

TEST_F(call, smaller_room_returns_emsgsize_and_keeps_the_reply)
{
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	self->c.call.room = 4;
	EXPECT_EQ(-EMSGSIZE, fetch(&self->c));
	EXPECT_NE(0, self->c.call.cookie);
	EXPECT_STREQ("", self->c.reply);
	EXPECT_EQ(POLLPRI, poll_now(self->fd) & POLLPRI);
	self->c.call.room = 5;
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

/* The program has the cookie: it can try once more with another struct. */
TEST_F(call, struct_that_cannot_be_written_keeps_the_reply)
{
	struct mbox_call *ro = shared(4096);

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	*ro = self->c.call;
	mprotect(ro, 4096, PROT_READ);
	EXPECT_EQ(-EFAULT, do_call(self->fd, ro));
	EXPECT_EQ(POLLPRI, poll_now(self->fd) & POLLPRI);
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

/* Only the members in front of the header are out of reach. */
TEST_F(call, cookie_that_cannot_be_cleared_keeps_the_reply)
{
	char *pages = shared(8192);
	struct mbox_call *ro = (void *)(pages + 4096 -
					offsetof(struct mbox_call, header));

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	*ro = self->c.call;
	mprotect(pages, 4096, PROT_READ);
	EXPECT_EQ(-EFAULT, do_call(self->fd, ro));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_F(call, struct_that_cannot_be_written_leaves_the_call)
{
	struct mbox_call *ro = shared(4096);

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	*ro = self->c.call;
	mprotect(ro, 4096, PROT_READ);
	/* An error, whichever: but the call is the same as before. */
	EXPECT_GT(0, do_call(self->fd, ro));
	EXPECT_EQ(-EINPROGRESS, fetch(&self->c));
	EXPECT_EQ(1, info_of(self->fd).calls);
	EXPECT_EQ(0, info_of(self->fd).withdrawn);
}

TEST_HARNESS_MAIN
