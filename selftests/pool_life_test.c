// SPDX-License-Identifier: GPL-2.0
/*
 * Landing pools: payloads that are leased, called with, taken back, purged or left
 * behind. Blocks must neither be lost nor used too early.
 */
#include "fixture_pool.h"

#define LEASE	(MBOX_RECV_NOWAIT | MBOX_RECV_POOL | MBOX_RECV_LEASE)

static bool all_free(int fd)
{
	return pool_free(fd) == POOL_SIZE;
}

/* ---- leases ------------------------------------------------------------ */

TEST_F(pool, leased_block_outlives_its_release)
{
	__u64 offset;

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	recv_landed_with(self->reader, &self->got, LEASE, NULL);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	EXPECT_EQ(MBOX_MSG_POOL | MBOX_MSG_LEASED,
		  self->got.message.header.flags);
	offset = self->got.message.offset;
	EXPECT_EQ(0, give_back(self->reader, offset));
	EXPECT_EQ(-EINVAL, give_back(self->reader, offset));
	/* It may come back: nothing else lands there. */
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	recv_landed(self->reader, &self->other);
	EXPECT_NE(offset, self->other.message.offset);
	EXPECT_EQ(0, put_back(self->reader, self->got.message.header.cookie));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	EXPECT_EQ(1, self->got.message.header.type);
	EXPECT_EQ(1, self->got.message.header.deliveries);
	EXPECT_EQ(offset, self->got.message.offset);
	EXPECT_EQ(0, give_back(self->reader, offset));
	EXPECT_EQ(0, give_back(self->reader, self->other.message.offset));
	EXPECT_TRUE(all_free(self->reader));
}

TEST_F(pool, received_block_outlives_its_message)
{
	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	recv_landed_with(self->reader, &self->got, LEASE, NULL);
	EXPECT_EQ(0, acknowledge(self->reader,
				 self->got.message.header.cookie));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	EXPECT_EQ(0, purge(self->writer));
	EXPECT_EQ(0, give_back(self->reader, self->got.message.offset));
	EXPECT_TRUE(all_free(self->reader));
}

/* Each time it was received it has to be given back. */
TEST_F(pool, received_twice_is_given_back_twice)
{
	int i;

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	for (i = 0; i < 3; i++) {
		recv_landed_with(self->reader, &self->got, LEASE, NULL);
		EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
		EXPECT_EQ(0, put_back(self->reader,
				      self->got.message.header.cookie));
	}
	recv_landed_with(self->reader, &self->got, MBOX_RECV_NOWAIT, NULL);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
		EXPECT_EQ(0, give_back(self->reader, 0));
	}
	EXPECT_EQ(-EINVAL, give_back(self->reader, 0));
	EXPECT_TRUE(all_free(self->reader));
}

/* There is an end to that: it is copied then, and nothing overflows. */
TEST_F(pool, received_65535_times_is_copied)
{
	int i;

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	for (i = 0; i < 65535; i++) {
		recv_landed_with(self->reader, &self->got, LEASE, NULL);
		ASSERT_TRUE(is_in_pool(&self->got));
		ASSERT_EQ(0, put_back(self->reader,
				      self->got.message.header.cookie));
	}
	recv_landed_with(self->reader, &self->got, LEASE, NULL);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	EXPECT_EQ(0, put_back(self->reader, self->got.message.header.cookie));
	EXPECT_EQ(0, give_back(self->reader, 0));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	for (i = 0; i < 65535; i++)
		ASSERT_EQ(0, give_back(self->reader, 0));
	EXPECT_TRUE(all_free(self->reader));
}

TEST_F(pool, lease_that_ends_goes_to_another)
{
	struct mbox_recv args = {
		.flags = LEASE,
		.count = 1,
		.vec = addr(&self->got.message),
		.lease = NSEC_PER_MSEC,
	};
	int other;

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	ASSERT_EQ(1, do_ioctl(self->reader, MBOX_IOC_RECV, &args));
	EXPECT_EQ(MBOX_MSG_POOL | MBOX_MSG_LEASED,
		  self->got.message.header.flags);
	ASSERT_TRUE(wait_leased(self->writer, 0));
	other = open_existing(own_name(), O_RDONLY);
	recv_landed(other, &self->other);
	EXPECT_TRUE(copied_well(&self->other, UNIT));
	EXPECT_EQ(1, self->other.message.header.deliveries);
	/* The first still reads what it was given. */
	EXPECT_TRUE(is_pattern(self->base + self->got.message.offset, 1, UNIT));
	EXPECT_EQ(-ECANCELED, acknowledge(self->reader,
					  self->got.message.header.cookie));
	EXPECT_EQ(0, give_back(self->reader, self->got.message.offset));
	EXPECT_TRUE(all_free(self->reader));
	close(other);
}

/* ---- calls ------------------------------------------------------------- */

static void aim_pattern(struct caller *caller, int fd, __u64 seed,
			unsigned char *buf, size_t len)
{
	aim(caller, fd, "");
	write_pattern(buf, seed, len);
	caller->call.type = seed;
	caller->call.buf = addr(buf);
	caller->call.len = len;
}

