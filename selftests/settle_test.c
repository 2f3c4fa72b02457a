// SPDX-License-Identifier: GPL-2.0
/*
 * Deliveries: who may settle them, how often, and how: reply, return, check.
 * Answering and receiving at once is in settle_next_test.
 */
#include "mbox_call.h"

/* @fd may only send, @server only receive; @c calls and does not wait. */
FIXTURE(settle)
{
	const char *name;
	int fd;
	int server;
	__u64 cookie;
	struct caller c;
	struct caller d;
};

FIXTURE_SETUP(settle)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_WRONLY);
	self->server = open_existing(self->name, O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->server);
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	self->cookie = take(self->server).header.cookie;
	ASSERT_NE(0, self->cookie);
}

FIXTURE_TEARDOWN(settle)
{
	close(self->fd);
	close(self->server);
}

/* ---- refusals ---------------------------------------------------------- */

static struct mbox_settle reply_args(__u64 cookie)
{
	return (struct mbox_settle){
		.flags = MBOX_SETTLE_REPLY,
		.cookie = cookie,
		.type = 1,
		.buf = addr("reply"),
		.len = 5,
	};
}

TEST_F(settle, more_than_one_outcome_returns_einval)
{
	static const __u32 flags[] = {
		MBOX_SETTLE_REPLY | MBOX_SETTLE_RETURN,
		MBOX_SETTLE_REPLY | MBOX_SETTLE_CHECK,
		MBOX_SETTLE_RETURN | MBOX_SETTLE_CHECK,
		MBOX_SETTLE_REPLY | MBOX_SETTLE_RETURN | MBOX_SETTLE_CHECK,
	};
	struct mbox_info before = info_of(self->server);
	struct mbox_settle args;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		args = (struct mbox_settle){
			.flags = flags[i], .cookie = self->cookie,
		};
		args.type = flags[i] & MBOX_SETTLE_REPLY ? 1 : 0;
		EXPECT_EQ(-EINVAL, do_settle(self->server, &args));
		EXPECT_EQ(self->cookie, args.cookie);
	}
	EXPECT_TRUE(same_info(&before, self->server));
	EXPECT_EQ(0, check_wanted(self->server, self->cookie));
}

TEST_F(settle, no_outcome_and_no_next_returns_einval)
{
	struct mbox_info before = info_of(self->server);

	EXPECT_EQ(-EINVAL, settle_by(self->server, self->cookie, 0));
	EXPECT_EQ(-EINVAL, settle_by(self->server, 0, 0));
	EXPECT_TRUE(same_info(&before, self->server));
}

TEST_F(settle, cookie_0_without_next_returns_einval)
{
	struct mbox_info before = info_of(self->server);

	EXPECT_EQ(-EINVAL, reply_text(self->server, 0, "reply"));
	EXPECT_EQ(-EINVAL, put_back(self->server, 0));
	EXPECT_EQ(-EINVAL, check_wanted(self->server, 0));
	EXPECT_TRUE(same_info(&before, self->server));
}

TEST_F(settle, type_of_a_reply_0_and_above_max_return_einval)
{
	static const __u64 types[] = { 0, MBOX_TYPE_MAX + 1, ~0ULL };
	struct mbox_info before = info_of(self->server);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		EXPECT_EQ(-EINVAL, reply_bytes(self->server, self->cookie,
					       types[i], "x", 1));
	EXPECT_TRUE(same_info(&before, self->server));
	EXPECT_EQ(-EINPROGRESS, fetch(&self->c));
}

TEST_F(settle, unbound_handle_returns_enotconn)
{
	int fd = open_device(O_RDWR);

	EXPECT_EQ(-ENOTCONN, reply_text(fd, self->cookie, "reply"));
	EXPECT_EQ(-ENOTCONN, put_back(fd, self->cookie));
	EXPECT_EQ(-ENOTCONN, check_wanted(fd, self->cookie));
	close(fd);
}

