// SPDX-License-Identifier: GPL-2.0
/*
 * What happens while a payload is being copied: userfaultfd holds up the copy for
 * as long as the test likes, and the other side goes, gives up or interferes.
 */
#include "mbox_call.h"

#include <linux/userfaultfd.h>

/* More than the module fetches before it looks for the delivery. */
#define LONG_REPLY	200

/* A page that is not there until it is given. */
struct slow {
	int uffd;
	char *page;
};

static int slow_open(struct slow *slow)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	slow->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (slow->uffd < 0 || ioctl(slow->uffd, UFFDIO_API, &api))
		return -errno;
	slow->page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	range.range.start = addr(slow->page);
	range.range.len = 4096;
	return or_errno(ioctl(slow->uffd, UFFDIO_REGISTER, &range));
}

/* True once somebody waits for the page. */
static bool slow_touched(struct slow *slow)
{
	struct pollfd item = { .fd = slow->uffd, .events = POLLIN };
	struct uffd_msg msg;

	return poll(&item, 1, PATIENCE_MS) == 1 &&
	       read(slow->uffd, &msg, sizeof(msg)) == sizeof(msg) &&
	       msg.event == UFFD_EVENT_PAGEFAULT;
}

static int slow_give(struct slow *slow, const char *text)
{
	static char page[4096] __attribute__((aligned(4096)));
	struct uffdio_copy copy = {
		.dst = addr(slow->page), .src = addr(page), .len = 4096,
	};

	snprintf(page, sizeof(page), "%s", text);
	return or_errno(ioctl(slow->uffd, UFFDIO_COPY, &copy));
}

/* Whoever waits for the page finds that there will never be one. */
static void slow_deny(struct slow *slow)
{
	struct uffdio_range range = { .start = addr(slow->page), .len = 4096 };

	munmap(slow->page, 4096);
	ioctl(slow->uffd, UFFDIO_WAKE, &range);
}

/* One command in a thread of its own. */
struct thread {
	pthread_t thread;
	int fd;
	unsigned long cmd;
	void *arg;
	int ret;
};

static void *run_command(void *arg)
{
	struct thread *t = arg;

	t->ret = do_ioctl(t->fd, t->cmd, t->arg);
	return NULL;
}

static void begin(struct thread *t, int fd, unsigned long cmd, void *arg)
{
	t->fd = fd;
	t->cmd = cmd;
	t->arg = arg;
	pthread_create(&t->thread, NULL, run_command, t);
}

static int end(struct thread *t)
{
	pthread_join(t->thread, NULL);
	return t->ret;
}

/* Each test has a process of its own. */
static struct slow slow;
static struct caller caller;
static struct thread other;
static struct mbox_settle settle;
static __u64 owed;
static struct mbox_message message;
static struct mbox_recv receive;

FIXTURE(fault)
{
	const char *name;
	int fd;
	int server;
};

/* @settle replies from the slow page, @receive receives into it. */
FIXTURE_SETUP(fault)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_WRONLY);
	self->server = open_existing(self->name, O_RDONLY);
	ASSERT_LE(0, self->server);
	if (access("/proc/sys/vm/unprivileged_userfaultfd", F_OK))
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(0, slow_open(&slow));
	settle.flags = MBOX_SETTLE_REPLY;
	settle.type = 1;
	settle.buf = addr(slow.page);
	/* Shorter ones are fetched before anything else is done. */
	settle.len = LONG_REPLY;
	message.buf = addr(slow.page);
	message.size = 4096;
	receive.count = 1;
	receive.vec = addr(&message);
}

FIXTURE_TEARDOWN(fault)
{
	close(self->fd);
	close(self->server);
	close(slow.uffd);
}

/* ---- while a reply is copied in ---------------------------------------- */

/* Calls, takes the request, and begins the reply: false if that fails. */
static bool begin_reply(int fd, int server)
{
	if (call_nowait(&caller, fd, "request") != -EINPROGRESS)
		return false;
	owed = take(server).header.cookie;
	settle.cookie = owed;
	begin(&other, server, MBOX_IOC_SETTLE, &settle);
	return slow_touched(&slow);
}

TEST_F(fault, delivery_that_is_being_settled_returns_ebusy)
{
	__u64 cookie;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&caller, self->fd, "request"));
	cookie = take(self->server).header.cookie;
	settle.cookie = cookie;
	begin(&other, self->server, MBOX_IOC_SETTLE, &settle);
	ASSERT_TRUE(slow_touched(&slow));
	EXPECT_EQ(-EBUSY, reply_text(self->server, cookie, "other"));
	EXPECT_EQ(-EBUSY, put_back(self->server, cookie));
	EXPECT_EQ(-EINPROGRESS, fetch(&caller));
	EXPECT_EQ(1, info_of(self->server).owed);
	ASSERT_LE(0, slow_give(&slow, "reply"));
	EXPECT_EQ(0, end(&other));
	EXPECT_EQ(-EALREADY, reply_text(self->server, cookie, "other"));
	EXPECT_EQ(0, fetch(&caller));
	EXPECT_STREQ("reply", caller.reply);
}

