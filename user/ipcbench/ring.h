/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ring of slots in shared memory: what all mechanisms have in common that carry
 * messages in memory and differ in how one waits for them.
 *
 * The protocol
 * ------------
 * Each side counts how many messages it has passed: &ring_side.place of the
 * senders is how many were sent, that of the receivers how many were received.
 * Message n lies in slot n modulo the number of slots. Always
 *
 *	received <= sent <= received + capacity
 *
 * (I1) Slots from "received" up to "sent" are full and belong to the receivers;
 *	the others are empty and belong to the senders. Whoever moves a count
 *	gives the slot away, and touches it no more.
 * (I2) A count is moved only by its own side, one at a time: a side of several
 *	processes has a lock, which is held from looking for a slot until the count
 *	has moved. So messages are received in the order in which they were sent.
 *	A side that is alone takes no lock.
 * (I3) A count is moved last, by a store with release; the other side reads it
 *	with acquire before it touches the slot. Thus the payload, which is plain
 *	memory, is never read while it is written.
 * (I4) Whoever fails (no time left, a signal, killed before the store) has not
 *	moved a count: the slot is as it was, and the next one uses it.
 *
 * The lock is a robust mutex: if its holder was killed, the next one gets it, and
 * by (I4) finds all in order.
 *
 * How to wait is the mechanism's: struct ring_wait. Most have a kind of
 * semaphore, and share ring_sleep() and ring_pass(): the counts tell whether
 * there is something to wait for, and the semaphore only serves to sleep. Who is
 * about to sleep announces it in &ring_side.asleep and looks again; who has moved
 * a count looks whether somebody is announced, takes back one announcement and
 * posts the semaphore:
 *
 *	sleeper				waker
 *	asleep += 1			place = n + 1
 *	full fence			full fence
 *	read the other's place		read asleep
 *
 * One of the two must see what the other one has written, so that nobody sleeps
 * who could go on. (Both fences are needed: each side writes one word and reads
 * another one, which is the one order that even x86 does not keep by itself.)
 *
 * (I5) Announcements plus posts outstanding are never fewer than the sleepers.
 *	They are more if a sleeper was killed or gave up while it was called; then
 *	a later one is woken for nothing, looks, and sleeps again.
 *
 * A sender that found the ring full is not woken by the next receive but when
 * half of it is empty: else the two would change places for every message. A
 * receiver that goes to sleep calls a sender in any case.
 */
#ifndef IPCBENCH_RING_H
#define IPCBENCH_RING_H

#include <pthread.h>
#include <stdatomic.h>

#include "mechanism.h"

/* The processors' lines: what different sides write lies on different ones. */
#define RING_LINE	64

/* Bytes of the shared memory that are the mechanism's, for each side. */
#define RING_OWN	RING_LINE

/**
 * struct ring_side - what is shared about the senders, or the receivers
 * @place: messages that this side has passed; written by this side only
 * @asleep: announcements of this side that no post has answered yet
 * @lock: held while a slot is filled or emptied, if the side has several processes
 * @own: the mechanism's
 */
struct ring_side {
	_Atomic uint64_t place __attribute__((aligned(RING_LINE)));
	_Atomic uint32_t asleep __attribute__((aligned(RING_LINE)));
	pthread_mutex_t lock __attribute__((aligned(RING_LINE)));
	unsigned char own[RING_OWN] __attribute__((aligned(RING_LINE)));
};

/**
 * struct ring_shared - the shared memory; sides are indexed by enum role
 * @ends: how many processes each side has. This and the next five do not change
 *	  once the ring is made
 * @capacity: messages that it holds
 * @mask: number of slots, a power of two, minus one
 * @size: largest payload
 * @lead: bytes before the payload of a slot
 * @stride: bytes from slot to slot
 * @sides: what changes
 * @slots: the slots
 */
