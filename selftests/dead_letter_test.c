// SPDX-License-Identifier: GPL-2.0
/*
 * Dead letters: a message that was leased and came back too often goes to the
 * mailbox that its own has for that, as it is, if there is room for it.
 */
#include "fixture_dead_letter.h"

/* ---- the way there ----------------------------------------------------- */

TEST_F(dead_letter, comes_after_so_many_tries_and_not_before)
{
	struct mbox_info info;

	ASSERT_EQ(1, send_text(self->fd, 7, "text"));
	EXPECT_EQ(0, fail_once(self->a).ret);
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, msgs_of(self->dead));
	self->got = fail_once(self->a);
	EXPECT_EQ(0, self->got.ret);
	EXPECT_EQ(1, self->got.header.deliveries);
	info = info_of(self->fd);
	EXPECT_EQ(0, info.msgs);
	EXPECT_EQ(1, info.sent);
	EXPECT_EQ(1, info.lost);
	EXPECT_EQ(0, info.received);
	EXPECT_EQ(0, info.leased);
	info = info_of(self->dead);
	EXPECT_EQ(1, info.msgs);
	EXPECT_EQ(4, info.bytes);
	EXPECT_EQ(1, info.sent);
	EXPECT_EQ(0, info.lost);
}

TEST_F(dead_letter, is_what_it_was_but_for_its_number)
{
	struct mbox_header before, after;

	ASSERT_EQ(1, send_text(self->dead, 1, "first"));
	ASSERT_EQ(1, send_text(self->fd, 7, "text"));
	self->got = fail_once(self->a);
	before = self->got.header;
	EXPECT_EQ(0, fail_once(self->a).ret);
	EXPECT_STREQ("first", take(self->dead).text);
	self->got = take(self->dead);
	after = self->got.header;
	EXPECT_EQ(1, self->got.ret);
	EXPECT_STREQ("text", self->got.text);
	EXPECT_EQ(7, after.type);
	EXPECT_EQ(4, after.len);
	EXPECT_EQ(1, before.seq);
	EXPECT_EQ(2, after.seq);
	EXPECT_EQ(before.time, after.time);
	EXPECT_EQ(info_of(self->fd).handle, after.sender);
	EXPECT_EQ(before.pid, after.pid);
	EXPECT_EQ(before.uid, after.uid);
	EXPECT_EQ(before.gid, after.gid);
	EXPECT_EQ(0, after.deliveries);
	EXPECT_EQ(0, after.flags | after.cookie | after.deadline | after.lost);
}

TEST_F(dead_letter, receiver_that_waits_for_it_gets_it)
{
	struct job *job = new_job(self->dead);
	pid_t pid = spawn(recv_job, job);

	ASSERT_TRUE(wait_receivers(self->dead, 1));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("text", job->text);
}

TEST_F(dead_letter, poll_reports_it)
{
	EXPECT_EQ(POLL_WRITE, poll_now(self->dead));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(POLL_READ | POLL_WRITE, poll_now(self->dead));
}

TEST_F(dead_letter, message_that_is_acknowledged_in_its_last_try_is_none)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(0, fail_once(self->a).ret);
	self->got = lease(self->a);
	EXPECT_EQ(0, acknowledge(self->a, self->got.header.cookie));
	EXPECT_EQ(0, msgs_of(self->dead));
	EXPECT_EQ(0, info_of(self->fd).lost);
}

TEST_F(dead_letter, receive_that_fails_is_no_try)
{
	struct mbox_message message = { .buf = addr(nowhere()), .size = 8 };
	int i;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	for (i = 0; i < 2 * TRIES; i++)
		EXPECT_EQ(-EFAULT, lease_vec(self->a, &message, 1,
					     MBOX_RECV_NOWAIT, 0));
	EXPECT_EQ(0, fail_once(self->a).header.deliveries);
	EXPECT_EQ(0, msgs_of(self->dead));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(dead_letter, number_of_tries_may_be_changed)
{
	__u64 id = id_of(self->fd);
	int attr = MBOX_A_MAILBOX_MAX_DELIVERIES;

	EXPECT_EQ(0, genl_set(&self->nl, id, attr, TRIES + 1));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(0, msgs_of(self->dead));
	EXPECT_EQ(0, genl_set(&self->nl, id, attr, 1));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, fail_once(self->a).ret);
	EXPECT_EQ(1, msgs_of(self->dead));
}

