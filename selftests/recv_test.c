// SPDX-License-Identifier: GPL-2.0
/*
 * Receiving: buffers that are too small or faulty, PEEK, TRUNC, vectors, and
 * that a receive that fails leaves the message where it was.
 */
#include "mbox_lease.h"
#include "mbox_proc.h"

FIXTURE(recv)
{
	int fd;
	char *page;
	struct mbox_header header;
};

FIXTURE_SETUP(recv)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, set_nonblock(self->fd));
	/* One page that can be written, and one behind it that cannot. */
	self->page = shared(8192);
	ASSERT_NE(NULL, self->page);
	mprotect(self->page + 4096, 4096, PROT_NONE);
}

FIXTURE_TEARDOWN(recv)
{
	close(self->fd);
}

static int recv_vec(int fd, struct mbox_message *vec, __u32 count,
		    __u32 flags)
{
	struct mbox_recv args = {
		.flags = flags,
		.count = count,
		.vec = addr(vec),
	};

	return do_ioctl(fd, MBOX_IOC_RECV, &args);
}

TEST_F(recv, nonblock_empty_returns_eagain)
{
	EXPECT_EQ(-EAGAIN, take(self->fd).ret);
	EXPECT_EQ(-EAGAIN, or_errno(read(self->fd, self->page, 10)));
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
}

TEST_F(recv, nowait_on_a_blocking_handle_returns_eagain)
{
	int fd = open_mailbox(NULL, O_RDWR);

	EXPECT_EQ(-EAGAIN, take(fd).ret);
	EXPECT_EQ(1, send_text(fd, 2, "two"));
	EXPECT_EQ(-EAGAIN, take_range(fd, 3, 9, 0).ret);
	EXPECT_EQ(1, take(fd).ret);
}

/* The message stays, and its header tells the size that is needed. */
TEST_F(recv, small_buffer_returns_emsgsize_and_keeps_the_message)
{
	struct mbox_header *h = &self->header;
	char buf[5] = "....";

	ASSERT_EQ(1, send_text(self->fd, 9, "hello"));
	EXPECT_EQ(-EMSGSIZE, recv_into(self->fd, h, buf, 4, 0, NULL, 0));
	EXPECT_EQ(5, h->len);
	EXPECT_EQ(9, h->type);
	EXPECT_EQ(0, memcmp(buf, "....", 5));
	EXPECT_EQ(-EMSGSIZE, recv_into(self->fd, h, buf, 0, 0, NULL, 0));
	EXPECT_EQ(-EMSGSIZE, or_errno(read(self->fd, buf, 4)));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).received);
	EXPECT_EQ(1, recv_into(self->fd, h, buf, 5, 0, NULL, 0));
	EXPECT_EQ(0, memcmp(buf, "hello", 5));
}

TEST_F(recv, next_size_tells_what_a_read_would_take)
{
	EXPECT_EQ(-1, info_of(self->fd).next_size);
	ASSERT_EQ(1, send_text(self->fd, 1, "hello"));
	ASSERT_EQ(1, send_text(self->fd, 2, "you there"));
	EXPECT_EQ(5, info_of(self->fd).next_size);
	EXPECT_EQ(0, set_filter(self->fd, 2, 2, 0));
	EXPECT_EQ(9, info_of(self->fd).next_size);
	EXPECT_EQ(0, set_filter(self->fd, 3, 3, 0));
	EXPECT_EQ(-1, info_of(self->fd).next_size);
}

TEST_F(recv, empty_message_needs_no_buffer)
{
	ASSERT_EQ(1, send_bytes(self->fd, 6, NULL, 0));
	EXPECT_EQ(1, recv_into(self->fd, &self->header, NULL, 0, 0, NULL, 0));
	EXPECT_EQ(6, self->header.type);
	EXPECT_EQ(0, msgs_of(self->fd));
}

