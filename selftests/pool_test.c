// SPDX-License-Identifier: GPL-2.0
/*
 * Landing pools: what lands there, how it is received in place, and how its blocks
 * are given back. What a pool is made of and who may see it is in pool_map_test.c,
 * what leases, calls and the ends of things do to it in pool_life_test.c.
 */
#include "fixture_pool.h"

/* ---- in place ---------------------------------------------------------- */

TEST_F(pool, large_payload_is_received_where_it_lies)
{
	ASSERT_EQ(1, send_pattern(self->writer, 7, 2 * UNIT + 5));
	EXPECT_EQ(POOL_SIZE - 3 * UNIT, pool_free(self->reader));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, 2 * UNIT + 5));
	EXPECT_EQ(7, self->got.message.header.type);
	EXPECT_EQ(1, self->got.message.header.seq);
	EXPECT_EQ(MBOX_MSG_POOL, self->got.message.header.flags);
	EXPECT_EQ(POOL_SIZE - 3 * UNIT, pool_free(self->reader));
	EXPECT_EQ(0, give_back(self->reader, self->got.message.offset));
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
}

TEST_F(pool, only_from_4096_bytes_on)
{
	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT - 1));
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	ASSERT_EQ(1, send_bytes(self->writer, 3, NULL, 0));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(copied_well(&self->got, UNIT - 1));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(copied_well(&self->got, 0));
}

TEST_F(pool, buffer_may_be_too_small_or_none)
{
	struct mbox_message vec[2] = { { .size = 0 }, { .size = 0 } };
	struct mbox_recv args = {
		.flags = MBOX_RECV_NOWAIT | MBOX_RECV_POOL,
		.count = 2,
		.vec = addr(vec),
	};

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	ASSERT_EQ(1, send_pattern(self->writer, 2, 2 * UNIT));
	EXPECT_EQ(2, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(MBOX_MSG_POOL, vec[0].header.flags);
	EXPECT_EQ(MBOX_MSG_POOL, vec[1].header.flags);
	EXPECT_TRUE(is_pattern(self->base + vec[0].offset, 1, UNIT));
	EXPECT_TRUE(is_pattern(self->base + vec[1].offset, 2, 2 * UNIT));
}

/* What did not land needs a buffer as ever. */
TEST_F(pool, without_room_for_a_copy_returns_emsgsize)
{
	struct mbox_message message = { .size = 0 };
	struct mbox_recv args = {
		.flags = MBOX_RECV_NOWAIT | MBOX_RECV_POOL,
		.count = 1,
		.vec = addr(&message),
	};

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT - 1));
	EXPECT_EQ(-EMSGSIZE, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(UNIT - 1, message.header.len);
	EXPECT_EQ(0, message.header.flags);
	EXPECT_EQ(1, msgs_of(self->reader));
}