/* ---- how it comes back -------------------------------------------------- */

TEST_F(dead_letter, close_makes_them_of_all_leases_in_their_order)
{
	int i;

	ASSERT_EQ(0, genl_set(&self->nl, id_of(self->fd),
			      MBOX_A_MAILBOX_MAX_DELIVERIES, 1));
	for (i = 1; i <= 100; i++) {
		ASSERT_EQ(1, send_text(self->fd, i, "text"));
		ASSERT_EQ(1, lease(self->a).ret);
	}
	close(self->a);
	self->a = -1;
	EXPECT_EQ(100, info_of(self->fd).lost);
	ASSERT_EQ(100, msgs_of(self->dead));
	for (i = 1; i <= 100; i++) {
		self->got = take(self->dead);
		ASSERT_EQ(i, self->got.header.type);
		ASSERT_EQ(i, self->got.header.seq);
	}
}

/* Nobody asks the mailbox for anything meanwhile: it does so by itself. */
TEST_F(dead_letter, end_of_the_lease_makes_one)
{
	__u64 cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(0, fail_once(self->a).ret);
	self->got = lease_for(self->a, NSEC_PER_MSEC);
	cookie = self->got.header.cookie;
	EXPECT_TRUE(wait_msgs(self->dead, 1));
	EXPECT_EQ(-ECANCELED, put_back(self->a, cookie));
	EXPECT_EQ(-EALREADY, put_back(self->a, cookie));
	EXPECT_EQ(1, msgs_of(self->dead));
	EXPECT_TRUE(next_event_of(&self->events, MBOX_CMD_TIMED_OUT_NTF));
	EXPECT_EQ(info_of(self->a).handle,
		  genl_u64(&self->events.msg, MBOX_A_EVENT_HANDLE));
}

/* Whoever has the message when it is killed has it by a handle of its own. */
static int lease_and_sleep(void *arg)
{
	int fd = open_existing(arg, O_RDONLY);

	if (fd < 0 || lease(fd).ret != 1)
		return 1;
	for (;;)
		pause();
}

TEST_F(dead_letter, killed_consumers_make_one)
{
	char name[32];
	pid_t pid;
	int i;

	/* The children have another pid. */
	strcpy(name, own_name());
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	for (i = 0; i < TRIES; i++) {
		EXPECT_EQ(0, msgs_of(self->dead));
		pid = spawn(lease_and_sleep, name);
		ASSERT_TRUE(wait_leased(self->fd, 1));
		kill(pid, SIGKILL);
		EXPECT_EQ(256 + SIGKILL, reap(pid));
	}
	EXPECT_STREQ("text", take(self->dead).text);
	EXPECT_EQ(1, info_of(self->fd).lost);
}

TEST_F(dead_letter, last_handle_leaves_one_although_its_mailbox_goes)
{
	int fd = open_tries(NULL, O_RDWR, 1);
	__u64 id = id_of(fd);

	ASSERT_EQ(0, set_dead_letter(&self->nl, fd, id_of(self->dead)));
	ASSERT_EQ(1, send_text(fd, 1, "text"));
	EXPECT_EQ(1, lease(fd).ret);
	close(fd);
	EXPECT_EQ(-ENOENT, open_id(id, O_RDWR));
	EXPECT_STREQ("text", take(self->dead).text);
}

TEST_F(dead_letter, removal_of_its_mailbox_makes_none)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	EXPECT_EQ(0, fail_once(self->a).ret);
	self->got = lease(self->a);
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, put_back(self->a, self->got.header.cookie));
	close(self->a);
	self->a = -1;
	EXPECT_EQ(0, msgs_of(self->dead));
}

/* ---- what is told ------------------------------------------------------- */

