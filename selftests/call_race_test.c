// SPDX-License-Identifier: GPL-2.0
/*
 * Races of calls: a reply against the end of its caller, of its receiver, of the
 * mailbox, against a deadline, a signal, a return, another reply; each pair for a
 * while, and all at once.
 *
 * Whoever is first, both sides must be told the same. So each round ends in
 * sums: a settle that returned 0 is a reply that its caller has got, and every
 * request has had one end.
 */
#include "mbox_call.h"

#include <sys/epoll.h>

/* How long each race runs. */
#define RACE_MS	1200

/* Longest time that a racer leaves to the others, in nanoseconds. */
#define BRIEF	60000

FIXTURE(call_race)
{
	const char *name;
	int fd;
	int server;
};

FIXTURE_SETUP(call_race)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_WRONLY);
	self->server = open_existing(self->name, O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->server);
}

FIXTURE_TEARDOWN(call_race)
{
	close(self->fd);
	close(self->server);
}

/* ---- racers ------------------------------------------------------------ */

/* What has become of the commands of one side. */
struct racer {
	pthread_t thread;
	const char *name;
	int fd;
	__s64 end;
	unsigned int random;
	long made;
	long good;
	long late;
	long dead;
	long gone;
	long again;
	long wrong;
};

static bool racing(struct racer *r)
{
	return now() < r->end;
}

static unsigned int dice(struct racer *r, unsigned int sides)
{
	return rand_r(&r->random) % sides;
}

static void start(struct racer *r, void *(*fn)(void *), const char *name, int fd)
{
	static unsigned int seed;

	*r = (struct racer){ .name = name, .fd = fd, .random = ++seed * 7919 };
	r->end = in_ms(RACE_MS);
	pthread_create(&r->thread, NULL, fn, r);
}

static void join(struct racer *r, int count)
{
	int i;

	for (i = 0; i < count; i++)
		pthread_join(r[i].thread, NULL);
}

static void tell(const char *what, const struct racer *r)
{
	fprintf(stderr,
		"# %s: made %ld good %ld late %ld dead %ld gone %ld again %ld wrong %ld\n",
		what, r->made, r->good, r->late, r->dead, r->gone, r->again,
		r->wrong);
}

/* Callers that have not ended: servers wait for them. */
static int calling;

static struct racer *caller_comes(void *arg)
{
	__atomic_add_fetch(&calling, 1, __ATOMIC_SEQ_CST);
	return arg;
}

