// SPDX-License-Identifier: GPL-2.0
/*
 * Landing pools against receivers that give back what they have not got, twice, at the
 * worst moments, and go away in the middle: they may harm themselves, but no message
 * that another one receives, and no memory.
 */
#include "fixture_pool.h"

#define ROUNDS		20000
#define MESSAGES	1500

FIXTURE(hostile) { };

FIXTURE_SETUP(hostile) { }

FIXTURE_TEARDOWN(hostile) { }

/* The same numbers in each run. */
static __u64 next_number(__u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* ---- one thread, against a model --------------------------------------- */

/* What a receiver should have of its pool, by the unit. */
struct model {
	int fd;
	unsigned char *base;
	__u64 state;
	__u64 sent;
	int given[POOL_SIZE / UNIT];
	__u64 seed[POOL_SIZE / UNIT];
	size_t len[POOL_SIZE / UNIT];
	struct landed got;
};

static unsigned int pick(struct model *model, unsigned int below)
{
	return next_number(&model->state) % below;
}

static bool send_some(struct model *model)
{
	int ret = send_pattern(model->fd, ++model->sent,
			       1 + pick(model, 3 * UNIT));

	return ret == 1 || ret == -EAGAIN;
}

static bool all_intact(const struct model *model)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(model->given); i++) {
		if (model->given[i] &&
		    !is_pattern(model->base + i * UNIT, model->seed[i],
				model->len[i]))
			return false;
	}
	return true;
}

static bool receive_some(struct model *model)
{
	const struct mbox_header *header = &model->got.message.header;
	size_t unit;

	recv_landed(model->fd, &model->got);
	if (model->got.ret != 1)
		return model->got.ret == -EAGAIN;
	if (!is_in_pool(&model->got))
		return copied_well(&model->got, header->len);
	unit = model->got.message.offset / UNIT;
	if (model->given[unit])
		return false;
	model->given[unit]++;
	model->seed[unit] = header->type;
	model->len[unit] = header->len;
	return landed_well(&model->got, model->base, header->len);
}

/* True if the device says of one more offset what the model says. */
static bool give_back_some(struct model *model)
{
	__u64 offset = pick(model, 2 * POOL_SIZE / UNIT) * UNIT;
	bool given;

	switch (pick(model, 8)) {
	case 0:
		offset += 1 + pick(model, UNIT - 1);
		break;
	case 1:
		offset = next_number(&model->state);
		break;
	}
	given = offset < POOL_SIZE && offset % UNIT == 0 &&
		model->given[offset / UNIT];
	if (give_back(model->fd, offset) != (given ? 0 : -EINVAL))
		return false;
	if (given)
		model->given[offset / UNIT]--;
	return true;
}

static bool do_something(struct model *model)
{
	switch (pick(model, 4)) {
	case 0:
		return send_some(model);
	case 1:
		return receive_some(model);
	default:
		return give_back_some(model);
	}
}

TEST_F_TIMEOUT(hostile, random_offsets_are_told_from_those_given, 1800)
{
	struct model *model = calloc(1, sizeof(*model));
	int i;

	model->fd = open_mailbox(NULL, O_RDWR);
	model->base = new_pool(model->fd);
	model->state = 0x1234567;
	ASSERT_NE(NULL, model->base);
	for (i = 0; i < ROUNDS; i++) {
		ASSERT_TRUE(do_something(model))
			TH_LOG("round %d", i);
		if (i % 64 == 0)
			ASSERT_TRUE(all_intact(model));
	}
	EXPECT_LT(1000, model->sent);
	EXPECT_EQ(0, purge(model->fd));
	for (i = 0; i < POOL_SIZE / UNIT; i++) {
		while (model->given[i]--)
			EXPECT_EQ(0, give_back(model->fd, i * UNIT));
	}
	EXPECT_EQ(POOL_SIZE, pool_free(model->fd));
	munmap(model->base, POOL_SIZE);
	close(model->fd);
	free(model);
}

/* ---- threads and processes --------------------------------------------- */

/* @fd is what a thread works with; it goes on until @stop. */
struct worker {
	pthread_t thread;
	int fd;
	__u64 state;
	volatile bool *stop;
	unsigned long done;
	unsigned long wrong;
};

