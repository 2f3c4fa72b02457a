// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "internal.h"

/* The room for messages that do not land, before their length is known. */
#define FIRST_TRY	1024

/**
 * struct mbox_pool - a landing pool
 * @mbox: the handle that it belongs to
 * @base: its memory
 * @size: how much, bytes
 * @spare: buffer for the next message that does not land; or NULL
 * @room: its size in bytes
 * @count: how many of @done are used
 * @done: offsets of blocks that are given back with the next receive
 * @out: for each unit of MBOX_POOL_MIN bytes how often the block that begins
 *	 there was handed out and not released
 */
struct mbox_pool {
	struct mbox *mbox;
	const char *base;
	size_t size;
	char *spare;
	size_t room;
	uint32_t count;
	uint64_t done[MBOX_VEC_MAX];
	uint32_t out[];
};

static struct mbox_pool *allocate(struct mbox *mbox, size_t size)
{
	struct mbox_pool *pool;
	size_t units = size / MBOX_POOL_MIN;

	pool = calloc(1, sizeof(*pool) + units * sizeof(pool->out[0]));
	if (!pool)
		return NULL;
	pool->mbox = mbox;
	pool->size = size;
	return pool;
}

MBX_EXPORT int mbox_pool_open(struct mbox_pool **out, struct mbox *mbox,
			      size_t size)
{
	struct mbox_map arg = { .kind = MBOX_MAP_POOL, .size = size };
	struct mbox_pool *pool;
	void *base;
	int ret;

	*out = NULL;
	if (size < MBOX_MAP_SIZE_MIN || size > MBOX_MAP_SIZE_MAX)
		return -EINVAL;
	pool = allocate(mbox, size);
	if (!pool)
		return -ENOMEM;
	ret = mbx_ioctl(mbox->fd, MBOX_IOC_MAP, &arg, 0);
	/* A pool that is there already may be shown once more. */
	if (ret < 0 && ret != -EEXIST)
		goto free_pool;
	base = mmap(NULL, size, PROT_READ, MAP_SHARED, mbox->fd, 0);
	ret = base == MAP_FAILED ? -errno : 0;
	if (ret < 0)
		goto free_pool;
	pool->base = base;
	*out = pool;
	return 0;

free_pool:
	free(pool);
	return ret;
}

MBX_EXPORT struct mbox_pool *mbox_pool_close(struct mbox_pool *pool)
{
	if (!pool)
		return NULL;
	munmap((void *)(uintptr_t)pool->base, pool->size);
	free(pool->spare);
	free(pool);
	return NULL;
}

MBX_EXPORT int mbox_pool_flush(struct mbox_pool *pool)
{
	struct mbox_recv arg = {
		.blocks = (uintptr_t)pool->done,
		.block_count = pool->count,
	};
	int ret;

	if (!pool->count)
		return 0;
	ret = mbx_ioctl(pool->mbox->fd, MBOX_IOC_RECV, &arg, 0);
	pool->count = arg.block_count;
	return ret;
}

MBX_EXPORT int mbox_pool_release(struct mbox_pool *pool, const void *data)
{
	uintptr_t offset = (uintptr_t)data - (uintptr_t)pool->base;
	int ret;

	if (offset >= pool->size) {
		free((void *)(uintptr_t)data);
		return 0;
	}
	if (offset % MBOX_POOL_MIN || !pool->out[offset / MBOX_POOL_MIN])
		return -EINVAL;
	ret = pool->count == MBOX_VEC_MAX ? mbox_pool_flush(pool) : 0;
	if (ret < 0)
		return ret;
	pool->out[offset / MBOX_POOL_MIN]--;
	pool->done[pool->count++] = offset;
	return 0;
}

/* A spare buffer of that size, and one byte for a NUL. */
static int make_room(struct mbox_pool *pool, size_t room)
{
	char *spare;

	if (pool->spare && pool->room >= room)
		return 0;
	spare = realloc(pool->spare, room + 1);
	if (!spare)
		return -ENOMEM;
	pool->spare = spare;
	pool->room = room;
	return 0;
}

static int recv_once(struct mbox_pool *pool, const struct mbox_recv *how,
		     struct mbox_message *message)
{
	struct mbox_recv arg = *how;
	int ret;

	*message = (struct mbox_message){
		.buf = (uintptr_t)pool->spare,
		.size = pool->room,
	};
	arg.vec = (uintptr_t)message;
	arg.blocks = pool->count ? (uintptr_t)pool->done : 0;
	arg.block_count = pool->count;
	ret = mbx_ioctl(pool->mbox->fd, MBOX_IOC_RECV, &arg, 1);
	pool->count = arg.block_count;
	return ret;
}

/* Until the spare buffer holds what does not land, see mbox_recv_alloc(). */
static int recv_growing(struct mbox_pool *pool, const struct mbox_recv *how,
			struct mbox_message *message)
{
	size_t room = FIRST_TRY;
	int ret;

	for (;;) {
		ret = make_room(pool, room);
		if (ret < 0)
			return ret;
		ret = recv_once(pool, how, message);
		if (ret != -EMSGSIZE)
			return ret;
		room = message->header.len;
		if (room <= pool->room || room > MBOX_SIZE_MAX)
			return -EPROTO;
	}
}

/* What the device says is where it must be, or it is not used. */
static int hand_out(struct mbox_pool *pool, const struct mbox_message *message,
		    const void **data)
{
	uint64_t offset = message->offset, len = message->header.len;

	if (!(message->header.flags & MBOX_MSG_POOL)) {
		if (len > pool->room)
			return -EPROTO;
		pool->spare[len] = '\0';
		*data = pool->spare;
		pool->spare = NULL;
		pool->room = 0;
		return 1;
	}
	if (offset % MBOX_POOL_MIN || offset > pool->size ||
	    len > pool->size - offset)
		return -EPROTO;
	pool->out[offset / MBOX_POOL_MIN]++;
	*data = pool->base + offset;
	return 1;
}

static int receive(struct mbox_pool *pool, struct mbox_recv *how,
		   const struct mbox_filter *filter,
		   struct mbox_header *header, const void **data,
		   int64_t timeout)
{
	struct mbox_message message;
	struct mbx_wait wait;
	int ret = mbx_wait_init(&wait, timeout);

	if (ret < 0)
		return ret;
	how->flags |= MBOX_RECV_POOL;
	how->count = 1;
	how->deadline = wait.deadline;
	if (wait.nowait)
		how->flags |= MBOX_RECV_NOWAIT;
	if (filter) {
		how->flags |= MBOX_RECV_FILTER;
		how->filter = *filter;
	}
	ret = recv_growing(pool, how, &message);
	if (ret != 1)
		return ret;
	if (header)
		*header = message.header;
	return hand_out(pool, &message, data);
}

MBX_EXPORT int mbox_pool_recv(struct mbox_pool *pool,
			      const struct mbox_filter *filter,
			      struct mbox_header *header, const void **data,
			      int64_t timeout)
{
	struct mbox_recv how = { 0 };

	return receive(pool, &how, filter, header, data, timeout);
}

MBX_EXPORT int mbox_pool_lease(struct mbox_pool *pool,
			       const struct mbox_filter *filter,
			       int64_t duration, struct mbox_header *header,
			       const void **data, int64_t timeout)
{
	struct mbox_recv how = {
		.flags = MBOX_RECV_LEASE,
		.lease = (uint64_t)duration,
	};

	if (duration < 0)
		return -EINVAL;
	return receive(pool, &how, filter, header, data, timeout);
}
