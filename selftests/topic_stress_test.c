// SPDX-License-Identifier: GPL-2.0
/*
 * Publishers and subscribers of a topic, of which random ones are killed and started
 * again, or stopped for a while. In the end every message is accounted for, for each
 * subscriber: delivered + reported lost + still queued = published since it subscribed.
 *
 * The numbers of a topic have no gaps, and a topic that retains hands a newcomer the
 * message that was published last: so each subscriber knows where it began, and by
 * every number how many there have been since. What it receives is written straight
 * to memory that it shares with the test: a kill loses sight of no message.
 *
 * MBOX_STRESS_MS is how long it takes (8000), MBOX_STRESS_SEED where the random
 * numbers begin (1).
 */
#include "mbox_topic.h"

#define PUBLISHERS	3
#define SUBSCRIBERS	5
#define PROCESSES	(PUBLISHERS + SUBSCRIBERS)
#define VEC		3
#define BOUND		16

/* What a subscriber is, besides that it may be killed. */
static const struct kind {
	const char *name;
	__u32 max_msgs;
	__u32 policy;
	unsigned int pause_us;
	/* Each process subscribes anew; else all share a handle that stays. */
	bool own;
} kinds[SUBSCRIBERS] = {
	{ .name = "block", .policy = MBOX_POLICY_BLOCK },
	{ .name = "oldest", .policy = MBOX_POLICY_DROP_OLDEST, .max_msgs = 4 },
	{ .name = "newest", .policy = MBOX_POLICY_DROP_NEWEST, .max_msgs = 8 },
	{ .name = "slow", .policy = MBOX_POLICY_DROP_OLDEST, .pause_us = 3000 },
	{ .name = "leaving", .policy = MBOX_POLICY_DROP_OLDEST, .own = true },
};

struct payload {
	__u32 place;
	__u32 number;
	__u64 check;
};

/* What is known of a subscription, and of those before it in its place. */
struct book {
	__u64 first;
	__u64 last;
	__u64 delivered;
	__u64 lost;
	__u64 delivered_before;
	__u64 lost_before;
	__u64 lives;
	__u64 wrong;
	__u64 got[PUBLISHERS + 1];
	__u32 number[PUBLISHERS + 1];
};

/*
 * Shared. @messages and @payloads are what the kernel writes to; what is in them is
 * in the book, or has a number above @last of it. A change of the book is one of
 * @current, so that a kill finds it done or not begun.
 */
struct subscriber {
	struct mbox_message messages[VEC];
	struct payload payloads[VEC];
	struct book books[2];
	int current;
	__u64 refused;
};

/* Numbers are claimed before they are sent; those of a killed process may be either. */
struct publisher {
	__u64 claimed;
	__u64 sent;
	__u64 refused;
	__u64 cut;
	__u64 wrong;
};

struct place {
	pid_t pid;
	int fd;
	unsigned int seed;
	unsigned int kills;
	unsigned int stops;
};

static struct place places[PROCESSES];
static struct subscriber *subscribers;
static struct publisher *publishers;
static const char *stress_name;

static long setting(const char *name, long value)
{
	const char *text = getenv(name);

	return text ? atol(text) : value;
}

static __u64 check_of(const struct payload *payload)
{
	return ~(((__u64)payload->place << 32 | payload->number) * 0x9e3779b97f4a7c15ULL);
}

/* ---- publishers ---------------------------------------------------------------------- */

static struct payload payload_of(__u32 place, __u32 number)
{
	struct payload payload = { .place = place, .number = number };

	payload.check = check_of(&payload);
	return payload;
}

/* Waits for ever, not at all, or for a while. */
static int publish(int fd, struct mbox_message *vec, int count, unsigned int *seed)
{
	struct mbox_send args = { .count = count, .vec = addr(vec) };

	switch (rand_r(seed) % 3) {
	case 0:
		args.flags = MBOX_SEND_NOWAIT;
		break;
	case 1:
		args.deadline = now() + rand_r(seed) % 2000000;
	}
	return do_ioctl(fd, MBOX_IOC_SEND, &args);
}

