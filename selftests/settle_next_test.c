// SPDX-License-Identifier: GPL-2.0
/*
 * MBOX_SETTLE_NEXT, by which a server answers one request and receives the next
 * in one system call; and the event that tells of a server that died.
 */
#include "mbox_call.h"

/* @fd may only send, @server only receive; @c calls and does not wait. */
FIXTURE(settle_next)
{
	const char *name;
	int fd;
	int server;
	struct caller c;
	struct caller d;
	struct mbox_message message;
	struct mbox_recv recv;
	struct mbox_settle settle;
	char text[TEXT_MAX + 1];
};

/* @settle answers the request of @c, and receives without waiting. */
FIXTURE_SETUP(settle_next)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_WRONLY);
	self->server = open_existing(self->name, O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->server);
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "request"));
	self->message.buf = addr(self->text);
	self->message.size = TEXT_MAX;
	self->recv.flags = MBOX_RECV_NOWAIT;
	self->recv.count = 1;
	self->recv.vec = addr(&self->message);
	self->settle.flags = MBOX_SETTLE_REPLY | MBOX_SETTLE_NEXT;
	self->settle.cookie = take(self->server).header.cookie;
	self->settle.type = 1;
	self->settle.buf = addr("reply");
	self->settle.len = 5;
	self->settle.next = addr(&self->recv);
}

FIXTURE_TEARDOWN(settle_next)
{
	close(self->fd);
	close(self->server);
}

TEST_F(settle_next, one_command_answers_and_receives)
{
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "second"));
	EXPECT_EQ(1, do_settle(self->server, &self->settle));
	EXPECT_EQ(0, self->settle.cookie);
	EXPECT_STREQ("second", self->text);
	EXPECT_NE(0, self->message.header.cookie);
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
	EXPECT_EQ(1, info_of(self->server).owed);
}

TEST_F(settle_next, it_waits_for_the_next_one)
{
	self->recv.flags = 0;
	self->recv.deadline = in_ms(50);
	EXPECT_EQ(-ETIMEDOUT, do_settle(self->server, &self->settle));
	EXPECT_LE(self->recv.deadline, now());
	EXPECT_EQ(0, self->settle.cookie);
	EXPECT_EQ(0, fetch(&self->c));
}

/* How a loop begins: whatever outcome is named, there is nothing to settle. */
TEST_F(settle_next, cookie_0_only_receives)
{
	static const __u32 outcomes[] = {
		0, MBOX_SETTLE_REPLY, MBOX_SETTLE_RETURN,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(outcomes); i++) {
		self->settle = (struct mbox_settle){
			.flags = outcomes[i] | MBOX_SETTLE_NEXT,
			.next = addr(&self->recv),
		};
		if (outcomes[i] == MBOX_SETTLE_REPLY) {
			self->settle.type = 1;
			self->settle.buf = addr(nowhere());
			self->settle.len = 5;
		}
		EXPECT_EQ(-EAGAIN, do_settle(self->server, &self->settle));
		ASSERT_EQ(1, send_text(self->fd, 1, "message"));
		EXPECT_EQ(1, do_settle(self->server, &self->settle));
		EXPECT_STREQ("message", self->text);
		EXPECT_EQ(0, self->settle.cookie);
	}
	EXPECT_EQ(-EINPROGRESS, fetch(&self->c));
	EXPECT_EQ(1, info_of(self->server).owed);
}

TEST_F(settle_next, cookie_without_an_outcome_returns_einval)
{
	struct mbox_info before = info_of(self->server);
	__u64 cookie = self->settle.cookie;

	self->settle = (struct mbox_settle){
		.flags = MBOX_SETTLE_NEXT,
		.cookie = cookie,
		.next = addr(&self->recv),
	};
	EXPECT_EQ(-EINVAL, do_settle(self->server, &self->settle));
	EXPECT_EQ(cookie, self->settle.cookie);
	EXPECT_TRUE(same_info(&before, self->server));
}

TEST_F(settle_next, check_with_next_returns_einval)
{
	struct mbox_info before = info_of(self->server);
	struct mbox_settle args = {
		.flags = MBOX_SETTLE_CHECK | MBOX_SETTLE_NEXT,
		.cookie = self->settle.cookie,
		.next = addr(&self->recv),
	};

	EXPECT_EQ(-EINVAL, do_settle(self->server, &args));
	args.cookie = 0;
	EXPECT_EQ(-EINVAL, do_settle(self->server, &args));
	EXPECT_TRUE(same_info(&before, self->server));
}

