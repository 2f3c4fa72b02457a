// SPDX-License-Identifier: GPL-2.0
/*
 * Duels: thousands of short rounds in which two commands on one call meet, at
 * another moment each time, and what both were told has to agree.
 */
#include "mbox_call.h"

/* How long each duel runs. */
#define DUEL_MS		1000
#define DUELS_MIN	50

FIXTURE(call_duel)
{
	const char *name;
	int fd;
	int server;
};

FIXTURE_SETUP(call_duel)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_WRONLY);
	self->server = open_existing(self->name, O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->server);
}

FIXTURE_TEARDOWN(call_duel)
{
	close(self->fd);
	close(self->server);
}

/* ---- rounds ------------------------------------------------------------ */

/* What the two sides of a round share: a call that was made, and maybe taken. */
struct round {
	int server;
	__u64 cookie;
	struct mbox_call call;
	__u64 reply;
	__u64 number;
	int fd;
};

static struct duel {
	pthread_barrier_t both;
	bool over;
	struct round round;
	int (*other)(struct round *round, int which);
	int which;
	int result;
} duel;

/* The second of the two, in every round. */
static void *second(void *arg)
{
	int i;

	for (;;) {
		pthread_barrier_wait(&duel.both);
		if (duel.over)
			return NULL;
		for (i = duel.which % 7 * 100; i > 0; i--)
			asm volatile("" : : : "memory");
		duel.result = duel.other(&duel.round, duel.which);
		pthread_barrier_wait(&duel.both);
	}
}

/* Lets @first and the second loose; what the first was told. */
static int fight(int (*first)(struct round *round, int which), int which)
{
	int ret, i;

	duel.which = which;
	pthread_barrier_wait(&duel.both);
	for (i = which % 5 * 100; i > 0; i--)
		asm volatile("" : : : "memory");
	ret = first(&duel.round, which);
	pthread_barrier_wait(&duel.both);
	return ret;
}

static void start_duel(pthread_t *thread,
		       int (*other)(struct round *round, int which))
{
	memset(&duel, 0, sizeof(duel));
	pthread_barrier_init(&duel.both, NULL, 2);
	duel.other = other;
	pthread_create(thread, NULL, second, NULL);
}

static void end_duel(pthread_t thread)
{
	duel.over = true;
	pthread_barrier_wait(&duel.both);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&duel.both);
}

/* A call by @fd that @server has taken. */
static bool prepare(int fd, int server)
{
	struct round *round = &duel.round;

	round->fd = fd;
	round->server = server;
	round->number++;
	round->reply = 0;
	round->call = (struct mbox_call){
		.flags = MBOX_CALL_NOWAIT, .type = 1,
		.buf = addr(&round->number), .len = sizeof(round->number),
		.reply = addr(&round->reply), .room = sizeof(round->reply),
	};
	if (do_call(fd, &round->call) != -EINPROGRESS)
		return false;
	round->cookie = take(server).header.cookie;
	return round->cookie != 0;
}

static int answer(int fd, __u64 cookie, __u64 number)
{
	__u64 reply = ~number;

	return reply_bytes(fd, cookie, 1, &reply, sizeof(reply));
}

static int do_answer(struct round *round, int which)
{
	return answer(round->server, round->cookie, round->number);
}

static int do_return(struct round *round, int which)
{
	return put_back(round->server, round->cookie);
}

static int do_fetch(struct round *round, int which)
{
	struct mbox_call call = round->call;
	__u64 reply = 0;

	call.reply = addr(&reply);
	return do_call(round->fd, &call) ?: reply != ~round->number;
}

static int do_give_up(struct round *round, int which)
{
	round->call.flags = 0;
	round->call.deadline = 1;
	return do_call(round->fd, &round->call);
}

static int do_close_server(struct round *round, int which)
{
	return close(round->server);
}

static int do_answer_or_return(struct round *round, int which)
{
	return which & 1 ? do_answer(round, which) : do_return(round, which);
}

