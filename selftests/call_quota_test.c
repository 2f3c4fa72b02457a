// SPDX-License-Identifier: GPL-2.0
/*
 * What a call costs: the request and the room for its reply, charged to its
 * caller when it is made, so that the reply never fails for it.
 */
#include "mbox_call.h"

#define PARAMETERS	"/sys/module/mbox/parameters/"
#define CGROUP		"/sys/fs/cgroup"
#define TEST_CGROUP	CGROUP "/mbox-call-test"
#define ROOM		30000

FIXTURE(call_quota)
{
	char user[32];
	char domain[32];
};

/* A quota of 65536 bytes, for a user and for a domain of its own. */
FIXTURE_SETUP(call_quota)
{
	ASSERT_LT(0, read_file(PARAMETERS "user_bytes", self->user, 32));
	ASSERT_LT(0, read_file(PARAMETERS "domain_bytes", self->domain, 32));
}

FIXTURE_TEARDOWN(call_quota)
{
	write_file(PARAMETERS "user_bytes", self->user);
	write_file(PARAMETERS "domain_bytes", self->domain);
}

static int call_room(struct caller *c, int fd, __u64 room)
{
	static char reply[MBOX_SIZE_DEFAULT];

	aim(c, fd, "request");
	c->call.flags = MBOX_CALL_NOWAIT;
	c->call.reply = addr(reply);
	c->call.room = room;
	return do_call(fd, &c->call);
}

/* Sends until it is refused; returns why no more. */
static int fill(int fd, size_t size)
{
	static char buf[MBOX_SIZE_DEFAULT];
	int ret;

	do {
		ret = send_until(fd, 1, buf, size, MBOX_SEND_NOWAIT, 0);
	} while (ret == 1);
	return ret;
}

/*
 * Two calls fit, a third does not: not while they wait, not while a reply is
 * there to be fetched, but as soon as one was fetched.
 */
static int third_call_fails(int fd, int errno_wanted)
{
	struct mbox_info before;
	struct caller c[3];
	struct got got;

	if (call_room(&c[0], fd, ROOM) != -EINPROGRESS ||
	    call_room(&c[1], fd, ROOM) != -EINPROGRESS)
		return 2;
	before = info_of(fd);
	if (call_room(&c[2], fd, ROOM) != -errno_wanted || c[2].call.cookie)
		return 3;
	if (!same_info(&before, fd))
		return 4;
	got = take(fd);
	if (call_room(&c[2], fd, ROOM) != -errno_wanted)
		return 5;
	if (reply_text(fd, got.header.cookie, "reply"))
		return 6;
	if (call_room(&c[2], fd, ROOM) != -errno_wanted)
		return 7;
	if (fetch(&c[0]) || call_room(&c[2], fd, ROOM) != -EINPROGRESS)
		return 8;
	if (give_up(&c[1]) != -ETIMEDOUT || give_up(&c[2]) != -ETIMEDOUT)
		return 9;
	return 0;
}

static int calls_as_alice(void *arg)
{
	int fd, i, ret;

	if (become_user(ALICE))
		return 1;
	/* Calls that go with their handle are paid back as well. */
	for (i = 0; i < 5; i++) {
		fd = open_mailbox(NULL, O_RDWR);
		ret = third_call_fails(fd, EDQUOT);
		if (ret)
			return ret;
		close(fd);
	}
	return 0;
}

TEST_F(call_quota, calls_of_a_user_return_edquot_and_come_back)
{
	ASSERT_EQ(0, write_file(PARAMETERS "user_bytes", "65536"));
	EXPECT_EQ(0, run(calls_as_alice, NULL));
	EXPECT_EQ(0, run(calls_as_alice, NULL));
}

static int closes_as_alice(void *arg)
{
	struct caller c;
	int fd, i;

	if (become_user(ALICE))
		return 1;
	for (i = 0; i < 20; i++) {
		fd = open_mailbox(NULL, O_RDWR);
		if (call_room(&c, fd, 60000) != -EINPROGRESS)
			return 2;
		if (i & 1)
			take(fd);
		if (i & 2)
			send_text(fd, 1, "more");
		close(fd);
	}
	return 0;
}

TEST_F(call_quota, calls_that_go_with_their_handle_are_paid_back)
{
	ASSERT_EQ(0, write_file(PARAMETERS "user_bytes", "65536"));
	EXPECT_EQ(0, run(closes_as_alice, NULL));
}

static int calls_of_a_domain(void *arg)
{
	if (unshare(CLONE_NEWNET))
		return 1;
	return third_call_fails(open_mailbox(NULL, O_RDWR), ENOSPC);
}

TEST_F(call_quota, calls_of_a_domain_return_enospc)
{
	ASSERT_EQ(0, write_file(PARAMETERS "domain_bytes", "65536"));
	EXPECT_EQ(0, run(calls_of_a_domain, NULL));
}

