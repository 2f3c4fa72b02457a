// SPDX-License-Identifier: GPL-2.0
/*
 * Topics: what becomes of a message that a subscriber has no room for, by the bound
 * and the policy that it has, and what the topic keeps for newcomers.
 */
#include "fixture_topic.h"

/* ---- bounds and policies ------------------------------------------------------------- */

TEST_F(topic, subscriber_has_its_own_bound_and_policy)
{
	int fd = subscribe_with(self->name, 1, 9, 2, MBOX_POLICY_DROP_NEWEST);

	EXPECT_EQ(1, send_text(self->publisher, 1, "a"));
	EXPECT_EQ(1, send_text(self->publisher, 1, "b"));
	EXPECT_EQ(1, send_text(self->publisher, 1, "c"));
	EXPECT_TAKES(fd, 1, "a");
	EXPECT_TAKES(fd, 1, "b");
	EXPECT_EQ(-EAGAIN, take(fd).ret);
	EXPECT_EQ(1, send_text(self->publisher, 1, "d"));
	EXPECT_EQ(0, take_range(fd, 2, 3, 0).header.lost);
	EXPECT_TAKES(fd, 1, "d");
	close(fd);
}

TEST_F(topic, bound_of_a_subscriber_is_no_more_than_that_of_the_topic)
{
	int fd = subscribe_with(self->name, 1, 9, 100, 0), i;

	for (i = 0; i < 6; i++)
		EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(4, msgs_of(self->publisher));
	EXPECT_EQ(2, take(fd).header.lost);
	close(fd);
}

TEST_F(topic, subscriber_cannot_make_senders_wait_where_the_topic_drops)
{
	int fd = subscribe_with(self->name, 1, 9, 1, MBOX_POLICY_BLOCK);

	EXPECT_EQ(1, send_nowait(self->publisher, 1, "a"));
	EXPECT_EQ(1, send_nowait(self->publisher, 1, "b"));
	EXPECT_EQ(POLL_WRITE, poll_now(self->publisher));
	EXPECT_TAKES(fd, 1, "b");
	close(fd);
}

TEST_F(topic, lower_bound_discards_when_the_next_message_comes)
{
	int fd = subscribe(self->name), i;
	struct got got;

	for (i = 0; i < 4; i++)
		EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(0, set_queue(fd, 2, 0));
	EXPECT_EQ(4, msgs_of(self->publisher));
	EXPECT_EQ(1, send_text(self->publisher, 1, "last"));
	EXPECT_EQ(2, msgs_of(self->publisher));
	got = take(fd);
	EXPECT_EQ(4, got.header.seq);
	EXPECT_EQ(3, got.header.lost);
	EXPECT_TAKES(fd, 1, "last");
	close(fd);
}

TEST(bytes_of_each_subscriber_are_bounded_by_themselves)
{
	struct mbox_open args = open_args(own_name(), MBOX_OPEN_CREATE);
	int publisher, slow, fast;

	args.kind = MBOX_KIND_TOPIC;
	args.limits.max_bytes = 8;
	publisher = open_with(O_WRONLY, &args);
	slow = subscribe_with(own_name(), 1, 9, 0, MBOX_POLICY_DROP_NEWEST);
	fast = subscribe(own_name());
	EXPECT_EQ(1, send_nowait(publisher, 1, "four"));
	EXPECT_EQ(1, send_nowait(publisher, 2, "four"));
	EXPECT_EQ(16, info_of(publisher).bytes);
	EXPECT_EQ(-EAGAIN, send_nowait(publisher, 3, "1"));
	EXPECT_TAKES(fast, 1, "four");
	EXPECT_EQ(1, send_nowait(publisher, 3, "1"));
	EXPECT_EQ(1, info_of(publisher).lost);
	EXPECT_EQ(-EAGAIN, send_nowait(publisher, 4, "four"));
	EXPECT_EQ(1, take(slow).header.lost);
	EXPECT_TRUE(balanced(publisher));
	close(slow);
	close(fast);
	close(publisher);
}

