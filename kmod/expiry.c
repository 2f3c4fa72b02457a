// SPDX-License-Identifier: GPL-2.0
/* What of a mailbox has its time: leases, and messages with a time to live. */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched.h>

#include "expiry.h"
#include "mailbox.h"
#include "waiter.h"

#define to_expiry(ptr)	container_of(ptr, struct mbx_expiry, node)

static void arm_locked(struct mbx_clockwork *clockwork, ktime_t now)
{
	const struct timerqueue_node *first;
	u64 delay;
	s64 ns;

	first = timerqueue_getnext(&clockwork->queue);
	if (!first)
		return;
	ns = max_t(s64, ktime_sub(first->expires, now), 0);
	/* If it is due later than the longest delay, the work sets it again. */
	delay = min_t(u64, nsecs_to_jiffies64(ns), MAX_JIFFY_OFFSET - 1);
	/* A jiffy more, so that it is not found to be too early. */
	mod_delayed_work(system_wq, &clockwork->work, delay + 1);
}

static void work(struct work_struct *work)
{
	struct mbx_mailbox *mbox = container_of(to_delayed_work(work),
						struct mbx_mailbox,
						clockwork.work);
	struct mbx_deferred deferred mbx_unset;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	mbx_expiry_run_locked(mbox, &deferred);
	if (!mbox->removed)
		arm_locked(&mbox->clockwork, ktime_get());
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
}

/**
 * mbx_clockwork_init() - prepare a mailbox that has nothing with a time
 * @clockwork: clockwork, part of a mailbox
 *
 * Context: any.
 */
void mbx_clockwork_init(struct mbx_clockwork *clockwork)
{
	timerqueue_init_head(&clockwork->queue);
	INIT_DELAYED_WORK(&clockwork->work, work);
}

/**
 * mbx_clockwork_stop() - nothing runs any more from here on
 * @clockwork: clockwork of a mailbox that was removed
 *
 * Context: sleeps until a run that goes on has ended; no spinlock held.
 */
void mbx_clockwork_stop(struct mbx_clockwork *clockwork)
{
	cancel_delayed_work_sync(&clockwork->work);
}

/**
 * mbx_expiry_init() - prepare something that has no time yet
 * @expiry: part of what has its time
 * @expire: what happens then; it finds @expiry cleared, and the lock held
 *
 * Context: any.
 */
void mbx_expiry_init(struct mbx_expiry *expiry, mbx_expire_t expire)
{
	timerqueue_init(&expiry->node);
	expiry->expire = expire;
}

/**
 * mbx_expiry_is_set() - does its time still come?
 * @expiry: expiry
 *
 * Context: the mailbox lock is held.
 * Return: true from mbx_expiry_set_locked() until it is due or cleared.
 */
bool mbx_expiry_is_set(const struct mbx_expiry *expiry)
{
	return !RB_EMPTY_NODE(&expiry->node.node);
}

/**
 * mbx_expiry_set_locked() - give something its time
 * @mbox: mailbox, not removed
 * @expiry: expiry that is not set
 * @when: CLOCK_MONOTONIC time
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_expiry_set_locked(struct mbx_mailbox *mbox, struct mbx_expiry *expiry,
			   ktime_t when)
{
	lockdep_assert_held(&mbox->lock);

	expiry->node.expires = when;
	if (timerqueue_add(&mbox->clockwork.queue, &expiry->node))
		arm_locked(&mbox->clockwork, ktime_get());
}

/**
 * mbx_expiry_clear_locked() - its time need not come any more
 * @mbox: mailbox
 * @expiry: expiry, set or not
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_expiry_clear_locked(struct mbx_mailbox *mbox,
			     struct mbx_expiry *expiry)
{
	lockdep_assert_held(&mbox->lock);

	if (mbx_expiry_is_set(expiry))
		timerqueue_del(&mbox->clockwork.queue, &expiry->node);
}

/**
 * mbx_expiry_clear_all_locked() - as mbx_expiry_clear_locked() for all of a kind
 * @mbox: mailbox
 * @expire: what they would have done
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_expiry_clear_all_locked(struct mbx_mailbox *mbox, mbx_expire_t expire)
{
	struct timerqueue_head *queue = &mbox->clockwork.queue;
	struct timerqueue_node *node = timerqueue_getnext(queue), *next;

	lockdep_assert_held(&mbox->lock);

	for (; node; node = next) {
		next = timerqueue_iterate_next(node);
		if (to_expiry(node)->expire == expire)
			timerqueue_del(queue, node);
	}
}

/**
 * mbx_expiry_run_locked() - let happen what is due
 * @mbox: mailbox
 * @deferred: gets what is left to do
 *
 * The work does so too, but up to two jiffies late: who must not see what has
 * had its time calls this first. A removed mailbox is left as it is. What becomes
 * due while this goes on is left for the next time, so that it comes to an end.
 *
 * Context: &mbx_mailbox.lock is held, and no other spinlock. Where much is due it
 * is dropped and taken again: what was seen before need not hold afterwards.
 */
void mbx_expiry_run_locked(struct mbx_mailbox *mbox,
			   struct mbx_deferred *deferred)
{
	struct timerqueue_node *first;

	lockdep_assert_held(&mbox->lock);

	/* Mostly there is nothing, and the clock is not read for that. */
	if (!timerqueue_getnext(&mbox->clockwork.queue))
		return;
	if (!deferred->due)
		deferred->due = ktime_get();
	while (!mbox->removed &&
	       (first = timerqueue_getnext(&mbox->clockwork.queue))) {
		if (ktime_before(deferred->due, first->expires))
			return;
		timerqueue_del(&mbox->clockwork.queue, first);
		to_expiry(first)->expire(mbox, to_expiry(first), deferred);
		cond_resched_lock(&mbox->lock);
	}
}

/**
 * mbx_expiry_run() - as mbx_expiry_run_locked(), of a mailbox that is not locked
 * @mbox: mailbox
 *
 * Context: may sleep; no spinlock held. Takes &mbx_mailbox.lock.
 */
void mbx_expiry_run(struct mbx_mailbox *mbox)
{
	struct mbx_deferred deferred mbx_unset;

	/* Without the lock: what is set meanwhile could as well be set later. */
	if (RB_EMPTY_ROOT(&mbox->clockwork.queue.rb_root.rb_root))
		return;
	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	mbx_expiry_run_locked(mbox, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
}
