// SPDX-License-Identifier: GPL-2.0
/*
 * Filters: the modes of SysV and POSIX queues, ranges, LOWEST and EXCEPT, and
 * a long random run against a model that looks through a plain array.
 */
#include "mbox_proc.h"

FIXTURE(filter)
{
	int fd;
};

FIXTURE_SETUP(filter)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(filter)
{
	close(self->fd);
}

/* Sends one message of each type, in this order. */
static int send_types(int fd, const __u64 *types, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		if (send_bytes(fd, types[i], &i, sizeof(i)) != 1)
			return -1;
	}
	return 0;
}

#define SEND_TYPES(fd, ...)						\
({									\
	const __u64 _types[] = { __VA_ARGS__ };				\
									\
	ASSERT_EQ(0, send_types(fd, _types, ARRAY_SIZE(_types)));	\
})

/* Type that a filter takes, or -errno. */
static long long type_of(int fd, __u64 lo, __u64 hi, __u32 flags)
{
	struct got got = take_range(fd, lo, hi, flags);

	return got.ret == 1 ? (long long)got.header.type : got.ret;
}

TEST_F(filter, any_takes_in_order_of_arrival)
{
	SEND_TYPES(self->fd, 5, 1, 9, 1);
	EXPECT_EQ(5, type_of(self->fd, 1, MBOX_TYPE_MAX, 0));
	EXPECT_EQ(1, type_of(self->fd, 1, MBOX_TYPE_MAX, 0));
	EXPECT_EQ(9, type_of(self->fd, 1, MBOX_TYPE_MAX, 0));
	EXPECT_EQ(1, type_of(self->fd, 1, MBOX_TYPE_MAX, 0));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 1, MBOX_TYPE_MAX, 0));
}

TEST_F(filter, exact_type_passes_by_the_others)
{
	SEND_TYPES(self->fd, 5, 7, 5);
	EXPECT_EQ(7, type_of(self->fd, 7, 7, 0));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 7, 7, 0));
	EXPECT_EQ(2, msgs_of(self->fd));
}

/* msgrcv() with a type below 0: the lowest type up to its absolute value. */
TEST_F(filter, lowest_takes_lowest_type_then_oldest)
{
	struct got got;

	SEND_TYPES(self->fd, 5, 3, 9, 3, 4);
	got = take_range(self->fd, 1, 5, MBOX_FILTER_LOWEST);
	EXPECT_EQ(3, got.header.type);
	EXPECT_EQ(2, got.header.seq);
	got = take_range(self->fd, 1, 5, MBOX_FILTER_LOWEST);
	EXPECT_EQ(3, got.header.type);
	EXPECT_EQ(4, got.header.seq);
	EXPECT_EQ(4, type_of(self->fd, 1, 5, MBOX_FILTER_LOWEST));
	EXPECT_EQ(5, type_of(self->fd, 1, 5, MBOX_FILTER_LOWEST));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 1, 5, MBOX_FILTER_LOWEST));
	EXPECT_EQ(9, take_type(self->fd));
}

TEST_F(filter, except_takes_all_but_the_range)
{
	SEND_TYPES(self->fd, 5, 6, 4, 7);
	EXPECT_EQ(4, type_of(self->fd, 5, 6, MBOX_FILTER_EXCEPT));
	EXPECT_EQ(7, type_of(self->fd, 5, 6, MBOX_FILTER_EXCEPT));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 5, 6, MBOX_FILTER_EXCEPT));
	EXPECT_EQ(2, msgs_of(self->fd));
}

TEST_F(filter, except_lowest_combines_both)
{
	__u32 both = MBOX_FILTER_EXCEPT | MBOX_FILTER_LOWEST;

	SEND_TYPES(self->fd, 9, 2, 5, 8);
	EXPECT_EQ(5, type_of(self->fd, 2, 4, both));
	EXPECT_EQ(2, type_of(self->fd, 5, 7, both));
	EXPECT_EQ(9, type_of(self->fd, 8, 8, both));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 8, 8, both));
}

/* EXCEPT with a range that reaches one end of the types. */
TEST_F(filter, except_at_the_ends)
{
	SEND_TYPES(self->fd, 1, 2, MBOX_TYPE_MAX, MBOX_TYPE_MAX - 1);
	EXPECT_EQ(1, type_of(self->fd, 2, MBOX_TYPE_MAX, MBOX_FILTER_EXCEPT));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 2, MBOX_TYPE_MAX,
				   MBOX_FILTER_EXCEPT));
	EXPECT_EQ(MBOX_TYPE_MAX, type_of(self->fd, 1, MBOX_TYPE_MAX - 1,
					 MBOX_FILTER_EXCEPT));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 1, MBOX_TYPE_MAX - 1,
				   MBOX_FILTER_EXCEPT));
	EXPECT_EQ(2, msgs_of(self->fd));
}