static void start_worker(struct worker *worker, int fd, volatile bool *stop,
			 void *(*work)(void *))
{
	worker->fd = fd;
	worker->stop = stop;
	worker->state = 88172645463325252ULL + fd;
	worker->done = 0;
	worker->wrong = 0;
	pthread_create(&worker->thread, NULL, work, worker);
}

static void *send_all(void *arg)
{
	struct worker *worker = arg;
	unsigned char *buf = malloc(3 * UNIT);
	__u64 i;

	for (i = 1; i <= MESSAGES; i++) {
		size_t len = UNIT + next_number(&worker->state) % (2 * UNIT);

		write_pattern(buf, i, len);
		if (send_bytes(worker->fd, i, buf, len) != 1)
			worker->wrong++;
		worker->done++;
	}
	free(buf);
	return NULL;
}

static void *give_back_anything(void *arg)
{
	struct worker *worker = arg;

	while (!*worker->stop) {
		__u64 offset = next_number(&worker->state) % 8 * UNIT;
		int ret = give_back(worker->fd, offset);

		worker->wrong += ret && ret != -EINVAL;
		worker->done += !ret;
	}
	return NULL;
}

/* Waits for messages, so that they land, leases them and puts all of them back. */
static void *lease_and_return(void *arg)
{
	struct worker *worker = arg;
	struct mbox_message message = { .size = 0 };
	struct mbox_recv args = {
		.flags = MBOX_RECV_POOL | MBOX_RECV_LEASE | MBOX_RECV_TRUNC,
		.count = 1,
		.vec = addr(&message),
	};
	int ret;

	while (!*worker->stop) {
		args.deadline = in_ms(1);
		ret = do_ioctl(worker->fd, MBOX_IOC_RECV, &args);
		if (ret == -ETIMEDOUT)
			continue;
		worker->wrong += ret != 1 ||
			put_back(worker->fd, message.header.cookie);
		worker->done += !!(message.header.flags & MBOX_MSG_POOL);
	}
	return NULL;
}

/* Receives by copy what all senders send, and looks at each byte. */
static void take_copies(struct worker *worker, unsigned long count)
{
	struct landed *got = malloc(sizeof(*got));

	while (worker->done < count) {
		recv_landed_with(worker->fd, got, 0, NULL);
		worker->wrong += !copied_well(got, got->message.header.len);
		worker->done++;
	}
	free(got);
}

/*
 * One handle has the pool in which all lands, and gives back whatever it can
 * while it leases and returns. Another receives the same messages by copy.
 */
TEST_F_TIMEOUT(hostile, others_get_what_was_sent_whatever_is_given_back, 1800)
{
	struct worker sender[2], thief[2], leaser, taker = { 0 };
	volatile bool stop = false;
	int reader = open_mailbox(own_name(), O_RDONLY);
	int other = open_existing(own_name(), O_RDONLY);
	int writer[2], i;
	__u64 landed = 0;

	ASSERT_NE(NULL, new_pool(reader));
	start_worker(&leaser, reader, &stop, lease_and_return);
	for (i = 0; i < 2; i++) {
		writer[i] = open_existing(own_name(), O_WRONLY);
		start_worker(&thief[i], reader, &stop, give_back_anything);
		start_worker(&sender[i], writer[i], &stop, send_all);
	}
	taker.fd = other;
	take_copies(&taker, 2 * MESSAGES);
	for (i = 0; i < 2; i++)
		pthread_join(sender[i].thread, NULL);
	stop = true;
	pthread_join(leaser.thread, NULL);
	for (i = 0; i < 2; i++) {
		pthread_join(thief[i].thread, NULL);
		landed += thief[i].done;
		EXPECT_EQ(0, thief[i].wrong);
		EXPECT_EQ(0, sender[i].wrong);
		close(writer[i]);
	}
	EXPECT_EQ(0, leaser.wrong);
	EXPECT_EQ(0, taker.wrong);
	TH_LOG("%lu leases, %llu blocks given back", leaser.done,
	       (unsigned long long)landed);
	EXPECT_EQ(0, msgs_of(other));
	for (i = 0; i < 8; i++) {
		while (!give_back(reader, i * UNIT))
			;
	}
	EXPECT_EQ(POOL_SIZE, pool_free(reader));
	close(reader);
	close(other);
}

