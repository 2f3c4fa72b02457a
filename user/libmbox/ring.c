// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Records in memory that another process has mapped, too.
 *
 * What the other end writes is loaded once and checked before it is used. The own
 * index and the other's as it was last seen are kept apart from the shared pages:
 * while they suffice no line of the other end's cache is touched.
 */
#include <errno.h>
#include <sched.h>
#include "ring.h"

#define HEAD	((uint32_t)sizeof(struct mbox_record))

/* How often a spin looks before it asks for the time. */
#define LOOKS	64

static uint32_t record_size(uint32_t len)
{
	return (HEAD + len + 7) & ~7u;
}

/* ---- the other end ------------------------------------------------------- */

/*
 * Pairs with the release in publish(): what the other end has written, or has
 * done reading, before its index.
 */
static uint32_t load_theirs(const struct mbox_ring *ring)
{
	return __atomic_load_n(&ring->theirs->index, __ATOMIC_ACQUIRE);
}

/* Pairs with the acquire in load_theirs(). */
static void publish(struct mbox_ring *ring, uint32_t bytes)
{
	ring->index += bytes;
	__atomic_store_n(&ring->mine->index, ring->index, __ATOMIC_RELEASE);
}

static uint32_t used_with(const struct mbox_ring *ring, uint32_t theirs)
{
	return ring->producer ? ring->index - theirs : theirs - ring->index;
}

static uint32_t used(const struct mbox_ring *ring)
{
	return used_with(ring, ring->seen);
}

/* More than the ring holds, or than there was to read, is nonsense. */
static int look(struct mbox_ring *ring)
{
	uint32_t theirs = load_theirs(ring);

	if (used_with(ring, theirs) > ring->size)
		return -EBADMSG;
	ring->seen = theirs;
	return 0;
}

/* A consumer wakes its producer for no less than half a ring. */
static bool worth_a_wake(const struct mbox_ring *ring)
{
	return ring->producer || used(ring) <= ring->size / 2;
}