static void publish_some(struct publisher *publisher, int fd, unsigned int *seed)
{
	struct mbox_message vec[VEC] = { 0 };
	struct payload payloads[VEC];
	int count = 1 + rand_r(seed) % VEC, i, ret;

	for (i = 0; i < count; i++) {
		payloads[i] = payload_of(publisher - publishers, ++publisher->claimed);
		vec[i].header.type = 1 + rand_r(seed) % 4;
		vec[i].header.len = sizeof(*payloads);
		vec[i].buf = addr(&payloads[i]);
	}
	ret = publish(fd, vec, count, seed);
	publisher->wrong += ret < 0 && ret != -EAGAIN && ret != -ETIMEDOUT;
	publisher->sent += ret > 0 ? ret : 0;
	publisher->refused += count - (ret > 0 ? ret : 0);
}

static int publisher_process(void *arg)
{
	struct place *place = arg;
	int fd = open_existing(stress_name, O_WRONLY);

	if (fd < 0)
		return 1;
	for (;;) {
		publish_some(&publishers[place - places], fd, &place->seed);
		if (rand_r(&place->seed) % 8 == 0)
			usleep(rand_r(&place->seed) % 1000);
	}
}

/* ---- subscribers --------------------------------------------------------------------- */

static struct book *book_of(struct subscriber *s)
{
	return &s->books[__atomic_load_n(&s->current, __ATOMIC_SEQ_CST)];
}

/* Another book, to be changed and then to be turned to. */
static struct book *next_page(struct subscriber *s)
{
	struct book *next = &s->books[!s->current];

	*next = *book_of(s);
	return next;
}

static void turn_page(struct subscriber *s)
{
	__atomic_store_n(&s->current, !s->current, __ATOMIC_SEQ_CST);
}

/*
 * Who loses its oldest has lost them before what it receives. What is newest may be
 * lost, and told, before its turn has come.
 */
static bool adds_up(const struct subscriber *s, const struct book *book)
{
	__u64 known = book->delivered + book->lost, due = book->last - book->first + 1;

	if (kinds[s - subscribers].policy == MBOX_POLICY_DROP_NEWEST)
		return known >= due;
	return known == due;
}

static void enter_payload(struct book *book, const struct payload *payload)
{
	__u32 place = payload->place;

	if (place > PUBLISHERS || payload->check != check_of(payload) ||
	    payload->number <= book->number[place]) {
		book->wrong++;
		return;
	}
	book->number[place] = payload->number;
	book->got[place]++;
}

static void enter_one(struct subscriber *s, const struct mbox_header *header,
		      const struct payload *payload)
{
	struct book *book = next_page(s);

	if (!book->first)
		book->first = header->seq;
	book->last = header->seq;
	book->delivered++;
	book->lost += header->lost;
	book->wrong += header->len != sizeof(*payload) || header->deliveries;
	enter_payload(book, payload);
	if (!adds_up(s, book))
		book->wrong++;
	turn_page(s);
}

/* What was received and is not in the book; it may be called again at any time. */
static void enter_all(struct subscriber *s)
{
	int i;

	for (i = 0; i < VEC; i++) {
		if (s->messages[i].header.seq > book_of(s)->last)
			enter_one(s, &s->messages[i].header, &s->payloads[i]);
	}
}

/* Until it has its first message a subscriber waits for it with the topic's policy. */
static void begin_life(struct subscriber *s)
{
	struct book *book;
	int i;

	for (i = 0; i < VEC; i++)
		s->messages[i].header.seq = 0;
	book = next_page(s);
	book->delivered_before += book->delivered;
	book->lost_before += book->lost;
	book->lives++;
	book->first = 0;
	book->last = 0;
	book->delivered = 0;
	book->lost = 0;
	memset(book->number, 0, sizeof(book->number));
	turn_page(s);
}

static int receive_some(struct subscriber *s, int fd, int count, __s64 deadline)
{
	struct mbox_recv args = { .count = count, .vec = addr(s->messages), .deadline = deadline };
	int ret, i;

	for (i = 0; i < VEC; i++) {
		s->messages[i] = (struct mbox_message){ 0 };
		s->messages[i].buf = addr(&s->payloads[i]);
		s->messages[i].size = sizeof(*s->payloads);
	}
	ret = do_ioctl(fd, MBOX_IOC_RECV, &args);
	if (ret > 0)
		enter_all(s);
	else if (ret != -ETIMEDOUT)
		s->refused++;
	return ret;
}

static int subscribe_anew(struct subscriber *s)
{
	const struct kind *kind = &kinds[s - subscribers];
	int fd;

	begin_life(s);
	fd = subscribe(stress_name);
	if (fd < 0 || receive_some(s, fd, 1, 1) != 1 ||
	    set_queue(fd, kind->max_msgs, kind->policy) < 0)
		return -1;
	return fd;
}