TEST_F(topic, losses_are_told_to_those_who_had_them)
{
	int newest = subscribe_with(self->name, 1, 9, 1, MBOX_POLICY_DROP_NEWEST);
	int oldest = subscribe_with(self->name, 1, 9, 1, MBOX_POLICY_DROP_OLDEST);
	int fine = subscribe(self->name), i;
	struct got got;

	for (i = 0; i < 3; i++)
		EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(4, info_of(self->publisher).lost);
	got = take(newest);
	EXPECT_EQ(1, got.header.seq);
	EXPECT_EQ(2, got.header.lost);
	got = take(oldest);
	EXPECT_EQ(3, got.header.seq);
	EXPECT_EQ(2, got.header.lost);
	for (i = 1; i <= 3; i++) {
		got = take(fine);
		EXPECT_EQ(i, got.header.seq);
		EXPECT_EQ(0, got.header.lost);
	}
	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(0, take(newest).header.lost);
	EXPECT_EQ(0, take(oldest).header.lost);
	close(newest);
	close(oldest);
	close(fine);
}

TEST_F(topic, look_and_plain_read_leave_the_losses_to_be_told)
{
	int fd = subscribe_with(self->name, 1, 9, 2, 0), i;
	char text[4];

	for (i = 0; i < 4; i++)
		EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(2, take_with(fd, MBOX_RECV_NOWAIT | MBOX_RECV_PEEK, NULL).header.lost);
	EXPECT_EQ(1, read(fd, text, sizeof(text)));
	EXPECT_EQ(2, take(fd).header.lost);
	close(fd);
}

TEST_F(topic, purge_is_told_to_each_subscriber)
{
	int a = subscribe(self->name), b = subscribe(self->name);

	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(1, take(b).ret);
	EXPECT_EQ(0, purge(self->publisher));
	EXPECT_EQ(3, info_of(self->publisher).lost);
	EXPECT_EQ(1, send_text(self->publisher, 1, "x"));
	EXPECT_EQ(2, take(a).header.lost);
	EXPECT_EQ(1, take(b).header.lost);
	close(a);
	close(b);
}

TEST(event_of_a_loss_names_the_subscriber)
{
	const char *name = own_name();
	int publisher, slow, fast;
	struct genl nl;

	ASSERT_EQ(0, hear_events(&nl));
	publisher = open_topic(name, O_WRONLY, 0, 1, MBOX_POLICY_DROP_OLDEST);
	slow = subscribe(name);
	fast = subscribe(name);
	EXPECT_EQ(1, send_text(publisher, 1, "x"));
	EXPECT_EQ(1, take(fast).ret);
	EXPECT_FALSE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	EXPECT_EQ(1, send_text(publisher, 1, "x"));
	ASSERT_TRUE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	EXPECT_EQ(info_of(slow).handle, genl_u64(&nl.msg, MBOX_A_EVENT_HANDLE));
	EXPECT_EQ(1, genl_u64(&nl.msg, MBOX_A_EVENT_COUNT));
	EXPECT_FALSE(next_event_of(&nl, MBOX_CMD_LOST_NTF));
	close(slow);
	close(fast);
	close(publisher);
	close(nl.fd);
}

TEST(subscriber_may_drop_where_the_topic_blocks)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, 0, 1, MBOX_POLICY_BLOCK);
	int fd = subscribe_with(name, 1, 9, 0, MBOX_POLICY_DROP_OLDEST);

	EXPECT_EQ(1, send_nowait(publisher, 1, "x"));
	EXPECT_EQ(1, send_nowait(publisher, 1, "y"));
	EXPECT_TAKES(fd, 1, "y");
	close(fd);
	close(publisher);
}