TEST_F(dead_letter, loss_is_announced_and_told_in_the_next_header)
{
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	ASSERT_TRUE(next_event_of(&self->events, MBOX_CMD_LOST_NTF));
	EXPECT_EQ(id_of(self->fd),
		  genl_u64(&self->events.msg, MBOX_A_EVENT_ID));
	EXPECT_EQ(1, genl_u64(&self->events.msg, MBOX_A_EVENT_COUNT));
	EXPECT_EQ(NULL, genl_attr(&self->events.msg, MBOX_A_EVENT_HANDLE));
	EXPECT_FALSE(next_event_of(&self->events, MBOX_CMD_LOST_NTF));
	ASSERT_EQ(1, send_text(self->fd, 1, "next"));
	EXPECT_EQ(1, take(self->a).header.lost);
}

TEST_F(dead_letter, message_for_one_handle_goes_there_too)
{
	__u64 to = info_of(self->a).handle;

	ASSERT_EQ(1, send_to(self->fd, 1, "text", to));
	EXPECT_EQ(0, fail_all(self->a));
	ASSERT_TRUE(next_event_of(&self->events, MBOX_CMD_LOST_NTF));
	EXPECT_EQ(to, genl_u64(&self->events.msg, MBOX_A_EVENT_HANDLE));
	self->got = take(self->dead);
	EXPECT_STREQ("text", self->got.text);
	EXPECT_EQ(0, self->got.header.to);
}

TEST_F(dead_letter, rendezvous_has_ended_long_before)
{
	struct post p;

	post_sync(&p, self->fd, "text");
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	EXPECT_EQ(0, fail_once(self->a).ret);
	EXPECT_EQ(1, end_post(&p));
	EXPECT_EQ(0, fail_once(self->a).ret);
	EXPECT_STREQ("text", take(self->dead).text);
}

TEST_F(dead_letter, request_ends_with_enobufs_instead)
{
	struct caller c;

	call_text(&c, self->fd, "request");
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	EXPECT_EQ(0, fail_all(self->a));
	EXPECT_EQ(-ENOBUFS, end_call(&c));
	EXPECT_EQ(0, info_of(self->dead).sent);
	EXPECT_EQ(1, info_of(self->fd).lost);
}

TEST_F(dead_letter, with_a_time_to_live_ends_there)
{
	ASSERT_EQ(1, send_ttl(self->fd, 1, "text", 2 * NSEC_PER_SEC));
	EXPECT_EQ(0, fail_all(self->a));
	EXPECT_EQ(1, info_of(self->dead).sent);
	EXPECT_TRUE(wait_msgs(self->dead, 0));
	EXPECT_EQ(1, info_of(self->dead).expired);
	EXPECT_EQ(0, info_of(self->fd).expired);
}

/* ---- a mailbox for them that takes none --------------------------------- */

TEST_F(dead_letter, finds_no_room_and_is_gone)
{
	ASSERT_EQ(0, replace_dead(&self->nl, self->fd, &self->dead, 1, 0, 0));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "first"));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "second"));
	EXPECT_EQ(2, info_of(self->fd).lost);
	EXPECT_EQ(1, info_of(self->dead).sent);
	EXPECT_EQ(0, info_of(self->dead).lost);
	EXPECT_STREQ("first", take(self->dead).text);
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "third"));
	EXPECT_STREQ("third", take(self->dead).text);
}

TEST_F(dead_letter, does_not_overtake_a_sender_that_waits_for_room)
{
	struct job *job;
	pid_t pid;

	ASSERT_EQ(0, replace_dead(&self->nl, self->fd, &self->dead, 0, 8, 0));
	ASSERT_EQ(1, send_text(self->dead, 1, "four"));
	job = new_job(self->dead);
	strcpy(job->text, "longer");
	pid = spawn(send_job, job);
	ASSERT_TRUE(wait_senders(self->dead, 1));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "x"));
	EXPECT_STREQ("four", take(self->dead).text);
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("longer", take(self->dead).text);
	EXPECT_EQ(-EAGAIN, take(self->dead).ret);
	EXPECT_EQ(1, info_of(self->fd).lost);
}

TEST_F(dead_letter, that_is_too_long_is_gone)
{
	ASSERT_EQ(0, genl_set(&self->nl, id_of(self->dead),
			      MBOX_A_MAILBOX_MAX_SIZE, 4));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "12345"));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "1234"));
	EXPECT_STREQ("1234", take(self->dead).text);
	EXPECT_EQ(1, info_of(self->dead).sent);
	EXPECT_EQ(2, info_of(self->fd).lost);
}