TEST_F(settle_next, error_of_the_receive_comes_after_the_outcome)
{
	char small[2];

	EXPECT_EQ(-EAGAIN, do_settle(self->server, &self->settle));
	EXPECT_EQ(0, self->settle.cookie);
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
	/* Repeated as it is, it settles nothing again. */
	EXPECT_EQ(-EAGAIN, do_settle(self->server, &self->settle));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "too long"));
	self->message.buf = addr(small);
	self->message.size = sizeof(small);
	EXPECT_EQ(-EMSGSIZE, do_settle(self->server, &self->settle));
	EXPECT_EQ(8, self->message.header.len);
	EXPECT_EQ(0, info_of(self->server).owed);
}

#define EXPECT_NOTHING_SETTLED(error)					\
do {									\
	EXPECT_EQ(error, do_settle(self->server, &self->settle));	\
	EXPECT_EQ(cookie, self->settle.cookie);				\
	EXPECT_TRUE(same_info(&before, self->server));			\
} while (0)

TEST_F(settle_next, invalid_receive_returns_einval_and_settles_nothing)
{
	struct mbox_info before;
	__u64 cookie = self->settle.cookie;
	struct mbox_recv good = self->recv;

	ASSERT_EQ(1, send_text(self->fd, 1, "stays"));
	before = info_of(self->server);
	self->recv.flags |= 1U << 31;
	EXPECT_NOTHING_SETTLED(-EINVAL);
	self->recv = good;
	self->recv.lease = 1;
	EXPECT_NOTHING_SETTLED(-EINVAL);
	self->recv = good;
	self->recv.count = 0;
	EXPECT_NOTHING_SETTLED(-EINVAL);
	self->recv.count = MBOX_VEC_MAX + 1;
	EXPECT_NOTHING_SETTLED(-EINVAL);
	self->recv = good;
	self->recv.deadline = -1;
	EXPECT_NOTHING_SETTLED(-EINVAL);
	self->recv = good;
	self->recv.filter.lo = 1;
	EXPECT_NOTHING_SETTLED(-EINVAL);
	self->recv.flags |= MBOX_RECV_FILTER;
	EXPECT_NOTHING_SETTLED(-EINVAL);
	self->recv = good;
	self->recv.count = 2;
	self->recv.flags |= MBOX_RECV_PEEK;
	EXPECT_NOTHING_SETTLED(-EINVAL);
	self->recv = good;
	EXPECT_EQ(1, do_settle(self->server, &self->settle));
	EXPECT_EQ(0, fetch(&self->c));
}

TEST_F(settle_next, receive_that_cannot_be_read_returns_efault_and_settles_nothing)
{
	struct mbox_info before;
	__u64 cookie = self->settle.cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "stays"));
	before = info_of(self->server);
	self->settle.next = addr(nowhere());
	EXPECT_NOTHING_SETTLED(-EFAULT);
	self->settle.next = 0;
	EXPECT_NOTHING_SETTLED(-EFAULT);
	self->settle.next = addr(&self->recv);
	self->recv.vec = addr(nowhere());
	EXPECT_NOTHING_SETTLED(-EFAULT);
	self->recv.vec = addr(&self->message);
	EXPECT_EQ(1, do_settle(self->server, &self->settle));
}

TEST_F(settle_next, refused_outcome_receives_nothing)
{
	struct mbox_info before;
	__u64 cookie = self->settle.cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "stays"));
	before = info_of(self->server);
	self->settle.len = TEXT_MAX + 1;
	EXPECT_NOTHING_SETTLED(-EMSGSIZE);
	self->settle.len = 5;
	self->settle.buf = addr(nowhere());
	EXPECT_NOTHING_SETTLED(-EFAULT);
	self->settle.buf = addr("reply");
	cookie = ~0ULL;
	self->settle.cookie = cookie;
	EXPECT_NOTHING_SETTLED(-EPERM);
}