/* Only the bytes of the payload are touched, however large the buffer. */
TEST_F(recv, size_of_2_31_and_2_64_works)
{
	static const __u64 sizes[] = {
		4, 5, 4096, 1U << 31, 1ULL << 32, 1ULL << 63, ~0ULL,
	};
	char buf[8];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(buf, '.', sizeof(buf));
		ASSERT_EQ(1, send_text(self->fd, 1, "text"));
		EXPECT_EQ(1, recv_into(self->fd, &self->header, buf, sizes[i],
				       0, NULL, 0));
		EXPECT_EQ(0, memcmp(buf, "text....", 8));
		while (take(self->fd).ret == 1)
			;
	}
}

TEST_F(recv, trunc_takes_the_head_and_tells_the_length)
{
	char buf[5] = "....";

	ASSERT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(1, recv_into(self->fd, &self->header, buf, 3,
			       MBOX_RECV_TRUNC, NULL, 0));
	EXPECT_STREQ("hel.", buf);
	EXPECT_EQ(5, self->header.len);
	EXPECT_EQ(MBOX_MSG_TRUNC, self->header.flags);
	EXPECT_EQ(0, msgs_of(self->fd));
}

TEST_F(recv, trunc_of_what_fits_sets_no_flag)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(1, recv_into(self->fd, &self->header, self->page, 5,
			       MBOX_RECV_TRUNC, NULL, 0));
	EXPECT_EQ(0, self->header.flags);
}

TEST_F(recv, trunc_with_no_buffer_takes_the_header_alone)
{
	ASSERT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(1, recv_into(self->fd, &self->header, NULL, 0,
			       MBOX_RECV_TRUNC, NULL, 0));
	EXPECT_EQ(5, self->header.len);
	EXPECT_EQ(4, self->header.type);
	EXPECT_EQ(0, msgs_of(self->fd));
}

TEST_F(recv, peek_leaves_the_message)
{
	struct got a, b;

	ASSERT_EQ(1, send_text(self->fd, 4, "hello"));
	a = take_with(self->fd, MBOX_RECV_PEEK, NULL);
	b = take_with(self->fd, MBOX_RECV_PEEK, NULL);
	EXPECT_EQ(1, a.ret);
	EXPECT_EQ(0, memcmp(&a, &b, sizeof(a)));
	EXPECT_STREQ("hello", a.text);
	EXPECT_EQ(0, info_of(self->fd).received);
	EXPECT_EQ(1, msgs_of(self->fd));
	b = take(self->fd);
	EXPECT_EQ(0, memcmp(&a, &b, sizeof(a)));
}

TEST_F(recv, peek_with_trunc_cuts_only_the_copy)
{
	ASSERT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(1, recv_into(self->fd, &self->header, self->page, 2,
			       MBOX_RECV_PEEK | MBOX_RECV_TRUNC, NULL, 0));
	EXPECT_EQ(MBOX_MSG_TRUNC, self->header.flags);
	EXPECT_STREQ("he", self->page);
	EXPECT_STREQ("hello", take(self->fd).text);
}

TEST_F(recv, peek_with_small_buffer_returns_emsgsize)
{
	ASSERT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(-EMSGSIZE, recv_into(self->fd, &self->header, self->page, 2,
				       MBOX_RECV_PEEK, NULL, 0));
	EXPECT_EQ(5, self->header.len);
}

TEST_F(recv, peek_of_a_vector_returns_einval)
{
	struct mbox_message vec[2] = { 0 };

	ASSERT_EQ(1, send_bytes(self->fd, 4, NULL, 0));
	EXPECT_EQ(-EINVAL, recv_vec(self->fd, vec, 2, MBOX_RECV_PEEK));
	EXPECT_EQ(1, recv_vec(self->fd, vec, 1, MBOX_RECV_PEEK));
}