TEST(waiting_publisher_has_its_deadline_and_nobody_got_the_message)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, 0, 1, MBOX_POLICY_BLOCK);
	int full = subscribe(name), other = subscribe(name);

	EXPECT_EQ(1, send_nowait(publisher, 1, "x"));
	EXPECT_TAKES(other, 1, "x");
	EXPECT_EQ(-ETIMEDOUT, send_until(publisher, 1, "y", 1, 0, in_ms(20)));
	EXPECT_EQ(-EAGAIN, take(other).ret);
	EXPECT_EQ(0, info_of(publisher).waiting_senders);
	EXPECT_EQ(2, info_of(publisher).sent);
	EXPECT_TAKES(full, 1, "x");
	EXPECT_TRUE(balanced(publisher));
	close(full);
	close(other);
	close(publisher);
}

TEST(waiting_publisher_goes_on_when_the_subscriber_has_another_policy)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, 0, 1, MBOX_POLICY_BLOCK);
	int fd = subscribe(name);
	struct got got;
	pid_t pid;

	EXPECT_EQ(1, send_nowait(publisher, 1, "first"));
	pid = start_to_wait(publisher, fd, 1);
	EXPECT_EQ(0, set_queue(fd, 0, MBOX_POLICY_DROP_OLDEST));
	EXPECT_EQ(0, reap(pid));
	got = take(fd);
	EXPECT_STREQ("second", got.text);
	EXPECT_EQ(1, got.header.lost);
	EXPECT_TRUE(balanced(publisher));
	close(fd);
	close(publisher);
}

TEST_F(topic, message_for_who_is_no_subscriber_returns_ehostunreach)
{
	int fd = subscribe(self->name);
	__u64 gone = info_of(fd).handle;

	EXPECT_EQ(-EHOSTUNREACH, send_to(self->publisher, 1, "x", info_of(self->publisher).handle));
	close(fd);
	EXPECT_EQ(-EHOSTUNREACH, send_to(self->publisher, 1, "x", gone));
	EXPECT_EQ(0, info_of(self->publisher).sent);
}

/* ---- a subscriber whose quota is used up --------------------------------------------- */

/* Fills a mailbox of its own until not even a copy would fit; the number of messages. */
static int use_up_quota(int fd)
{
	static char payload[65536];
	int ret, count = 0;

	do {
		ret = send_until(fd, 1, payload, sizeof(payload), MBOX_SEND_NOWAIT, 0);
		count += ret == 1;
	} while (ret == 1);
	do {
		ret = send_nowait(fd, 1, "");
		count += ret == 1;
	} while (ret == 1);
	return ret == -EDQUOT ? count : ret;
}

static int lose_for_the_quota(void *arg)
{
	int publisher = *(int *)arg, fd, own;
	__u64 id = id_of(publisher);
	struct got got;

	if (become_user(ALICE))
		return 1;
	fd = open_id(id, O_RDONLY);
	own = open_limited(NULL, O_RDWR, MBOX_MSGS_MAX, MBOX_BYTES_MAX, 0);
	if (fd < 0 || own < 0 || use_up_quota(own) <= 0)
		return 2;
	if (send_text(publisher, 1, "lost") != 1 || take(fd).ret != -EAGAIN)
		return 3;
	if (purge(own) || send_text(publisher, 1, "there") != 1)
		return 4;
	got = take(fd);
	return got.ret == 1 && got.header.lost == 1 && !strcmp(got.text, "there") ? 0 : 5;
}

TEST_F(topic, subscriber_whose_quota_is_used_up_loses_the_message)
{
	int other = subscribe(self->name);
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, genl_set(&nl, id_of(self->publisher), MBOX_A_MAILBOX_MODE, 0644));
	EXPECT_EQ(0, run(lose_for_the_quota, &self->publisher));
	EXPECT_TAKES(other, 1, "lost");
	EXPECT_TAKES(other, 1, "there");
	EXPECT_EQ(1, info_of(self->publisher).lost);
	close(other);
	close(nl.fd);
}

/* ---- what is kept for newcomers ------------------------------------------------------ */