TEST_F(pool, trunc_cuts_only_what_is_copied)
{
	struct mbox_message message = { .buf = addr(self->got.buf), .size = 8 };
	struct mbox_recv args = {
		.flags = MBOX_RECV_POOL | MBOX_RECV_TRUNC,
		.count = 1,
		.vec = addr(&message),
	};

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	EXPECT_EQ(1, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(MBOX_MSG_POOL, message.header.flags);
	EXPECT_TRUE(is_pattern(self->base + message.offset, 1, UNIT));

	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT - 1));
	EXPECT_EQ(1, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(MBOX_MSG_TRUNC, message.header.flags);
	EXPECT_TRUE(is_pattern(self->got.buf, 2, 8));

	/* Cut, whoever has it in the pool but wants a copy. */
	ASSERT_EQ(1, send_pattern(self->writer, 3, UNIT));
	args.flags = MBOX_RECV_TRUNC;
	EXPECT_EQ(1, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(MBOX_MSG_TRUNC, message.header.flags);
	EXPECT_EQ(UNIT, message.header.len);
	EXPECT_TRUE(is_pattern(self->got.buf, 3, 8));
}

TEST_F(pool, vector_has_both_kinds)
{
	struct mbox_message vec[3] = { 0 };
	struct mbox_recv args = {
		.flags = MBOX_RECV_NOWAIT | MBOX_RECV_POOL,
		.count = 3,
		.vec = addr(vec),
	};
	int i;

	for (i = 0; i < 3; i++) {
		vec[i].buf = addr(self->got.buf + i * UNIT);
		vec[i].size = UNIT;
		ASSERT_EQ(1, send_pattern(self->writer, i + 1,
					  i == 1 ? 100 : 2 * UNIT));
	}
	EXPECT_EQ(3, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_TRUE(is_pattern(self->base + vec[0].offset, 1, 2 * UNIT));
	EXPECT_TRUE(is_pattern(self->got.buf + UNIT, 2, 100));
	EXPECT_TRUE(is_pattern(self->base + vec[2].offset, 3, 2 * UNIT));
	EXPECT_EQ(MBOX_MSG_POOL, vec[0].header.flags);
	EXPECT_EQ(0, vec[1].header.flags);
	EXPECT_EQ(MBOX_MSG_POOL, vec[2].header.flags);
}

TEST_F(pool, filter_takes_from_the_middle)
{
	struct mbox_filter third = { .lo = 3, .hi = 3 };
	struct mbox_filter lowest = {
		.lo = 1, .hi = 9, .flags = MBOX_FILTER_LOWEST,
	};
	__u32 flags = MBOX_RECV_NOWAIT | MBOX_RECV_POOL;

	ASSERT_EQ(1, send_pattern(self->writer, 5, UNIT));
	ASSERT_EQ(1, send_pattern(self->writer, 3, UNIT + 1));
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT + 2));
	recv_landed_with(self->reader, &self->got, flags, &third);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT + 1));
	EXPECT_EQ(3, self->got.message.header.type);
	recv_landed_with(self->reader, &self->got, flags, &lowest);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT + 2));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	EXPECT_EQ(5, self->got.message.header.type);
}

TEST_F(pool, sender_cannot_change_what_it_has_sent)
{
	unsigned char *buf = malloc(UNIT);

	write_pattern(buf, 1, UNIT);
	ASSERT_EQ(1, send_bytes(self->writer, 1, buf, UNIT));
	memset(buf, 0, UNIT);
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	memset(buf, 0xff, UNIT);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	free(buf);
}

/* ---- by copy ----------------------------------------------------------- */

TEST_F(pool, who_does_not_ask_for_it_gets_a_copy)
{
	ASSERT_EQ(1, send_pattern(self->writer, 1, 2 * UNIT));
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	recv_landed_with(self->reader, &self->got, MBOX_RECV_NOWAIT, NULL);
	EXPECT_TRUE(copied_well(&self->got, 2 * UNIT));
	EXPECT_EQ(UNIT, read(self->reader, self->got.buf, 2 * UNIT));
	EXPECT_TRUE(is_pattern(self->got.buf, 2, UNIT));
	/* There is nothing to give back. */
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
	EXPECT_EQ(-EINVAL, give_back(self->reader, 0));
}

TEST_F(pool, peek_copies_and_leaves_it)
{
	__u32 flags = MBOX_RECV_PEEK | MBOX_RECV_NOWAIT;

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	recv_landed_with(self->reader, &self->got, flags, NULL);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	recv_landed_with(self->reader, &self->got, flags | MBOX_RECV_POOL, NULL);
	EXPECT_EQ(-EINVAL, self->got.ret);
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
}

TEST_F(pool, another_handle_gets_a_copy)
{
	int other;

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	other = open_existing(own_name(), O_RDONLY);
	ASSERT_NE(NULL, new_pool(other));
	recv_landed(other, &self->got);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	/* Of a pool that is not its own it cannot give anything back. */
	EXPECT_EQ(-EINVAL, give_back(other, self->got.message.offset));
	close(other);
}