TEST_F(recv, deadline_below_0_returns_einval)
{
	ASSERT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(-EINVAL, recv_into(self->fd, NULL, self->page, 9, 0, NULL,
				     -1));
	EXPECT_EQ(-EINVAL, recv_into(self->fd, NULL, self->page, 9, 0, NULL,
				     INT64_MIN));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(recv, past_deadline_with_a_message_receives)
{
	ASSERT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(1, recv_into(self->fd, NULL, self->page, 9, 0, NULL, 1));
}

/* The filter is checked although nothing is there to be filtered. */
TEST_F(recv, every_wrong_filter_returns_einval)
{
	static const struct mbox_filter wrong[] = {
		{ .lo = 0, .hi = 5 },
		{ .lo = 6, .hi = 5 },
		{ .lo = 1, .hi = MBOX_TYPE_MAX + 1 },
		{ .lo = 1, .hi = ~0ULL },
		{ .lo = 1, .hi = 5, .flags = 4 },
		{ .lo = 1, .hi = 5, .reserved = 1 },
		{ .lo = 1, .hi = MBOX_TYPE_MAX, .flags = MBOX_FILTER_EXCEPT },
		{ .lo = 1, .hi = MBOX_TYPE_MAX, .flags = 3 },
		{ 0 },
	};
	struct mbox_config config = { .flags = MBOX_CONFIG_FILTER };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-EINVAL, take_with(self->fd, 0, &wrong[i]).ret);
		config.filter = wrong[i];
		EXPECT_EQ(-EINVAL, set_config(self->fd, &config));
	}
}

/* ---- skip -------------------------------------------------------------- */

/* What a look finds behind @skip others that the filter takes: its type and number. */
static __u64 seq_beyond(int fd, __u32 skip, const struct mbox_filter *filter)
{
	struct mbox_message message = { .buf = 0 };
	struct mbox_recv args = {
		.flags = MBOX_RECV_PEEK | MBOX_RECV_NOWAIT | MBOX_RECV_TRUNC |
			 MBOX_RECV_FILTER,
		.count = 1,
		.vec = addr(&message),
		.filter = *filter,
		.skip = skip,
	};
	int ret = do_ioctl(fd, MBOX_IOC_RECV, &args);

	return ret == 1 ? message.header.seq : 0;
}

/* Types in no order, several times each; all stay, and in their order. */
TEST_F(recv, skip_passes_over_what_would_come_first)
{
	static const __u64 types[] = { 3, 1, 2, 1, 3, 2, 1, 3 };
	static const __u64 lowest[] = { 2, 4, 7, 3, 6, 1, 5, 8 };
	static const __u64 not_one[] = { 1, 3, 5, 6, 8 };
	const struct mbox_filter from_low = {
		.lo = 1, .hi = MBOX_TYPE_MAX, .flags = MBOX_FILTER_LOWEST
	};
	const struct mbox_filter except_one = {
		.lo = 1, .hi = 1, .flags = MBOX_FILTER_EXCEPT
	};
	int fd = self->fd, round;
	struct mbox_info before;
	__u32 i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		ASSERT_EQ(1, send_text(fd, types[i], "text"));
	before = info_of(fd);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < ARRAY_SIZE(types); i++) {
			EXPECT_EQ(i + 1, seq_beyond(fd, i, &any_type));
			EXPECT_EQ(lowest[i], seq_beyond(fd, i, &from_low));
		}
		for (i = 0; i < ARRAY_SIZE(not_one); i++)
			EXPECT_EQ(not_one[i], seq_beyond(fd, i, &except_one));
	}
	EXPECT_EQ(0, seq_beyond(fd, ARRAY_SIZE(types), &any_type));
	EXPECT_EQ(0, seq_beyond(fd, ARRAY_SIZE(not_one), &except_one));
	EXPECT_EQ(0, seq_beyond(fd, MBOX_SKIP_MAX, &any_type));
	EXPECT_EQ(before.bytes, info_of(fd).bytes);
	EXPECT_EQ(before.received, info_of(fd).received);
	for (i = 0; i < ARRAY_SIZE(types); i++)
		EXPECT_EQ(i + 1, take(fd).header.seq);
}