/* Short enough to be made together with the receive, and too long for its caller. */
TEST_F(settle_next, short_reply_above_room_receives_nothing)
{
	struct mbox_info before;
	__u64 cookie;

	aim(&self->d, self->fd, "second");
	self->d.call.room = 4;
	self->d.call.flags = MBOX_CALL_NOWAIT;
	ASSERT_EQ(-EINPROGRESS, do_call(self->fd, &self->d.call));
	cookie = take(self->server).header.cookie;
	self->settle.cookie = cookie;
	ASSERT_EQ(1, send_text(self->fd, 1, "stays"));
	before = info_of(self->server);
	EXPECT_NOTHING_SETTLED(-EMSGSIZE);
	self->settle.len = 4;
	EXPECT_EQ(1, do_settle(self->server, &self->settle));
	EXPECT_STREQ("stays", self->text);
}

TEST_F(settle_next, outcome_that_comes_too_late_receives_nothing)
{
	__u64 cookie = self->settle.cookie;

	ASSERT_EQ(1, send_text(self->fd, 1, "stays"));
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->c));
	EXPECT_EQ(-ECANCELED, do_settle(self->server, &self->settle));
	EXPECT_EQ(0, self->settle.cookie);
	EXPECT_EQ(0, info_of(self->server).owed);
	EXPECT_EQ(1, msgs_of(self->fd));
	/* As it is now, the struct says to receive alone. */
	EXPECT_EQ(1, do_settle(self->server, &self->settle));
	EXPECT_STREQ("stays", self->text);
	self->settle.cookie = cookie;
	EXPECT_EQ(-EALREADY, do_settle(self->server, &self->settle));
}

TEST_F(settle_next, return_and_next_receives_the_oldest_again)
{
	self->settle.flags = MBOX_SETTLE_RETURN | MBOX_SETTLE_NEXT;
	self->settle.type = 0;
	self->settle.buf = 0;
	self->settle.len = 0;
	ASSERT_EQ(1, send_text(self->fd, 1, "younger"));
	EXPECT_EQ(1, do_settle(self->server, &self->settle));
	EXPECT_STREQ("request", self->text);
	EXPECT_EQ(1, self->message.header.deliveries);
	EXPECT_EQ(0, self->settle.cookie);
	EXPECT_EQ(0, reply_text(self->server, self->message.header.cookie,
				"x"));
	EXPECT_EQ(0, fetch(&self->c));
}

TEST_F(settle_next, filter_vector_and_peek_are_those_of_the_receive)
{
	struct mbox_message vec[4] = { 0 };
	struct got got;
	int i;

	for (i = 0; i < 6; i++)
		ASSERT_EQ(1, send_bytes(self->fd, 1 + i % 2, NULL, 0));
	self->recv.flags |= MBOX_RECV_FILTER;
	self->recv.filter.lo = 2;
	self->recv.filter.hi = 2;
	self->recv.count = 4;
	self->recv.vec = addr(vec);
	EXPECT_EQ(3, do_settle(self->server, &self->settle));
	EXPECT_EQ(2, vec[2].header.type);
	EXPECT_EQ(3, msgs_of(self->fd));
	self->recv.flags = MBOX_RECV_NOWAIT | MBOX_RECV_PEEK;
	self->recv.count = 1;
	memset(&self->recv.filter, 0, sizeof(self->recv.filter));
	EXPECT_EQ(1, do_settle(self->server, &self->settle));
	EXPECT_EQ(3, msgs_of(self->fd));
	got = take(self->server);
	EXPECT_EQ(vec[0].header.seq, got.header.seq);
}

TEST_F(settle_next, end_of_file_returns_0)
{
	int reader, writer;

	ASSERT_EQ(0, open_pair(&reader, &writer));
	close(writer);
	self->settle.cookie = 0;
	EXPECT_EQ(0, do_settle(reader, &self->settle));
	close(reader);
}

TEST_F(settle_next, nonblocking_handle_does_not_wait)
{
	self->recv.flags = 0;
	ASSERT_EQ(0, set_nonblock(self->server));
	EXPECT_EQ(-EAGAIN, do_settle(self->server, &self->settle));
	EXPECT_EQ(0, fetch(&self->c));
}

TEST_F(settle_next, removed_mailbox_returns_eidrm)
{
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, do_settle(self->server, &self->settle));
	self->settle.cookie = 0;
	EXPECT_EQ(-EIDRM, do_settle(self->server, &self->settle));
}

/* ---- signals ----------------------------------------------------------- */

struct server {
	pthread_t thread;
	volatile pid_t tid;
	int fd;
	int ret;
	struct mbox_settle *settle;
};