TEST_F(settle, handle_that_may_not_receive_returns_ebadf)
{
	EXPECT_EQ(-EBADF, reply_text(self->fd, self->cookie, "reply"));
	EXPECT_EQ(-EBADF, put_back(self->fd, self->cookie));
	EXPECT_EQ(-EBADF, check_wanted(self->fd, self->cookie));
	EXPECT_EQ(0, check_wanted(self->server, self->cookie));
}

TEST_F(settle, reply_that_cannot_be_read_returns_efault_and_settles_nothing)
{
	struct mbox_info before = info_of(self->server);
	char *page = page_before_nothing();
	struct mbox_settle args = reply_args(self->cookie);

	args.buf = addr(nowhere());
	EXPECT_EQ(-EFAULT, do_settle(self->server, &args));
	EXPECT_EQ(self->cookie, args.cookie);
	args.buf = addr(page + 4096 - 3);
	EXPECT_EQ(-EFAULT, do_settle(self->server, &args));
	EXPECT_EQ(self->cookie, args.cookie);
	EXPECT_EQ(-EFAULT, do_settle(self->server, nowhere()));
	EXPECT_TRUE(same_info(&before, self->server));
	EXPECT_EQ(-EINPROGRESS, fetch(&self->c));
	EXPECT_EQ(0, reply_text(self->server, self->cookie, "reply"));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_F(settle, cookie_that_cannot_be_written_returns_efault_and_settles_nothing)
{
	struct mbox_info before = info_of(self->server);
	struct mbox_settle *ro = shared(4096);
	int i;

	for (i = 0; i < 2; i++) {
		mprotect(ro, 4096, PROT_READ | PROT_WRITE);
		*ro = reply_args(self->cookie);
		if (i)
			*ro = (struct mbox_settle){
				.flags = MBOX_SETTLE_RETURN,
				.cookie = self->cookie,
			};
		mprotect(ro, 4096, PROT_READ);
		EXPECT_EQ(-EFAULT, do_settle(self->server, ro));
		EXPECT_TRUE(same_info(&before, self->server));
	}
	EXPECT_EQ(0, check_wanted(self->server, self->cookie));
}

TEST_F(settle, removed_mailbox_returns_eidrm)
{
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, reply_text(self->server, self->cookie, "reply"));
	EXPECT_EQ(-EIDRM, put_back(self->server, self->cookie));
	EXPECT_EQ(-EIDRM, check_wanted(self->server, self->cookie));
	EXPECT_EQ(-EIDRM, fetch(&self->c));
}

/* ---- whose it is ------------------------------------------------------- */

TEST_F(settle, cookie_of_another_handle_returns_eperm)
{
	int other = open_existing(self->name, O_RDONLY);
	int granted = grant(self->server, MBOX_RIGHT_RECV);
	struct mbox_info before = info_of(self->server);
	__u64 own;

	/* Both of them, also when the others have deliveries of their own. */
	EXPECT_EQ(-EPERM, reply_text(other, self->cookie, "forged"));
	EXPECT_EQ(-EPERM, reply_text(granted, self->cookie, "forged"));
	EXPECT_EQ(-EPERM, put_back(other, self->cookie));
	EXPECT_EQ(-EPERM, check_wanted(granted, self->cookie));
	EXPECT_TRUE(same_info(&before, self->server));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "second"));
	own = take(other).header.cookie;
	EXPECT_NE(self->cookie, own);
	EXPECT_EQ(-EPERM, reply_text(other, self->cookie, "forged"));
	EXPECT_EQ(-EPERM, reply_text(self->server, own, "forged"));
	EXPECT_EQ(0, reply_text(other, own, "second"));
	EXPECT_EQ(0, reply_text(self->server, self->cookie, "first"));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_EQ(0, fetch(&self->d));
	EXPECT_STREQ("first", self->c.reply);
	EXPECT_STREQ("second", self->d.reply);
}

struct forgery {
	const char *name;
	__u64 cookie;
};