/* Addressed and common messages are one order. */
TEST_F(recv, skip_counts_what_is_addressed)
{
	__u64 me = info_of(self->fd).handle;
	int other = open_id(info_of(self->fd).id, O_RDWR);

	ASSERT_EQ(1, send_text(self->fd, 1, "one"));
	ASSERT_EQ(1, send_to(self->fd, 1, "two", me));
	ASSERT_EQ(1, send_text(self->fd, 1, "three"));
	EXPECT_EQ(2, seq_beyond(self->fd, 1, &any_type));
	EXPECT_EQ(3, seq_beyond(self->fd, 2, &any_type));
	EXPECT_EQ(3, seq_beyond(other, 1, &any_type));
	EXPECT_STREQ("one", take(self->fd).text);
	EXPECT_STREQ("two", take(self->fd).text);
	EXPECT_STREQ("three", take(self->fd).text);
}

/* ---- faults ------------------------------------------------------------ */

TEST_F(recv, bad_buffer_returns_efault_and_keeps_the_message)
{
	ASSERT_EQ(1, send_text(self->fd, 4, "first"));
	ASSERT_EQ(1, send_text(self->fd, 4, "second"));
	EXPECT_EQ(-EFAULT, recv_into(self->fd, NULL, nowhere(), 99, 0, NULL,
				     0));
	EXPECT_EQ(-EFAULT, or_errno(read(self->fd, nowhere(), 99)));
	EXPECT_EQ(2, msgs_of(self->fd));
	EXPECT_EQ(11, info_of(self->fd).bytes);
	EXPECT_EQ(0, info_of(self->fd).received);
	EXPECT_TRUE(balanced(self->fd));
	EXPECT_STREQ("first", take(self->fd).text);
	EXPECT_STREQ("second", take(self->fd).text);
}

/* A page that faults when half of the payload is copied. */
TEST_F(recv, fault_in_the_middle_of_a_buffer_keeps_the_message)
{
	char *buf = self->page + 4096 - 3;

	ASSERT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(-EFAULT, recv_into(self->fd, NULL, buf, 5, 0, NULL, 0));
	EXPECT_EQ(-EFAULT, or_errno(read(self->fd, buf, 5)));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(1, recv_into(self->fd, NULL, buf, 3, MBOX_RECV_TRUNC, NULL,
			       0));
	EXPECT_EQ(0, memcmp(buf, "hel", 3));
}

/* The header cannot be written, although the payload can. */
TEST_F(recv, read_only_vector_returns_efault_and_keeps_the_message)
{
	struct mbox_message *vec = shared(4096);

	vec->buf = addr(self->page);
	vec->size = 100;
	mprotect(vec, 4096, PROT_READ);
	ASSERT_EQ(1, send_text(self->fd, 4, "hello"));
	EXPECT_EQ(-EFAULT, recv_vec(self->fd, vec, 1, 0));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).received);
}

/* A message that is put back goes to its old place: between the others. */
TEST_F(recv, efault_puts_back_in_the_old_place)
{
	struct mbox_filter second = { .lo = 2, .hi = 2 };
	int type;

	for (type = 1; type <= 3; type++)
		ASSERT_EQ(1, send_text(self->fd, type, "x"));
	EXPECT_EQ(-EFAULT, recv_into(self->fd, NULL, nowhere(), 9, 0, &second,
				     0));
	for (type = 1; type <= 3; type++)
		EXPECT_EQ(type, take_type(self->fd));
}

TEST_F(recv, efault_in_a_full_mailbox_loses_nothing)
{
	int fd = open_limited(NULL, O_RDWR, 2, 0, MBOX_POLICY_DROP_OLDEST);

	ASSERT_EQ(1, send_text(fd, 1, "a"));
	ASSERT_EQ(1, send_text(fd, 2, "b"));
	EXPECT_EQ(-EFAULT, recv_into(fd, NULL, nowhere(), 9, 0, NULL, 0));
	EXPECT_EQ(2, msgs_of(fd));
	EXPECT_EQ(0, info_of(fd).lost);
	EXPECT_EQ(1, take_type(fd));
}

