// SPDX-License-Identifier: GPL-2.0-only
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "fd.h"
#include "limit.h"
#include "ring.h"

/* What a ring holds if nobody says how deep it is to be: as much as a pipe. */
#define RING_BYTES	(64 << 10)

/* From this size on it matters that a payload begins with a line. */
#define LARGE_BYTES	4096

#define SLOTS_MIN	2

/**
 * struct slot - what stands before the payload of a message
 * @len: its length
 */
struct slot {
	uint64_t len;
};

static uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) / unit * unit;
}

static uint64_t power_of_two(uint64_t least)
{
	uint64_t power = SLOTS_MIN;

	while (power < least)
		power *= 2;
	return power;
}

/* Small messages lie close together, so that few lines go from cache to cache. */
static void set_geometry(struct ring_shared *shared, const struct lane *lane)
{
	bool small = lane->size < LARGE_BYTES;

	shared->ends[ROLE_SENDER] = lane->senders;
	shared->ends[ROLE_RECEIVER] = lane->receivers;
	shared->size = lane->size;
	shared->lead = small ? sizeof(struct slot) : RING_LINE;
	shared->stride = shared->lead + round_up(lane->size, small ? 8 : RING_LINE);
	shared->capacity = lane->depth ? lane->depth : RING_BYTES / (lane->size ? lane->size : 1);
	if (shared->capacity < SLOTS_MIN)
		shared->capacity = SLOTS_MIN;
	shared->mask = power_of_two(shared->capacity) - 1;
}

size_t ring_bytes(const struct lane *lane)
{
	struct ring_shared geometry;

	set_geometry(&geometry, lane);
	return sizeof(geometry) + (geometry.mask + 1) * geometry.stride;
}

static int init_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attributes;
	int error = pthread_mutexattr_init(&attributes);

	if (error)
		return error;
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	error = pthread_mutex_init(lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return error;
}

struct ring *ring_use(void *memory, size_t bytes, const struct ring_wait *how)
{
	struct ring *ring = malloc(sizeof(*ring));

	if (ring)
		*ring = (struct ring){
			.shared = memory, .how = how, .bytes = bytes, .fds = { -1, -1 },
		};
	return ring;
}

struct ring *ring_make(void *memory, const struct lane *lane, const struct ring_wait *how)
{
	struct ring_shared *shared = memory;

	set_geometry(shared, lane);
	if (init_lock(&shared->sides[ROLE_SENDER].lock) ||
	    init_lock(&shared->sides[ROLE_RECEIVER].lock))
		return NULL;
	return ring_use(memory, ring_bytes(lane), how);
}

int ring_map_new(struct lane *lane, int fd, const struct ring_wait *how)
{
	size_t bytes = ring_bytes(lane);
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

	if (memory == MAP_FAILED)
		return -errno;
	lane->own = ring_make(memory, lane, how);
	if (lane->own)
		return 0;
	munmap(memory, bytes);
	return -ENOMEM;
}

int ring_map(struct ring **ring, int fd, const struct ring_wait *how)
{
	struct stat status;
	void *memory;

	if (fstat(fd, &status))
		return -errno;
	memory = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	*ring = ring_use(memory, status.st_size, how);
	if (*ring)
		return 0;
	munmap(memory, status.st_size);
	return -ENOMEM;
}

void ring_unmap(struct ring *ring)
{
	munmap(ring->shared, ring->bytes);
	free(ring);
}

/*
 * The other side's count only grows: what was seen of it once is still true,
 * though perhaps not all of the truth.
 */
bool ring_ready(struct ring *ring, enum role side)
{
	uint64_t ahead = side == ROLE_SENDER ? ring->shared->capacity : 0;
	uint64_t place = ring_place(ring, side);

	if ((int64_t)(ring->seen[side] + ahead - place) > 0)
		return true;
	/* Pairs with the store in move_on(), by the other side: (I3). */
	ring->seen[side] = atomic_load_explicit(&ring->shared->sides[ring_other(side)].place,
						memory_order_acquire);
	return (int64_t)(ring->seen[side] + ahead - place) > 0;
}

static void move_on(struct ring *ring, enum role side)
{
	/* Pairs with the load in ring_ready(), by the other side: (I3). */
	atomic_store_explicit(&ring->shared->sides[side].place, ring_place(ring, side) + 1,
			      memory_order_release);
}

/* ---- with a semaphore ------------------------------------------------------ */

