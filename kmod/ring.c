// SPDX-License-Identifier: GPL-2.0
/*
 * The ring: who has its ends, and how they wait for each other.
 *
 * Who waits is on the wait queue of its side first, then sets its flag in the
 * shared page, then looks at the index of the other side. Who goes on stores its
 * index first and then looks at that flag: user space does, with a full barrier
 * between the two. So one of the two sees the other. A flag is cleared by a
 * wake-up alone: one that is set in vain costs a wake-up, no more.
 */
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "breakage.h"
#include "mailbox.h"
#include "memory.h"
#include "pages.h"
#include "ring.h"

static enum mbx_ring_side other(enum mbx_ring_side side)
{
	return side == MBX_RING_PRODUCER ? MBX_RING_CONSUMER :
					   MBX_RING_PRODUCER;
}

static u32 came(enum mbx_ring_side side)
{
	return side == MBX_RING_PRODUCER ? MBOX_RING_PRODUCER :
					   MBOX_RING_CONSUMER;
}

static u32 gone(enum mbx_ring_side side)
{
	return side == MBX_RING_PRODUCER ? MBOX_RING_PRODUCER_GONE :
					   MBOX_RING_CONSUMER_GONE;
}

/* ---- the ring and its ends ------------------------------------------------- */

static void describe(struct mbx_ring *ring, u32 size)
{
	struct page **page = ring->pages->page;

	ring->shared = page_address(page[MBOX_RING_AREA_STATE]);
	ring->index[MBX_RING_PRODUCER] =
		page_address(page[MBOX_RING_AREA_PRODUCER]);
	ring->index[MBX_RING_CONSUMER] =
		page_address(page[MBOX_RING_AREA_CONSUMER]);
	ring->shared->magic = MBOX_RING_MAGIC;
	ring->shared->version = MBOX_RING_VERSION;
	ring->shared->size = size;
}

static struct mbx_ring *ring_new(struct mbx_user *user, u32 size)
{
	struct mbx_ring *ring = kzalloc(sizeof(*ring), MBX_GFP);
	int err;

	if (!ring)
		return ERR_PTR(-ENOMEM);
	ring->pages = mbx_pages_new(user, MBOX_RING_AREA_DATA +
					  (size >> PAGE_SHIFT));
	if (IS_ERR(ring->pages)) {
		err = PTR_ERR(ring->pages);
		kfree(ring);
		return ERR_PTR(err);
	}
	kref_init(&ring->refs);
	init_waitqueue_head(&ring->wait[MBX_RING_PRODUCER]);
	init_waitqueue_head(&ring->wait[MBX_RING_CONSUMER]);
	describe(ring, size);
	return ring;
}

static void ring_free(struct kref *refs)
{
	struct mbx_ring *ring = container_of(refs, struct mbx_ring, refs);

	mbx_pages_free(ring->pages);
	kfree(ring);
}

static void set_state_locked(struct mbx_mailbox *mbox, struct mbx_ring *ring,
			     u32 bit)
{
	lockdep_assert_held(&mbox->lock);

	/* Pairs with the acquire in state_of(): an index that was final before. */
	smp_store_release(&ring->state, ring->state | bit);
	WRITE_ONCE(ring->shared->state, ring->state);
}

/* For all who wait, exclusive pollers too: there is nothing more to come. */
static void hang_up(struct mbx_ring *ring, enum mbx_ring_side side)
{
	if (!mbx_broken(ring_death))
		__wake_up(&ring->wait[side], TASK_INTERRUPTIBLE, 0,
			  poll_to_key(EPOLLHUP | EPOLLIN | EPOLLOUT));
}

/* -EAGAIN: there is none yet, and @fresh is NULL. */
static int attach_locked(struct mbx_mailbox *mbox, struct mbx_ring_end *end,
			 struct mbx_ring *fresh)
{
	struct mbx_ring *ring = mbox->ring;

	if (mbox->removed)
		return -EIDRM;
	if (ring && ring->state & came(end->side))
		return -EBUSY;
	if (!ring && !fresh)
		return -EAGAIN;
	if (ring)
		kref_get(&ring->refs);
	else
		ring = fresh;

	mbox->ring = ring;
	end->ring = ring;
	set_state_locked(mbox, ring, came(end->side));
	return 0;
}