/* Comes with a pool, leases some, goes in one of many ways. */
static void come_and_go(struct worker *worker, struct landed *got)
{
	int fd = open_existing(own_name(), O_RDONLY), i;
	unsigned char *base = new_pool(fd);
	unsigned int way = next_number(&worker->state) % 8;

	for (i = 0; i < (int)(way % 4); i++) {
		recv_landed_with(fd, got, MBOX_RECV_NOWAIT | MBOX_RECV_POOL |
				 MBOX_RECV_LEASE, NULL);
		if (is_in_pool(got) && way % 2)
			give_back(fd, got->message.offset);
		worker->done += got->ret == 1;
	}
	if (way < 4)
		close(fd);
	if (base)
		munmap(base, POOL_SIZE);
	if (way >= 4)
		close(fd);
}

static void *come_and_go_on(void *arg)
{
	struct worker *worker = arg;
	struct landed *got = malloc(sizeof(*got));

	while (!*worker->stop)
		come_and_go(worker, got);
	free(got);
	return NULL;
}

TEST_F_TIMEOUT(hostile, pools_that_come_and_go_lose_nothing, 1800)
{
	struct worker sender, guest[2], taker = { 0 };
	volatile bool stop = false;
	int reader = open_mailbox(own_name(), O_RDONLY);
	int writer = open_existing(own_name(), O_WRONLY), i;

	for (i = 0; i < 2; i++) {
		start_worker(&guest[i], writer, &stop, come_and_go_on);
		guest[i].state += i;
	}
	start_worker(&sender, writer, &stop, send_all);
	taker.fd = reader;
	take_copies(&taker, MESSAGES);
	pthread_join(sender.thread, NULL);
	stop = true;
	for (i = 0; i < 2; i++) {
		pthread_join(guest[i].thread, NULL);
		TH_LOG("%lu leases", guest[i].done);
	}
	EXPECT_EQ(0, sender.wrong);
	EXPECT_EQ(0, taker.wrong);
	EXPECT_EQ(0, msgs_of(writer));
	EXPECT_EQ(MESSAGES, info_of(writer).received);
	EXPECT_TRUE(books_balance(writer));
	close(reader);
	close(writer);
}

struct work {
	__u64 mailbox;
	__u32 done;
};

/* A consumer that works in place on what it leases, until it is killed. */
static int consume(void *arg)
{
	struct work *work = arg;
	int fd = open_id(work->mailbox, O_RDONLY);
	unsigned char *base = new_pool(fd);
	struct landed *got = malloc(sizeof(*got));

	while (base) {
		recv_landed_with(fd, got, MBOX_RECV_POOL | MBOX_RECV_LEASE,
				 NULL);
		if (got->ret != 1)
			return -EIO;
		if (is_in_pool(got) &&
		    (!landed_well(got, base, got->message.header.len) ||
		     give_back(fd, got->message.offset)))
			return -EILSEQ;
		if (acknowledge(fd, got->message.header.cookie))
			return -EPROTO;
		__atomic_add_fetch(&work->done, 1, __ATOMIC_RELAXED);
	}
	return -ENOMEM;
}

/* Killed at any moment, it has acknowledged or it has not: none is lost. */
TEST_F_TIMEOUT(hostile, consumers_that_are_killed_lose_nothing, 1800)
{
	struct work *work = shared(sizeof(*work));
	int writer = open_mailbox(own_name(), O_WRONLY), i, kills = 0;
	unsigned char *buf = malloc(UNIT);
	__u64 state = 42;
	pid_t pid;

	work->mailbox = id_of(writer);
	pid = spawn(consume, work);
	for (i = 1; i <= 400; i++) {
		write_pattern(buf, i, UNIT);
		ASSERT_EQ(1, send_bytes(writer, i, buf, UNIT));
		if (next_number(&state) % 20)
			continue;
		kill(pid, SIGKILL);
		EXPECT_EQ(256 + SIGKILL, reap(pid));
		pid = spawn(consume, work);
		kills++;
	}
	ASSERT_TRUE(wait_msgs(writer, 0));
	ASSERT_TRUE(wait_leased(writer, 0));
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	TH_LOG("%d kills, %u acknowledged", kills, work->done);
	EXPECT_EQ(400, info_of(writer).received);
	/* What was acknowledged may not have been counted any more. */
	EXPECT_LE(400, work->done + kills);
	EXPECT_TRUE(books_balance(writer));
	close(writer);
	free(buf);
}

TEST_HARNESS_MAIN
