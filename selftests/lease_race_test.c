// SPDX-License-Identifier: GPL-2.0
/*
 * Races of what has its time or its place: settling against the end of a lease,
 * receiving against the end of a message, a rendezvous against signals and a
 * purge, writing to a handle against its close, all against removal.
 *
 * Each pair runs for a while; a race that is lost shows as a wrong sum here, or as
 * a report of the kernel, which the harness looks for.
 */
#include "mbox_lease.h"

/* How long each race runs. */
#define RACE_MS	1200

/* Longest time that a racer leaves to the others, in nanoseconds. */
#define BRIEF	60000
/* Longest lease that is meant to be settled in time, likewise. */
#define LONGEST	100000000

FIXTURE(lease_race)
{
	int fd;
	int reader;
};

FIXTURE_SETUP(lease_race)
{
	self->fd = open_mailbox(own_name(), O_RDWR);
	self->reader = open_existing(own_name(), O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->reader);
}

FIXTURE_TEARDOWN(lease_race)
{
	close(self->reader);
	EXPECT_TRUE(books_balance(self->fd));
	close(self->fd);
}

/* ---- racers ------------------------------------------------------------ */

/* One side: @good and @late count two ways to end, @wrong what must not be. */
struct racer {
	pthread_t thread;
	int fd;
	__s64 end;
	unsigned int random;
	unsigned int lease;
	const char *name;
	volatile __u64 id;
	long good;
	long late;
	long gone;
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

static void tarry(struct racer *r)
{
	wait_until(now() + dice(r, BRIEF));
}

static void start(struct racer *r, void *(*fn)(void *), int fd)
{
	memset(r, 0, sizeof(*r));
	r->fd = fd;
	r->name = own_name();
	r->end = in_ms(RACE_MS);
	r->random = (unsigned int)fd * 7919 + 1;
	r->lease = BRIEF;
	pthread_create(&r->thread, NULL, fn, r);
}

static void join(struct racer *r, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		pthread_join(r[i].thread, NULL);
		fprintf(stderr, "# racer %d: good %ld late %ld gone %ld wrong %ld\n",
			i, r[i].good, r[i].late, r[i].gone, r[i].wrong);
	}
}

/* ---- the end of a lease ------------------------------------------------ */

/*
 * @good counts outcomes that were in time, @late those that were not. However slow
 * the machine, the lease gets as long as makes one as likely as the other.
 */
static void settle_in_time(struct racer *r, __u32 outcome)
{
	struct got got = lease_flags(r->fd, 0, 1 + dice(r, r->lease));
	int ret;

	r->wrong += got.ret != 1;
	tarry(r);
	ret = settle_by(r->fd, got.header.cookie, outcome);
	r->good += ret == 0;
	r->late += ret == -ECANCELED;
	r->wrong += ret && ret != -ECANCELED;
	r->lease = ret ? 2 * r->lease % LONGEST + 1 : r->lease / 2 + 1;
	r->wrong += settle_by(r->fd, got.header.cookie, outcome) != -EALREADY;
}

static void *ack_in_time(void *arg)
{
	struct racer *r = arg;

	while (racing(r))
		settle_in_time(r, MBOX_SETTLE_ACK);
	return NULL;
}

/* As many as are acknowledged. */
static void *refill(void *arg)
{
	struct racer *r = arg;

	while (racing(r)) {
		if (msgs_of(r->fd) < 4)
			r->good += send_text(r->fd, 1, "x") == 1;
		else
			tarry(r);
	}
	r->good += send_text(r->fd, 1, "x") == 1;
	r->good += send_text(r->fd, 1, "x") == 1;
	return NULL;
}

