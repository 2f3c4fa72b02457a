// SPDX-License-Identifier: GPL-2.0
/*
 * Topics: each message goes to every subscriber whose filter takes it, bounds and
 * policies hold for each by itself, and nobody is harmed by a slow one.
 */
#include "fixture_topic.h"

#define SUBSCRIBERS	64

TEST_F(topic, every_subscriber_gets_each_message)
{
	int a = subscribe(self->name), b = subscribe(self->name);

	EXPECT_EQ(1, send_text(self->publisher, 3, "one"));
	EXPECT_EQ(1, send_text(self->publisher, 4, "two"));
	EXPECT_TAKES(a, 3, "one");
	EXPECT_TAKES(b, 3, "one");
	EXPECT_TAKES(b, 4, "two");
	EXPECT_TAKES(a, 4, "two");
	EXPECT_EQ(-EAGAIN, take(a).ret);
	close(a);
	close(b);
}

TEST_F(topic, header_is_the_same_for_all_and_names_the_publisher)
{
	int a = subscribe(self->name), b = subscribe(self->name);
	struct got one, two;

	EXPECT_EQ(1, send_text(self->publisher, 3, "x"));
	one = take(a);
	two = take(b);
	EXPECT_EQ(1, one.header.seq);
	EXPECT_EQ(0, one.header.to);
	EXPECT_EQ(info_of(self->publisher).handle, one.header.sender);
	EXPECT_EQ(0, memcmp(&one.header, &two.header, sizeof(one.header)));
	close(a);
	close(b);
}

TEST_F(topic, filter_at_the_time_of_the_message_decides)
{
	int fd = subscribe_with(self->name, 5, 9, 0, 0);

	EXPECT_EQ(1, send_text(self->publisher, 1, "not this"));
	EXPECT_EQ(1, send_text(self->publisher, 5, "this"));
	EXPECT_EQ(1, msgs_of(self->publisher));
	EXPECT_EQ(0, set_filter(fd, 1, 9, 0));
	EXPECT_TAKES(fd, 5, "this");
	EXPECT_EQ(-EAGAIN, take(fd).ret);
	EXPECT_EQ(1, send_text(self->publisher, 1, "now"));
	EXPECT_TAKES(fd, 1, "now");
	close(fd);
}

TEST_F(topic, message_that_nobody_takes_is_no_loss)
{
	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(0, info_of(self->publisher).sent);
	EXPECT_EQ(0, info_of(self->publisher).lost);
}

TEST_F(topic, message_after_open_is_never_missed)
{
	int fd;

	EXPECT_EQ(1, send_text(self->publisher, 1, "before"));
	fd = subscribe(self->name);
	EXPECT_EQ(1, send_text(self->publisher, 1, "after"));
	EXPECT_TAKES(fd, 1, "after");
	EXPECT_EQ(-EAGAIN, take(fd).ret);
	close(fd);
}

TEST_F(topic, slow_subscriber_loses_its_oldest_and_harms_no_other)
{
	int slow = subscribe(self->name), fast = subscribe(self->name);
	struct got got;
	char text[] = "a";

	for (; text[0] <= 'f'; text[0]++) {
		EXPECT_EQ(1, send_text(self->publisher, 1, text));
		EXPECT_TAKES(fast, 1, text);
	}
	got = take(slow);
	EXPECT_STREQ("c", got.text);
	EXPECT_EQ(2, got.header.lost);
	EXPECT_EQ(0, take(slow).header.lost);
	EXPECT_EQ(2, info_of(self->publisher).lost);
	close(slow);
	close(fast);
}

TEST(blocking_topic_waits_for_every_subscriber)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, 0, 1, MBOX_POLICY_BLOCK);
	int a = subscribe(name), b = subscribe(name);

	EXPECT_EQ(1, send_nowait(publisher, 1, "x"));
	EXPECT_EQ(-EAGAIN, send_nowait(publisher, 1, "y"));
	EXPECT_EQ(0, poll_now(publisher) & POLLOUT);
	EXPECT_TAKES(a, 1, "x");
	EXPECT_EQ(-EAGAIN, send_nowait(publisher, 1, "y"));
	EXPECT_EQ(-EAGAIN, take(a).ret);
	EXPECT_TAKES(b, 1, "x");
	EXPECT_EQ(POLL_WRITE, poll_now(publisher));
	EXPECT_EQ(1, send_nowait(publisher, 1, "y"));
	/* Who leaves keeps nobody waiting. */
	EXPECT_TAKES(a, 1, "y");
	close(b);
	EXPECT_EQ(1, send_nowait(publisher, 1, "z"));
	EXPECT_TRUE(balanced(publisher));
	close(a);
	close(publisher);
}

TEST_F(topic, subscribers_share_one_payload)
{
	static char payload[32768];
	int fds[SUBSCRIBERS];
	int i;

	for (i = 0; i < SUBSCRIBERS; i++)
		fds[i] = subscribe(self->name);
	/* 64 of them would exceed the quota of 16 MiB many times over. */
	for (i = 0; i < 16; i++)
		ASSERT_EQ(1, send_bytes(self->publisher, 1, payload, sizeof(payload)));
	EXPECT_EQ(4 * SUBSCRIBERS, msgs_of(self->publisher));
	EXPECT_EQ(4 * SUBSCRIBERS * sizeof(payload), info_of(self->publisher).bytes);
	for (i = 0; i < SUBSCRIBERS; i++)
		close(fds[i]);
}

TEST_F(topic, blocked_receive_is_handed_its_copy)
{
	int other = subscribe(self->name);
	int fd = subscribe(self->name);
	pid_t pid = fork();
	struct got got;

	if (!pid) {
		got = take_with(fd, 0, NULL);
		_exit(got.ret == 1 && !strcmp(got.text, "x") ? 0 : 1);
	}
	while (info_of(self->publisher).waiting_receivers != 1)
		usleep(1000);
	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_TAKES(other, 1, "x");
	close(fd);
	close(other);
}

