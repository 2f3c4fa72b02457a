// SPDX-License-Identifier: GPL-2.0-only
/*
 * mbox-pool - a mailbox whose receiver has a landing pool: large messages are copied
 * once, into memory that it may only read, and looked at there
 */
#include <stdlib.h>
#include <string.h>

#include "mbox_end.h"

/* While one message is looked at, others may land. */
#define MESSAGES	4

/**
 * struct pool_end - an end's @own
 * @end: what other mechanisms of a mailbox have
 * @pool: of a receiver of messages that land, or NULL
 * @held: what was received last, not released; or NULL
 */
struct pool_end {
	struct mbox_end end;
	struct mbox_pool *pool;
	const void *held;
};

static size_t bytes_for(const struct lane *lane)
{
	size_t bytes = MBOX_MAP_SIZE_DEFAULT;

	while (bytes < MESSAGES * lane->size)
		bytes *= 2;
	return bytes;
}

static bool lands(const struct end *end)
{
	return end->role == ROLE_RECEIVER && end->lane->size >= MBOX_POOL_MIN;
}

static int open_lane(struct lane *lane)
{
	return lane->broadcast ? -EOPNOTSUPP : mbox_end_open(lane);
}

static void leave_pool(struct end *end)
{
	struct pool_end *own = end->own;

	mbox_pool_close(own->pool);
	mbox_end_leave(end);
}

/* What mbox_end_join() made becomes the beginning of ours. */
static int join_pool(struct end *end)
{
	struct pool_end *own;
	int ret = mbox_end_join(end);

	if (ret)
		return ret;
	own = realloc(end->own, sizeof(*own));
	if (!own) {
		mbox_end_leave(end);
		return -ENOMEM;
	}
	end->own = own;
	own->pool = NULL;
	own->held = NULL;
	if (!lands(end))
		return 0;
	ret = mbox_pool_open(&own->pool, own->end.mbox, bytes_for(end->lane));
	if (ret)
		leave_pool(end);
	return ret;
}

static ssize_t recv_at(struct end *end, uint64_t type, const void **at, int64_t wait)
{
	const struct mbox_filter only = mbox_filter_range(type, type, 0);
	struct pool_end *own = end->own;
	int ret;

	if (!own->pool)
		return -EOPNOTSUPP;
	if (own->held)
		mbox_pool_release(own->pool, own->held);
	own->held = NULL;
	ret = mbox_pool_recv(own->pool, type ? &only : NULL, &own->end.header, at, wait);
	if (ret <= 0)
		return ret < 0 ? ret : RECV_END;
	own->held = *at;
	return own->end.header.len;
}

/* For whoever wants it elsewhere. */
static ssize_t recv_copy(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	const struct pool_end *own = end->own;
	const void *at;
	ssize_t len;

	if (!own->pool)
		return mbox_end_recv(end, type, buf, size, wait);
	len = recv_at(end, type, &at, wait);
	if (len > 0)
		memcpy(buf, at, (size_t)len < size ? (size_t)len : size);
	return len;
}

const struct mechanism mech_mbox_pool = {
	.name = "mbox-pool",
	.title = "mbox, landing pool",
	.group = "mbox",
	.note = "below 4 KiB as mbox",
	.flags = MECHANISM_TYPES,
	.absent = mbox_end_absent,
	.max_size = mbox_end_max_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_lane,
	.close = mbox_end_release,
	.release = mbox_end_release,
	.join = join_pool,
	.leave = leave_pool,
	.send = mbox_end_send,
	.recv = recv_copy,
	.recv_at = recv_at,
	.poll_fd = mbox_end_poll_fd,
	.remains = mbox_end_remains,
};