TEST_F(filter, range_bounds_are_included)
{
	SEND_TYPES(self->fd, 2, 3, 7, 8);
	EXPECT_EQ(3, type_of(self->fd, 3, 7, 0));
	EXPECT_EQ(7, type_of(self->fd, 3, 7, 0));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 3, 7, 0));
	EXPECT_EQ(8, type_of(self->fd, 8, MBOX_TYPE_MAX, 0));
	EXPECT_EQ(2, type_of(self->fd, 1, 2, 0));
}

TEST_F(filter, largest_types_are_told_apart)
{
	SEND_TYPES(self->fd, MBOX_TYPE_MAX, MBOX_TYPE_MAX - 1, 1ULL << 32,
		   (1ULL << 32) + 1);
	EXPECT_EQ((1ULL << 32) + 1, type_of(self->fd, (1ULL << 32) + 1,
					    (1ULL << 32) + 1, 0));
	EXPECT_EQ(-EAGAIN, type_of(self->fd, 1, 1, 0));
	EXPECT_EQ(1ULL << 32, type_of(self->fd, 1, MBOX_TYPE_MAX,
				      MBOX_FILTER_LOWEST));
	EXPECT_EQ(MBOX_TYPE_MAX - 1, type_of(self->fd, 1, MBOX_TYPE_MAX,
					     MBOX_FILTER_LOWEST));
}

/* POSIX: highest priority first, sent as type 32768 - priority. */
TEST_F(filter, posix_priorities_by_lowest)
{
	static const int sent[] = { 3, 9, 0, 9, 32767, 1 };
	static const int want[] = { 32767, 9, 9, 3, 1, 0 };
	struct mbox_filter lowest = any_type;
	__u64 last = 0;
	struct got got;
	size_t i;

	lowest.flags = MBOX_FILTER_LOWEST;
	for (i = 0; i < ARRAY_SIZE(sent); i++)
		ASSERT_EQ(1, send_text(self->fd, 32768 - sent[i], "x"));
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		got = take_with(self->fd, MBOX_RECV_NOWAIT, &lowest);
		EXPECT_EQ(32768 - want[i], got.header.type);
		if (i == 2)
			EXPECT_LT(last, got.header.seq);
		last = got.header.seq;
	}
}

TEST_F(filter, filter_of_the_handle_rules_read_and_recv)
{
	char c;

	EXPECT_EQ(0, set_filter(self->fd, 2, 2, 0));
	EXPECT_EQ(0, set_nonblock(self->fd));
	ASSERT_EQ(1, send_text(self->fd, 1, "a"));
	EXPECT_EQ(-EAGAIN, or_errno(read(self->fd, &c, 1)));
	EXPECT_EQ(-EAGAIN, take(self->fd).ret);
	ASSERT_EQ(1, send_text(self->fd, 2, "b"));
	EXPECT_EQ(1, read(self->fd, &c, 1));
	EXPECT_EQ('b', c);
	EXPECT_EQ(0, set_filter(self->fd, 1, MBOX_TYPE_MAX, 0));
	EXPECT_EQ(1, take_type(self->fd));
}

/* Two handles of one mailbox have filters of their own. */
TEST_F(filter, filters_belong_to_the_handle)
{
	int other = grant(self->fd, MBOX_RIGHT_RECV);

	EXPECT_EQ(0, set_filter(self->fd, 2, 2, 0));
	EXPECT_EQ(0, set_filter(other, 1, 1, 0));
	SEND_TYPES(self->fd, 1, 2);
	EXPECT_EQ(2, take_type(self->fd));
	EXPECT_EQ(1, take_type(other));
}

/* ---- against a model --------------------------------------------------- */

#define MODEL_MAX	256
#define STEPS		6000

struct model {
	__u64 type[MODEL_MAX];
	__u64 seq[MODEL_MAX];
	int count;
	__u64 next_seq;
	__u32 random;
};

static __u32 next_random(struct model *m)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 17;
	m->random ^= m->random << 5;
	return m->random;
}

/* Few types with many messages, many types, and types beyond 32 bits. */
static __u64 random_type(struct model *m)
{
	__u32 r = next_random(m);

	switch (r >> 28) {
	case 0:
		return MBOX_TYPE_MAX - (r & 3);
	case 1:
		return (1ULL << 40) + (r & 15);
	case 2 ... 7:
		return 1 + (r & 255);
	default:
		return 1 + (r & 7);
	}
}