TEST_F(pool, sent_before_there_was_a_pool)
{
	int other = open_mailbox(NULL, O_RDWR);
	unsigned char *base;

	ASSERT_EQ(1, send_pattern(other, 1, UNIT));
	base = new_pool(other);
	ASSERT_NE(NULL, base);
	ASSERT_EQ(1, send_pattern(other, 2, UNIT));
	recv_landed(other, &self->got);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	recv_landed(other, &self->got);
	EXPECT_TRUE(landed_well(&self->got, base, UNIT));
	close(other);
}

/* ---- whose pool -------------------------------------------------------- */

TEST_F(pool, of_two_receivers_neither_is_known)
{
	int other = open_existing(own_name(), O_RDONLY);

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	close(other);
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
}

TEST_F(pool, address_names_the_receiver)
{
	int other = open_existing(own_name(), O_RDONLY);
	__u64 id = info_of(self->reader).handle;

	ASSERT_EQ(1, send_pattern_to(self->writer, 1, UNIT, id));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	id = info_of(other).handle;
	ASSERT_EQ(1, send_pattern_to(self->writer, 2, UNIT, id));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
	recv_landed(other, &self->got);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	close(other);
}

static void *receive_in_thread(void *arg)
{
	struct landed *got = arg;
	int fd = got->ret;

	recv_landed_with(fd, got, MBOX_RECV_POOL, NULL);
	return NULL;
}

static void *copy_in_thread(void *arg)
{
	struct landed *got = arg;
	int fd = got->ret;

	recv_landed_with(fd, got, 0, NULL);
	return NULL;
}

static void start_receive(pthread_t *thread, int fd, struct landed *got,
			  void *(*receive)(void *))
{
	got->ret = fd;
	pthread_create(thread, NULL, receive, got);
}

TEST_F(pool, first_who_waits_is_known)
{
	int other = open_existing(own_name(), O_RDONLY);
	pthread_t first, second;

	ASSERT_NE(NULL, new_pool(other));
	start_receive(&first, self->reader, &self->got, receive_in_thread);
	ASSERT_TRUE(wait_receivers(self->reader, 1));
	start_receive(&second, other, &self->other, receive_in_thread);
	ASSERT_TRUE(wait_receivers(self->reader, 2));
	EXPECT_EQ(1, send_pattern(self->writer, 1, UNIT));
	pthread_join(first, NULL);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	EXPECT_EQ(POOL_SIZE, pool_free(other));
	EXPECT_EQ(1, send_pattern(self->writer, 2, 2 * UNIT));
	pthread_join(second, NULL);
	EXPECT_TRUE(is_in_pool(&self->other));
	EXPECT_EQ(POOL_SIZE - 2 * UNIT, pool_free(other));
	close(other);
}

TEST_F(pool, first_who_waits_for_a_copy_gets_one)
{
	pthread_t thread;

	start_receive(&thread, self->reader, &self->got, copy_in_thread);
	ASSERT_TRUE(wait_receivers(self->reader, 1));
	EXPECT_EQ(1, send_pattern(self->writer, 1, UNIT));
	pthread_join(thread, NULL);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
}

/* ---- a full pool ------------------------------------------------------- */

TEST_F(pool, full_pool_costs_a_copy_and_nothing_else)
{
	__u64 offsets[8];
	int i;

	for (i = 0; i < 10; i++)
		ASSERT_EQ(1, send_pattern(self->writer, i + 1, UNIT));
	EXPECT_EQ(0, pool_free(self->reader));
	for (i = 0; i < 8; i++) {
		recv_landed(self->reader, &self->got);
		EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
		offsets[i] = self->got.message.offset;
	}
	for (i = 8; i < 10; i++) {
		recv_landed(self->reader, &self->got);
		EXPECT_TRUE(copied_well(&self->got, UNIT));
	}
	/* What it holds is intact whatever came after. */
	for (i = 0; i < 8; i++)
		EXPECT_TRUE(is_pattern(self->base + offsets[i], i + 1, UNIT));
	EXPECT_EQ(0, give_back(self->reader, offsets[3]));
	ASSERT_EQ(1, send_pattern(self->writer, 11, UNIT));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	EXPECT_EQ(offsets[3], self->got.message.offset);
}

