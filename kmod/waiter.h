/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_WAITER_H
#define MBX_WAITER_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct mbx_call;
struct mbx_mailbox;
struct mbx_message;
struct mbx_place;
struct mbx_receive;
struct task_struct;

/**
 * struct mbx_aside - whether it pays to step aside before one sleeps
 * @skip: how many waits go by until the next try
 * @misses: tries in a row after which there was still nothing
 *
 * Stepping aside is to let others run while one stays runnable: if what one waits
 * for has come when one is back, a sleep and a wake-up are saved. Read and written
 * without a lock: a wrong guess costs some instructions, nothing else.
 */
struct mbx_aside {
	u8 skip;
	u8 misses;
};

/**
 * struct mbx_wait - how long a caller is ready to wait
 * @nowait: not at all
 * @deadline: CLOCK_MONOTONIC time; 0 for ever
 * @spin: nanoseconds to spin before sleeping
 * @aside: how well it went when the caller stepped aside before it slept, see
 *	   struct mbx_aside; or NULL: it does not
 */
struct mbx_wait {
	bool nowait;
	ktime_t deadline;
	u64 spin;
	struct mbx_aside *aside;
};

/**
 * struct mbx_waiter - a blocked send, receive or call
 * @link: in &mbx_mailbox.senders or .synced, or in &mbx_line.takers or .peeks; of a
 *	  call in no list (protected by the mailbox lock)
 * @task: who sleeps (invariant after init)
 * @result: MBX_PENDING until somebody completes it with 0 or an errno
 * @msg: send: the message that is offered (invariant after init)
 * @receive: receive: what is wanted, and where it goes (invariant after init)
 * @place: receive: its place in &mbx_mailbox.line; or NULL (written once, when it
 *	   joins, with the mailbox lock held)
 *
 * It lives on the stack of the sleeper. Who completes it does so with the
 * mailbox lock held, has the task's reference before, and touches nothing of it
 * after @result is set: from then on the sleeper may return.
 */
struct mbx_waiter {
	struct list_head link;
	struct task_struct *task;
	int result;
	struct mbx_message *msg;
	struct mbx_receive *receive;
	struct mbx_place *place;
};

#define MBX_PENDING	1

/* Wake-ups that wait for the end of a lock section; more are done at once. */
#define MBX_DEFERRED_MAX	8

/**
 * struct mbx_deferred - what is left to do once the mailbox lock is dropped
 * @count: used elements of @tasks
 * @tasks: whom to wake; referenced
 * @dead: messages to drop, linked by &mbx_message.same
 * @calls: calls to drop, linked by &mbx_call.link
 * @letters: messages for @address, linked by &mbx_message.same
 * @address: mailbox that gets @letters; referenced; or NULL
 * @due: until when what has its time is dealt with; 0 if that was not asked
 */
struct mbx_deferred {
	unsigned int count;
	struct task_struct *tasks[MBX_DEFERRED_MAX];
	struct list_head dead;
	struct list_head calls;
	struct list_head letters;
	struct mbx_mailbox *address;
	ktime_t due;
};

void mbx_deferred_drop(struct mbx_deferred *deferred, struct mbx_message *msg);
void mbx_deferred_drop_call(struct mbx_deferred *deferred,
			    struct mbx_call *call);
void mbx_deferred_forward(struct mbx_deferred *deferred,
			  struct mbx_mailbox *to, struct mbx_message *msg);
void mbx_deferred_do(struct mbx_deferred *deferred);

bool mbx_aside_may(struct mbx_aside *aside);
void mbx_aside_note(struct mbx_aside *aside, bool hit);

void mbx_waiter_complete(struct mbx_waiter *waiter, int result,
			 struct mbx_deferred *deferred);
void mbx_waiter_complete_all(struct list_head *waiters, int result,
			     struct mbx_deferred *deferred);
int mbx_waiter_sleep(struct mbx_waiter *waiter, spinlock_t *lock,
		     const struct mbx_wait *wait,
		     struct mbx_deferred *deferred);
int mbx_waiter_block(struct mbx_waiter *waiter, struct list_head *line,
		     spinlock_t *lock, const struct mbx_wait *wait,
		     struct mbx_deferred *deferred);

/**
 * mbx_deferred_init() - start with nothing to do
 * @deferred: list of things to do
 *
 * Context: any.
 */
static inline void mbx_deferred_init(struct mbx_deferred *deferred)
{
	deferred->count = 0;
	INIT_LIST_HEAD(&deferred->dead);
	INIT_LIST_HEAD(&deferred->calls);
	INIT_LIST_HEAD(&deferred->letters);
	deferred->address = NULL;
	deferred->due = 0;
}

/**
 * mbx_deferred_finish() - do what was left to do
 * @deferred: list of things to do; empty afterwards
 *
 * Context: may sleep; no lock held.
 */
static inline void mbx_deferred_finish(struct mbx_deferred *deferred)
{
	/* After most lock sections that is nothing. */
	if (deferred->count || deferred->address ||
	    !list_empty(&deferred->dead) || !list_empty(&deferred->calls))
		mbx_deferred_do(deferred);
	deferred->due = 0;
}

/**
 * mbx_waiter_init() - prepare the current task to wait
 * @waiter: waiter; the caller sets @msg or @receive
 *
 * Context: process context.
 */
static inline void mbx_waiter_init(struct mbx_waiter *waiter)
{
	INIT_LIST_HEAD(&waiter->link);
	waiter->task = current;
	waiter->result = MBX_PENDING;
	waiter->msg = NULL;
	waiter->receive = NULL;
	waiter->place = NULL;
}

#endif /* MBX_WAITER_H */
