// SPDX-License-Identifier: GPL-2.0
/*
 * Calls: what is refused, and the way of request and reply. States and ends are
 * in call_end_test, resuming and NOWAIT in call_resume_test, what the receiver
 * does in settle_test, quotas in call_quota_test.
 */
#include "fixture_call.h"

/* ---- refusals ---------------------------------------------------------- */

TEST_F(call, type_0_and_above_max_return_einval)
{
	static const __u64 types[] = { 0, MBOX_TYPE_MAX + 1, ~0ULL };
	struct mbox_info before = info_of(self->fd);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		self->c.call.type = types[i];
		EXPECT_EQ(-EINVAL, do_call(self->fd, &self->c.call));
	}
	EXPECT_TRUE(same_info(&before, self->fd));
}

TEST_F(call, deadline_below_0_returns_einval)
{
	struct mbox_info before = info_of(self->fd);

	self->c.call.deadline = -1;
	EXPECT_EQ(-EINVAL, do_call(self->fd, &self->c.call));
	self->c.call.deadline = INT64_MIN;
	EXPECT_EQ(-EINVAL, do_call(self->fd, &self->c.call));
	EXPECT_TRUE(same_info(&before, self->fd));
}

TEST_F(call, unbound_handle_returns_enotconn)
{
	int fd = open_device(O_RDWR);

	EXPECT_EQ(-ENOTCONN, do_call(fd, &self->c.call));
	self->c.call.cookie = 1;
	EXPECT_EQ(-ENOTCONN, do_call(fd, &self->c.call));
	/* It has not been bound by it either. */
	EXPECT_EQ(-ENOTCONN, do_call(fd, &self->c.call));
	close(fd);
}

TEST_F(call, handle_that_may_not_send_returns_ebadf)
{
	struct mbox_info before = info_of(self->server);
	int granted;

	EXPECT_EQ(-EBADF, do_call(self->server, &self->c.call));
	EXPECT_TRUE(same_info(&before, self->server));
	granted = grant(self->full, MBOX_RIGHT_RECV);
	EXPECT_EQ(-EBADF, do_call(granted, &self->c.call));
	close(granted);
}

TEST_F(call, request_above_max_size_returns_emsgsize)
{
	static const __u64 over[] = {
		MBOX_SIZE_DEFAULT + 1, 1U << 31, 1ULL << 32, (1ULL << 32) + 1,
		1ULL << 63, ~0ULL,
	};
	struct mbox_info before = info_of(self->fd);
	size_t i;

	self->c.call.buf = addr(nowhere());
	for (i = 0; i < ARRAY_SIZE(over); i++) {
		self->c.call.len = over[i];
		EXPECT_EQ(-EMSGSIZE, do_call(self->fd, &self->c.call));
	}
	EXPECT_TRUE(same_info(&before, self->fd));
}

TEST_F(call, request_that_cannot_be_read_returns_efault)
{
	struct mbox_info before = info_of(self->fd);
	char *page = page_before_nothing();

	self->c.call.buf = addr(nowhere());
	EXPECT_EQ(-EFAULT, do_call(self->fd, &self->c.call));
	self->c.call.buf = addr(page + 4096 - 3);
	EXPECT_EQ(-EFAULT, do_call(self->fd, &self->c.call));
	EXPECT_EQ(-EFAULT, do_call(self->fd, nowhere()));
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_TRUE(same_info(&before, self->fd));
}

/* A call whose number could not be told is not made. */
TEST_F(call, struct_that_cannot_be_written_returns_efault_and_sends_nothing)
{
	struct mbox_info before = info_of(self->fd);
	struct mbox_call *ro = shared(4096);
	int i;

	for (i = 0; i < 2; i++) {
		mprotect(ro, 4096, PROT_READ | PROT_WRITE);
		*ro = self->c.call;
		ro->flags = i ? MBOX_CALL_NOWAIT : 0;
		mprotect(ro, 4096, PROT_READ);
		EXPECT_EQ(-EFAULT, do_call(self->fd, ro));
		EXPECT_TRUE(same_info(&before, self->fd));
	}
}

