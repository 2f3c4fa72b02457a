// SPDX-License-Identifier: GPL-2.0-only
/*
 * spin-shm - shared memory, and asking again and again
 *
 * Nothing is faster between two processors, and nothing costs more: who waits
 * takes a whole processor. On the same processor the other one cannot run while
 * we ask; so each notes where it waits, and who finds the other one there, or has
 * asked often enough, lets others run first.
 */
#include <sched.h>
#include <stdatomic.h>

#include "limit.h"
#include "ring.h"

#define TURNS	100

/* One more than the number of the processor on which @side waited last, or 0. */
static _Atomic int *place_of(struct ring *ring, enum role side)
{
	return (_Atomic int *)ring->shared->sides[side].own;
}

/* No more than a hint: no order is needed. */
static bool on_the_same(struct ring *ring, enum role side)
{
	int here = sched_getcpu() + 1;

	atomic_store_explicit(place_of(ring, side), here, memory_order_relaxed);
	return here == atomic_load_explicit(place_of(ring, ring_other(side)),
					    memory_order_relaxed);
}

static bool ask_often(struct ring *ring, enum role side)
{
	for (int i = 0; i < TURNS; i++) {
		ring_relax();
		if (ring_ready(ring, side))
			return true;
	}
	return false;
}

static int spin(struct ring *ring, enum role side, int64_t limit)
{
	while (!ring_ready(ring, side)) {
		if (limit == WAIT_NEVER)
			return -EAGAIN;
		if (!on_the_same(ring, side) && ask_often(ring, side))
			break;
		if (limit > 0 && !limit_left(limit))
			return -ETIMEDOUT;
		sched_yield();
	}
	return 0;
}

static const struct ring_wait spinning = {
	.wait = spin,
	.spins = true,
};

static int open_spin(struct lane *lane)
{
	return ring_open_private(lane, &spinning);
}

const struct mechanism mech_spin_shm = {
	.name = "spin-shm",
	.title = "shm, busy waiting",
	.group = "memory",
	.note = "a wait takes a whole processor; no signal ends it",
	.flags = MECHANISM_BUSY,
	.max_size = any_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_spin,
	.close = ring_close_private,
	.join = ring_join_private,
	.leave = ring_leave_private,
	.send = ring_send,
	.recv = ring_recv,
	.peek = ring_peek,
	.in_place = ring_in_place,
};
