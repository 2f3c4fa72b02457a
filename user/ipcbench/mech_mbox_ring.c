// SPDX-License-Identifier: GPL-2.0-only
/*
 * mbox-ring - memory that one sender and one receiver share, under a mailbox
 *
 * No message passes through the kernel, which is asked only where one of the two has
 * to sleep or to be woken. Where messages follow each other the other one is looked
 * after once a batch.
 */
#include <string.h>

#include "mbox_end.h"

/* In a ring there is to be room for two messages, or for as many as are asked for. */
#define MESSAGES_MIN	2

/* What a record takes besides the payload, filled up. */
#define RECORD_EXTRA	(sizeof(struct mbox_record) + 7)

static size_t bytes_for(const struct lane *lane)
{
	size_t messages = lane->depth > MESSAGES_MIN ? lane->depth : MESSAGES_MIN;
	size_t bytes = MBOX_MAP_SIZE_DEFAULT;

	while (bytes < messages * (lane->size + RECORD_EXTRA))
		bytes *= 2;
	return bytes;
}

static int open_ring(struct lane *lane)
{
	return lane->broadcast ? -EOPNOTSUPP : mbox_end_open(lane);
}

/* The end keeps the handle that it was made of. */
static int join_ring(struct end *end)
{
	const struct mbox_ring_options options = {
		.end = end->role == ROLE_SENDER ? MBOX_MAP_PRODUCER : MBOX_MAP_CONSUMER,
		.size = bytes_for(end->lane),
		.batch = LANE_BATCH_MAX,
	};
	struct mbox_ring *ring;
	int ret = mbox_end_join(end);

	if (ret)
		return ret;
	ret = mbox_ring_open(&ring, ((struct mbox_end *)end->own)->mbox, &options);
	mbox_end_leave(end);
	end->own = ring;
	return ret;
}

static void leave_ring(struct end *end)
{
	end->own = mbox_ring_close(end->own);
}

static int put(struct mbox_ring *ring, uint64_t type, const void *data, size_t len, int64_t wait)
{
	void *place;
	int ret = mbox_ring_reserve(ring, len, &place, wait);

	if (ret)
		return ret;
	memcpy(place, data, len);
	return mbox_ring_commit(ring, type, len);
}

static int send_record(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	int ret = put(end->own, type, data, len, wait);

	return ret ? ret : mbox_ring_flush(end->own);
}

static ssize_t look_at_record(struct mbox_ring *ring, void *buf, size_t size, int64_t wait)
{
	const void *place;
	size_t len;
	int ret = mbox_ring_peek(ring, NULL, &place, &len, wait);

	if (ret <= 0)
		return ret ? ret : RECV_END;
	memcpy(buf, place, len < size ? len : size);
	return len;
}

static ssize_t recv_record(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	ssize_t ret = look_at_record(end->own, buf, size, wait);

	(void)type;
	if (ret < 0)
		return ret;
	mbox_ring_release(end->own);
	return ret;
}

static ssize_t peek(struct end *end, void *buf, size_t size)
{
	return look_at_record(end->own, buf, size, WAIT_NEVER);
}

static int send_batch(struct end *end, const struct iovec *vec, unsigned int count, int64_t wait)
{
	unsigned int done = 0;
	int ret = 0;

	for (; done < count && !ret; done += !ret)
		ret = put(end->own, 1, vec[done].iov_base, vec[done].iov_len,
			  done ? WAIT_NEVER : wait);
	mbox_ring_flush(end->own);
	return done ? (int)done : ret;
}

/* As many as are there: the first one is waited for. */
static int recv_batch(struct end *end, struct iovec *vec, unsigned int count, int64_t wait)
{
	unsigned int done = 0;
	ssize_t ret = 0;

	for (; done < count; done++) {
		ret = look_at_record(end->own, vec[done].iov_base, vec[done].iov_len,
				     done ? WAIT_NEVER : wait);
		if (ret < 0)
			break;
		vec[done].iov_len = ret;
		mbox_ring_release(end->own);
	}
	return done ? (int)done : (int)ret;
}

static int poll_fd(struct end *end)
{
	return mbox_ring_fd(end->own);
}

/* A receiver is told where the next record will lie before there is one. */
static void *in_place(struct end *end)
{
	void *place = NULL;
	size_t len;

	if (end->role == ROLE_SENDER)
		mbox_ring_reserve(end->own, end->lane->size, &place, WAIT_NEVER);
	else
		mbox_ring_peek(end->own, NULL, (const void **)&place, &len, WAIT_NEVER);
	return place;
}

const struct mechanism mech_mbox_ring = {
	.name = "mbox-ring",
	.title = "mbox, ring",
	.group = "mbox",
	.note = "shared memory; whether the other one sleeps is looked at once in 32 messages "
		"where they follow each other",
	.absent = mbox_end_absent,
	.max_size = mbox_end_max_size,
	.open = open_ring,
	.close = mbox_end_release,
	.release = mbox_end_release,
	.join = join_ring,
	.leave = leave_ring,
	.send = send_record,
	.recv = recv_record,
	.send_batch = send_batch,
	.recv_batch = recv_batch,
	.poll_fd = poll_fd,
	.peek = peek,
	.in_place = in_place,
	.remains = mbox_end_remains,
};