static void wake_if_wanted(struct mbox_ring *ring)
{
	struct mbox_map map = { .kind = MBOX_MAP_WAKE };

	ring->unlooked = 0;
	/*
	 * The index was stored before, the flag is loaded after: pairs with the
	 * barrier in ask_for_wake() of the kernel, which has the flag before
	 * and the index after it.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(ring->wanted, __ATOMIC_RELAXED) && worth_a_wake(ring))
		mbx_ioctl(ring->fd, MBOX_IOC_MAP, &map, 0);
}

MBX_EXPORT int mbox_ring_flush(struct mbox_ring *ring)
{
	if (ring->unlooked)
		wake_if_wanted(ring);
	return 0;
}

/* ---- waiting ------------------------------------------------------------- */

/* True if the other end has gone on meanwhile. */
static bool spin(struct mbox_ring *ring)
{
	uint32_t here = (uint32_t)sched_getcpu() + 1;
	struct mbx_wait wait;

	__atomic_store_n(&ring->mine->cpu, here, __ATOMIC_RELAXED);
	if (!ring->spin || __atomic_load_n(&ring->theirs->cpu, __ATOMIC_RELAXED) == here)
		return false;
	mbx_wait_init(&wait, ring->spin);
	do {
		for (int i = 0; i < LOOKS; i++)
			if (load_theirs(ring) != ring->seen)
				return true;
	} while (!mbx_wait_over(&wait));
	return false;
}

/* Returns 0 when the other end has gone on from what was seen of it. */
static int wait_for_other(struct mbox_ring *ring, const struct mbx_wait *wait)
{
	struct mbox_map map = {
		.kind = MBOX_MAP_WAIT,
		.seen = ring->seen,
		.deadline = wait->deadline,
	};

	if (wait->nowait)
		return -EAGAIN;
	/* It may be waiting for this end to go on first. */
	mbox_ring_flush(ring);
	if (spin(ring))
		return 0;
	return mbx_ioctl(ring->fd, MBOX_IOC_MAP, &map, 0);
}

/*
 * Whether there will be no more of the other end. Acquire: before the index is loaded,
 * or who goes in between, having written its last, would seem to have gone without.
 */
static int has_ended(const struct mbox_ring *ring)
{
	uint32_t state = __atomic_load_n(&ring->state->state, __ATOMIC_ACQUIRE);
	uint32_t gone = ring->producer ? MBOX_RING_CONSUMER_GONE : MBOX_RING_PRODUCER_GONE;

	if (!(state & (gone | MBOX_RING_REMOVED)))
		return 0;
	return state & MBOX_RING_REMOVED ? -EIDRM : -EPIPE;
}

/* Until no more than @most bytes, and no less than @least, are in the ring. */
static int wait_until(struct mbox_ring *ring, uint32_t least, uint32_t most,
		      int64_t timeout)
{
	struct mbx_wait wait;
	int ret = mbx_wait_init(&wait, timeout);
	int ended;

	while (!ret) {
		ended = has_ended(ring);
		ret = look(ring);
		if (ret || (used(ring) >= least && used(ring) <= most))
			break;
		ret = ended ? ended : wait_for_other(ring, &wait);
	}
	return ret;
}

MBX_EXPORT int mbox_ring_wait(struct mbox_ring *ring, int64_t timeout)
{
	if (ring->producer)
		return wait_until(ring, 0, 0, timeout);
	return wait_until(ring, 1, ring->size, timeout);
}

/* ---- producer ------------------------------------------------------------ */

static void *place(const struct mbox_ring *ring)
{
	return ring->data + (ring->index & (ring->size - 1));
}

static int grant(struct mbox_ring *ring, size_t len, void **data)
{
	ring->reserved = len + 1;
	*data = (char *)place(ring) + HEAD;
	return 0;
}

/* Apart, so that who need not wait saves no registers for it. */
static __attribute__((noinline)) int wait_and_grant(struct mbox_ring *ring, size_t len,
						    void **data, int64_t timeout)
{
	int ret = wait_until(ring, 0, ring->size - record_size(len), timeout);

	return ret ? ret : grant(ring, len, data);
}

/* A pipe fails its writer when the reader goes, not when it is full. */
MBX_EXPORT int mbox_ring_reserve(struct mbox_ring *ring, size_t len, void **data,
				 int64_t timeout)
{
	int ret = has_ended(ring);

	if (!ring->producer)
		return -EBADF;
	if (len > ring->size - HEAD)
		return -EMSGSIZE;
	if (ret)
		return ret;
	ring->reserved = 0;
	if (ring->index - ring->seen + record_size(len) > ring->size)
		return wait_and_grant(ring, len, data, timeout);
	return grant(ring, len, data);
}

MBX_EXPORT int mbox_ring_commit(struct mbox_ring *ring, uint64_t type, size_t len)
{
	struct mbox_record *record = place(ring);

	if (len >= ring->reserved)
		return -EINVAL;
	ring->reserved = 0;
	record->type = type;
	record->len = len;
	record->reserved = 0;
	publish(ring, record_size(len));
	if (++ring->unlooked >= ring->batch)
		wake_if_wanted(ring);
	return 0;
}

/* ---- consumer ------------------------------------------------------------ */

/* Whatever is there, it does not reach beyond what the producer has written. */
static int read_head(struct mbox_ring *ring, uint64_t *type, size_t *len)
{
	const struct mbox_record *record = place(ring);
	uint32_t there = ring->seen - ring->index;
	uint32_t bytes;

	if (there < HEAD)
		return -EBADMSG;
	bytes = __atomic_load_n(&record->len, __ATOMIC_RELAXED);
	if (bytes > there - HEAD || record_size(bytes) > there)
		return -EBADMSG;
	if (type)
		*type = record->type;
	*len = bytes;
	ring->peeked = record_size(bytes);
	return 1;
}

static __attribute__((noinline)) int wait_and_read(struct mbox_ring *ring, uint64_t *type,
						   size_t *len, int64_t timeout)
{
	int ret = wait_until(ring, 1, ring->size, timeout);

	if (ret)
		return ret == -EPIPE ? 0 : ret;
	return read_head(ring, type, len);
}

MBX_EXPORT int mbox_ring_peek(struct mbox_ring *ring, uint64_t *type,
			      const void **data, size_t *len, int64_t timeout)
{
	if (ring->producer)
		return -EBADF;
	ring->peeked = 0;
	*data = (char *)place(ring) + HEAD;
	if (ring->index == ring->seen)
		return wait_and_read(ring, type, len, timeout);
	return read_head(ring, type, len);
}

MBX_EXPORT int mbox_ring_release(struct mbox_ring *ring)
{
	if (!ring->peeked)
		return -EINVAL;
	publish(ring, ring->peeked);
	ring->peeked = 0;
	if (++ring->unlooked >= ring->batch || ring->index == ring->seen)
		wake_if_wanted(ring);
	return 0;
}