static int subscriber_process(void *arg)
{
	struct place *place = arg;
	struct subscriber *s = &subscribers[place - places - PUBLISHERS];
	const struct kind *kind = &kinds[s - subscribers];
	int fd = place->fd;

	for (;;) {
		if (kind->own && (fd < 0 || rand_r(&place->seed) % 100 == 0)) {
			close(fd);
			fd = subscribe_anew(s);
			if (fd < 0)
				return 1;
		}
		receive_some(s, fd, 1 + rand_r(&place->seed) % VEC, in_ms(20));
		if (kind->pause_us)
			usleep(rand_r(&place->seed) % kind->pause_us);
	}
}

/* ---- the course of it ---------------------------------------------------------------- */

static void start_place(struct place *place, unsigned int *seed)
{
	place->seed = rand_r(seed);
	place->pid = spawn(place - places < PUBLISHERS ? publisher_process : subscriber_process,
			   place);
}

/* False if it was gone before. */
static bool kill_place(struct place *place)
{
	struct publisher *publisher = &publishers[place - places];

	kill(place->pid, SIGKILL);
	if (reap(place->pid) != 256 + SIGKILL)
		return false;
	place->kills++;
	if (place - places < PUBLISHERS)
		publisher->cut = publisher->claimed - publisher->sent - publisher->refused;
	else
		enter_all(&subscribers[place - places - PUBLISHERS]);
	return true;
}

static bool stop_place(struct place *place, unsigned int *seed)
{
	place->stops++;
	kill(place->pid, SIGSTOP);
	usleep(rand_r(seed) % 20000);
	return kill(place->pid, SIGCONT) == 0;
}

/* Lets all run for @ms; false if one was gone before it was killed. */
static bool run_all(unsigned int *seed, long ms)
{
	struct place *place;
	__s64 end = in_ms(ms);
	bool good = true;
	int i;

	for (i = 0; i < PROCESSES; i++)
		start_place(&places[i], seed);
	while (good && now() < end) {
		usleep(rand_r(seed) % 20000);
		place = &places[rand_r(seed) % PROCESSES];
		if (rand_r(seed) % 4 == 0) {
			good = stop_place(place, seed);
			continue;
		}
		good = kill_place(place);
		start_place(place, seed);
	}
	for (i = 0; i < PROCESSES; i++)
		good = kill_place(&places[i]) && good;
	return good;
}

/* A message of the test itself, which it numbers as if it were one more publisher. */
static int publish_mark(int fd, __u32 number)
{
	struct payload payload = payload_of(PUBLISHERS, number);

	return send_until(fd, 1, &payload, sizeof(payload), MBOX_SEND_NOWAIT, 0);
}

/* Takes what is still queued; returns how many there were. */
static __u64 drain(struct subscriber *s, int fd)
{
	__u64 queued = 0;
	int ret;

	while ((ret = receive_some(s, fd, VEC, 1)) > 0)
		queued += ret;
	return queued;
}

FIXTURE(topic_stress)
{
	int fd;
	unsigned int seed;
};

FIXTURE_SETUP(topic_stress)
{
	int i;

	subscribers = shared(SUBSCRIBERS * sizeof(*subscribers));
	publishers = shared(PUBLISHERS * sizeof(*publishers));
	memset(places, 0, sizeof(places));
	stress_name = own_name();
	self->seed = setting("MBOX_STRESS_SEED", 1);
	fprintf(stderr, "# seed %u\n", self->seed);
	self->fd = open_topic(stress_name, O_WRONLY, MBOX_OPEN_RETAIN, BOUND, MBOX_POLICY_BLOCK);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(1, publish_mark(self->fd, 1));
	for (i = 0; i < SUBSCRIBERS; i++) {
		places[PUBLISHERS + i].fd = kinds[i].own ? -1 : subscribe_anew(&subscribers[i]);
		ASSERT_EQ(kinds[i].own, places[PUBLISHERS + i].fd < 0);
	}
}

FIXTURE_TEARDOWN(topic_stress)
{
	int i;

	for (i = 0; i < SUBSCRIBERS; i++)
		close(places[PUBLISHERS + i].fd);
	EXPECT_TRUE(books_balance(self->fd));
	close(self->fd);
}