TEST_F(pool, request_lands_and_is_answered)
{
	static unsigned char request[2 * UNIT];
	struct caller caller;

	aim_pattern(&caller, self->writer, 1, request, sizeof(request));
	start_call(&caller);
	ASSERT_TRUE(wait_msgs(self->writer, 1));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, 2 * UNIT));
	EXPECT_EQ(MBOX_MSG_POOL | MBOX_MSG_CALL,
		  self->got.message.header.flags);
	EXPECT_EQ(0, reply_text(self->reader, self->got.message.header.cookie,
				"done"));
	EXPECT_EQ(0, end_call(&caller));
	EXPECT_STREQ("done", caller.reply);
	EXPECT_EQ(0, give_back(self->reader, self->got.message.offset));
	EXPECT_TRUE(all_free(self->reader));
}

/* What is to be sent may lie in the block that is given back with it. */
TEST_F(pool, settle_then_give_back_then_receive)
{
	static unsigned char request[UNIT], reply[UNIT];
	struct caller caller;
	__u64 offset;
	struct mbox_recv next = {
		.flags = MBOX_RECV_NOWAIT | MBOX_RECV_POOL,
		.count = 1,
		.vec = addr(&self->other.message),
		.blocks = addr(&offset),
		.block_count = 1,
	};
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_REPLY | MBOX_SETTLE_NEXT,
		.type = 1,
		.len = UNIT,
		.next = addr(&next),
	};

	aim_pattern(&caller, self->writer, 1, request, UNIT);
	caller.call.reply = addr(reply);
	caller.call.room = UNIT;
	start_call(&caller);
	ASSERT_TRUE(wait_msgs(self->writer, 1));
	recv_landed(self->reader, &self->got);
	ASSERT_TRUE(is_in_pool(&self->got));
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	offset = 7 * UNIT;
	settle.cookie = self->got.message.header.cookie;
	settle.buf = addr(self->base + self->got.message.offset);
	/* The reply is given; that the offset is bogus comes after. */
	EXPECT_EQ(-EINVAL, do_settle(self->reader, &settle));
	EXPECT_EQ(0, settle.cookie);
	EXPECT_EQ(1, next.block_count);
	EXPECT_EQ(0, end_call(&caller));
	EXPECT_TRUE(is_pattern(reply, 1, UNIT));
	EXPECT_EQ(1, msgs_of(self->writer));
	offset = self->got.message.offset;
	settle = (struct mbox_settle){
		.flags = MBOX_SETTLE_NEXT,
		.next = addr(&next),
	};
	EXPECT_EQ(1, do_settle(self->reader, &settle));
	EXPECT_EQ(0, next.block_count);
	EXPECT_TRUE(is_pattern(self->base + self->other.message.offset, 2,
			       UNIT));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(self->reader));
}

/* ---- messages that are not received ------------------------------------ */

TEST_F(pool, withdrawn_refused_purged_and_expired_leave_no_block)
{
	static unsigned char payload[UNIT];
	struct mbox_message message = {
		.header = { .type = 1, .len = UNIT },
		.buf = addr(payload),
	};
	struct mbox_send args = {
		.flags = MBOX_SEND_SYNC,
		.count = 1,
		.vec = addr(&message),
		.deadline = in_ms(1),
	};

	EXPECT_EQ(-ETIMEDOUT, do_ioctl(self->writer, MBOX_IOC_SEND, &args));
	EXPECT_TRUE(all_free(self->reader));
	EXPECT_EQ(-EHOSTUNREACH, send_pattern_to(self->writer, 1, UNIT, 1));
	EXPECT_TRUE(all_free(self->reader));
	ASSERT_EQ(1, send_pattern(self->writer, 1, 3 * UNIT));
	EXPECT_EQ(0, purge(self->writer));
	EXPECT_TRUE(all_free(self->reader));
	args = (struct mbox_send){
		.count = 1, .vec = addr(&message), .ttl = 1,
	};
	EXPECT_EQ(1, do_ioctl(self->writer, MBOX_IOC_SEND, &args));
	recv_landed(self->reader, &self->got);
	EXPECT_EQ(-EAGAIN, self->got.ret);
	EXPECT_TRUE(all_free(self->reader));
	EXPECT_EQ(1, info_of(self->writer).expired);
}

TEST_F(pool, policy_drops_with_the_block)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_DROP_OLDEST);
	unsigned char *base = new_pool(fd);
	int i;

	ASSERT_NE(NULL, base);
	for (i = 0; i < 20; i++)
		ASSERT_EQ(1, send_pattern(fd, i + 1, UNIT));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(fd));
	recv_landed(fd, &self->got);
	EXPECT_TRUE(landed_well(&self->got, base, UNIT));
	EXPECT_EQ(20, self->got.message.header.type);
	EXPECT_EQ(19, self->got.message.header.lost);
	munmap(base, POOL_SIZE);
	close(fd);
}