TEST_F(call, removed_mailbox_returns_eidrm)
{
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, do_call(self->fd, &self->c.call));
	EXPECT_EQ(-EIDRM, call_nowait(&self->c, self->fd, "request"));
	EXPECT_EQ(0, self->c.call.cookie);
}

TEST_F(call, anonymous_without_a_receiver_returns_epipe)
{
	int reader, writer;

	ASSERT_EQ(0, open_pair(&reader, &writer));
	close(reader);
	EXPECT_EQ(-EPIPE, do_call(writer, &self->c.call));
	EXPECT_EQ(0, info_of(writer).sent);
	close(writer);
}

/* ---- the way of a request and its reply -------------------------------- */

TEST_F(call, header_of_a_request_is_complete)
{
	__s64 before = now(), deadline = in_ms(60000);
	struct mbox_header h;

	aim(&self->c, self->fd, "request");
	self->c.call.type = 77;
	self->c.call.room = 33;
	self->c.call.deadline = deadline;
	start_call(&self->c);
	h = take_next(self->server).header;
	EXPECT_EQ(77, h.type);
	EXPECT_EQ(7, h.len);
	EXPECT_EQ(1, h.seq);
	EXPECT_LE(before, h.time);
	EXPECT_GE(now(), h.time);
	EXPECT_EQ(info_of(self->fd).handle, h.sender);
	EXPECT_EQ(0, h.to);
	EXPECT_NE(0, h.cookie);
	EXPECT_EQ(0, h.lost);
	EXPECT_EQ(getpid(), h.pid);
	EXPECT_EQ(0, h.uid + h.gid);
	EXPECT_EQ(MBOX_MSG_CALL, h.flags);
	EXPECT_EQ(deadline, h.deadline);
	EXPECT_EQ(33, h.room);
	EXPECT_EQ(0, h.deliveries);
	EXPECT_EQ(0, reply_text(self->server, h.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
}

TEST_F(call, header_of_a_message_shows_no_call)
{
	struct mbox_header h;

	ASSERT_EQ(1, send_text(self->fd, 1, "message"));
	h = take(self->server).header;
	EXPECT_EQ(0, h.flags);
	EXPECT_EQ(0, h.cookie);
	EXPECT_EQ(0, h.deadline);
	EXPECT_EQ(0, h.room);
	EXPECT_EQ(0, h.deliveries);
	EXPECT_EQ(0, info_of(self->server).owed);
}

TEST_F(call, header_of_a_reply_tells_who_replied_and_to_what)
{
	struct mbox_header *h = &self->c.call.header;
	__s64 before;
	__u64 cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "makes the number 2"));
	EXPECT_EQ(1, take(self->server).ret);
	call_text(&self->c, self->fd, "request");
	cookie = take_next(self->server).header.cookie;
	before = now();
	EXPECT_EQ(0, reply_bytes(self->server, cookie, MBOX_TYPE_MAX, "abc",
				 3));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_EQ(MBOX_TYPE_MAX, h->type);
	EXPECT_EQ(3, h->len);
	EXPECT_EQ(2, h->seq);
	EXPECT_LE(before, h->time);
	EXPECT_GE(now(), h->time);
	EXPECT_EQ(info_of(self->server).handle, h->sender);
	EXPECT_EQ(getpid(), h->pid);
	EXPECT_EQ(0, h->uid + h->gid);
	EXPECT_EQ(0, h->to + h->cookie + h->lost + h->flags);
	EXPECT_EQ(0, h->deadline);
	EXPECT_EQ(0, h->room + h->deliveries);
	EXPECT_EQ(0, self->c.call.cookie);
	EXPECT_STREQ("abc", self->c.reply);
}

static int reply_as_alice(void *arg)
{
	struct got got;
	int fd;

	if (become_user(ALICE))
		return 1;
	fd = open_existing("public", O_RDONLY);
	got = take_next(fd);
	if (got.ret != 1 || got.header.uid != 0)
		return 2;
	return -reply_text(fd, got.header.cookie, "from alice");
}