TEST_F(pool, room_in_pieces_is_none)
{
	__u64 offsets[8];
	__u32 count = 4;
	int i;

	for (i = 0; i < 8; i++) {
		ASSERT_EQ(1, send_pattern(self->writer, i + 1, UNIT));
		recv_landed(self->reader, &self->got);
		offsets[i % 2 * 4 + i / 2] = self->got.message.offset;
	}
	EXPECT_EQ(0, give_back_vec(self->reader, offsets, &count));
	EXPECT_EQ(0, count);
	EXPECT_EQ(4 * UNIT, pool_free(self->reader));
	ASSERT_EQ(1, send_pattern(self->writer, 9, 2 * UNIT));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(copied_well(&self->got, 2 * UNIT));
	EXPECT_EQ(0, give_back(self->reader, offsets[4]));
	ASSERT_EQ(1, send_pattern(self->writer, 10, 2 * UNIT));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, 2 * UNIT));
}

/* ---- giving back ------------------------------------------------------- */

TEST_F(pool, bogus_offset_returns_einval_and_changes_nothing)
{
	static const __u64 bogus[] = {
		1, UNIT - 1, UNIT, 2 * UNIT, 7 * UNIT, POOL_SIZE, POOL_SIZE + 1,
		1ULL << 32, 1ULL << 63, ~0ULL, ~0ULL - UNIT + 1,
	};
	size_t i;

	ASSERT_EQ(1, send_pattern(self->writer, 1, 2 * UNIT));
	ASSERT_EQ(1, send_pattern(self->writer, 2, 2 * UNIT));
	/* Queued, not received: no matter that it will be at 0. */
	EXPECT_EQ(-EINVAL, give_back(self->reader, 0));
	recv_landed(self->reader, &self->got);
	ASSERT_EQ(0, self->got.message.offset);
	for (i = 0; i < ARRAY_SIZE(bogus); i++)
		EXPECT_EQ(-EINVAL, give_back(self->reader, bogus[i]));
	EXPECT_EQ(POOL_SIZE - 4 * UNIT, pool_free(self->reader));
	EXPECT_EQ(1, msgs_of(self->reader));
	EXPECT_EQ(0, give_back(self->reader, 0));
	EXPECT_EQ(-EINVAL, give_back(self->reader, 0));
	EXPECT_EQ(POOL_SIZE - 2 * UNIT, pool_free(self->reader));
}

TEST_F(pool, all_of_an_array_or_none)
{
	__u64 offsets[3] = { 0, UNIT, 7 * UNIT };
	__u32 count = 3;
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(1, send_pattern(self->writer, i + 1, UNIT));
		recv_landed(self->reader, &self->got);
	}
	EXPECT_EQ(-EINVAL, give_back_vec(self->reader, offsets, &count));
	EXPECT_EQ(3, count);
	EXPECT_EQ(POOL_SIZE - 2 * UNIT, pool_free(self->reader));
	offsets[2] = 0;
	EXPECT_EQ(-EINVAL, give_back_vec(self->reader, offsets, &count));
	EXPECT_EQ(3, count);
	EXPECT_EQ(POOL_SIZE - 2 * UNIT, pool_free(self->reader));
	count = 2;
	EXPECT_EQ(0, give_back_vec(self->reader, offsets, &count));
	EXPECT_EQ(0, count);
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
}

