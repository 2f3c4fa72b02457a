// SPDX-License-Identifier: GPL-2.0-only
/*
 * futex-shm - shared memory, and a system call only for who must sleep
 *
 * The counts of the ring say whether there is a message, or room. Only who finds
 * none sleeps, by a futex: the kernel compares a word of the memory once more and
 * then sleeps until somebody wakes it. The word here counts calls to wake up, so
 * that a call which comes too early is not lost.
 */
#include <stdatomic.h>

#include "ring.h"
#include "word.h"

static _Atomic uint32_t *calls_of(struct ring *ring, enum role side)
{
	return (_Atomic uint32_t *)ring->shared->sides[side].own;
}

/* Use up one call. The counts are read anew after it, so no order is needed. */
static bool take_call(_Atomic uint32_t *calls)
{
	uint32_t left = atomic_load_explicit(calls, memory_order_relaxed);

	while (left)
		if (atomic_compare_exchange_weak_explicit(calls, &left, left - 1,
							  memory_order_relaxed,
							  memory_order_relaxed))
			return true;
	return false;
}

static int down(struct ring *ring, enum role side, int64_t limit)
{
	_Atomic uint32_t *calls = calls_of(ring, side);
	int ret = 0;

	while (!take_call(calls)) {
		if (ret)
			return ret;
		ret = word_wait(calls, 0, limit);
	}
	return 0;
}

/* Somebody has announced that it sleeps, or will: see ring_pass(). */
static int up(struct ring *ring, enum role side)
{
	_Atomic uint32_t *calls = calls_of(ring, side);

	atomic_fetch_add_explicit(calls, 1, memory_order_relaxed);
	word_wake(calls);
	return 0;
}

static const struct ring_wait futexes = {
	.wait = ring_sleep,
	.pass = ring_pass,
	.undo = ring_undo,
	.down = down,
	.up = up,
};

static int open_futex(struct lane *lane)
{
	return ring_open_private(lane, &futexes);
}

const struct mechanism mech_futex_shm = {
	.name = "futex-shm",
	.title = "shm + futex",
	.group = "memory",
	.max_size = any_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_futex,
	.close = ring_close_private,
	.join = ring_join_private,
	.leave = ring_leave_private,
	.send = ring_send,
	.recv = ring_recv,
	.peek = ring_peek,
	.in_place = ring_in_place,
};