static void *settle_in_thread(void *arg)
{
	struct server *server = arg;

	server->tid = syscall(SYS_gettid);
	server->ret = do_settle(server->fd, server->settle);
	return NULL;
}

static void start_server(struct server *server, int fd,
			 struct mbox_settle *settle)
{
	memset(server, 0, sizeof(*server));
	server->fd = fd;
	server->settle = settle;
	pthread_create(&server->thread, NULL, settle_in_thread, server);
}

TEST_F(settle_next, signal_in_the_wait_leaves_the_cookie_0)
{
	struct server server;

	catch_signal(SIGUSR1, 0);
	self->recv.flags = 0;
	start_server(&server, self->server, &self->settle);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(0, fetch(&self->c));
	pthread_kill(server.thread, SIGUSR1);
	pthread_join(server.thread, NULL);
	EXPECT_EQ(-EINTR, server.ret);
	EXPECT_EQ(0, self->settle.cookie);
	/* It goes on by the same struct, and finds nothing to settle. */
	start_server(&server, self->server, &self->settle);
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	ASSERT_EQ(1, send_text(self->fd, 1, "next"));
	pthread_join(server.thread, NULL);
	EXPECT_EQ(1, server.ret);
	EXPECT_STREQ("next", self->text);
}

TEST_F(settle_next, signal_with_sa_restart_settles_once)
{
	struct server server;
	int i;

	catch_signal(SIGUSR1, SA_RESTART);
	self->recv.flags = 0;
	start_server(&server, self->server, &self->settle);
	for (i = 1; i <= 20; i++) {
		ASSERT_TRUE(wait_receivers(self->fd, 1));
		pthread_kill(server.thread, SIGUSR1);
		while (__atomic_load_n(&signals_seen, __ATOMIC_RELAXED) < i)
			usleep(200);
	}
	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(0, fetch(&self->c));
	EXPECT_STREQ("reply", self->c.reply);
	ASSERT_EQ(1, send_text(self->fd, 1, "next"));
	pthread_join(server.thread, NULL);
	EXPECT_EQ(1, server.ret);
	EXPECT_EQ(0, info_of(self->server).owed);
}

/* ---- a whole server ---------------------------------------------------- */

#define ROUNDS	500

/* Ends with the request that is empty. */
static void *serve_all(void *arg)
{
	char text[TEXT_MAX + 1];
	struct mbox_message message = { .buf = addr(text), .size = TEXT_MAX };
	struct mbox_recv recv = { .count = 1, .vec = addr(&message) };
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_REPLY | MBOX_SETTLE_NEXT,
		.type = 1,
		.buf = addr(text),
		.next = addr(&recv),
	};
	int fd = *(int *)arg;
	long rounds = 0;

	while (do_settle(fd, &settle) == 1 && message.header.len) {
		settle.cookie = message.header.cookie;
		settle.len = message.header.len;
		settle.type = message.header.type + 1;
		rounds++;
	}
	reply_text(fd, message.header.cookie, "");
	return (void *)rounds;
}

TEST_F(settle_next, server_of_one_command_a_request_answers_each)
{
	pthread_t thread;
	char text[32];
	void *rounds;
	int i;

	EXPECT_EQ(-EAGAIN, do_settle(self->server, &self->settle));
	pthread_create(&thread, NULL, serve_all, &self->server);
	for (i = 0; i < ROUNDS; i++) {
		snprintf(text, sizeof(text), "request %d", i);
		aim(&self->d, self->fd, text);
		self->d.call.type = i + 1;
		ASSERT_EQ(0, do_call(self->fd, &self->d.call));
		ASSERT_STREQ(text, self->d.reply);
		ASSERT_EQ(i + 2, self->d.call.header.type);
	}
	aim(&self->d, self->fd, "");
	EXPECT_EQ(0, do_call(self->fd, &self->d.call));
	pthread_join(thread, &rounds);
	EXPECT_EQ(ROUNDS, (long)rounds);
	EXPECT_TRUE(all_settled(self->server));
}

/* ---- the event --------------------------------------------------------- */

/* The next OWNER_DIED, past all others; 0 if there is none. */
static int next_death(struct genl *nl)
{
	while (recv(nl->fd, &nl->msg, sizeof(nl->msg), MSG_DONTWAIT) > 0) {
		if (genl_head(&nl->msg)->cmd == MBOX_CMD_OWNER_DIED_NTF)
			return 1;
	}
	return 0;
}