TEST_F(dead_letter, is_dropped_by_the_policy_there)
{
	ASSERT_EQ(0, replace_dead(&self->nl, self->fd, &self->dead, 1, 0,
				  MBOX_POLICY_DROP_NEWEST));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "first"));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "second"));
	self->got = take(self->dead);
	EXPECT_STREQ("first", self->got.text);
	EXPECT_EQ(1, self->got.header.lost);
	EXPECT_EQ(2, info_of(self->dead).sent);
	EXPECT_EQ(1, info_of(self->dead).lost);
}

TEST_F(dead_letter, makes_room_by_the_policy_there)
{
	ASSERT_EQ(0, replace_dead(&self->nl, self->fd, &self->dead, 1, 0,
				  MBOX_POLICY_DROP_OLDEST));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "first"));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "second"));
	self->got = take(self->dead);
	EXPECT_STREQ("second", self->got.text);
	EXPECT_EQ(1, self->got.header.lost);
}

TEST_F(dead_letter, is_gone_when_the_mailbox_for_it_was_removed)
{
	ASSERT_EQ(0, remove_mailbox(self->dead));
	EXPECT_EQ(~0ULL, dead_letter_of(&self->nl, self->fd));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(1, info_of(self->fd).lost);
	EXPECT_EQ(0, msgs_of(self->fd));
	/* Another one takes its place. */
	close(self->dead);
	self->dead = open_mailbox(NULL, O_RDWR);
	EXPECT_EQ(0, set_dead_letter(&self->nl, self->fd, id_of(self->dead)));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(1, msgs_of(self->dead));
}

TEST_F(dead_letter, waits_in_a_frozen_mailbox)
{
	ASSERT_EQ(0, freeze(&self->nl, self->dead));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(1, msgs_of(self->dead));
	EXPECT_EQ(-EAGAIN, take(self->dead).ret);
	ASSERT_EQ(0, thaw(&self->nl, self->dead));
	EXPECT_STREQ("text", take(self->dead).text);
}

/* Each step of the round takes a consumer that fails, so it comes to an end. */
TEST_F(dead_letter, goes_to_and_fro_between_two_mailboxes)
{
	__u64 id = id_of(self->fd), dead_id = id_of(self->dead);
	int attr = MBOX_A_MAILBOX_MAX_DELIVERIES, i;

	ASSERT_EQ(0, set_dead_letter(&self->nl, self->dead, id));
	ASSERT_EQ(0, genl_set(&self->nl, id, attr, 1));
	ASSERT_EQ(0, genl_set(&self->nl, dead_id, attr, 1));
	ASSERT_EQ(1, send_text(self->fd, 1, "text"));
	for (i = 0; i < 10; i++) {
		EXPECT_EQ(0, fail_once(self->a).ret);
		EXPECT_EQ(0, msgs_of(self->fd));
		EXPECT_EQ(0, fail_once(self->dead).ret);
		EXPECT_EQ(0, msgs_of(self->dead));
	}
	self->got = take(self->a);
	EXPECT_STREQ("text", self->got.text);
	EXPECT_EQ(11, self->got.header.seq);
	EXPECT_EQ(10, info_of(self->fd).lost);
	EXPECT_EQ(10, info_of(self->dead).lost);
	/* Neither keeps the other. */
	close(self->fd);
	close(self->a);
	self->a = -1;
	EXPECT_EQ(-ENOENT, open_id(id, O_RDWR));
	EXPECT_EQ(0, msgs_of(self->dead));
	self->fd = open_mailbox(NULL, O_RDWR);
}

/* ---- who may set it, and to what ---------------------------------------- */

TEST_F(dead_letter, setting_is_shown_and_ends_with_0)
{
	EXPECT_EQ(id_of(self->dead), dead_letter_of(&self->nl, self->fd));
	EXPECT_EQ(~0ULL, dead_letter_of(&self->nl, self->dead));
	EXPECT_EQ(0, genl_set(&self->nl, id_of(self->fd),
			      MBOX_A_MAILBOX_MODE, 0600));
	EXPECT_EQ(id_of(self->dead), dead_letter_of(&self->nl, self->fd));
	EXPECT_EQ(0, set_dead_letter(&self->nl, self->fd, 0));
	EXPECT_EQ(~0ULL, dead_letter_of(&self->nl, self->fd));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(0, info_of(self->dead).sent);
	EXPECT_EQ(1, info_of(self->fd).lost);
}