static int refusals_as_alice(void *arg)
{
	struct caller c;
	int fd, i;

	if (become_user(ALICE))
		return 1;
	fd = open_limited(NULL, O_RDWR, 1, 0, 0);
	if (send_text(fd, 1, "x") != 1)
		return 2;
	for (i = 0; i < 50; i++) {
		if (call_room(&c, fd, ROOM) != -EAGAIN)
			return 3;
		c.call.buf = addr(nowhere());
		if (do_call(fd, &c.call) != -EFAULT)
			return 4;
		c.call.buf = addr(c.request);
		c.call.flags = 0;
		c.call.deadline = 1;
		if (do_call(fd, &c.call) != -ETIMEDOUT)
			return 5;
		c.call.type = 0;
		if (do_call(fd, &c.call) != -EINVAL)
			return 6;
	}
	return 0;
}

TEST_F(call_quota, refused_calls_charge_nothing)
{
	ASSERT_EQ(0, write_file(PARAMETERS "user_bytes", "65536"));
	EXPECT_EQ(0, run(refusals_as_alice, NULL));
}

/* The quota is used up when the reply comes, and so is the replier's. */
static int reply_beyond_quota(void *arg)
{
	static char buf[ROOM];
	struct caller c;
	int fd, server;
	__u64 cookie;

	if (become_user(ALICE))
		return 1;
	fd = open_mailbox(NULL, O_RDWR);
	server = grant(fd, MBOX_RIGHT_RECV);
	if (call_room(&c, fd, ROOM) != -EINPROGRESS)
		return 2;
	cookie = take(server).header.cookie;
	if (fill(fd, 5000) != -EDQUOT || fill(fd, 0) != -EDQUOT)
		return 3;
	memset(buf, 'r', sizeof(buf));
	if (reply_bytes(server, cookie, 1, buf, sizeof(buf)))
		return 4;
	if (fetch(&c) || c.call.header.len != ROOM)
		return 5;
	return memcmp((void *)(uintptr_t)c.call.reply, buf, ROOM) ? 6 : 0;
}

TEST_F(call_quota, reply_never_fails_for_a_quota)
{
	ASSERT_EQ(0, write_file(PARAMETERS "user_bytes", "65536"));
	EXPECT_EQ(0, run(reply_beyond_quota, NULL));
}

/* Root pays for the room of its call, not alice, who replies. */
static int reply_as_alice(void *arg)
{
	static char buf[60000];
	struct got got;
	int fd, own;

	if (become_user(ALICE))
		return 1;
	own = open_mailbox(NULL, O_RDWR);
	if (fill(own, 100) != -EDQUOT)
		return 2;
	fd = open_existing("public", O_RDONLY);
	got = take_next(fd);
	return -reply_bytes(fd, got.header.cookie, 1, buf, sizeof(buf));
}

TEST_F(call_quota, reply_is_charged_to_the_caller)
{
	struct mbox_open args = open_args("public", MBOX_OPEN_CREATE);
	static char reply[60000];
	struct caller c;
	pid_t pid;
	int fd;

	args.mode = 0666;
	fd = open_with(O_WRONLY, &args);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, write_file(PARAMETERS "user_bytes", "65536"));
	pid = spawn(reply_as_alice, NULL);
	aim(&c, fd, "request");
	c.call.reply = addr(reply);
	c.call.room = sizeof(reply);
	EXPECT_EQ(0, do_call(fd, &c.call));
	EXPECT_EQ(sizeof(reply), c.call.header.len);
	EXPECT_EQ(0, reap(pid));
	close(fd);
}

/* ---- of a memory cgroup ------------------------------------------------ */

static int make_cgroup(void)
{
	int ret;

	write_file(CGROUP "/cgroup.subtree_control", "+memory");
	ret = mkdir(TEST_CGROUP, 0755);
	if (ret && errno != EEXIST)
		return -errno;
	write_file(TEST_CGROUP "/memory.swap.max", "0");
	return write_file(TEST_CGROUP "/memory.max", "16777216");
}

static int calls_in_cgroup(void *arg)
{
	__u64 room = *(__u64 *)arg;
	int fd, count = 0, ret;
	struct caller c;

	if (write_file(TEST_CGROUP "/cgroup.procs", "0"))
		return 1;
	fd = open_limited(NULL, O_RDWR, MBOX_MSGS_MAX, 0, 0);
	for (;;) {
		ret = call_room(&c, fd, room);
		if (ret != -EINPROGRESS)
			break;
		count++;
	}
	if (ret != -ENOMEM)
		return abs(ret);
	if (!count || count * room > 16 << 20)
		return 3;
	/* The caller lives, and the calls it made go on. */
	return info_of(fd).calls == count ? 0 : 4;
}

TEST_F_TIMEOUT(call_quota, memory_cgroup_returns_enomem, 60)
{
	static const __u64 rooms[] = { 3000, 60000 };
	size_t i;

	if (make_cgroup())
		SKIP(return, "there is no memory cgroup");
	ASSERT_EQ(0, write_file(PARAMETERS "user_bytes", "134217728"));
	for (i = 0; i < ARRAY_SIZE(rooms); i++) {
		TH_LOG("room for %llu bytes", rooms[i]);
		EXPECT_EQ(0, run(calls_in_cgroup, (void *)&rooms[i]));
	}
	rmdir(TEST_CGROUP);
}

TEST_HARNESS_MAIN