static void *caller_goes(void)
{
	__atomic_sub_fetch(&calling, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* ---- callers ----------------------------------------------------------- */

/* Calls with a number and resumes until there is an end; 0 has the right reply. */
static int one_call(struct racer *r, int fd, __s64 deadline)
{
	__u64 number = (__u64)r->random << 32 | r->made, reply = 0;
	struct mbox_call call = {
		.type = 1 + dice(r, 3), .buf = addr(&number),
		.len = sizeof(number), .reply = addr(&reply),
		.room = sizeof(reply), .deadline = deadline,
	};
	int ret;

	r->made++;
	do {
		ret = do_call(fd, &call);
		r->again += ret == -EINTR;
	} while (ret == -EINTR);
	r->wrong += ret ? call.cookie != 0 : reply != ~number;
	return ret;
}

static void count_end(struct racer *r, int ret)
{
	r->good += ret == 0;
	r->late += ret == -ETIMEDOUT;
	r->dead += ret == -EOWNERDEAD;
	r->gone += ret == -EIDRM || ret == -ENOBUFS;
	r->wrong += ret && ret != -ETIMEDOUT && ret != -EOWNERDEAD &&
		    ret != -EIDRM && ret != -ENOBUFS;
}

static void *call_briefly(void *arg)
{
	struct racer *r = caller_comes(arg);

	while (racing(r))
		count_end(r, one_call(r, r->fd, now() + dice(r, BRIEF)));
	return caller_goes();
}

static void *call_patiently(void *arg)
{
	struct racer *r = caller_comes(arg);

	while (racing(r))
		count_end(r, one_call(r, r->fd, 0));
	return caller_goes();
}

/* ---- servers ----------------------------------------------------------- */

/* Takes a request within a moment; its cookie, or 0. */
static __u64 take_request(int fd, __u64 *number, int us)
{
	struct mbox_header header;

	if (recv_into(fd, &header, number, sizeof(*number), 0, NULL,
		      now() + us * 1000) != 1)
		return 0;
	return header.cookie;
}

static int answer(int fd, __u64 cookie, __u64 number)
{
	__u64 reply = ~number;

	return reply_bytes(fd, cookie, 1, &reply, sizeof(reply));
}

static void count_reply(struct racer *r, int ret)
{
	r->made++;
	r->good += ret == 0;
	r->late += ret == -ECANCELED;
	r->gone += ret == -EIDRM;
	r->wrong += ret && ret != -ECANCELED && ret != -EIDRM;
}

/* Past the end of the race, until there is no caller any more. */
static bool serving(struct racer *r, int fd)
{
	return racing(r) || __atomic_load_n(&calling, __ATOMIC_SEQ_CST) ||
	       msgs_of(fd);
}

static void *serve(void *arg)
{
	struct racer *r = arg;
	__u64 cookie, number;

	while (serving(r, r->fd)) {
		cookie = take_request(r->fd, &number, 1000);
		if (cookie)
			count_reply(r, answer(r->fd, cookie, number));
	}
	return NULL;
}

/* Puts most of them back. */
static void *serve_reluctantly(void *arg)
{
	struct racer *r = arg;
	__u64 cookie, number;
	int ret;

	while (serving(r, r->fd)) {
		cookie = take_request(r->fd, &number, 1000);
		if (!cookie)
			continue;
		if (dice(r, 4)) {
			ret = put_back(r->fd, cookie);
			r->again++;
			r->wrong += ret && ret != -ECANCELED;
		} else {
			count_reply(r, answer(r->fd, cookie, number));
		}
	}
	return NULL;
}

/* As many got replies as were given, and no call is left or counted twice. */
static bool adds_up(int fd, struct racer *r, int callers, int servers)
{
	long got = 0, given = 0, made = 0, ended = 0, wrong = 0;
	int i;

	for (i = 0; i < callers + servers; i++) {
		tell(i < callers ? "caller" : "server", &r[i]);
		wrong += r[i].wrong;
		if (i < callers) {
			made += r[i].made;
			got += r[i].good;
			ended += r[i].good + r[i].late + r[i].dead + r[i].gone;
		} else {
			given += r[i].good;
		}
	}
	return !wrong && made && made == ended && got == given &&
	       all_settled(fd);
}

/* ---- pairs ------------------------------------------------------------- */

TEST_F(call_race, reply_against_deadline)
{
	struct racer r[4];

	start(&r[0], call_briefly, NULL, self->fd);
	start(&r[1], call_briefly, NULL, self->fd);
	start(&r[2], serve, NULL, self->server);
	start(&r[3], serve, NULL, self->server);
	join(r, 4);
	EXPECT_TRUE(adds_up(self->server, r, 2, 2));
	EXPECT_LT(0, r[0].good + r[1].good);
	EXPECT_LT(0, r[0].late + r[1].late);
	EXPECT_EQ(r[0].made + r[1].made, info_of(self->fd).sent);
}

TEST_F(call_race, return_against_deadline_and_other_receivers)
{
	struct racer r[5];

	start(&r[0], call_briefly, NULL, self->fd);
	start(&r[1], call_briefly, NULL, self->fd);
	start(&r[2], call_patiently, NULL, self->fd);
	start(&r[3], serve_reluctantly, NULL, self->server);
	start(&r[4], serve_reluctantly, NULL, self->server);
	join(r, 5);
	EXPECT_TRUE(adds_up(self->server, r, 3, 2));
	EXPECT_LT(0, r[2].good);
	EXPECT_LT(0, r[3].again);
}

static void *disturb(void *arg)
{
	struct racer *r = arg;
	struct racer *victim = r - 1;

	while (racing(r)) {
		pthread_kill(victim->thread, SIGUSR1);
		usleep(dice(r, 200));
	}
	return NULL;
}

/* Both with a handler that restarts and with one that does not. */
TEST_F(call_race, reply_against_signal)
{
	struct racer r[3];
	int flags;

	for (flags = 0; flags <= SA_RESTART; flags += SA_RESTART) {
		catch_signal(SIGUSR1, flags);
		start(&r[2], serve, NULL, self->server);
		start(&r[0], call_patiently, NULL, self->fd);
		start(&r[1], disturb, NULL, self->fd);
		join(r, 3);
		r[1] = r[2];
		EXPECT_TRUE(adds_up(self->server, r, 1, 1));
		EXPECT_LT(0, r[0].good);
		EXPECT_EQ(r[0].good, r[1].made);
		if (!flags)
			EXPECT_LT(0, r[0].again);
	}
}

/* Calls in flight with a handle that is closed under them. */
static void *call_and_close(void *arg)
{
	struct racer *r = caller_comes(arg);
	__u64 number, reply[2];
	struct mbox_call call;
	int fd, i, j, ret;

	while (racing(r)) {
		fd = open_existing(r->name, O_WRONLY);
		for (i = dice(r, 3); i >= 0; i--) {
			number = r->made++;
			call = (struct mbox_call){
				.flags = MBOX_CALL_NOWAIT, .type = 1,
				.buf = addr(&number), .len = sizeof(number),
				.reply = addr(reply), .room = sizeof(number),
			};
			/* The reply may be there at once. */
			ret = do_call(fd, &call);
			r->wrong += ret && ret != -EINPROGRESS;
		}
		for (j = dice(r, 4000); j > 0; j--)
			asm volatile("" : : : "memory");
		close(fd);
	}
	return caller_goes();
}

TEST_F(call_race, reply_and_receive_against_close_of_the_caller)
{
	struct mbox_info info;
	struct racer r[4];

	start(&r[0], call_and_close, self->name, -1);
	start(&r[1], call_and_close, self->name, -1);
	start(&r[2], serve, NULL, self->server);
	start(&r[3], serve_reluctantly, NULL, self->server);
	join(r, 4);
	info = info_of(self->server);
	tell("caller", &r[0]);
	tell("server", &r[2]);
	EXPECT_EQ(0, r[0].wrong + r[1].wrong + r[2].wrong + r[3].wrong);
	EXPECT_EQ(r[0].made + r[1].made, info.sent);
	EXPECT_EQ(r[2].made + r[3].made, info.received);
	EXPECT_LT(0, r[2].late + r[3].late + info.withdrawn);
	EXPECT_TRUE(all_settled(self->server));
}

/* Takes what it can, answers some of it, and goes. */
static void *serve_and_close(void *arg)
{
	struct racer *r = arg;
	__u64 cookie, number;
	int fd, i;

	while (serving(r, r->fd)) {
		fd = open_existing(r->name, O_RDONLY);
		for (i = dice(r, 4); i >= 0; i--) {
			cookie = take_request(fd, &number, 300);
			if (cookie && dice(r, 2))
				count_reply(r, answer(fd, cookie, number));
		}
		close(fd);
	}
	return NULL;
}

TEST_F(call_race, deadline_against_close_of_the_receiver)
{
	struct racer r[5];

	start(&r[0], call_briefly, NULL, self->fd);
	start(&r[1], call_briefly, NULL, self->fd);
	start(&r[2], call_patiently, NULL, self->fd);
	start(&r[3], serve_and_close, self->name, self->fd);
	start(&r[4], serve_and_close, self->name, self->fd);
	join(r, 5);
	EXPECT_TRUE(adds_up(self->server, r, 3, 2));
	EXPECT_LT(0, r[2].dead);
	EXPECT_LT(0, r[2].good);
}

/* ---- removal ----------------------------------------------------------- */

/* Whoever meets a removed mailbox goes to the next one of that name. */
static void *call_by_name(void *arg)
{
	struct racer *r = arg;
	int fd, ret;

	while (racing(r)) {
		fd = open_limited(r->name, O_WRONLY, 2, 0, dice(r, 2));
		do {
			ret = one_call(r, fd, dice(r, 2) ? in_ms(50) :
				       now() + dice(r, BRIEF));
			count_end(r, ret);
		} while (ret != -EIDRM && racing(r));
		close(fd);
	}
	return NULL;
}

static void *serve_by_name(void *arg)
{
	struct racer *r = arg;
	__u64 cookie, number;
	int fd, i;

	while (racing(r)) {
		fd = open_mailbox(r->name, O_RDONLY);
		for (i = 0; i < 30; i++) {
			cookie = take_request(fd, &number, 300);
			if (!cookie || !dice(r, 8))
				continue;
			if (!dice(r, 4))
				put_back(fd, cookie);
			else
				count_reply(r, answer(fd, cookie, number));
		}
		close(fd);
	}
	return NULL;
}

static void *remove_and_purge(void *arg)
{
	struct racer *r = arg;
	struct genl nl;
	int ret;

	r->wrong += genl_open(&nl) != 0;
	while (racing(r)) {
		ret = genl_by_name(&nl, dice(r, 2) ? MBOX_CMD_DEL :
				   MBOX_CMD_PURGE, r->name);
		r->good += ret == 0;
		r->wrong += ret && ret != -ENOENT;
		usleep(dice(r, 1500));
	}
	close(nl.fd);
	return NULL;
}

TEST_F(call_race, everything_against_removal_purge_and_dropping)
{
	long made = 0, ended = 0, got = 0, given = 0;
	struct racer r[6];
	int i;

	for (i = 0; i < 3; i++)
		start(&r[i], call_by_name, "removed", -1);
	for (; i < 5; i++)
		start(&r[i], serve_by_name, "removed", -1);
	start(&r[i], remove_and_purge, "removed", -1);
	join(r, 6);
	for (i = 0; i < 6; i++) {
		tell(i < 3 ? "caller" : i < 5 ? "server" : "remover", &r[i]);
		EXPECT_EQ(0, r[i].wrong);
		EXPECT_LT(0, r[i].good);
	}
	for (i = 0; i < 3; i++) {
		made += r[i].made;
		ended += r[i].good + r[i].late + r[i].dead + r[i].gone;
		got += r[i].good;
	}
	given = r[3].good + r[4].good;
	EXPECT_EQ(made, ended);
	EXPECT_EQ(given, got);
	EXPECT_EQ(-ENOENT, open_existing("removed", O_RDWR));
}

/* ---- pollpri ----------------------------------------------------------- */

#define IN_FLIGHT	4

/* A handle that has nothing but its edges to know what has ended. */
static void *fetch_by_edges(void *arg)
{
	struct epoll_event event = { .events = EPOLLPRI | EPOLLET };
	struct racer *r = caller_comes(arg);
	struct caller *c = calloc(IN_FLIGHT, sizeof(*c));
	int ep = epoll_create1(EPOLL_CLOEXEC), i, ret, left = 1;

	epoll_ctl(ep, EPOLL_CTL_ADD, r->fd, &event);
	while (racing(r) || left) {
		for (i = 0, left = 0; i < IN_FLIGHT; i++) {
			if (!c[i].call.cookie && racing(r)) {
				r->made++;
				ret = call_nowait(&c[i], r->fd, "12345678");
				r->good += ret == 0;
				r->wrong += ret && ret != -EINPROGRESS;
			}
			left += c[i].call.cookie != 0;
		}
		if (left && epoll_wait(ep, &event, 1, 2000) != 1) {
			r->wrong++;
			break;
		}
		for (i = 0; i < IN_FLIGHT; i++) {
			ret = c[i].call.cookie ? fetch(&c[i]) : -EINPROGRESS;
			r->good += ret == 0;
			r->wrong += ret && ret != -EINPROGRESS;
		}
	}
	free(c);
	close(ep);
	return caller_goes();
}

TEST_F(call_race, edge_triggered_caller_misses_no_end)
{
	struct racer r[3];

	start(&r[0], fetch_by_edges, NULL, self->fd);
	start(&r[1], serve, NULL, self->server);
	start(&r[2], serve, NULL, self->server);
	join(r, 3);
	EXPECT_TRUE(adds_up(self->server, r, 1, 2));
}

TEST_HARNESS_MAIN
