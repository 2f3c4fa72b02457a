// SPDX-License-Identifier: GPL-2.0
/* Callers that wait, and how they are woken. */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/deadline.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "breakage.h"
#include "call.h"
#include "line.h"
#include "mailbox.h"
#include "message.h"
#include "send.h"
#include "trace.h"
#include "waiter.h"

/* At most 2^7 - 1 waits go by between two tries in vain. */
#define ASIDE_MISSES_MAX	7

/**
 * mbx_deferred_drop() - drop a message after the lock section
 * @deferred: list of things to do
 * @msg: message that is in no queue; the reference passes over
 *
 * Context: any.
 */
void mbx_deferred_drop(struct mbx_deferred *deferred, struct mbx_message *msg)
{
	list_add_tail(&msg->same, &deferred->dead);
}

/**
 * mbx_deferred_drop_call() - drop a call after the lock section
 * @deferred: list of things to do
 * @call: call that has ended; the reference passes over
 *
 * Context: any.
 */
void mbx_deferred_drop_call(struct mbx_deferred *deferred,
			    struct mbx_call *call)
{
	list_add_tail(&call->link, &deferred->calls);
}

/**
 * mbx_deferred_forward() - give a message to another mailbox after the section
 * @deferred: list of things to do
 * @to: mailbox for the dead letters of the one that is locked
 * @msg: message that is in no queue; the reference passes over
 *
 * Context: any.
 */
void mbx_deferred_forward(struct mbx_deferred *deferred,
			  struct mbx_mailbox *to, struct mbx_message *msg)
{
	if (!deferred->address)
		deferred->address = mbx_mailbox_get(to);
	list_add_tail(&msg->same, &deferred->letters);
}

/* They may make others go on: to yet another mailbox, without recursion. */
static void forward_messages(struct mbx_deferred *deferred)
{
	struct mbx_mailbox *address;
	LIST_HEAD(letters);

	while ((address = deferred->address)) {
		deferred->address = NULL;
		list_splice_init(&deferred->letters, &letters);
		mbx_send_letters(address, &letters, deferred);
		mbx_mailbox_put(address);
	}
}

static void drop_messages(struct mbx_deferred *deferred)
{
	struct mbx_message *msg, *next;

	list_for_each_entry_safe(msg, next, &deferred->dead, same) {
		mbx_message_put(msg);
		cond_resched();
	}
	INIT_LIST_HEAD(&deferred->dead);
}

static void drop_calls(struct mbx_deferred *deferred)
{
	struct mbx_call *call, *next;

	list_for_each_entry_safe(call, next, &deferred->calls, link) {
		list_del_init(&call->link);
		mbx_call_put(call);
	}
}

static void wake_and_put(struct task_struct *task)
{
	if (!mbx_broken(lost_wakeup))
		wake_up_process(task);
	put_task_struct(task);
}

static void deferred_wake(struct mbx_deferred *deferred,
			  struct task_struct *task)
{
	if (deferred->count == MBX_DEFERRED_MAX) {
		wake_and_put(task);
		return;
	}
	deferred->tasks[deferred->count++] = task;
}

/**
 * mbx_deferred_do() - mbx_deferred_finish() where there is something to do
 * @deferred: list of things to do; empty afterwards, but for @due
 *
 * Context: may sleep; no lock held.
 */
void mbx_deferred_do(struct mbx_deferred *deferred)
{
	forward_messages(deferred);
	while (deferred->count)
		wake_and_put(deferred->tasks[--deferred->count]);
	drop_messages(deferred);
	drop_calls(deferred);
}

static void leave(struct mbx_waiter *waiter)
{
	if (!list_empty(&waiter->link))
		list_del(&waiter->link);
	if (waiter->place)
		mbx_line_leave_locked(waiter->place);
}

/**
 * mbx_waiter_complete() - end a wait
 * @waiter: waiter that is in its mailbox's list; unusable afterwards
 * @result: what its caller gets
 * @deferred: gets the wake-up
 *
 * Context: the mailbox lock is held.
 */
void mbx_waiter_complete(struct mbx_waiter *waiter, int result,
			 struct mbx_deferred *deferred)
{
	struct task_struct *task = get_task_struct(waiter->task);

	trace_mbx_wake(task, result);
	leave(waiter);
	/* Pairs with the acquire in is_done(): the last touch of @waiter. */
	smp_store_release(&waiter->result, result);
	/* Only now: this may wake at once, and must not wake in vain. */
	deferred_wake(deferred, task);
}

/**
 * mbx_waiter_complete_all() - end all waits of a list
 * @waiters: list of waiters
 * @result: what their callers get
 * @deferred: gets the wake-ups
 *
 * Context: the mailbox lock is held.
 */