FIXTURE(owner_died)
{
	struct genl nl;
	int fd;
	int server;
	__u64 handle;
	struct caller c;
	struct caller d;
};

/* In a domain of its own, so that no one else's events come between. */
FIXTURE_SETUP(owner_died)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, genl_open(&self->nl));
	ASSERT_EQ(0, genl_join(&self->nl));
	self->fd = open_mailbox("events", O_RDWR);
	self->server = open_existing("events", O_RDONLY);
	ASSERT_LE(0, self->server);
	self->handle = info_of(self->server).handle;
}

FIXTURE_TEARDOWN(owner_died)
{
	close(self->fd);
	close(self->nl.fd);
}

TEST_F(owner_died, close_of_a_handle_that_owes_is_told)
{
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "one"));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "two"));
	EXPECT_EQ(1, take(self->server).ret);
	EXPECT_EQ(1, take(self->server).ret);
	EXPECT_EQ(0, next_death(&self->nl));
	close(self->server);
	EXPECT_EQ(-EOWNERDEAD, fetch(&self->c));
	EXPECT_EQ(-EOWNERDEAD, fetch(&self->d));
	ASSERT_EQ(1, next_death(&self->nl));
	EXPECT_EQ(self->handle, genl_u64(&self->nl.msg, MBOX_A_EVENT_HANDLE));
	EXPECT_EQ(2, genl_u64(&self->nl.msg, MBOX_A_EVENT_COUNT));
	EXPECT_EQ(id_of(self->fd), genl_u64(&self->nl.msg, MBOX_A_EVENT_ID));
	EXPECT_STREQ("events", genl_name(&self->nl.msg, MBOX_A_EVENT_NAME));
	EXPECT_EQ(0, next_death(&self->nl));
}

TEST_F(owner_died, close_of_a_handle_that_owes_nothing_is_not_told)
{
	struct got got;

	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->c, self->fd, "answered"));
	got = take(self->server);
	EXPECT_EQ(0, reply_text(self->server, got.header.cookie, "x"));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "given up"));
	EXPECT_EQ(1, take(self->server).ret);
	EXPECT_EQ(-ETIMEDOUT, give_up(&self->d));
	ASSERT_EQ(-EINPROGRESS, call_nowait(&self->d, self->fd, "put back"));
	got = take(self->server);
	EXPECT_EQ(0, put_back(self->server, got.header.cookie));
	close(self->server);
	EXPECT_EQ(0, next_death(&self->nl));
	EXPECT_EQ(-EINPROGRESS, fetch(&self->d));
}

static int die_owing(void *arg)
{
	int fd = open_existing("events", O_RDONLY);

	*(__u64 *)arg = info_of(fd).handle;
	if (take_next(fd).ret == 1)
		raise(SIGKILL);
	return 1;
}

TEST_F(owner_died, sigkill_of_a_process_that_owes_is_told)
{
	__u64 *handle = shared(4096);
	pid_t pid = spawn(die_owing, handle);

	aim(&self->c, self->fd, "request");
	EXPECT_EQ(-EOWNERDEAD, do_call(self->fd, &self->c.call));
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	ASSERT_EQ(1, next_death(&self->nl));
	EXPECT_EQ(*handle, genl_u64(&self->nl.msg, MBOX_A_EVENT_HANDLE));
	EXPECT_EQ(1, genl_u64(&self->nl.msg, MBOX_A_EVENT_COUNT));
	close(self->server);
}

/* Whoever waits for a reply sends: so it is told as of one that sends. */
TEST_F(owner_died, deadline_of_a_call_is_told_as_well)
{
	struct genl_msg *msg = &self->nl.msg;

	aim(&self->c, self->fd, "request");
	self->c.call.deadline = 1;
	EXPECT_EQ(-ETIMEDOUT, do_call(self->fd, &self->c.call));
	do {
		ASSERT_LT(0, genl_recv(&self->nl));
	} while (genl_head(msg)->cmd != MBOX_CMD_TIMED_OUT_NTF);
	EXPECT_EQ(MBOX_RIGHT_SEND, genl_u32(msg, MBOX_A_EVENT_RIGHTS));
	EXPECT_EQ(info_of(self->fd).handle,
		  genl_u64(msg, MBOX_A_EVENT_HANDLE));
	close(self->server);
}

TEST_HARNESS_MAIN