static int forge_as_alice(void *arg)
{
	struct forgery *forgery = arg;
	int fd;

	if (become_user(ALICE))
		return 99;
	fd = open_existing(forgery->name, O_RDWR);
	if (fd < 0)
		return 98;
	return reply_text(fd, forgery->cookie, "forged");
}

TEST_F(settle, cookie_of_another_process_returns_eperm)
{
	struct mbox_open args = open_args("public", MBOX_OPEN_CREATE);
	struct forgery forgery = { .name = "public" };
	int fd;

	args.mode = 0666;
	fd = open_with(O_RDWR, &args);
	ASSERT_LE(0, fd);
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, fd, "request"));
	forgery.cookie = take(fd).header.cookie;
	EXPECT_EQ(EPERM, run(forge_as_alice, &forgery));
	EXPECT_EQ(-EINPROGRESS, fetch(&self->d));
	EXPECT_EQ(0, reply_text(fd, forgery.cookie, "right"));
	EXPECT_EQ(0, fetch(&self->d));
	EXPECT_STREQ("right", self->d.reply);
	close(fd);
}

/* Also the numbers next to one that is good, and all with one bit changed. */
TEST_F(settle, cookie_that_was_never_given_returns_eperm)
{
	struct mbox_info before = info_of(self->server);
	unsigned int random = 1;
	__u64 forged;
	int i;

	for (i = 0; i < 64; i++) {
		forged = self->cookie ^ 1ULL << i;
		if (!forged)
			continue;
		EXPECT_EQ(-EPERM, reply_text(self->server, forged, "forged"));
		EXPECT_EQ(-EPERM, put_back(self->server, forged));
	}
	for (i = 0; i < 1000; i++) {
		forged = (__u64)rand_r(&random) << 32 | rand_r(&random);
		EXPECT_EQ(-EPERM, reply_text(self->server, forged, "forged"));
	}
	EXPECT_EQ(-EPERM, reply_text(self->server, self->cookie + 1, "x"));
	EXPECT_EQ(-EPERM, reply_text(self->server, ~0ULL, "x"));
	EXPECT_EQ(-EPERM, check_wanted(self->server, ~0ULL));
	EXPECT_TRUE(same_info(&before, self->server));
	EXPECT_EQ(0, check_wanted(self->server, self->cookie));
}

TEST_F(settle, second_settle_returns_ealready)
{
	struct mbox_settle args = reply_args(self->cookie);

	EXPECT_EQ(0, do_settle(self->server, &args));
	EXPECT_EQ(0, args.cookie);
	EXPECT_EQ(-EALREADY, reply_text(self->server, self->cookie, "again"));
	EXPECT_EQ(-EALREADY, put_back(self->server, self->cookie));
	EXPECT_EQ(-EALREADY, check_wanted(self->server, self->cookie));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
	/* Still so when its caller has long gone. */
	EXPECT_EQ(-EALREADY, reply_text(self->server, self->cookie, "again"));
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(settle, numbers_of_deliveries_are_not_used_again)
{
	__u64 seen[100];
	int i, j;

	EXPECT_EQ(0, reply_text(self->server, self->cookie, "x"));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "x"));
		seen[i] = take(self->server).header.cookie;
		EXPECT_NE(self->cookie, seen[i]);
		EXPECT_EQ(0, reply_text(self->server, seen[i], "x"));
		EXPECT_EQ(0, fetch(&self->d));
		for (j = 0; j < i; j++)
			ASSERT_NE(seen[i], seen[j]);
	}
	EXPECT_EQ(-EALREADY, reply_text(self->server, seen[0], "x"));
}

static int reply_in_child(void *arg)
{
	__u64 *args = arg;

	return reply_text(args[0], args[1], "from the child");
}

TEST_F(settle, child_that_shares_the_handle_may_settle)
{
	__u64 args[2] = { self->server, self->cookie };

	EXPECT_EQ(0, run(reply_in_child, args));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("from the child", self->c.reply);
	/* It is the handle that replies, as its opener signed it. */
	EXPECT_EQ(getpid(), self->c.call.header.pid);
}