/* Time that thirty put-backs of @count messages of type 2 take. */
static __s64 time_put_backs(int fd, struct mbox_message *vec, int count)
{
	struct mbox_recv args = {
		.flags = MBOX_RECV_FILTER,
		.count = count,
		.vec = addr(vec),
		.filter = { .lo = 2, .hi = 2 },
	};
	__s64 start = now();
	int round;

	for (round = 0; round < 30; round++) {
		if (do_ioctl(fd, MBOX_IOC_RECV, &args) != -EFAULT)
			return -1;
	}
	return now() - start;
}

/* The place of a message is found without a walk over all that is queued. */
TEST_F(recv, putting_back_costs_the_same_at_any_depth)
{
	static struct mbox_message vec[64];
	int fd = open_limited(NULL, O_RDWR, MBOX_MSGS_MAX, 0, 0), i;
	__s64 shallow, deep;

	for (i = 0; i < 64; i++)
		ASSERT_EQ(1, send_text(fd, 2, "x"));
	for (i = 0; i < 64; i++) {
		vec[i].buf = addr(nowhere());
		vec[i].size = 1;
	}
	shallow = time_put_backs(fd, vec, 64);
	for (i = 0; i < 20000; i++)
		ASSERT_EQ(1, send_bytes(fd, i & 1 ? 1 : 3, NULL, 0));
	for (i = 0; i < 64; i++)
		ASSERT_EQ(2, take_range(fd, 2, 2, 0).header.type);
	for (i = 0; i < 64; i++)
		ASSERT_EQ(1, send_text(fd, 2, "x"));
	deep = time_put_backs(fd, vec, 64);
	EXPECT_LT(0, shallow);
	EXPECT_LT(0, deep);
	EXPECT_GT(20 * shallow + 500 * NSEC_PER_MSEC, deep);
	EXPECT_EQ(20064, msgs_of(fd));
}

/* ---- vectors ----------------------------------------------------------- */

static void fill_vec(struct mbox_message *vec, char (*buf)[8], int count)
{
	int i;

	memset(vec, 0, count * sizeof(*vec));
	for (i = 0; i < count; i++) {
		vec[i].buf = addr(buf[i]);
		vec[i].size = sizeof(buf[i]);
	}
}

TEST_F(recv, vector_takes_what_is_there)
{
	struct mbox_message vec[8];
	char buf[8][8];
	int i;

	fill_vec(vec, buf, 8);
	EXPECT_EQ(-EAGAIN, recv_vec(self->fd, vec, 8, 0));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(1, send_bytes(self->fd, i + 1, &i, sizeof(i)));
	EXPECT_EQ(5, recv_vec(self->fd, vec, 8, 0));
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(i + 1, vec[i].header.type);
		EXPECT_EQ(sizeof(i), vec[i].header.len);
		EXPECT_EQ(0, memcmp(buf[i], &i, sizeof(i)));
	}
	EXPECT_EQ(0, vec[5].header.type);
}

TEST_F(recv, vector_of_128_is_taken_whole)
{
	static struct mbox_message vec[MBOX_VEC_MAX];
	static char buf[MBOX_VEC_MAX][8];
	int i;

	fill_vec(vec, buf, MBOX_VEC_MAX);
	for (i = 0; i < MBOX_VEC_MAX + 1; i++)
		ASSERT_EQ(1, send_bytes(self->fd, 1, &i, sizeof(i)));
	EXPECT_EQ(MBOX_VEC_MAX, recv_vec(self->fd, vec, MBOX_VEC_MAX, 0));
	EXPECT_EQ(1, msgs_of(self->fd));
}