/* An ACK that was in time is the one end that a message has. */
TEST_F(lease_race, ack_against_the_end_of_its_lease)
{
	struct racer r[3];
	struct mbox_info info;

	start(&r[0], ack_in_time, self->reader);
	start(&r[1], ack_in_time, self->fd);
	start(&r[2], refill, self->fd);
	join(r, 3);
	info = info_of(self->fd);
	EXPECT_EQ(0, r[0].wrong + r[1].wrong);
	EXPECT_EQ(r[0].good + r[1].good, info.received);
	EXPECT_EQ(r[2].good, info.sent);
	EXPECT_EQ(info.sent, info.received + info.msgs);
	EXPECT_EQ(0, info.leased + info.owed + info.lost);
	EXPECT_LT(0, r[0].good);
	EXPECT_LT(0, r[0].late);
}

static void *return_in_time(void *arg)
{
	struct racer *r = arg;

	while (racing(r))
		settle_in_time(r, MBOX_SETTLE_RETURN);
	return NULL;
}

/* In time or not, it comes back once. */
TEST_F(lease_race, return_against_the_end_of_its_lease)
{
	struct racer r[2];
	struct got got;

	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	start(&r[0], return_in_time, self->reader);
	start(&r[1], return_in_time, self->fd);
	join(r, 2);
	EXPECT_EQ(0, r[0].wrong + r[1].wrong);
	EXPECT_EQ(1, msgs_of(self->fd));
	got = take(self->fd);
	EXPECT_EQ(r[0].good + r[0].late + r[1].good + r[1].late,
		  got.header.deliveries);
	EXPECT_LT(0, r[0].good);
	EXPECT_LT(0, r[0].late);
}

static void *close_in_time(void *arg)
{
	struct racer *r = arg;
	int fd;

	while (racing(r)) {
		fd = open_existing(r->name, O_RDONLY);
		r->good += lease_flags(fd, 0, 1 + dice(r, BRIEF)).ret == 1;
		tarry(r);
		close(fd);
	}
	return NULL;
}

TEST_F(lease_race, close_against_the_end_of_its_lease)
{
	struct racer r[2];

	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	start(&r[0], close_in_time, self->reader);
	start(&r[1], close_in_time, self->fd);
	join(r, 2);
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(r[0].good + r[1].good, take(self->fd).header.deliveries);
	EXPECT_LT(0, r[0].good);
}

/* A mailbox that goes while the leases of it end. */
static void remove_in_time(struct racer *r)
{
	int fd = open_mailbox(r->name, O_RDWR), i, ret;
	__u64 cookies[8];

	for (i = 0; i < 16; i++)
		r->wrong += send_ttl(fd, 1, "x", 1 + dice(r, BRIEF) * 100) != 1;
	for (i = 0; i < 8; i++)
		cookies[i] = lease_for(fd, 1 + dice(r, BRIEF) *
				       100).header.cookie;
	tarry(r);
	r->wrong += remove_mailbox(fd) != 0;
	for (i = 0; i < 8; i++) {
		ret = acknowledge(fd, cookies[i]);
		r->wrong += cookies[i] && ret != -EIDRM;
	}
	close(fd);
	r->good++;
}

static void *remove_rounds(void *arg)
{
	struct racer *r = arg;
	char name[64];

	snprintf(name, sizeof(name), "%s-%d", r->name, r->fd);
	r->name = name;
	while (racing(r))
		remove_in_time(r);
	return NULL;
}

TEST_F(lease_race, removal_against_the_end_of_leases_and_messages)
{
	struct racer r[2];

	start(&r[0], remove_rounds, 1);
	start(&r[1], remove_rounds, 2);
	join(r, 2);
	EXPECT_EQ(0, r[0].wrong + r[1].wrong);
	EXPECT_LT(4, r[0].good + r[1].good);
}

/* ---- the end of a message ---------------------------------------------- */

static void *send_short_lived(void *arg)
{
	struct racer *r = arg;
	int ret;

	while (racing(r)) {
		ret = send_ttl(r->fd, 1, "x", 1 + dice(r, BRIEF));
		r->good += ret == 1;
		r->wrong += ret != 1;
		tarry(r);
	}
	return NULL;
}