static int do_nothing(void *arg)
{
	return 0;
}

TEST_F(settle, close_of_one_of_several_descriptors_ends_nothing)
{
	int copy = dup(self->server);

	EXPECT_EQ(0, run(do_nothing, NULL));
	close(self->server);
	EXPECT_EQ(-EINPROGRESS, fetch(&self->c));
	EXPECT_EQ(0, reply_text(copy, self->cookie, "from the copy"));
	EXPECT_EQ(0, fetch(&self->c));
	self->server = copy;
}

/* ---- put back ---------------------------------------------------------- */

TEST_F(settle, return_puts_it_back_to_its_old_place)
{
	struct mbox_settle args = {
		.flags = MBOX_SETTLE_RETURN, .cookie = self->cookie,
	};
	struct got got;
	int i;

	ASSERT_EQ(1, send_text(self->fd, 1, "younger"));
	for (i = 1; i <= 3; i++) {
		EXPECT_EQ(0, do_settle(self->server, &args));
		EXPECT_EQ(0, args.cookie);
		EXPECT_EQ(2, msgs_of(self->fd));
		EXPECT_EQ(0, info_of(self->fd).received);
		got = take(self->server);
		EXPECT_STREQ("request", got.text);
		EXPECT_EQ(1, got.header.seq);
		EXPECT_EQ(i, got.header.deliveries);
		EXPECT_EQ(TEXT_MAX, got.header.room);
		EXPECT_NE(self->cookie, got.header.cookie);
		args.cookie = got.header.cookie;
	}
	EXPECT_EQ(-EALREADY, reply_text(self->server, self->cookie, "old"));
	EXPECT_EQ(-EINPROGRESS, fetch(&self->c));
	EXPECT_EQ(0, reply_text(self->server, args.cookie, "at last"));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("younger", take(self->server).text);
	EXPECT_TRUE(all_settled(self->server));
}

/* Between an older and a younger one, and for another handle to take. */
TEST_F(settle, return_in_the_middle_keeps_the_order)
{
	int other = open_existing(self->name, O_RDONLY), i;
	struct got got;

	ASSERT_EQ(1, send_text(self->fd, 2, "older"));
	aim(&self->d, self->fd, "middle");
	self->d.call.type = 3;
	self->d.call.flags = MBOX_CALL_NOWAIT;
	ASSERT_EQ(-EINPROGRESS, do_call(self->fd, &self->d.call));
	ASSERT_EQ(1, send_text(self->fd, 4, "younger"));
	got = take_range(self->server, 3, 3, 0);
	EXPECT_EQ(0, put_back(self->server, got.header.cookie));
	for (i = 2; i <= 4; i++) {
		got = take(other);
		EXPECT_EQ(i, got.header.type);
		EXPECT_EQ(i == 3, got.header.deliveries);
		if (i == 3)
			EXPECT_EQ(0, reply_text(other, got.header.cookie, "x"));
	}
	EXPECT_EQ(0, fetch(&self->d));
	EXPECT_EQ(info_of(other).handle, self->d.call.header.sender);
	close(other);
}

TEST_F(settle, return_goes_straight_to_a_waiting_receiver)
{
	struct job *job = new_job(open_existing(self->name, O_RDONLY));
	pid_t pid = spawn(recv_job, job);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(0, put_back(self->server, self->cookie));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("request", job->text);
	EXPECT_EQ(1, job->header.deliveries);
	EXPECT_EQ(0, reply_text(job->fd, job->header.cookie, "x"));
	EXPECT_EQ(0, fetch(&self->c));
}

TEST_F(settle, return_needs_no_room_in_a_full_mailbox)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0);
	struct got got;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, fd, "request"));
	got = take(fd);
	ASSERT_EQ(1, send_text(fd, 1, "fills it"));
	EXPECT_EQ(0, put_back(fd, got.header.cookie));
	EXPECT_EQ(2, msgs_of(fd));
	EXPECT_EQ(0, info_of(fd).lost);
	got = take(fd);
	EXPECT_STREQ("request", got.text);
	EXPECT_EQ(0, reply_text(fd, got.header.cookie, "x"));
	EXPECT_EQ(0, fetch(&self->d));
	close(fd);
}