/* A sender that waits for room has its payload there already. */
TEST_F(pool, blocked_send_lands)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, MBOX_POLICY_BLOCK);
	unsigned char *base = new_pool(fd), *payload = malloc(UNIT);
	struct mbox_message message = {
		.header = { .type = 2, .len = UNIT },
		.buf = addr(payload),
	};
	struct post post = { .fd = fd };

	ASSERT_NE(NULL, base);
	ASSERT_EQ(1, send_pattern(fd, 1, UNIT));
	write_pattern(payload, 2, UNIT);
	post.send = (struct mbox_send){ .count = 1, .vec = addr(&message) };
	start_post(&post);
	ASSERT_TRUE(wait_senders(fd, 1));
	recv_landed(fd, &self->got);
	EXPECT_TRUE(landed_well(&self->got, base, UNIT));
	EXPECT_EQ(1, end_post(&post));
	recv_landed(fd, &self->got);
	EXPECT_TRUE(landed_well(&self->got, base, UNIT));
	EXPECT_EQ(2, self->got.message.header.type);
	munmap(base, POOL_SIZE);
	close(fd);
	free(payload);
}

/* What is held back is not to be seen beforehand either. */
TEST_F(pool, frozen_mailbox_lands_nothing)
{
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, freeze(&nl, self->writer));
	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	EXPECT_TRUE(all_free(self->reader));
	ASSERT_EQ(0, thaw(&nl, self->writer));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	close(nl.fd);
}

/* Subscribers share a payload: nobody has it in a pool. */
TEST_F(pool, topic_copies)
{
	struct mbox_open args = open_args("test-pool-topic", MBOX_OPEN_CREATE);
	int fd;

	args.kind = MBOX_KIND_TOPIC;
	fd = open_with(O_RDWR, &args);
	ASSERT_LE(0, fd);
	ASSERT_EQ(1, send_pattern(fd, 1, UNIT));
	recv_landed(fd, &self->got);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	close(fd);
}

/* ---- the end ----------------------------------------------------------- */

TEST_F(pool, messages_outlive_the_handle)
{
	int i;

	for (i = 0; i < 4; i++)
		ASSERT_EQ(1, send_pattern(self->writer, i + 1, 2 * UNIT));
	recv_landed_with(self->reader, &self->got, LEASE, NULL);
	ASSERT_TRUE(is_in_pool(&self->got));
	munmap(self->base, POOL_SIZE);
	close(self->reader);
	/* Fresh memory, which would show if the old were used again. */
	self->reader = open_existing(own_name(), O_RDONLY);
	self->base = new_pool(self->reader);
	ASSERT_NE(NULL, self->base);
	for (i = 0; i < 4; i++) {
		recv_landed(self->reader, &self->got);
		EXPECT_TRUE(copied_well(&self->got, 2 * UNIT));
		EXPECT_EQ(i + 1, self->got.message.header.type);
	}
	ASSERT_EQ(1, send_pattern(self->writer, 5, UNIT));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
}

/* Dead letters go with their payload, also out of the mailbox of the pool. */
TEST_F(pool, dead_letter_keeps_its_payload)
{
	struct mbox_open args = open_args("test-pool-tries", MBOX_OPEN_CREATE);
	unsigned char *base;
	struct genl nl;
	int fd, dead;

	args.limits.max_deliveries = 1;
	fd = open_with(O_RDWR, &args);
	dead = open_mailbox("test-pool-dead", O_RDWR);
	base = new_pool(fd);
	ASSERT_NE(NULL, base);
	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, genl_set_u64(&nl, id_of(fd), MBOX_A_MAILBOX_DEAD_LETTER,
				  id_of(dead)));
	ASSERT_EQ(1, send_pattern(fd, 1, UNIT));
	recv_landed_with(fd, &self->got, LEASE, NULL);
	ASSERT_TRUE(is_in_pool(&self->got));
	ASSERT_EQ(0, put_back(fd, self->got.message.header.cookie));
	EXPECT_EQ(0, give_back(fd, self->got.message.offset));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(fd));
	recv_landed(dead, &self->got);
	EXPECT_TRUE(copied_well(&self->got, UNIT));
	EXPECT_TRUE(all_free(fd));
	munmap(base, POOL_SIZE);
	close(fd);
	close(dead);
	close(nl.fd);
}

TEST_F(pool, removal_leaves_what_was_received)
{
	int fd = open_mailbox("test-pool-gone", O_RDWR);
	unsigned char *base = new_pool(fd);

	ASSERT_NE(NULL, base);
	ASSERT_EQ(1, send_pattern(fd, 1, UNIT));
	ASSERT_EQ(1, send_pattern(fd, 2, UNIT));
	recv_landed(fd, &self->got);
	ASSERT_EQ(0, remove_mailbox(fd));
	EXPECT_TRUE(landed_well(&self->got, base, UNIT));
	EXPECT_EQ(POOL_SIZE - UNIT, pool_free(fd));
	/* A removed mailbox says so, but blocks are the handle's. */
	EXPECT_EQ(0, give_back(fd, self->got.message.offset));
	EXPECT_TRUE(all_free(fd));
	munmap(base, POOL_SIZE);
	close(fd);
}

TEST_HARNESS_MAIN