static void announce(struct ring_side *side)
{
	atomic_fetch_add_explicit(&side->asleep, 1, memory_order_relaxed);
	/* Pairs with the fence in anyone_asleep(): see "The protocol". */
	atomic_thread_fence(memory_order_seq_cst);
}

static bool anyone_asleep(struct ring_side *side)
{
	/* Pairs with the fence in announce(). */
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load_explicit(&side->asleep, memory_order_relaxed);
}

/* Only the number counts, so that no order is needed: false if it is 0. */
static bool take_announcement(struct ring_side *side)
{
	uint32_t asleep = atomic_load_explicit(&side->asleep, memory_order_relaxed);

	while (asleep)
		if (atomic_compare_exchange_weak_explicit(&side->asleep, &asleep, asleep - 1,
							  memory_order_relaxed,
							  memory_order_relaxed))
			return true;
	return false;
}

static int call_one(struct ring *ring, enum role side)
{
	struct ring_side *sleepers = &ring->shared->sides[side];

	if (!anyone_asleep(sleepers) || !take_announcement(sleepers))
		return 0;
	return ring->how->up(ring, side);
}

/*
 * Taking the announcement back may take that of somebody who has been called
 * meanwhile, and leave him ours: (I5) holds in any case.
 */
static int sleep_once(struct ring *ring, enum role side, int64_t limit)
{
	struct ring_side *own = &ring->shared->sides[side];
	int ret = 0;

	announce(own);
	if (!ring_ready(ring, side)) {
		ret = ring->how->down(ring, side, limit);
		if (!ret)
			return 0;
	}
	take_announcement(own);
	return ret;
}

static bool is_counted(const struct ring *ring, enum role side)
{
	return side == ROLE_RECEIVER && ring->how->counted;
}

/* What is announced by a number that others may read must be taken off it. */
static int take_counted(struct ring *ring, enum role side)
{
	int ret = ring->how->down(ring, side, WAIT_NEVER);

	/* Its sender has not come so far, or never will: the slot is full, though. */
	return ret == -EAGAIN ? 0 : ret;
}

static int sleep_counted(struct ring *ring, enum role side, int64_t limit)
{
	while (!ring_ready(ring, side)) {
		int ret = ring->how->down(ring, side, limit);

		if (ret || ring_ready(ring, side))
			return ret;
	}
	return take_counted(ring, side);
}

int ring_sleep(struct ring *ring, enum role side, int64_t limit)
{
	if (!ring_ready(ring, side))
		call_one(ring, ring_other(side));
	if (is_counted(ring, side))
		return sleep_counted(ring, side, limit);
	while (!ring_ready(ring, side)) {
		int ret = limit == WAIT_NEVER ? -EAGAIN : sleep_once(ring, side, limit);

		if (ret && !ring_ready(ring, side))
			return ret;
	}
	return 0;
}

static bool is_half_full(struct ring *ring)
{
	struct ring_side *sides = ring->shared->sides;
	uint64_t sent = atomic_load_explicit(&sides[ROLE_SENDER].place, memory_order_relaxed);

	return sent - ring_place(ring, ROLE_RECEIVER) > ring->shared->capacity / 2;
}

int ring_pass(struct ring *ring, enum role side)
{
	if (is_counted(ring, ring_other(side)))
		return ring->how->up(ring, ROLE_RECEIVER);
	if (side == ROLE_RECEIVER && anyone_asleep(&ring->shared->sides[ROLE_SENDER]) &&
	    is_half_full(ring))
		return 0;
	return call_one(ring, ring_other(side));
}

/* We may have been woken in place of somebody else. */
void ring_undo(struct ring *ring, enum role side)
{
	if (is_counted(ring, side))
		ring->how->up(ring, side);
	else
		call_one(ring, side);
}

/* ---- slots ----------------------------------------------------------------- */

static void undo(struct ring *ring, enum role side)
{
	if (ring->how->undo)
		ring->how->undo(ring, side);
}

/*
 * The holder was killed, before it used the slot that it had waited for, or
 * before it told the other side: whoever is called once too often just looks.
 */
static int take_over(struct ring *ring, enum role side)
{
	undo(ring, side);
	if (ring->how->pass)
		ring->how->pass(ring, side);
	return pthread_mutex_consistent(&ring->shared->sides[side].lock);
}

static int spin_for_lock(pthread_mutex_t *lock)
{
	int error;

	while ((error = pthread_mutex_trylock(lock)) == EBUSY)
		ring_relax();
	return error;
}