TEST_F(topic, poll_tells_of_the_own_queue_only)
{
	int a = subscribe(self->name);
	int b = subscribe_with(self->name, 5, 5, 0, 0);

	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(POLL_READ, poll_now(a));
	EXPECT_EQ(0, poll_now(b));
	close(a);
	close(b);
}

TEST_F(topic, address_reaches_one_subscriber)
{
	struct mbox_message message = { .header = { .type = 1 } };
	struct mbox_send args = { .count = 1, .vec = addr(&message) };
	int a = subscribe(self->name), b = subscribe(self->name);

	message.header.to = info_of(b).handle;
	EXPECT_EQ(1, do_ioctl(self->publisher, MBOX_IOC_SEND, &args));
	EXPECT_EQ(-EAGAIN, take(a).ret);
	EXPECT_EQ(1, take(b).ret);
	close(a);
	close(b);
}

TEST_F(topic, lease_of_a_copy_returns_to_its_subscriber)
{
	int fd = subscribe(self->name), other = subscribe(self->name);
	struct got got;

	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	got = take_with(fd, MBOX_RECV_NOWAIT | MBOX_RECV_LEASE, NULL);
	EXPECT_EQ(1, got.ret);
	EXPECT_EQ(0, put_back(fd, got.header.cookie));
	got = take(fd);
	EXPECT_EQ(1, got.header.deliveries);
	EXPECT_EQ(0, take(other).header.deliveries);
	close(fd);
	close(other);
}

TEST_F(topic, lifetime_ends_each_copy)
{
	struct mbox_message message = { .header = { .type = 1 } };
	struct mbox_send args = { .count = 1, .vec = addr(&message), .ttl = 1 };
	int a = subscribe(self->name), b = subscribe(self->name);

	EXPECT_EQ(1, do_ioctl(self->publisher, MBOX_IOC_SEND, &args));
	EXPECT_EQ(-EAGAIN, take(a).ret);
	EXPECT_EQ(-EAGAIN, take(b).ret);
	EXPECT_EQ(2, info_of(self->publisher).expired);
	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(1, take(a).header.lost);
	close(a);
	close(b);
}

TEST_F(topic, call_and_sync_return_eopnotsupp)
{
	struct mbox_call call = call_args(1, "x", NULL, 0);
	int fd = subscribe(self->name);

	EXPECT_EQ(-EOPNOTSUPP, do_call(self->publisher, &call));
	EXPECT_EQ(-EOPNOTSUPP, send_until(self->publisher, 1, "x", 1, MBOX_SEND_SYNC, 0));
	EXPECT_EQ(-EAGAIN, take(fd).ret);
	close(fd);
}

TEST_F(topic, unread_copies_of_a_subscriber_that_leaves_count_as_lost)
{
	int fd = subscribe(self->name);

	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	close(fd);
	EXPECT_EQ(1, info_of(self->publisher).lost);
	EXPECT_EQ(0, msgs_of(self->publisher));
}

/* ---- a publisher that waits for a subscriber ------------------------------------------ */

FIXTURE(waiting)
{
	const char *name;
	int publisher, fd;
	pid_t pid;
};

FIXTURE_SETUP(waiting)
{
	self->name = own_name();
	self->publisher = open_topic(self->name, O_WRONLY, 0, 1, MBOX_POLICY_BLOCK);
	self->fd = subscribe_with(self->name, 5, 6, 0, 0);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(1, send_nowait(self->publisher, 5, "first"));
}

FIXTURE_TEARDOWN(waiting)
{
	EXPECT_TRUE(balanced(self->publisher));
	close(self->publisher);
}

TEST_F(waiting, leaves_nothing_to_who_leaves)
{
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	self->pid = start_to_wait(self->publisher, self->fd, 5);
	close(self->fd);
	EXPECT_EQ(0, reap(self->pid));
	EXPECT_EQ(0, msgs_of(self->publisher));
	EXPECT_EQ(0, genl_by_id(&nl, MBOX_CMD_PURGE, id_of(self->publisher)));
	close(nl.fd);
}

TEST_F(waiting, is_not_served_by_another_subscriber)
{
	int other = subscribe(self->name);

	self->pid = start_to_wait(self->publisher, self->fd, 5);
	EXPECT_EQ(-EAGAIN, take(other).ret);
	EXPECT_EQ(0, poll_now(other) & POLLIN);
	EXPECT_TAKES(self->fd, 5, "first");
	EXPECT_EQ(0, reap(self->pid));
	EXPECT_TAKES(self->fd, 5, "second");
	EXPECT_TAKES(other, 5, "second");
	close(other);
	close(self->fd);
}

TEST_F(waiting, goes_on_when_a_receive_waits_for_its_message)
{
	struct mbox_filter filter = { .lo = 6, .hi = 6 };
	struct got got;

	self->pid = start_to_wait(self->publisher, self->fd, 6);
	got = take_with(self->fd, 0, &filter);
	EXPECT_EQ(1, got.ret);
	EXPECT_STREQ("second", got.text);
	EXPECT_EQ(0, reap(self->pid));
	EXPECT_TAKES(self->fd, 5, "first");
	close(self->fd);
}

TEST_F(waiting, goes_on_when_the_subscriber_wants_no_such_message)
{
	self->pid = start_to_wait(self->publisher, self->fd, 5);
	EXPECT_EQ(0, set_filter(self->fd, 7, 7, 0));
	EXPECT_EQ(0, reap(self->pid));
	EXPECT_EQ(1, msgs_of(self->publisher));
	close(self->fd);
}

TEST_HARNESS_MAIN