TEST(retained_message_comes_first_and_to_each_newcomer)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, MBOX_OPEN_RETAIN, 0, 0);
	int a, b, other;

	EXPECT_EQ(1, send_text(publisher, 3, "old"));
	EXPECT_EQ(1, send_text(publisher, 4, "kept"));
	a = subscribe(name);
	b = subscribe(name);
	other = subscribe_with(name, 7, 9, 0, 0);
	EXPECT_TAKES(a, 4, "kept");
	EXPECT_TAKES(b, 4, "kept");
	EXPECT_EQ(0, msgs_of(publisher));
	EXPECT_EQ(-EAGAIN, take(other).ret);
	EXPECT_EQ(-EAGAIN, take(a).ret);
	EXPECT_EQ(MBOX_INFO_RETAIN, info_of(a).flags);
	close(a);
	close(b);
	close(other);
	close(publisher);
}

TEST(retained_message_is_handed_out_once_and_counts_as_sent)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, MBOX_OPEN_RETAIN, 1, MBOX_POLICY_BLOCK);
	struct got got;
	int fd;

	EXPECT_EQ(1, send_nowait(publisher, 3, "kept"));
	EXPECT_EQ(0, info_of(publisher).sent);
	fd = subscribe(name);
	EXPECT_EQ(1, info_of(publisher).sent);
	/* It takes the room of another. */
	EXPECT_EQ(-EAGAIN, send_nowait(publisher, 3, "new"));
	got = take(fd);
	EXPECT_STREQ("kept", got.text);
	EXPECT_EQ(1, got.header.seq);
	EXPECT_EQ(1, send_nowait(publisher, 3, "new"));
	EXPECT_EQ(2, take(fd).header.seq);
	EXPECT_TRUE(balanced(publisher));
	close(fd);
	close(publisher);
}

TEST(message_for_one_subscriber_is_not_retained)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, MBOX_OPEN_RETAIN, 0, 0);
	int fd = subscribe(name), late;

	EXPECT_EQ(1, send_text(publisher, 1, "for all"));
	EXPECT_EQ(1, send_to(publisher, 1, "for one", info_of(fd).handle));
	late = subscribe(name);
	EXPECT_TAKES(late, 1, "for all");
	EXPECT_EQ(-EAGAIN, take(late).ret);
	close(late);
	close(fd);
	close(publisher);
}

TEST(retained_message_that_has_had_its_time_is_not_handed_out)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, MBOX_OPEN_RETAIN, 0, 0), fd;

	EXPECT_EQ(1, send_ttl(publisher, 1, "short", 1));
	fd = subscribe(name);
	EXPECT_EQ(-EAGAIN, take(fd).ret);
	EXPECT_EQ(0, info_of(publisher).sent);
	close(fd);
	EXPECT_EQ(1, send_ttl(publisher, 1, "long", 3600 * NSEC_PER_SEC));
	fd = subscribe(name);
	EXPECT_TAKES(fd, 1, "long");
	close(fd);
	close(publisher);
}

TEST(retained_message_that_fits_no_more_is_lost_to_newcomers)
{
	const char *name = own_name();
	int publisher = open_topic(name, O_WRONLY, MBOX_OPEN_RETAIN, 0, MBOX_POLICY_DROP_OLDEST);
	struct genl nl;
	int fd;

	ASSERT_EQ(0, genl_open(&nl));
	EXPECT_EQ(1, send_text(publisher, 3, "kept"));
	EXPECT_EQ(0, genl_set(&nl, id_of(publisher), MBOX_A_MAILBOX_MAX_SIZE, 1));
	EXPECT_EQ(0, genl_set_u64(&nl, id_of(publisher), MBOX_A_MAILBOX_MAX_BYTES, 1));
	fd = subscribe(name);
	EXPECT_EQ(-EAGAIN, take(fd).ret);
	EXPECT_EQ(1, info_of(publisher).lost);
	EXPECT_TRUE(balanced(publisher));
	close(nl.fd);
	close(fd);
	close(publisher);
}

/* ---- refusals ------------------------------------------------------------------------ */