/* Those whose handle has stayed: what is in the book, and what was still queued. */
static void check_kept(struct __test_metadata *_metadata, int i, __u64 queued)
{
	const struct book *book = book_of(&subscribers[i]);
	__u64 published = book->last - book->first + 1;

	fprintf(stderr,
		"# %s: published %llu delivered %llu lost %llu queued %llu unexplained %lld kills %u\n",
		kinds[i].name, published, book->delivered - queued, book->lost, queued,
		(long long)(published - book->delivered - book->lost),
		places[PUBLISHERS + i].kills);
	EXPECT_EQ(published, book->delivered + book->lost);
	EXPECT_LT(0, book->delivered - queued);
	EXPECT_EQ(kinds[i].policy == MBOX_POLICY_BLOCK, book->lost == 0);
	EXPECT_EQ(1, book->first);
	EXPECT_EQ(1, book->lives);
}

/* Of the others it was checked with each message; what they left unread is the rest. */
static void check_left(struct __test_metadata *_metadata, int i)
{
	const struct book *book = book_of(&subscribers[i]);

	fprintf(stderr, "# %s: lives %llu delivered %llu lost %llu kills %u stops %u\n",
		kinds[i].name, book->lives, book->delivered + book->delivered_before,
		book->lost + book->lost_before, places[PUBLISHERS + i].kills,
		places[PUBLISHERS + i].stops);
	EXPECT_LT(1, book->lives);
	EXPECT_LT(0, book->delivered_before);
}

/* The one that makes publishers wait has got each message that was sent, and no other. */
static __u64 check_publishers(struct __test_metadata *_metadata)
{
	const struct book *book = book_of(&subscribers[0]);
	__u64 sum = 0;
	int i;

	for (i = 0; i < PUBLISHERS; i++) {
		const struct publisher *p = &publishers[i];

		fprintf(stderr, "# publisher %d: sent %llu refused %llu cut %llu kills %u\n", i,
			p->sent, p->refused, p->cut, places[i].kills);
		EXPECT_EQ(0, p->wrong);
		EXPECT_LT(0, p->sent);
		EXPECT_LE(p->sent, book->got[i]);
		EXPECT_GE(p->sent + p->cut, book->got[i]);
		sum += book->got[i];
	}
	return sum + book->got[PUBLISHERS];
}

static void check_sums(struct __test_metadata *_metadata, int fd)
{
	struct mbox_info info = info_of(fd);
	__u64 delivered = 0, lost = 0;
	int i;

	for (i = 0; i < SUBSCRIBERS; i++) {
		const struct book *book = book_of(&subscribers[i]);

		EXPECT_EQ(0, book->wrong);
		EXPECT_EQ(0, subscribers[i].refused);
		delivered += book->delivered + book->delivered_before;
		lost += book->lost + book->lost_before;
	}
	fprintf(stderr, "# sent %llu received %llu lost %llu, of which left unread %llu\n",
		info.sent, info.received, info.lost, info.lost - lost);
	EXPECT_EQ(info.received, delivered);
	EXPECT_GE(info.lost, lost);
	EXPECT_EQ(0, info.msgs);
	EXPECT_EQ(info.sent, info.received + info.lost + info.withdrawn);
	EXPECT_EQ(1, info.senders);
	EXPECT_EQ(SUBSCRIBERS - 1, info.receivers);
}

TEST_F_TIMEOUT(topic_stress, killed_processes_leave_every_message_accounted_for, 3600)
{
	__u64 queued[SUBSCRIBERS] = { 0 };
	int i, fd;

	EXPECT_TRUE(run_all(&self->seed, setting("MBOX_STRESS_MS", 8000)));
	for (i = 0; i < SUBSCRIBERS; i++) {
		if (!kinds[i].own)
			queued[i] = drain(&subscribers[i], places[PUBLISHERS + i].fd);
	}
	/* The last one tells what was lost after what they had. */
	EXPECT_EQ(1, publish_mark(self->fd, 2));
	for (i = 0; i < SUBSCRIBERS; i++) {
		fd = places[PUBLISHERS + i].fd;
		if (kinds[i].own) {
			check_left(_metadata, i);
			continue;
		}
		EXPECT_EQ(1, receive_some(&subscribers[i], fd, 1, 1));
		check_kept(_metadata, i, queued[i]);
	}
	EXPECT_EQ(book_of(&subscribers[0])->last, check_publishers(_metadata));
	check_sums(_metadata, self->fd);
}

TEST_HARNESS_MAIN