TEST_F(dead_letter, itself_and_a_topic_return_einval)
{
	struct mbox_open args = open_args(NULL, MBOX_OPEN_CREATE);
	int topic;

	args.kind = MBOX_KIND_TOPIC;
	topic = open_with(O_RDWR, &args);
	ASSERT_LE(0, topic);
	EXPECT_EQ(-EINVAL, set_dead_letter(&self->nl, self->fd,
					   id_of(self->fd)));
	EXPECT_STREQ("dead letters go to another mailbox of kind queue",
		     self->nl.text);
	EXPECT_EQ(-EINVAL, set_dead_letter(&self->nl, self->fd, id_of(topic)));
	EXPECT_STREQ("dead letters go to another mailbox of kind queue",
		     self->nl.text);
	EXPECT_EQ(id_of(self->dead), dead_letter_of(&self->nl, self->fd));
	close(topic);
}

TEST_F(dead_letter, mailbox_that_is_not_there_returns_enoent)
{
	int fd = open_mailbox(NULL, O_RDWR);
	__u64 id = id_of(fd);

	ASSERT_EQ(0, remove_mailbox(fd));
	EXPECT_EQ(-ENOENT, set_dead_letter(&self->nl, self->fd, id));
	EXPECT_STREQ("there is no mailbox of that id for dead letters",
		     self->nl.text);
	EXPECT_EQ(-ENOENT, set_dead_letter(&self->nl, self->fd, ~0ULL));
	EXPECT_EQ(id_of(self->dead), dead_letter_of(&self->nl, self->fd));
	close(fd);
}

TEST_F(dead_letter, mailbox_of_another_domain_returns_enoent)
{
	__u64 id = id_of(self->dead);
	struct genl nl;
	int fd;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, genl_open(&nl));
	fd = open_mailbox(NULL, O_RDWR);
	ASSERT_NE(id, id_of(fd));
	EXPECT_EQ(-ENOENT, set_dead_letter(&nl, fd, id));
	close(fd);
	close(nl.fd);
}

TEST_F(dead_letter, refusal_changes_nothing_else_either)
{
	struct genl_msg *msg = calloc(1, sizeof(*msg));
	struct mbox_info before = info_of(self->fd);

	genl_start(&self->nl, msg, MBOX_CMD_SET, 0);
	genl_put_u64(msg, MBOX_A_MAILBOX_ID, id_of(self->fd));
	genl_put_u32(msg, MBOX_A_MAILBOX_MODE, 0666);
	genl_put_u32(msg, MBOX_A_MAILBOX_MAX_MSGS, 3);
	genl_put_u64(msg, MBOX_A_MAILBOX_DEAD_LETTER, id_of(self->fd));
	EXPECT_EQ(-EINVAL, genl_ask(&self->nl, msg));
	EXPECT_TRUE(same_info(&before, self->fd));
	EXPECT_EQ(id_of(self->dead), dead_letter_of(&self->nl, self->fd));
	free(msg);
}

TEST_F(dead_letter, new_does_not_take_it)
{
	struct genl_msg *msg = calloc(1, sizeof(*msg));

	genl_start(&self->nl, msg, MBOX_CMD_NEW, 0);
	genl_put_name(msg, MBOX_A_MAILBOX_NAME, "new");
	genl_put_u64(msg, MBOX_A_MAILBOX_DEAD_LETTER, id_of(self->dead));
	EXPECT_EQ(-EINVAL, genl_ask(&self->nl, msg));
	EXPECT_EQ(-ENOENT, open_existing("new", O_RDWR));
	free(msg);
}

/* The mailboxes that Alice puts together. */
struct wish {
	int fd;
	__u64 dead;
};

static int set_as_alice(void *arg)
{
	struct wish *wish = arg;
	struct genl nl;

	if (become_user(ALICE) || genl_open(&nl))
		return -ENODEV;
	return set_dead_letter(&nl, wish->fd, wish->dead);
}