TEST_F(settle, return_after_its_caller_has_gone_withdraws_it)
{
	struct mbox_settle args = {
		.flags = MBOX_SETTLE_RETURN, .cookie = self->cookie,
	};

	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	EXPECT_EQ(0, info_of(self->fd).withdrawn);
	EXPECT_EQ(-ECANCELED, do_settle(self->server, &args));
	EXPECT_EQ(0, args.cookie);
	EXPECT_EQ(1, info_of(self->fd).withdrawn);
	EXPECT_EQ(0, info_of(self->fd).received);
	EXPECT_EQ(-EAGAIN, take(self->server).ret);
	EXPECT_EQ(-EALREADY, put_back(self->server, self->cookie));
	EXPECT_EQ(0, poll_now(self->server));
	EXPECT_TRUE(all_settled(self->server));
}

/* A request that is put back waits on as one that was never taken. */
TEST_F(settle, returned_request_is_withdrawn_purged_and_timed_out_as_any)
{
	EXPECT_EQ(0, put_back(self->server, self->cookie));
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	EXPECT_EQ(1, info_of(self->fd).withdrawn);
	EXPECT_EQ(0, msgs_of(self->fd));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "request"));
	EXPECT_EQ(0, put_back(self->server, take(self->server).header.cookie));
	ASSERT_EQ(0, purge(self->fd));
	EXPECT_EQ(-ENOBUFS, fetch(&self->d));
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(settle, close_after_return_leaves_the_call)
{
	struct got got;

	EXPECT_EQ(0, put_back(self->server, self->cookie));
	close(self->server);
	EXPECT_EQ(-EINPROGRESS, fetch(&self->c));
	self->server = open_existing(self->name, O_RDONLY);
	got = take(self->server);
	EXPECT_EQ(1, got.header.deliveries);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "x"));
	EXPECT_EQ(0, fetch(&self->c));
}

/* ---- check ------------------------------------------------------------- */

TEST_F(settle, check_tells_and_settles_nothing)
{
	struct mbox_settle args = {
		.flags = MBOX_SETTLE_CHECK, .cookie = self->cookie,
	};
	struct mbox_info before = info_of(self->server);

	EXPECT_EQ(0, do_settle(self->server, &args));
	EXPECT_EQ(0, do_settle(self->server, &args));
	EXPECT_EQ(self->cookie, args.cookie);
	EXPECT_TRUE(same_info(&before, self->server));
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	EXPECT_EQ(-ECANCELED, do_settle(self->server, &args));
	EXPECT_EQ(-ECANCELED, do_settle(self->server, &args));
	EXPECT_EQ(self->cookie, args.cookie);
	EXPECT_EQ(1, info_of(self->server).owed);
}

TEST_F(settle, late_reply_returns_ecanceled_and_settles)
{
	struct mbox_settle args = reply_args(self->cookie);

	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	EXPECT_EQ(-ECANCELED, do_settle(self->server, &args));
	EXPECT_EQ(0, args.cookie);
	EXPECT_EQ(0, info_of(self->server).owed);
	EXPECT_EQ(-EALREADY, reply_text(self->server, self->cookie, "later"));
}

/* Its caller gone, it is still held to what it was told. */
TEST_F(settle, late_reply_above_room_returns_emsgsize)
{
	struct mbox_settle args = reply_args(self->cookie);

	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	args.len = TEXT_MAX + 1;
	EXPECT_EQ(-EMSGSIZE, do_settle(self->server, &args));
	EXPECT_EQ(self->cookie, args.cookie);
	EXPECT_EQ(1, info_of(self->server).owed);
	EXPECT_EQ(-ECANCELED, reply_text(self->server, self->cookie, "x"));
}