struct ring_shared {
	uint32_t ends[2];
	uint64_t capacity;
	uint64_t mask;
	uint64_t size;
	uint64_t lead;
	uint64_t stride;
	struct ring_side sides[2];
	unsigned char slots[];
};

struct ring;

/**
 * struct ring_wait - how one mechanism waits
 * @wait: return 0 when ring_ready(@side); @limit is from wait_end(). Else the
 *	  negative errno with which the send or receive is to end
 * @pass: @side has moved its count: wake who waits for that. May be NULL
 * @undo: after wait(), no slot was used: another one may. May be NULL
 * @down: for ring_sleep() and ring_pass(): wait for a post of the side's
 *	  semaphore, and use it up
 * @up: post it, once
 * @counted: every message is posted to the receivers' semaphore, so that it can be
 *	     polled for. Still the counts decide: a process that is killed can
 *	     leave its value too low or too high
 * @spins: wait for the lock, too, by asking again and again
 */
struct ring_wait {
	int (*wait)(struct ring *ring, enum role side, int64_t limit);
	int (*pass)(struct ring *ring, enum role side);
	void (*undo)(struct ring *ring, enum role side);
	int (*down)(struct ring *ring, enum role side, int64_t limit);
	int (*up)(struct ring *ring, enum role side);
	bool counted;
	bool spins;
};

/**
 * struct ring - one process's view of a ring: a lane's or an end's @own
 * @shared: the memory
 * @how: how to wait
 * @bytes: of the memory
 * @seen: for each side, the other one's count when it last had to look: that
 *	  costs a line of the other processor's
 * @fds: the mechanism's: descriptors, or -1
 */
struct ring {
	struct ring_shared *shared;
	const struct ring_wait *how;
	size_t bytes;
	uint64_t seen[2];
	int fds[2];
};

static inline enum role ring_other(enum role side)
{
	return side == ROLE_SENDER ? ROLE_RECEIVER : ROLE_SENDER;
}

/* The count of our own side: nobody else moves it, or we only ask. */
static inline uint64_t ring_place(struct ring *ring, enum role side)
{
	return atomic_load_explicit(&ring->shared->sides[side].place, memory_order_relaxed);
}

/* For a processor that waits for another one to write. */
static inline void ring_relax(void)
{
#if __has_builtin(__builtin_ia32_pause)
	__builtin_ia32_pause();
#else
	atomic_signal_fence(memory_order_seq_cst);
#endif
}

/* Shared memory that a ring for this lane takes. */
size_t ring_bytes(const struct lane *lane);

/*
 * Make @lane's ring in zeroed memory of ring_bytes(); or use one that another
 * process has made. NULL without memory.
 */
struct ring *ring_make(void *memory, const struct lane *lane, const struct ring_wait *how);
struct ring *ring_use(void *memory, size_t bytes, const struct ring_wait *how);

/*
 * Map ring_bytes() of @fd, or of nothing if it is -1, and make the ring there;
 * -errno. ring_unmap() undoes it, and what ring_map() has done.
 */
int ring_map_new(struct lane *lane, int fd, const struct ring_wait *how);
int ring_map(struct ring **ring, int fd, const struct ring_wait *how);
void ring_unmap(struct ring *ring);

/* Nothing keeps @side from its next slot. Called by that side only. */
bool ring_ready(struct ring *ring, enum role side);

/* For struct ring_wait: with a semaphore. */
int ring_sleep(struct ring *ring, enum role side, int64_t limit);
int ring_pass(struct ring *ring, enum role side);
void ring_undo(struct ring *ring, enum role side);

/* For struct mechanism; an end's @own is its ring. */
int ring_open_private(struct lane *lane, const struct ring_wait *how);
void ring_close_private(struct lane *lane);
int ring_join_private(struct end *end);
void ring_leave_private(struct end *end);
int ring_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait);
ssize_t ring_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait);
ssize_t ring_peek(struct end *end, void *buf, size_t size);
void *ring_in_place(struct end *end);

#endif /* IPCBENCH_RING_H */