static bool is_alone(const struct ring *ring, enum role side)
{
	return ring->shared->ends[side] < 2;
}

static int lock_within(pthread_mutex_t *lock, int64_t limit)
{
	struct timespec end = limit_time(limit);

	return pthread_mutex_clocklock(lock, CLOCK_MONOTONIC, &end);
}

/* It is never held for long, so that WAIT_NEVER may wait for it. */
static int lock_side(struct ring *ring, enum role side, int64_t limit)
{
	pthread_mutex_t *lock = &ring->shared->sides[side].lock;
	int error;

	if (is_alone(ring, side))
		return 0;
	if (ring->how->spins)
		error = spin_for_lock(lock);
	else if (limit > 0)
		error = lock_within(lock, limit);
	else
		error = pthread_mutex_lock(lock);
	return error == EOWNERDEAD ? -take_over(ring, side) : -error;
}

static void unlock_side(struct ring *ring, enum role side)
{
	if (!is_alone(ring, side))
		pthread_mutex_unlock(&ring->shared->sides[side].lock);
}

/* Get the next slot; another process of our side may be faster. */
static int compete(struct ring *ring, enum role side, int64_t limit)
{
	for (;;) {
		int ret = ring->how->wait(ring, side, limit);

		if (ret)
			return ret;
		ret = lock_side(ring, side, limit);
		if (ret) {
			undo(ring, side);
			return ret;
		}
		if (ring_ready(ring, side))
			return 0;
		unlock_side(ring, side);
	}
}

static int enter(struct ring *ring, enum role side, int64_t wait)
{
	/* The usual case, without detours. */
	if (is_alone(ring, side) && !is_counted(ring, side) && ring_ready(ring, side))
		return 0;
	return compete(ring, side, wait_end(wait));
}

static int leave(struct ring *ring, enum role side)
{
	move_on(ring, side);
	unlock_side(ring, side);
	return ring->how->pass ? ring->how->pass(ring, side) : 0;
}

static struct slot *slot_of(struct ring *ring, enum role side)
{
	const struct ring_shared *shared = ring->shared;

	return (struct slot *)(ring->shared->slots +
			       (ring_place(ring, side) & shared->mask) * shared->stride);
}

static unsigned char *payload_of(struct ring *ring, struct slot *slot)
{
	return (unsigned char *)slot + ring->shared->lead;
}

int ring_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	struct ring *ring = end->own;
	struct slot *slot;
	int ret;

	(void)type;
	if (len > ring->shared->size)
		return -EMSGSIZE;
	ret = enter(ring, ROLE_SENDER, wait);
	if (ret)
		return ret;
	slot = slot_of(ring, ROLE_SENDER);
	slot->len = len;
	memcpy(payload_of(ring, slot), data, len);
	return leave(ring, ROLE_SENDER);
}

static ssize_t copy_out(struct ring *ring, void *buf, size_t size)
{
	struct slot *slot = slot_of(ring, ROLE_RECEIVER);
	size_t len = slot->len;

	memcpy(buf, payload_of(ring, slot), len < size ? len : size);
	return len;
}

ssize_t ring_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	struct ring *ring = end->own;
	ssize_t len;
	int ret = enter(ring, ROLE_RECEIVER, wait);

	(void)type;
	if (ret)
		return ret;
	len = copy_out(ring, buf, size);
	ret = leave(ring, ROLE_RECEIVER);
	return ret ? ret : len;
}

ssize_t ring_peek(struct end *end, void *buf, size_t size)
{
	struct ring *ring = end->own;
	ssize_t len;
	int ret = enter(ring, ROLE_RECEIVER, WAIT_NEVER);

	if (ret)
		return ret;
	len = copy_out(ring, buf, size);
	unlock_side(ring, ROLE_RECEIVER);
	undo(ring, ROLE_RECEIVER);
	return len;
}

void *ring_in_place(struct end *end)
{
	return payload_of(end->own, slot_of(end->own, end->role));
}

/* ---- memory without a name ------------------------------------------------- */

int ring_open_private(struct lane *lane, const struct ring_wait *how)
{
	return lane->broadcast ? -EOPNOTSUPP : ring_map_new(lane, -1, how);
}

void ring_close_private(struct lane *lane)
{
	ring_unmap(lane->own);
	lane->own = NULL;
}

int ring_join_private(struct end *end)
{
	end->own = end->lane->own;
	return end->own ? 0 : -EOPNOTSUPP;
}

void ring_leave_private(struct end *end)
{
	end->own = NULL;
}