TEST_F(dead_letter, takes_the_owner_and_the_right_to_send_there)
{
	struct wish wish = { self->fd, id_of(self->dead) };
	__u64 id = id_of(self->fd), dead_id = id_of(self->dead);

	ASSERT_EQ(0, set_dead_letter(&self->nl, self->fd, 0));
	ASSERT_EQ(0, genl_set(&self->nl, dead_id, MBOX_A_MAILBOX_MODE, 0666));
	EXPECT_EQ(EPERM, run(set_as_alice, &wish));
	ASSERT_EQ(0, genl_set(&self->nl, id, MBOX_A_MAILBOX_UID, ALICE));
	ASSERT_EQ(0, genl_set(&self->nl, dead_id, MBOX_A_MAILBOX_MODE, 0664));
	EXPECT_EQ(EPERM, run(set_as_alice, &wish));
	EXPECT_EQ(~0ULL, dead_letter_of(&self->nl, self->fd));
	ASSERT_EQ(0, genl_set(&self->nl, dead_id, MBOX_A_MAILBOX_MODE, 0602));
	EXPECT_EQ(0, run(set_as_alice, &wish));
	EXPECT_EQ(dead_id, dead_letter_of(&self->nl, self->fd));
	/* The right was asked for then, and is not asked for again. */
	ASSERT_EQ(0, genl_set(&self->nl, dead_id, MBOX_A_MAILBOX_MODE, 0600));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(1, msgs_of(self->dead));
}

/* ---- beside other promises --------------------------------------------- */

TEST_F(dead_letter, that_has_had_its_time_is_none)
{
	ASSERT_EQ(0, genl_set(&self->nl, id_of(self->fd), MBOX_A_MAILBOX_MAX_DELIVERIES, 1));
	ASSERT_EQ(1, send_ttl(self->fd, 1, "text", 300 * NSEC_PER_MSEC));
	self->got = lease(self->a);
	ASSERT_EQ(1, self->got.ret);
	usleep(400000);
	EXPECT_EQ(0, put_back(self->a, self->got.header.cookie));
	EXPECT_EQ(1, info_of(self->fd).lost);
	EXPECT_EQ(1, info_of(self->fd).expired);
	EXPECT_EQ(0, info_of(self->dead).sent);
}

TEST_F(dead_letter, copy_of_a_topic_goes_there)
{
	struct mbox_open args = open_args("topic", MBOX_OPEN_CREATE);
	int topic, sub;

	args.kind = MBOX_KIND_TOPIC;
	args.limits.max_deliveries = 1;
	topic = open_with(O_WRONLY, &args);
	sub = open_existing("topic", O_RDONLY);
	EXPECT_EQ(0, set_dead_letter(&self->nl, topic, id_of(self->dead)));
	EXPECT_EQ(1, send_text(topic, 1, "text"));
	EXPECT_EQ(0, fail_once(sub).ret);
	EXPECT_EQ(1, info_of(topic).lost);
	EXPECT_EQ(1, info_of(self->dead).sent);
	close(sub);
	close(topic);
}

TEST_F(dead_letter, has_as_many_tries_again)
{
	ASSERT_EQ(0, genl_set(&self->nl, id_of(self->dead), MBOX_A_MAILBOX_MAX_DELIVERIES, TRIES));
	EXPECT_EQ(0, lose(self->fd, self->a, 1, "text"));
	EXPECT_EQ(0, fail_once(self->dead).ret);
	EXPECT_EQ(1, msgs_of(self->dead));
}

TEST_F(dead_letter, room_of_what_has_had_its_time_is_room)
{
	int i, lost = 0;

	ASSERT_EQ(0, replace_dead(&self->nl, self->fd, &self->dead, 1, 0, 0));
	ASSERT_EQ(0, genl_set(&self->nl, id_of(self->fd), MBOX_A_MAILBOX_MAX_DELIVERIES, 1));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(1, send_text(self->fd, 1, "text"));
		self->got = lease(self->a);
		ASSERT_EQ(1, send_ttl(self->dead, 1, "short", 1));
		put_back(self->a, self->got.header.cookie);
		lost += take(self->dead).ret != 1;
	}
	EXPECT_EQ(0, lost);
}

TEST_HARNESS_MAIN