static void *recv_briefly(void *arg)
{
	struct racer *r = arg;
	struct got got;

	while (racing(r)) {
		tarry(r);
		got.ret = recv_into(r->fd, &got.header, got.text, TEXT_MAX, 0,
				    NULL, now() + dice(r, BRIEF));
		r->good += got.ret == 1;
		r->wrong += got.ret != 1 && got.ret != -ETIMEDOUT;
	}
	return NULL;
}

TEST_F(lease_race, receive_against_the_end_of_the_message)
{
	struct mbox_info info;
	struct racer r[3];

	start(&r[0], send_short_lived, self->fd);
	start(&r[1], recv_briefly, self->reader);
	start(&r[2], recv_briefly, self->reader);
	join(r, 3);
	/* What is left has its end yet. */
	while (msgs_of(self->fd))
		usleep(500);
	info = info_of(self->fd);
	EXPECT_EQ(0, r[0].wrong + r[1].wrong + r[2].wrong);
	EXPECT_EQ(r[0].good, info.sent);
	EXPECT_EQ(r[1].good + r[2].good, info.received);
	EXPECT_EQ(info.lost, info.expired);
	EXPECT_EQ(info.sent, info.received + info.expired);
	EXPECT_LT(0, info.received);
	EXPECT_LT(0, info.expired);
}

/* ---- the rendezvous ---------------------------------------------------- */

static int sync_until(struct racer *r, __u64 to, const void *buf, size_t len,
		      __s64 deadline)
{
	struct mbox_message message = {
		.header = { .type = 1, .len = len, .to = to },
		.buf = addr(buf),
	};
	struct mbox_send args = {
		.flags = MBOX_SEND_SYNC,
		.count = 1,
		.vec = addr(&message),
		.deadline = deadline,
	};

	return do_ioctl(r->fd, MBOX_IOC_SEND, &args);
}

/* Each number until it was taken; the receiver must see none twice. */
static void *sync_numbers(void *arg)
{
	struct racer *r = arg;
	int ret;

	while (racing(r)) {
		ret = sync_until(r, 0, &r->good, sizeof(r->good),
				 now() + dice(r, 2 * BRIEF));
		r->good += ret == 1;
		r->late += ret == -EINTR || ret == -ETIMEDOUT;
		r->wrong += ret != 1 && ret != -EINTR && ret != -ETIMEDOUT;
	}
	return NULL;
}

static void *recv_numbers(void *arg)
{
	struct racer *r = arg;
	long number;
	int ret;

	while (racing(r)) {
		tarry(r);
		ret = recv_into(r->fd, NULL, &number, sizeof(number), 0, NULL,
				now() + dice(r, BRIEF));
		r->wrong += ret == 1 ? number != r->good : ret != -ETIMEDOUT;
		r->good += ret == 1;
	}
	return NULL;
}

static void *disturb(void *arg)
{
	struct racer *r = arg;
	struct racer *victim = r - 1;

	while (racing(r)) {
		pthread_kill(victim->thread, SIGUSR1);
		usleep(dice(r, 400));
	}
	return NULL;
}

TEST_F(lease_race, sync_against_receive_signal_and_deadline)
{
	struct racer r[3];
	struct mbox_info info;

	catch_signal(SIGUSR1, 0);
	start(&r[0], recv_numbers, self->reader);
	start(&r[1], sync_numbers, self->fd);
	start(&r[2], disturb, self->fd);
	join(r, 3);
	info = info_of(self->fd);
	EXPECT_EQ(0, r[0].wrong + r[1].wrong);
	EXPECT_EQ(r[1].good, r[0].good);
	EXPECT_EQ(r[1].good, info.received);
	EXPECT_EQ(r[1].late, info.withdrawn);
	EXPECT_EQ(0, info.msgs + info.lost);
	EXPECT_LT(0, r[1].good);
	EXPECT_LT(0, r[1].late);
}

/* ---- an addressee that goes -------------------------------------------- */