/* A small element ends the vector; only in the first place is it an error. */
TEST_F(recv, small_element_ends_the_vector)
{
	struct mbox_message vec[3];
	char buf[3][8];

	fill_vec(vec, buf, 3);
	vec[1].size = 2;
	ASSERT_EQ(1, send_text(self->fd, 1, "a"));
	ASSERT_EQ(1, send_text(self->fd, 2, "bbb"));
	ASSERT_EQ(1, send_text(self->fd, 3, "c"));
	EXPECT_EQ(1, recv_vec(self->fd, vec, 3, 0));
	EXPECT_EQ(2, msgs_of(self->fd));
	EXPECT_EQ(-EMSGSIZE, recv_vec(self->fd, vec + 1, 2, 0));
	EXPECT_EQ(3, vec[1].header.len);
	EXPECT_EQ(2, msgs_of(self->fd));
	EXPECT_EQ(2, recv_vec(self->fd, vec + 1, 2, MBOX_RECV_TRUNC));
	EXPECT_EQ(MBOX_MSG_TRUNC, vec[1].header.flags);
	EXPECT_EQ(3, vec[2].header.type);
}

TEST_F(recv, faulty_element_ends_the_vector)
{
	struct mbox_message vec[3];
	char buf[3][8];

	fill_vec(vec, buf, 3);
	vec[1].buf = 8;
	ASSERT_EQ(1, send_text(self->fd, 1, "a"));
	ASSERT_EQ(1, send_text(self->fd, 2, "b"));
	ASSERT_EQ(1, send_text(self->fd, 3, "c"));
	EXPECT_EQ(1, recv_vec(self->fd, vec, 3, 0));
	EXPECT_EQ(2, msgs_of(self->fd));
	EXPECT_TRUE(balanced(self->fd));
	EXPECT_EQ(2, take_type(self->fd));
	EXPECT_EQ(3, take_type(self->fd));
}

/* Elements that the vector's memory has not got are not filled. */
TEST_F(recv, vector_cut_by_a_bad_page_loses_nothing)
{
	char *end = self->page + 4096 - sizeof(struct mbox_message);
	struct mbox_message *vec = (struct mbox_message *)end;
	int ret;

	vec->buf = addr(self->page);
	vec->size = 100;
	ASSERT_EQ(1, send_text(self->fd, 1, "a"));
	ASSERT_EQ(1, send_text(self->fd, 2, "b"));
	ret = recv_vec(self->fd, vec, 2, 0);
	EXPECT_EQ(-EFAULT, ret);
	EXPECT_EQ(2, msgs_of(self->fd));
	EXPECT_EQ(1, recv_vec(self->fd, vec, 1, 0));
}

TEST_F(recv, vector_takes_only_what_the_filter_takes)
{
	struct mbox_message vec[8];
	struct mbox_recv args = {
		.flags = MBOX_RECV_FILTER,
		.count = 8,
		.vec = addr(vec),
		.filter = { .lo = 2, .hi = 2 },
	};
	char buf[8][8];
	int i;

	fill_vec(vec, buf, 8);
	for (i = 0; i < 6; i++)
		ASSERT_EQ(1, send_text(self->fd, i % 3 + 1, "x"));
	EXPECT_EQ(2, do_ioctl(self->fd, MBOX_IOC_RECV, &args));
	EXPECT_EQ(2, vec[0].header.seq);
	EXPECT_EQ(5, vec[1].header.seq);
	EXPECT_EQ(4, msgs_of(self->fd));
}

/* The filter of one call does not become the filter of the handle. */
TEST_F(recv, filter_of_the_call_leaves_that_of_the_handle)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "a"));
	ASSERT_EQ(1, send_text(self->fd, 2, "b"));
	EXPECT_EQ(2, take_range(self->fd, 2, 2, 0).header.type);
	EXPECT_EQ(1, take_type(self->fd));
}

TEST_HARNESS_MAIN