static int try_attach(struct mbx_ring_end *end, struct mbx_ring *fresh)
{
	struct mbx_mailbox *mbox = end->mbox;
	int err;

	spin_lock(&mbox->lock);
	err = attach_locked(mbox, end, fresh);
	spin_unlock(&mbox->lock);
	return err;
}

/**
 * mbx_ring_attach() - join the ring of a mailbox, or begin one
 * @end: end, with everything set but @ring
 * @user: whom a new ring is charged to
 * @size: bytes of a new ring, a power of two and whole pages
 *
 * Context: may sleep. Takes &mbx_mailbox.lock.
 * Return: 0, -EBUSY (there is one on this side), -EIDRM, -EDQUOT, -ENOSPC or
 * -ENOMEM.
 */
int mbx_ring_attach(struct mbx_ring_end *end, struct mbx_user *user, u32 size)
{
	struct mbx_ring *fresh;
	int err = try_attach(end, NULL);

	if (err != -EAGAIN)
		return err;
	fresh = ring_new(user, size);
	if (IS_ERR(fresh))
		return PTR_ERR(fresh);
	/* Meanwhile the other side may have begun one, which counts then. */
	err = try_attach(end, fresh);
	if (end->ring != fresh)
		kref_put(&fresh->refs, ring_free);
	return err;
}

/**
 * mbx_ring_detach() - an end goes
 * @end: end that is attached, and that no file refers to any more
 *
 * Context: may sleep. Takes &mbx_mailbox.lock.
 */
void mbx_ring_detach(struct mbx_ring_end *end)
{
	struct mbx_mailbox *mbox = end->mbox;
	struct mbx_ring *ring = end->ring;

	spin_lock(&mbox->lock);
	if (mbox->ring == ring)
		mbox->ring = NULL;
	set_state_locked(mbox, ring, gone(end->side));
	hang_up(ring, other(end->side));
	spin_unlock(&mbox->lock);
	kref_put(&ring->refs, ring_free);
}

/**
 * mbx_ring_removed_locked() - the mailbox of a ring is being removed
 * @mbox: mailbox
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_ring_removed_locked(struct mbx_mailbox *mbox)
{
	struct mbx_ring *ring = mbox->ring;

	lockdep_assert_held(&mbox->lock);

	if (!ring)
		return;
	mbox->ring = NULL;
	set_state_locked(mbox, ring, MBOX_RING_REMOVED);
	hang_up(ring, MBX_RING_PRODUCER);
	hang_up(ring, MBX_RING_CONSUMER);
}

/**
 * mbx_ring_data_pages() - how many pages there are for records
 * @ring: ring
 *
 * Context: any.
 * Return: at least 1.
 */
unsigned long mbx_ring_data_pages(const struct mbx_ring *ring)
{
	return ring->pages->count - MBOX_RING_AREA_DATA;
}

/* ---- waiting --------------------------------------------------------------- */

static u32 *flag_of(const struct mbx_ring *ring, enum mbx_ring_side side)
{
	return side == MBX_RING_PRODUCER ? &ring->shared->producer_waits :
					   &ring->shared->consumer_waits;
}

/* Any number, whatever user space makes of it. */
static u32 index_of(const struct mbx_ring *ring, enum mbx_ring_side side)
{
	return READ_ONCE(ring->index[side]->index);
}

/*
 * To be loaded before the index, or who goes in between, having written its
 * last, would seem to have gone without.
 */
static u32 state_of(const struct mbx_ring *ring)
{
	/* Pairs with the release in set_state_locked(). */
	return smp_load_acquire(&ring->state);
}

/* The caller is on the wait queue of its side, and looks at the index after. */
static void ask_for_wake(const struct mbx_ring_end *end)
{
	WRITE_ONCE(*flag_of(end->ring, end->side), 1);
	/*
	 * Pairs with the barrier of user space between the store of its index
	 * and the load of this flag (wake_if_wanted() in libmbox).
	 */
	smp_mb();
}

/* Whether there is nothing to wait for, and why: 1, or an errno; 0: there is. */
static int reason_to_go_on(const struct mbx_ring_end *end, u32 seen)
{
	enum mbx_ring_side peer = other(end->side);
	u32 state = state_of(end->ring);

	if (index_of(end->ring, peer) != seen)
		return 1;
	if (state & MBOX_RING_REMOVED)
		return -EIDRM;
	return state & gone(peer) ? -EPIPE : 0;
}