static void *be_addressed(void *arg)
{
	struct racer *r = arg;
	int fd, i;

	while (racing(r)) {
		fd = open_existing(r->name, O_RDONLY);
		r->id = info_of(fd).handle;
		for (i = dice(r, 4); i > 0; i--) {
			tarry(r);
			r->good += take(fd).ret == 1;
		}
		close(fd);
	}
	return NULL;
}

/* @gone counts those that were sent, and whose addressee then went. */
static void *sync_to(void *arg)
{
	struct racer *r = arg;
	int ret;

	while (racing(r)) {
		ret = sync_until(r, (r - 1)->id, "x", 1, r->end);
		r->good += ret == 1;
		r->late += ret == -EHOSTUNREACH;
		r->gone += ret == -EOWNERDEAD;
		r->wrong += ret != 1 && ret != -EHOSTUNREACH &&
			    ret != -EOWNERDEAD && ret != -ETIMEDOUT;
	}
	return NULL;
}

static void *plain_to(void *arg)
{
	struct racer *r = arg;
	int ret;

	while (racing(r)) {
		ret = send_to(r->fd, 1, "x", (r - 2)->id);
		r->good += ret == 1;
		r->late += ret == -EHOSTUNREACH;
		r->wrong += ret != 1 && ret != -EHOSTUNREACH && ret != -EAGAIN;
		tarry(r);
	}
	return NULL;
}

TEST_F(lease_race, close_of_the_addressee_against_sends_to_it)
{
	struct mbox_info info;
	struct racer r[3];

	start(&r[0], be_addressed, self->fd);
	start(&r[1], sync_to, self->fd);
	start(&r[2], plain_to, self->fd);
	join(r, 3);
	info = info_of(self->fd);
	EXPECT_EQ(0, r[1].wrong + r[2].wrong);
	EXPECT_EQ(r[0].good, info.received);
	EXPECT_EQ(0, info.msgs);
	/* Withdrawn is what still waited when the race was over. */
	EXPECT_EQ(r[1].good + r[1].gone + r[2].good + info.withdrawn,
		  info.sent);
	EXPECT_LE(r[1].gone, info.lost);
	EXPECT_EQ(info.sent, info.received + info.lost + info.withdrawn);
	EXPECT_LE(r[1].good, r[0].good);
	EXPECT_LT(0, r[1].good);
	EXPECT_LT(0, r[1].gone + r[1].late);
	EXPECT_LT(0, r[2].late);
}

/* ---- the rendezvous without room, and a purge -------------------------- */

static void *sync_for_room(void *arg)
{
	struct racer *r = arg;
	int ret;

	while (racing(r)) {
		ret = sync_until(r, 0, "x", 1, r->end);
		r->good += ret == 1;
		r->gone += ret == -ENOBUFS;
		r->wrong += ret != 1 && ret != -ENOBUFS && ret != -ETIMEDOUT;
	}
	return NULL;
}

static void *purge_now_and_then(void *arg)
{
	struct racer *r = arg;

	while (racing(r)) {
		tarry(r);
		r->wrong += purge(r->fd) != 0;
	}
	return NULL;
}

TEST_F(lease_race, sync_against_receive_and_purge)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0), i;
	struct mbox_info info;
	struct racer r[5];

	for (i = 0; i < 3; i++)
		start(&r[i], sync_for_room, fd);
	start(&r[3], recv_briefly, fd);
	start(&r[4], purge_now_and_then, fd);
	join(r, 5);
	info = info_of(fd);
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, r[i].wrong);
	EXPECT_EQ(r[3].good, info.received);
	EXPECT_EQ(r[0].good + r[1].good + r[2].good, info.received);
	EXPECT_EQ(r[0].gone + r[1].gone + r[2].gone, info.lost);
	EXPECT_EQ(0, info.msgs);
	EXPECT_TRUE(books_balance(fd));
	close(fd);
}

TEST_HARNESS_MAIN