static struct mbox_filter random_filter(struct model *m)
{
	struct mbox_filter f = { .lo = random_type(m), .hi = random_type(m) };
	__u64 swap;

	if (f.lo > f.hi) {
		swap = f.lo;
		f.lo = f.hi;
		f.hi = swap;
	}
	if (next_random(m) % 8 == 0)
		f.hi = f.lo;
	f.flags = next_random(m) & 3;
	if (next_random(m) % 8 == 0)
		f = any_type;
	/* All but everything is refused. */
	if (f.lo == 1 && f.hi == MBOX_TYPE_MAX)
		f.flags &= MBOX_FILTER_LOWEST;
	return f;
}

static bool takes(const struct mbox_filter *f, __u64 type)
{
	bool inside = type >= f->lo && type <= f->hi;

	return f->flags & MBOX_FILTER_EXCEPT ? !inside : inside;
}

/* Place of the message that a filter must take, or -1. */
static int model_find(const struct model *m, const struct mbox_filter *f)
{
	int i, best = -1;

	for (i = 0; i < m->count; i++) {
		if (!takes(f, m->type[i]))
			continue;
		if (best < 0 || (f->flags & MBOX_FILTER_LOWEST &&
				 m->type[i] < m->type[best]))
			best = i;
	}
	return best;
}

static void model_remove(struct model *m, int i)
{
	m->count--;
	memmove(m->type + i, m->type + i + 1,
		(m->count - i) * sizeof(*m->type));
	memmove(m->seq + i, m->seq + i + 1, (m->count - i) * sizeof(*m->seq));
}

static bool model_send(struct model *m, int fd)
{
	__u64 type = random_type(m);

	m->type[m->count] = type;
	m->seq[m->count++] = ++m->next_seq;
	return send_bytes(fd, type, &m->next_seq, sizeof(m->next_seq)) == 1;
}

/* One receive, in all ways that must leave the message or take it. */
static bool model_recv(struct model *m, int fd)
{
	struct mbox_filter f = random_filter(m);
	int want = model_find(m, &f);
	__u32 how = next_random(m) % 4;
	__u32 flags = MBOX_RECV_NOWAIT | (how == 0 ? MBOX_RECV_PEEK : 0);
	struct mbox_header h;
	__u64 seq;
	int ret;

	if (how == 1) {
		ret = recv_into(fd, &h, nowhere(), 8, flags, &f, 0);
		return ret == (want < 0 ? -EAGAIN : -EFAULT);
	}
	ret = recv_into(fd, &h, &seq, sizeof(seq), flags, &f, 0);
	if (want < 0)
		return ret == -EAGAIN;
	if (ret != 1 || h.type != m->type[want] || h.seq != m->seq[want] ||
	    seq != h.seq)
		return false;
	if (how != 0)
		model_remove(m, want);
	return true;
}

static bool model_step(struct model *m, int fd)
{
	bool growing = next_random(m) % 1000 < 560;

	if (m->count == 0 || (growing && m->count < MODEL_MAX))
		return model_send(m, fd);
	return model_recv(m, fd);
}

TEST_F_TIMEOUT(filter, random_run_agrees_with_the_model, 120)
{
	struct model model = { .random = 20260101 };
	int step;

	for (step = 0; step < STEPS; step++) {
		ASSERT_TRUE(model_step(&model, self->fd))
			TH_LOG("step %d, %d queued", step, model.count);
	}
	ASSERT_EQ(model.count, msgs_of(self->fd));
	EXPECT_TRUE(balanced(self->fd));
	while (model.count) {
		ASSERT_EQ(model.type[0], take_type(self->fd));
		model_remove(&model, 0);
	}
	EXPECT_EQ(0, msgs_of(self->fd));
}

/* Thousands of types at once, taken by LOWEST and then by age. */
TEST_F_TIMEOUT(filter, many_types_come_out_sorted, 60)
{
	struct mbox_filter lowest = any_type;
	struct got got;
	int fd, i;

	lowest.flags = MBOX_FILTER_LOWEST;
	fd = open_limited(NULL, O_RDWR, 4096, 0, 0);
	for (i = 0; i < 4096; i++)
		ASSERT_EQ(1, send_bytes(fd, 1 + (i * 2654435761u) % 4096, NULL,
					0));
	for (i = 0; i < 2048; i++) {
		got = take_with(fd, MBOX_RECV_NOWAIT, &lowest);
		ASSERT_EQ(i + 1, got.header.type);
	}
	for (i = 0; i < 2048; i++)
		ASSERT_LT(2048, take_type(fd));
	EXPECT_EQ(0, msgs_of(fd));
}

TEST_HARNESS_MAIN