/* Nothing is claimed meanwhile: who is first settles. */
TEST_F(fault, short_reply_is_fetched_before_it_settles)
{
	settle.len = 5;
	ASSERT_TRUE(begin_reply(self->fd, self->server));
	EXPECT_EQ(0, reply_text(self->server, owed, "other"));
	ASSERT_LE(0, slow_give(&slow, "reply"));
	EXPECT_EQ(-EALREADY, end(&other));
	EXPECT_EQ(0, fetch(&caller));
	EXPECT_STREQ("other", caller.reply);
}

TEST_F(fault, short_reply_that_cannot_be_read_settles_nothing)
{
	settle.len = 5;
	ASSERT_TRUE(begin_reply(self->fd, self->server));
	slow_deny(&slow);
	EXPECT_EQ(-EFAULT, end(&other));
	EXPECT_EQ(0, reply_text(self->server, settle.cookie, "again"));
	EXPECT_EQ(0, fetch(&caller));
	EXPECT_STREQ("again", caller.reply);
}

TEST_F(fault, reply_that_fails_half_way_can_be_given_again)
{
	__u64 cookie;

	ASSERT_TRUE(begin_reply(self->fd, self->server));
	slow_deny(&slow);
	EXPECT_EQ(-EFAULT, end(&other));
	cookie = settle.cookie;
	EXPECT_NE(0, cookie);
	EXPECT_EQ(0, check_wanted(self->server, cookie));
	EXPECT_EQ(0, reply_text(self->server, cookie, "reply"));
	EXPECT_EQ(0, fetch(&caller));
	EXPECT_STREQ("reply", caller.reply);
}

TEST_F(fault, caller_gives_up_while_its_reply_is_copied)
{
	ASSERT_TRUE(begin_reply(self->fd, self->server));
	EXPECT_EQ(-ETIMEDOUT, give_up(&caller));
	ASSERT_LE(0, slow_give(&slow, "reply"));
	EXPECT_EQ(-ECANCELED, end(&other));
	EXPECT_EQ(0, settle.cookie);
	EXPECT_TRUE(all_settled(self->server));
	EXPECT_EQ(0, poll_now(self->server));
}

TEST_F(fault, caller_is_closed_while_its_reply_is_copied)
{
	ASSERT_TRUE(begin_reply(self->fd, self->server));
	close(self->fd);
	EXPECT_EQ(0, info_of(self->server).calls);
	ASSERT_LE(0, slow_give(&slow, "reply"));
	EXPECT_EQ(-ECANCELED, end(&other));
	EXPECT_TRUE(all_settled(self->server));
	self->fd = -1;
}

TEST_F(fault, mailbox_is_removed_while_a_reply_is_copied)
{
	ASSERT_TRUE(begin_reply(self->fd, self->server));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, fetch(&caller));
	close(self->fd);
	ASSERT_LE(0, slow_give(&slow, "reply"));
	EXPECT_EQ(-EIDRM, end(&other));
	self->fd = -1;
}

/* The command holds the handle: it is closed behind it. */
TEST_F(fault, receiver_is_closed_while_a_reply_is_copied)
{
	ASSERT_TRUE(begin_reply(self->fd, self->server));
	close(self->server);
	ASSERT_LE(0, slow_give(&slow, "reply"));
	EXPECT_EQ(0, end(&other));
	EXPECT_EQ(0, fetch(&caller));
	EXPECT_STREQ("reply", caller.reply);
	self->server = -1;
}

/* ---- while a request is copied out ------------------------------------- */

static bool begin_receive(int fd, int server)
{
	if (call_nowait(&caller, fd, "request") != -EINPROGRESS)
		return false;
	begin(&other, server, MBOX_IOC_RECV, &receive);
	return slow_touched(&slow);
}