TEST(retain_of_a_queue_returns_einval)
{
	struct mbox_open args = open_args(own_name(), MBOX_OPEN_CREATE | MBOX_OPEN_RETAIN);

	EXPECT_EQ(-EINVAL, open_with(O_RDWR, &args));
	args.kind = MBOX_KIND_TOPIC;
	args.flags = MBOX_OPEN_RETAIN;
	EXPECT_EQ(-EINVAL, open_with(O_RDWR, &args));
}

TEST(bad_bound_or_policy_of_a_subscriber_returns_einval)
{
	struct mbox_config config = {
		.flags = MBOX_CONFIG_QUEUE,
		.max_msgs = MBOX_MSGS_MAX + 1,
	};
	int fd = open_device(O_RDONLY);

	EXPECT_EQ(-EINVAL, set_config(fd, &config));
	config.max_msgs = 1;
	config.policy = MBOX_POLICY_DROP_NEWEST + 1;
	EXPECT_EQ(-EINVAL, set_config(fd, &config));
	config.policy = 0;
	config.flags = MBOX_CONFIG_TYPE;
	config.type = 1;
	EXPECT_EQ(-EINVAL, set_config(fd, &config));
	config = (struct mbox_config){ 0 };
	EXPECT_EQ(0, set_config(fd, &config));
	EXPECT_EQ(0, config.max_msgs | config.policy);
	close(fd);
}

static int new_retaining(struct genl *nl, __u32 kind)
{
	struct genl_msg *msg = calloc(1, sizeof(*msg));
	int ret;

	genl_start(nl, msg, MBOX_CMD_NEW, 0);
	genl_put_name(msg, MBOX_A_MAILBOX_NAME, own_name());
	genl_put_u32(msg, MBOX_A_MAILBOX_KIND, kind);
	genl_put(msg, MBOX_A_MAILBOX_RETAIN, NULL, 0);
	ret = genl_ask(nl, msg);
	free(msg);
	return ret;
}

TEST(netlink_makes_a_topic_that_retains_and_no_queue)
{
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	EXPECT_EQ(-EINVAL, new_retaining(&nl, MBOX_KIND_QUEUE));
	EXPECT_STREQ("only a topic can retain its last message", nl.text);
	EXPECT_EQ(-EINVAL, new_retaining(&nl, MBOX_KIND_TOPIC + 1));
	EXPECT_EQ(0, new_retaining(&nl, MBOX_KIND_TOPIC));
	EXPECT_EQ(0, genl_by_name(&nl, MBOX_CMD_GET, own_name()));
	EXPECT_NE(NULL, genl_attr(&nl.msg, MBOX_A_MAILBOX_RETAIN));
	EXPECT_EQ(MBOX_KIND_TOPIC, genl_u32(&nl.msg, MBOX_A_MAILBOX_KIND));
	EXPECT_EQ(0, genl_by_name(&nl, MBOX_CMD_DEL, own_name()));
	close(nl.fd);
}

/* A step serves one of the two, and the other has no room. */
TEST(one_step_and_two_who_wait_lose_nothing)
{
	int fd = open_topic(own_name(), O_WRONLY, 0, 1, MBOX_POLICY_BLOCK), i, subs[2];
	struct job *jobs[2];
	pid_t pids[2];
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	for (i = 0; i < 2; i++)
		subs[i] = subscribe(own_name());
	EXPECT_EQ(1, send_nowait(fd, 5, "first"));
	for (i = 0; i < 2; i++) {
		jobs[i] = new_job(subs[i]);
		jobs[i]->filter = (struct mbox_filter){ .lo = 6, .hi = 6 };
		pids[i] = spawn(recv_job, jobs[i]);
		ASSERT_TRUE(wait_receivers(fd, i + 1));
	}
	EXPECT_EQ(0, freeze(&nl, fd));
	EXPECT_EQ(0, step(&nl, fd, 1));
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 6, "second"));
	EXPECT_EQ(0, info_of(fd).lost);
	for (i = 0; i < 2; i++) {
		kill(pids[i], SIGKILL);
		reap(pids[i]);
		close(subs[i]);
	}
	close(fd);
	close(nl.fd);
}

TEST_HARNESS_MAIN