TEST_F(call, header_of_a_reply_tells_another_user)
{
	struct mbox_open args = open_args("public", MBOX_OPEN_CREATE);
	pid_t pid;
	int fd;

	args.mode = 0666;
	fd = open_with(O_WRONLY, &args);
	ASSERT_LE(0, fd);
	pid = spawn(reply_as_alice, NULL);
	EXPECT_EQ(0, do_call(fd, &self->c.call));
	EXPECT_EQ(pid, self->c.call.header.pid);
	EXPECT_EQ(ALICE, self->c.call.header.uid);
	EXPECT_EQ(ALICE, self->c.call.header.gid);
	EXPECT_STREQ("from alice", self->c.reply);
	EXPECT_EQ(0, reap(pid));
	close(fd);
}

static int call_from_own_userns(void *arg)
{
	struct caller *c = arg;

	if (unshare(CLONE_NEWUSER))
		return 1;
	if (do_call(c->fd, &c->call))
		return 2;
	return c->call.header.uid == 65534 && c->call.header.gid == 65534 ?
		       0 : 3;
}

/* Whoever fetches the reply sees who replied in its own user namespace. */
TEST_F(call, header_of_a_reply_is_translated_for_the_caller)
{
	pid_t pid = spawn(call_from_own_userns, &self->c);
	struct got got = take_next(self->server);

	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, reap(pid));
}

TEST_F(call, empty_request_and_empty_reply_are_whole)
{
	struct got got;

	aim(&self->c, self->fd, "");
	self->c.call.buf = addr(nowhere());
	self->c.call.reply = addr(nowhere());
	self->c.call.room = 0;
	start_call(&self->c);
	got = take_next(self->server);
	EXPECT_EQ(1, got.ret);
	EXPECT_EQ(0, got.header.len);
	EXPECT_EQ(0, got.header.room);
	EXPECT_EQ(0, reply_bytes(self->server, got.header.cookie, 5, NULL, 0));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_EQ(0, self->c.call.header.len);
	EXPECT_EQ(5, self->c.call.header.type);
}

/* Every size around a page and around powers of two arrives as it was. */
TEST_F(call, reply_of_any_size_arrives_unchanged)
{
	char *out = shared(MBOX_SIZE_DEFAULT), *in = shared(MBOX_SIZE_DEFAULT);
	int size, delta, i;
	__u64 cookie;

	for (i = 0; i < MBOX_SIZE_DEFAULT; i++)
		out[i] = i * 31 + i / 251;
	for (size = 1; size <= MBOX_SIZE_DEFAULT; size *= 4) {
		for (delta = -1; delta <= (size < MBOX_SIZE_DEFAULT); delta++) {
			aim(&self->c, self->fd, "request");
			self->c.call.reply = addr(in);
			self->c.call.room = MBOX_SIZE_DEFAULT;
			self->c.call.flags = MBOX_CALL_NOWAIT;
			memset(in, 0x55, MBOX_SIZE_DEFAULT);
			ASSERT_EQ(-EINPROGRESS, do_call(self->fd,
							&self->c.call));
			cookie = take(self->server).header.cookie;
			ASSERT_EQ(0, reply_bytes(self->server, cookie, 1, out,
						 size + delta));
			ASSERT_EQ(0, do_call(self->fd, &self->c.call));
			EXPECT_EQ(size + delta, self->c.call.header.len);
			EXPECT_EQ(0, memcmp(out, in, size + delta));
			/* Only as many bytes are touched. */
			for (i = size + delta; i < MBOX_SIZE_DEFAULT; i += 97)
				ASSERT_EQ(0x55, in[i]);
		}
	}
}

TEST_F(call, reply_above_room_returns_emsgsize_and_can_still_be_settled)
{
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_REPLY, .type = 1, .buf = addr(nowhere()),
	};
	static const __u64 over[] = {
		6, MBOX_SIZE_MAX, MBOX_SIZE_MAX + 1, 1ULL << 32,
		(1ULL << 32) + 1, ~0ULL,
	};
	struct mbox_info before;
	struct got got;
	size_t i;

	self->c.call.room = 5;
	start_call(&self->c);
	got = take_next(self->server);
	before = info_of(self->server);
	for (i = 0; i < ARRAY_SIZE(over); i++) {
		settle.cookie = got.header.cookie;
		settle.len = over[i];
		EXPECT_EQ(-EMSGSIZE, do_settle(self->server, &settle));
		EXPECT_EQ(got.header.cookie, settle.cookie);
	}
	EXPECT_TRUE(same_info(&before, self->server));
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "exact"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_STREQ("exact", self->c.reply);
}