TEST_F(pool, given_back_before_the_receive_and_once)
{
	__u64 offset;
	struct mbox_recv args = {
		.flags = MBOX_RECV_NOWAIT | MBOX_RECV_POOL,
		.count = 1,
		.vec = addr(&self->other.message),
		.blocks = addr(&offset),
		.block_count = 1,
	};

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	recv_landed(self->reader, &self->got);
	offset = self->got.message.offset;
	EXPECT_EQ(-EAGAIN, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(0, args.block_count);
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
	args.blocks = 0;
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	EXPECT_EQ(1, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	args.blocks = addr(&offset);
	args.block_count = 1;
	offset = self->other.message.offset;
	ASSERT_EQ(1, send_pattern(self->writer, 3, UNIT));
	EXPECT_EQ(1, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(0, args.block_count);
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
}

/* With a bogus offset nothing is received either. */
TEST_F(pool, bogus_offset_stops_the_receive)
{
	__u64 offset = 7 * UNIT;
	struct mbox_recv args = {
		.flags = MBOX_RECV_NOWAIT | MBOX_RECV_POOL,
		.count = 1,
		.vec = addr(&self->got.message),
		.blocks = addr(&offset),
		.block_count = 1,
	};

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	EXPECT_EQ(-EINVAL, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(1, args.block_count);
	EXPECT_EQ(1, msgs_of(self->reader));
	args.blocks = addr(nowhere());
	EXPECT_EQ(-EFAULT, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(1, msgs_of(self->reader));
}

TEST_F(pool, wrong_arguments_return_einval)
{
	__u64 offset = 0;
	struct mbox_recv good = {
		.blocks = addr(&offset),
		.block_count = 1,
	};
	struct mbox_recv bad[] = {
		{ .blocks = good.blocks },
		{ .blocks = good.blocks, .block_count = MBOX_VEC_MAX + 1 },
		{ .blocks = good.blocks, .block_count = ~0U },
		{ .blocks = good.blocks, .block_count = 1, .flags = 1 },
		{ .blocks = good.blocks, .block_count = 1, .vec = 8 },
		{ .blocks = good.blocks, .block_count = 1, .deadline = 1 },
		{ .blocks = good.blocks, .block_count = 1, .lease = 1 },
		{ .blocks = good.blocks, .block_count = 1, .skip = 1 },
		{ .blocks = good.blocks, .block_count = 1, .filter.lo = 1 },
		{ .flags = MBOX_RECV_POOL },
	};
	size_t i;

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	recv_landed(self->reader, &self->got);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, do_ioctl(self->reader, MBOX_IOC_RECV,
					    &bad[i]));
	EXPECT_EQ(-EBADF, give_back(self->writer, 0));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
	EXPECT_EQ(0, do_ioctl(self->reader, MBOX_IOC_RECV, &good));
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
}

/* A send has no offset to say. */
TEST_F(pool, offset_of_a_send_returns_einval)
{
	struct mbox_message message = { .header.type = 1 };
	struct mbox_send args = { .count = 1, .vec = addr(&message) };
	int bit;

	for (bit = 0; bit < 64; bit++) {
		message.offset = 1ULL << bit;
		EXPECT_EQ(-EINVAL, do_ioctl(self->writer, MBOX_IOC_SEND, &args));
	}
	EXPECT_EQ(0, info_of(self->reader).sent);
}

/* ---- what cannot be told ----------------------------------------------- */

/* The element lies on memory that cannot be written: nothing was received. */
TEST_F(pool, element_that_cannot_be_written_keeps_the_block)
{
	struct mbox_message *ro = mmap(NULL, 4096, PROT_READ,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct mbox_recv args = {
		.flags = MBOX_RECV_NOWAIT | MBOX_RECV_POOL,
		.count = 1,
		.vec = addr(ro),
	};

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	EXPECT_EQ(-EFAULT, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(1, msgs_of(self->reader));
	EXPECT_EQ(-EINVAL, give_back(self->reader, 0));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	EXPECT_EQ(0, give_back(self->reader, 0));
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
	munmap(ro, 4096);
}

/* A payload that cannot be read is no message, and needs no block. */
TEST_F(pool, payload_that_cannot_be_read_frees_the_block)
{
	char *end = page_before_nothing();

	EXPECT_EQ(-EFAULT, send_bytes(self->writer, 1, end + 100, UNIT));
	EXPECT_EQ(-EFAULT, send_bytes(self->writer, 1, nowhere(), 2 * UNIT));
	EXPECT_EQ(POOL_SIZE, pool_free(self->reader));
	EXPECT_EQ(0, info_of(self->reader).sent);
}

TEST_HARNESS_MAIN