/* ---- other ways to receive --------------------------------------------- */

TEST_F(settle, plain_read_takes_what_cannot_be_answered)
{
	char buf[16] = "";

	call_text(&self->d, self->fd, "plain");
	ASSERT_TRUE(wait_msgs(self->fd, 1));
	EXPECT_EQ(5, read(self->server, buf, sizeof(buf)));
	EXPECT_STREQ("plain", buf);
	EXPECT_EQ(2, info_of(self->server).owed);
	EXPECT_EQ(0, reply_text(self->server, self->cookie, "x"));
	EXPECT_EQ(1, info_of(self->fd).calls);
	close(self->server);
	EXPECT_EQ(-EOWNERDEAD, end_call(&self->d));
	EXPECT_EQ(0, fetch(&self->c));
	self->server = -1;
}

TEST_F(settle, read_of_a_record_shows_the_cookie)
{
	struct {
		struct mbox_header header;
		char text[16];
	} record = { 0 };

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "record"));
	ASSERT_EQ(0, set_framing(self->server, MBOX_FRAMING_RECORD));
	EXPECT_EQ(sizeof(record.header) + 6,
		  read(self->server, &record, sizeof(record)));
	EXPECT_EQ(MBOX_MSG_CALL, record.header.flags);
	EXPECT_EQ(TEXT_MAX, record.header.room);
	EXPECT_EQ(0, reply_text(self->server, record.header.cookie, "x"));
	EXPECT_EQ(0, fetch(&self->d));
}

TEST_F(settle, vector_gives_each_request_a_cookie)
{
	struct mbox_message vec[3] = { 0 };
	struct mbox_recv args = {
		.flags = MBOX_RECV_NOWAIT, .count = 3, .vec = addr(vec),
	};

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, ""));
	ASSERT_EQ(1, send_text(self->fd, 1, ""));
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, ""));
	EXPECT_EQ(3, do_ioctl(self->server, MBOX_IOC_RECV, &args));
	EXPECT_EQ(0, vec[1].header.cookie);
	EXPECT_NE(vec[0].header.cookie, vec[2].header.cookie);
	EXPECT_EQ(3, info_of(self->server).owed);
	EXPECT_EQ(0, reply_text(self->server, vec[2].header.cookie, "late"));
	EXPECT_EQ(0, reply_text(self->server, vec[0].header.cookie, "early"));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_EQ(0, fetch(&self->d));
	EXPECT_STREQ("late", self->c.reply);
	EXPECT_STREQ("early", self->d.reply);
}

TEST_F(settle, receive_that_fails_owes_nothing)
{
	struct mbox_header h;
	struct got got;
	char buf[2];

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "request"));
	EXPECT_EQ(-EFAULT, recv_into(self->server, NULL, nowhere(), 99, 0,
				     NULL, 0));
	EXPECT_EQ(-EMSGSIZE, recv_into(self->server, &h, buf, 2, 0, NULL, 0));
	EXPECT_EQ(0, h.cookie);
	EXPECT_EQ(MBOX_MSG_CALL, h.flags);
	EXPECT_EQ(1, info_of(self->server).owed);
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(2, info_of(self->fd).calls);
	EXPECT_TRUE(balanced(self->fd));
	got = take(self->server);
	EXPECT_EQ(0, got.header.deliveries);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "x"));
	EXPECT_EQ(0, fetch(&self->d));
}

/* A cut request is answered like a whole one. */
TEST_F(settle, truncated_request_can_be_answered)
{
	struct mbox_header h;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "request"));
	EXPECT_EQ(1, recv_into(self->server, &h, NULL, 0, MBOX_RECV_TRUNC, NULL,
			       0));
	EXPECT_EQ(MBOX_MSG_CALL | MBOX_MSG_TRUNC, h.flags);
	EXPECT_EQ(0, reply_text(self->server, h.cookie, "x"));
	EXPECT_EQ(0, fetch(&self->d));
}

TEST_HARNESS_MAIN