TEST_F(call_duel, of_two_outcomes_one_counts)
{
	__s64 end = in_ms(DUEL_MS);
	int a, b, i, wins[2] = { 0 };
	pthread_t thread;

	start_duel(&thread, do_answer_or_return);
	for (i = 0; now() < end; i++) {
		ASSERT_TRUE(prepare(self->fd, self->server));
		a = fight(do_answer, i);
		b = duel.result;
		ASSERT_TRUE((a == 0) != (b == 0));
		a = a ?: b;
		ASSERT_TRUE(a == -EALREADY || a == -EBUSY);
		wins[b == 0]++;
		if (msgs_of(self->fd)) {
			struct got got = take(self->server);

			ASSERT_EQ(0, answer(self->server, got.header.cookie,
					    duel.round.number));
		}
		ASSERT_EQ(0, do_fetch(&duel.round, i));
	}
	end_duel(thread);
	fprintf(stderr, "# %d rounds, won by %d and %d\n", i, wins[0], wins[1]);
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call_duel, of_two_fetches_one_gets_the_reply)
{
	__s64 end = in_ms(DUEL_MS);
	pthread_t thread;
	int a, b, i;

	start_duel(&thread, do_fetch);
	for (i = 0; now() < end; i++) {
		ASSERT_TRUE(prepare(self->fd, self->server));
		ASSERT_EQ(0, do_answer(&duel.round, i));
		a = fight(do_fetch, i);
		b = duel.result;
		ASSERT_TRUE((a == 0) != (b == 0));
		a = a ?: b;
		ASSERT_TRUE(a == -ESRCH || a == -EBUSY);
	}
	end_duel(thread);
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call_duel, reply_and_giving_up_agree)
{
	__s64 end = in_ms(DUEL_MS);
	int a, b, i, wins[2] = { 0 };
	pthread_t thread;

	start_duel(&thread, do_give_up);
	for (i = 0; now() < end; i++) {
		ASSERT_TRUE(prepare(self->fd, self->server));
		a = fight(do_answer, i);
		b = duel.result;
		if (a == 0) {
			ASSERT_EQ(0, b);
			ASSERT_EQ(~duel.round.number, duel.round.reply);
		} else {
			ASSERT_EQ(-ECANCELED, a);
			ASSERT_EQ(-ETIMEDOUT, b);
		}
		wins[a != 0]++;
	}
	end_duel(thread);
	fprintf(stderr, "# %d rounds, won by %d and %d\n", i, wins[0], wins[1]);
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call_duel, return_and_giving_up_agree)
{
	__s64 end = in_ms(DUEL_MS);
	pthread_t thread;
	int a, i;

	start_duel(&thread, do_give_up);
	for (i = 0; now() < end; i++) {
		ASSERT_TRUE(prepare(self->fd, self->server));
		a = fight(do_return, i);
		ASSERT_TRUE(a == 0 || a == -ECANCELED);
		ASSERT_EQ(-ETIMEDOUT, duel.result);
		ASSERT_EQ(i + 1, info_of(self->fd).withdrawn);
	}
	end_duel(thread);
	EXPECT_TRUE(all_settled(self->server));
}

TEST_F(call_duel, reply_and_close_of_the_receiver_agree)
{
	__s64 end = in_ms(DUEL_MS);
	int a, b, i, server;
	pthread_t thread;

	start_duel(&thread, do_close_server);
	for (i = 0; now() < end; i++) {
		server = open_existing(self->name, O_RDONLY);
		ASSERT_TRUE(prepare(self->fd, server));
		a = fight(do_answer, i);
		ASSERT_EQ(0, duel.result);
		b = do_fetch(&duel.round, i);
		ASSERT_EQ(a ? -EOWNERDEAD : 0, b);
		ASSERT_TRUE(a == 0 || a == -EBADF);
	}
	end_duel(thread);
	EXPECT_TRUE(all_settled(self->server));
}

static int do_remove(struct round *round, int which)
{
	static struct genl nl;

	if (!nl.fd && genl_open(&nl))
		return 1;
	return genl_by_name(&nl, MBOX_CMD_DEL, "duel");
}

static int do_call_in_round(struct round *round, int which)
{
	struct mbox_call call = round->call;

	call.cookie = 0;
	call.flags = which & 1 ? MBOX_CALL_NOWAIT : 0;
	return do_call(round->fd, &call);
}

TEST_F(call_duel, removal_ends_whatever_it_meets)
{
	int (*const firsts[])(struct round *round, int which) = {
		do_answer, do_return, do_give_up, do_call_in_round, do_fetch,
	};
	__s64 end = in_ms(DUEL_MS);
	int ret, i, fd, server;
	pthread_t thread;

	start_duel(&thread, do_remove);
	for (i = 0; now() < end || i < DUELS_MIN; i++) {
		fd = open_mailbox("duel", O_WRONLY);
		server = open_existing("duel", O_RDONLY);
		ASSERT_TRUE(prepare(fd, server));
		ret = fight(firsts[i % 5], i);
		ASSERT_EQ(0, duel.result);
		ASSERT_TRUE(ret == 0 || ret == -EIDRM || ret == -ETIMEDOUT ||
			    ret == -EINPROGRESS);
		ASSERT_EQ(-EIDRM, do_answer(&duel.round, i));
		close(i & 1 ? fd : server);
		close(i & 1 ? server : fd);
	}
	end_duel(thread);
}

TEST_HARNESS_MAIN