/*
 * Looks before it asks, too: who was woken must not ask for one more wake-up,
 * which would cost the other side a call for nothing.
 */
static int ask_unless_settled(const struct mbx_ring_end *end, u32 seen)
{
	int reason = reason_to_go_on(end, seen);

	if (reason)
		return reason;
	ask_for_wake(end);
	return reason_to_go_on(end, seen);
}

/*
 * Let the other side run once, ready to go on: if it runs on this CPU and goes on
 * then, nobody sleeps, and it need not wake anybody either.
 */
static void step_aside(struct mbx_ring_end *end, u32 seen)
{
	if (reason_to_go_on(end, seen) || !mbx_aside_may(&end->aside))
		return;
	schedule();
	mbx_aside_note(&end->aside, reason_to_go_on(end, seen));
}

static int sleep_till(ktime_t *deadline)
{
	if (signal_pending(current))
		return -ERESTARTSYS;
	if (!schedule_hrtimeout_range(deadline, current->timer_slack_ns,
				      HRTIMER_MODE_ABS))
		return -ETIMEDOUT;
	return 0;
}

/**
 * mbx_ring_wait() - sleep until the other side has gone on
 * @end: attached end
 * @seen: index of the other side that is not worth waking for
 * @deadline: CLOCK_MONOTONIC time when to give up; 0 for never
 * @nowait: do not sleep
 *
 * Context: sleeps; no lock held.
 * Return: 0 if the index is not @seen; or -EIDRM, -EPIPE (the other side is
 * gone), -EAGAIN, -ETIMEDOUT, -ERESTARTSYS.
 */
int mbx_ring_wait(struct mbx_ring_end *end, u32 seen, ktime_t deadline,
		  bool nowait)
{
	wait_queue_head_t *queue = &end->ring->wait[end->side];
	DEFINE_WAIT(entry);
	int ret;

	if (!nowait)
		step_aside(end, seen);
	do {
		prepare_to_wait(queue, &entry, TASK_INTERRUPTIBLE);
		ret = ask_unless_settled(end, seen);
		if (!ret && nowait)
			ret = -EAGAIN;
		if (!ret)
			ret = sleep_till(deadline ? &deadline : NULL);
	} while (!ret);
	finish_wait(queue, &entry);
	return min(ret, 0);
}

/**
 * mbx_ring_wake() - wake who waits on the other side
 * @end: attached end
 *
 * The wait queue's lock is taken whether or not there is anybody: who joins it
 * after that sets the flag after this has cleared it.
 *
 * Context: process context.
 */
void mbx_ring_wake(const struct mbx_ring_end *end)
{
	enum mbx_ring_side peer = other(end->side);
	__poll_t events = peer == MBX_RING_CONSUMER ?
			  EPOLLIN | EPOLLRDNORM : EPOLLOUT | EPOLLWRNORM;

	WRITE_ONCE(*flag_of(end->ring, peer), 0);
	wake_up_interruptible_poll(&end->ring->wait[peer], events);
}

/* More than the ring holds is nonsense, which the producer should see. */
static bool has_room(u32 used, u32 size)
{
	return used <= size / 2 || used > size;
}

/**
 * mbx_ring_poll_state() - what can be done with an end without blocking?
 * @end: attached end, on whose wait queue the poller is
 *
 * Context: any.
 * Return: EPOLL* bits.
 */
__poll_t mbx_ring_poll_state(const struct mbx_ring_end *end)
{
	const struct mbx_ring *ring = end->ring;
	__poll_t ready = 0;
	u32 state, used;

	ask_for_wake(end);
	state = state_of(ring);
	used = index_of(ring, MBX_RING_PRODUCER) -
	       index_of(ring, MBX_RING_CONSUMER);
	if (state & (MBOX_RING_REMOVED | gone(other(end->side))))
		ready |= EPOLLHUP;
	if (end->side == MBX_RING_CONSUMER)
		return used ? ready | EPOLLIN | EPOLLRDNORM : ready;
	/* Room that nobody empties makes no send block, as of a mailbox. */
	if (ready || has_room(used, mbx_ring_data_pages(ring) << PAGE_SHIFT))
		ready |= EPOLLOUT | EPOLLWRNORM;
	return ready;
}