TEST_F(call, room_is_what_max_size_allows)
{
	struct mbox_open args = open_args(NULL, MBOX_OPEN_CREATE);
	static const __u64 rooms[] = { 101, 1ULL << 32, 1ULL << 63, ~0ULL };
	char buf[101] = { 0 };
	struct got got;
	size_t i;
	int fd;

	args.limits.max_size = 100;
	fd = open_with(O_RDWR, &args);
	for (i = 0; i < ARRAY_SIZE(rooms); i++) {
		aim(&self->c, fd, "request");
		self->c.call.room = rooms[i];
		self->c.call.flags = MBOX_CALL_NOWAIT;
		ASSERT_EQ(-EINPROGRESS, do_call(fd, &self->c.call));
		got = take(fd);
		EXPECT_EQ(100, got.header.room);
		EXPECT_EQ(-EMSGSIZE, reply_bytes(fd, got.header.cookie, 1, buf,
						 101));
		EXPECT_EQ(0, reply_bytes(fd, got.header.cookie, 1, buf, 100));
		EXPECT_EQ(0, do_call(fd, &self->c.call));
	}
	close(fd);
}

/* It is no message: it takes no number, no room, and no receiver sees it. */
TEST_F(call, reply_is_not_counted_and_no_filter_matters_to_it)
{
	struct mbox_info info;
	__u64 cookie;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	cookie = take(self->server).header.cookie;
	EXPECT_EQ(0, reply_bytes(self->server, cookie, 9, "x", 1));
	info = info_of(self->fd);
	EXPECT_EQ(1, info.sent);
	EXPECT_EQ(1, info.received);
	EXPECT_EQ(0, info.msgs);
	EXPECT_EQ(0, info.bytes);
	EXPECT_EQ(-EAGAIN, take(self->server).ret);
	EXPECT_EQ(0, fetch(&self->c));
	ASSERT_EQ(1, send_text(self->fd, 1, "next"));
	EXPECT_EQ(2, take(self->server).header.seq);
}

TEST_F(call, reply_needs_no_room_in_a_full_mailbox)
{
	struct got got;

	call_text(&self->c, self->full, "request");
	ASSERT_TRUE(wait_senders(self->full, 1));
	EXPECT_STREQ("first", take(self->full).text);
	got = take_next(self->full);
	ASSERT_EQ(1, send_text(self->full, 1, "fills it again"));
	EXPECT_EQ(-EAGAIN, send_nowait(self->full, 1, "no room"));
	EXPECT_EQ(0, reply_text(self->full, got.header.cookie, "reply"));
	EXPECT_EQ(0, end_call(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
}

TEST_F(call, request_is_chosen_by_filters_and_shown_by_peek)
{
	struct got got;

	aim(&self->c, self->fd, "request");
	self->c.call.type = 5;
	self->c.call.flags = MBOX_CALL_NOWAIT;
	ASSERT_EQ(1, send_text(self->fd, 1, "before"));
	ASSERT_EQ(-EINPROGRESS, do_call(self->fd, &self->c.call));
	EXPECT_EQ(-EAGAIN, take_range(self->server, 6, 9, 0).ret);
	got = take_with(self->server, MBOX_RECV_PEEK | MBOX_RECV_NOWAIT,
			&(struct mbox_filter){ .lo = 5, .hi = 5 });
	EXPECT_EQ(1, got.ret);
	EXPECT_STREQ("request", got.text);
	EXPECT_EQ(MBOX_MSG_CALL, got.header.flags);
	EXPECT_EQ(0, got.header.cookie);
	EXPECT_EQ(0, info_of(self->server).owed);
	EXPECT_EQ(5, take_range(self->server, 5, 5, 0).header.type);
	EXPECT_EQ(1, info_of(self->server).owed);
}

TEST_HARNESS_MAIN