TEST_F(fault, caller_gives_up_while_its_request_is_copied)
{
	ASSERT_TRUE(begin_receive(self->fd, self->server));
	EXPECT_EQ(-ETIMEDOUT, give_up(&caller));
	ASSERT_LE(0, slow_give(&slow, ""));
	EXPECT_EQ(1, end(&other));
	EXPECT_EQ(0, memcmp("request", slow.page, 7));
	EXPECT_EQ(POLLPRI, poll_now(self->server));
	EXPECT_EQ(-ECANCELED, reply_text(self->server, message.header.cookie,
					 "late"));
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(fault, request_that_cannot_be_copied_goes_back)
{
	struct got got;

	ASSERT_TRUE(begin_receive(self->fd, self->server));
	ASSERT_EQ(1, send_text(self->fd, 1, "younger"));
	slow_deny(&slow);
	EXPECT_EQ(-EFAULT, end(&other));
	EXPECT_EQ(0, info_of(self->server).owed);
	EXPECT_TRUE(balanced(self->fd));
	got = take(self->server);
	EXPECT_STREQ("request", got.text);
	EXPECT_EQ(0, got.header.deliveries);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "reply"));
	EXPECT_EQ(0, fetch(&caller));
}

TEST_F(fault, request_that_cannot_be_copied_and_is_given_up_is_withdrawn)
{
	ASSERT_TRUE(begin_receive(self->fd, self->server));
	EXPECT_EQ(-ETIMEDOUT, give_up(&caller));
	slow_deny(&slow);
	EXPECT_EQ(-EFAULT, end(&other));
	EXPECT_EQ(1, info_of(self->fd).withdrawn);
	EXPECT_EQ(0, info_of(self->fd).received);
	EXPECT_EQ(-EAGAIN, take(self->server).ret);
	EXPECT_EQ(0, poll_now(self->server));
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(fault, mailbox_is_removed_while_a_request_is_copied)
{
	ASSERT_TRUE(begin_receive(self->fd, self->server));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, fetch(&caller));
	close(self->fd);
	slow_deny(&slow);
	EXPECT_GT(0, end(&other));
	self->fd = -1;
}

/* ---- while the caller copies ------------------------------------------- */

TEST_F(fault, reply_that_is_being_fetched_returns_ebusy)
{
	struct caller d;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&caller, self->fd, "request"));
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	d = caller;
	caller.call.reply = addr(slow.page);
	begin(&other, self->fd, MBOX_IOC_CALL, &caller.call);
	ASSERT_TRUE(slow_touched(&slow));
	EXPECT_EQ(-EBUSY, fetch(&d));
	EXPECT_EQ(-EBUSY, give_up(&d));
	ASSERT_LE(0, slow_give(&slow, ""));
	EXPECT_EQ(0, end(&other));
	EXPECT_EQ(0, memcmp("reply", slow.page, 5));
	EXPECT_EQ(-ESRCH, fetch(&d));
}

/* It has been there already; what becomes of the mailbox is no matter. */
TEST_F(fault, mailbox_is_removed_while_a_reply_is_fetched)
{
	ASSERT_EQ(-EINPROGRESS, call_nowait(&caller, self->fd, "request"));
	EXPECT_EQ(0, reply_text(self->server,
				take(self->server).header.cookie, "reply"));
	caller.call.reply = addr(slow.page);
	begin(&other, self->fd, MBOX_IOC_CALL, &caller.call);
	ASSERT_TRUE(slow_touched(&slow));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	close(self->server);
	close(self->fd);
	ASSERT_LE(0, slow_give(&slow, ""));
	EXPECT_EQ(0, end(&other));
	EXPECT_EQ(0, memcmp("reply", slow.page, 5));
	self->fd = -1;
	self->server = -1;
}

TEST_F(fault, request_is_not_seen_before_it_is_copied)
{
	struct mbox_info before = info_of(self->fd);

	aim(&caller, self->fd, "");
	caller.call.buf = addr(slow.page);
	caller.call.len = 7;
	caller.call.flags = MBOX_CALL_NOWAIT;
	begin(&other, self->fd, MBOX_IOC_CALL, &caller.call);
	ASSERT_TRUE(slow_touched(&slow));
	EXPECT_TRUE(same_info(&before, self->fd));
	ASSERT_LE(0, slow_give(&slow, "request"));
	EXPECT_EQ(-EINPROGRESS, end(&other));
	EXPECT_STREQ("request", take(self->server).text);
}

/* With the mailbox gone in the meantime, nothing is sent. */
TEST_F(fault, mailbox_is_removed_while_a_request_is_read)
{
	aim(&caller, self->fd, "");
	caller.call.buf = addr(slow.page);
	caller.call.len = 7;
	begin(&other, self->fd, MBOX_IOC_CALL, &caller.call);
	ASSERT_TRUE(slow_touched(&slow));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	ASSERT_LE(0, slow_give(&slow, "request"));
	EXPECT_EQ(-EIDRM, end(&other));
	EXPECT_EQ(0, caller.call.cookie);
}

TEST_HARNESS_MAIN