void mbx_waiter_complete_all(struct list_head *waiters, int result,
			     struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, waiters, link)
		mbx_waiter_complete(waiter, result, deferred);
}

static bool is_done(const struct mbx_waiter *waiter)
{
	/*
	 * Pairs with the release in mbx_waiter_complete(): who sees a result
	 * sees what came with it, and may take its stack frame down.
	 */
	return smp_load_acquire(&waiter->result) != MBX_PENDING;
}

static void spin(const struct mbx_waiter *waiter, const struct mbx_wait *wait)
{
	ktime_t end = ktime_add_ns(ktime_get(), wait->spin);

	if (wait->deadline)
		end = min(end, wait->deadline);
	while (!is_done(waiter) && !need_resched() &&
	       !signal_pending(current) && ktime_before(ktime_get(), end))
		cpu_relax();
}

/**
 * mbx_aside_may() - is it worth a try to step aside now?
 * @aside: how it went before
 *
 * Real-time tasks get the CPU back before anybody else has had it.
 *
 * Context: process context.
 * Return: true if so; mbx_aside_note() is told what came of it.
 */
bool mbx_aside_may(struct mbx_aside *aside)
{
	u8 skip = READ_ONCE(aside->skip);

	if (skip)
		WRITE_ONCE(aside->skip, skip - 1);
	return !skip && !rt_task(current) && !dl_task(current);
}

/**
 * mbx_aside_note() - note what came of a try
 * @aside: how it went before
 * @hit: what was waited for had come
 *
 * Each miss in a row doubles the pause before the next try.
 *
 * Context: process context.
 */
void mbx_aside_note(struct mbx_aside *aside, bool hit)
{
	u8 misses = READ_ONCE(aside->misses);

	if (hit) {
		WRITE_ONCE(aside->misses, 0);
		return;
	}
	WRITE_ONCE(aside->skip, (1 << misses) - 1);
	WRITE_ONCE(aside->misses, min(misses + 1, ASIDE_MISSES_MAX));
}

/*
 * Let others run once, ready to go on: where the peer runs on this CPU, it has
 * done its part then.
 */
static void step_aside(const struct mbx_waiter *waiter, struct mbx_aside *aside)
{
	if (is_done(waiter) || !mbx_aside_may(aside))
		return;
	schedule();
	mbx_aside_note(aside, is_done(waiter));
}

/* Returns false once the deadline has passed. */
static bool sleep_until(ktime_t deadline)
{
	if (!deadline) {
		schedule();
		return true;
	}
	return schedule_hrtimeout_range(&deadline, current->timer_slack_ns,
					HRTIMER_MODE_ABS) != 0;
}

/* Why the sleep ended: 0 if the waiter was completed, or an errno. */
static int sleep_on(const struct mbx_waiter *waiter, const struct mbx_wait *wait)
{
	int ret = 0;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (is_done(waiter))
			break;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		if (!sleep_until(wait->deadline)) {
			ret = -ETIMEDOUT;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

/**
 * mbx_waiter_sleep() - wait until somebody completes the waiter
 * @waiter: waiter of the current task, in a list that @lock protects
 * @lock: mailbox lock
 * @wait: how long to wait
 * @deferred: what is left to do; it is done before the sleep
 *
 * Context: sleeps; @lock, and no other, is held on entry and on return.
 * Return: what the waiter was completed with, which has precedence, or
 * -ERESTARTSYS or -ETIMEDOUT, with which it is in no list any more.
 */
int mbx_waiter_sleep(struct mbx_waiter *waiter, spinlock_t *lock,
		     const struct mbx_wait *wait,
		     struct mbx_deferred *deferred)
	__must_hold(lock)
{
	int ret;

	spin_unlock(lock);
	mbx_deferred_finish(deferred);
	if (wait->spin)
		spin(waiter, wait);
	if (wait->aside)
		step_aside(waiter, wait->aside);
	ret = sleep_on(waiter, wait);
	spin_lock(lock);

	if (waiter->result != MBX_PENDING)
		return waiter->result;
	leave(waiter);
	return ret;
}

/**
 * mbx_waiter_block() - wait in line until somebody completes the waiter
 * @waiter: waiter of the current task
 * @line: list to wait in, protected by @lock
 * @lock: mailbox lock
 * @wait: how long to wait
 * @deferred: what is left to do; it is done before the sleep
 *
 * Context: sleeps; @lock, and no other, is held on entry and on return.
 * Return: as mbx_waiter_sleep().
 */
int mbx_waiter_block(struct mbx_waiter *waiter, struct list_head *line,
		     spinlock_t *lock, const struct mbx_wait *wait,
		     struct mbx_deferred *deferred)
	__must_hold(lock)
{
	list_add_tail(&waiter->link, line);
	return mbx_waiter_sleep(waiter, lock, wait, deferred);
}
