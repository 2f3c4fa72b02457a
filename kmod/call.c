// SPDX-License-Identifier: GPL-2.0
/* A call: a request, and the reply that its caller waits for. */
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "call.h"
#include "clock.h"
#include "copy.h"
#include "event.h"
#include "expiry.h"
#include "handle.h"
#include "leave.h"
#include "mailbox.h"
#include "memory.h"
#include "message.h"
#include "poll.h"
#include "quota.h"
#include "send.h"
#include "sender.h"
#include "trace.h"
#include "waiter.h"

#define to_call(ptr)	container_of(ptr, struct mbx_call, cookie)

static_assert(offsetof(struct mbx_call, reply) >= MBX_MEMORY_HEAD,
	      "replies lie where they may be copied from");

static size_t call_footprint(u32 room)
{
	return struct_size((struct mbx_call *)NULL, reply, room);
}

/**
 * mbx_call_new() - make a call, with the room for its reply
 * @handle: bound handle of the caller, who is charged
 * @room: longest reply, bytes: at most MBOX_SIZE_MAX
 * @deadline: when the caller gives up; 0 for never
 *
 * Context: may sleep; no lock held.
 * Return: the call with one reference, or an ERR_PTR: -EDQUOT or -ENOSPC
 * (quota), -ENOMEM.
 */
struct mbx_call *mbx_call_new(struct mbx_handle *handle, u32 room, s64 deadline)
{
	size_t footprint = call_footprint(room);
	struct mbx_call *call;
	int err;

	err = mbx_quota_charge_bytes(handle->sender->user, footprint);
	if (err)
		return ERR_PTR(err);

	call = mbx_stock_alloc(&handle->sender->stock, footprint);
	if (!call) {
		mbx_quota_uncharge_bytes(handle->sender->user, footprint);
		return ERR_PTR(-ENOMEM);
	}
	memset(call, 0, sizeof(*call));
	refcount_set(&call->refs, 1);
	call->sender = mbx_sender_get(handle->sender);
	call->handle = handle;
	call->deadline = deadline;
	call->room = room;
	call->state = MBX_CALL_OFFERED;
	call->awaited = true;
	RB_CLEAR_NODE(&call->cookie.node);
	INIT_LIST_HEAD(&call->link);
	mbx_delivery_init(&call->unleased);
	return call;
}

/**
 * mbx_call_get() - take a reference
 * @call: call
 *
 * Context: any.
 * Return: @call.
 */
struct mbx_call *mbx_call_get(struct mbx_call *call)
{
	refcount_inc(&call->refs);
	return call;
}

/**
 * mbx_call_put() - drop a reference, and with the last one the call
 * @call: call
 *
 * Context: may sleep; no spinlock held.
 */
void mbx_call_put(struct mbx_call *call)
{
	struct mbx_sender *sender = call->sender;

	if (!refcount_dec_and_test(&call->refs))
		return;
	mbx_quota_uncharge_bytes(sender->user, call_footprint(call->room));
	if (call->replier)
		mbx_sender_put(call->replier);
	mbx_stock_free(&sender->stock, call, call_footprint(call->room));
	mbx_sender_put(sender);
}

/* ---- the course of a call -------------------------------------------------- */

/**
 * mbx_call_accepted_locked() - the mailbox has accepted the request
 * @mbox: mailbox
 * @call: call whose request has its number
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_accepted_locked(struct mbx_mailbox *mbox, struct mbx_call *call)
{
	const struct mbx_message *request = call->request;

	lockdep_assert_held(&mbox->lock);

	call->state = MBX_CALL_QUEUED;
	call->cookie.value = request->seq;
	list_add_tail(&call->link, &mbox->calls);
	mbox->call_count++;
	trace_mbx_call(mbox->id, request->type, request->len, request->seq);
}

/**
 * mbx_call_taken_locked() - a receiver gets the request
 * @call: queued call
 * @delivery: what the receiver has to settle
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_taken_locked(struct mbx_call *call, struct mbx_delivery *delivery)
{
	call->state = MBX_CALL_TAKEN;
	call->delivery = delivery;
}

/**
 * mbx_call_returned_locked() - the receiver has put the request back
 * @call: taken call, whose request goes back into circulation
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_returned_locked(struct mbx_call *call)
{
	call->state = MBX_CALL_QUEUED;
}

/* It has a result that nobody waits for: have it fetched. */
static void tell_locked(struct mbx_call *call)
{
	if (call->told)
		return;
	call->told = true;
	mbx_poll_notice_locked(call->handle);
}

/**
 * mbx_call_end_locked() - a call has its result
 * @mbox: mailbox
 * @call: call that is queued or taken
 * @result: 0 with a reply, or what the caller gets
 * @deferred: gets the wake-up
 *
 * What becomes of the request is the business of whoever has it.
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_end_locked(struct mbx_mailbox *mbox, struct mbx_call *call,
			 int result, struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	call->state = MBX_CALL_ENDED;
	call->result = result;
	list_del_init(&call->link);
	mbox->call_count--;
	if (call->waiter)
		mbx_waiter_complete(call->waiter, 0, deferred);
	else if (!call->awaited)
		tell_locked(call);
	call->waiter = NULL;
}

/**
 * mbx_call_reply_locked() - the receiver has replied
 * @mbox: mailbox
 * @call: taken call, which has the payload
 * @replier: who replied; a reference of its own is taken
 * @type: type of the reply
 * @len: its length in bytes
 * @deferred: gets the wake-up
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_reply_locked(struct mbx_mailbox *mbox, struct mbx_call *call,
			   struct mbx_sender *replier, u64 type, u32 len,
			   struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	call->replier = mbx_sender_get(replier);
	call->type = type;
	call->len = len;
	call->time = ktime_get_ns();
	mbx_call_end_locked(mbox, call, 0, deferred);
}

/**
 * mbx_call_end_queued_locked() - all requests that wait are about to go
 * @mbox: mailbox
 * @result: what their callers get
 * @deferred: gets the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_end_queued_locked(struct mbx_mailbox *mbox, int result,
				struct mbx_deferred *deferred)
{
	struct mbx_call *call, *next;

	lockdep_assert_held(&mbox->lock);

	list_for_each_entry_safe(call, next, &mbox->calls, link) {
		if (call->state == MBX_CALL_QUEUED)
			mbx_call_end_locked(mbox, call, result, deferred);
	}
}

/**
 * mbx_call_withdraw_all_locked() - nobody will take a request any more
 * @mbox: mailbox, anonymous, without receivers
 * @deferred: gets messages and wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_withdraw_all_locked(struct mbx_mailbox *mbox,
				  struct mbx_deferred *deferred)
{
	struct mbx_call *call, *next;

	lockdep_assert_held(&mbox->lock);

	list_for_each_entry_safe(call, next, &mbox->calls, link) {
		if (call->state != MBX_CALL_QUEUED)
			continue;
		mbx_leave_withdrawn_locked(mbox, call->request, deferred);
		mbx_call_end_locked(mbox, call, -EPIPE, deferred);
	}
}

/**
 * mbx_call_end_all_locked() - the mailbox is being removed
 * @mbox: mailbox
 * @deferred: gets the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_end_all_locked(struct mbx_mailbox *mbox,
			     struct mbx_deferred *deferred)
{
	struct mbx_call *call, *next;

	lockdep_assert_held(&mbox->lock);

	list_for_each_entry_safe(call, next, &mbox->calls, link)
		mbx_call_end_locked(mbox, call, -EIDRM, deferred);
}

/* ---- the caller ---------------------------------------------------------------- */

static void forget_locked(struct mbx_call *call, struct mbx_deferred *deferred)
{
	if (!mbx_cookie_is_in(&call->cookie))
		return;
	mbx_cookie_remove(&call->handle->calls, &call->cookie);
	if (call->told)
		call->handle->notices--;
	call->told = false;
	mbx_deferred_drop_call(deferred, call);
}

/*
 * Whatever comes of it, the handle has no such call any more. The caller lets
 * others use room that has become free.
 */
static void give_up_locked(struct mbx_mailbox *mbox, struct mbx_call *call,
			   struct mbx_deferred *deferred)
{
	if (call->state == MBX_CALL_QUEUED)
		mbx_leave_withdrawn_locked(mbox, call->request, deferred);
	if (call->state == MBX_CALL_TAKEN)
		mbx_delivery_abandon_locked(call->delivery);
	if (call->state != MBX_CALL_ENDED) {
		call->state = MBX_CALL_ENDED;
		list_del_init(&call->link);
		mbox->call_count--;
	}
	forget_locked(call, deferred);
}

/**
 * mbx_call_give_up_all_locked() - a handle goes with its calls
 * @mbox: mailbox
 * @handle: handle that nobody uses any more
 * @deferred: gets messages, calls and wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_call_give_up_all_locked(struct mbx_mailbox *mbox,
				 struct mbx_handle *handle,
				 struct mbx_deferred *deferred)
{
	struct mbx_cookie *first = mbx_cookie_first(&handle->calls);

	lockdep_assert_held(&mbox->lock);

	if (!first)
		return;
	for (; first; first = mbx_cookie_first(&handle->calls))
		give_up_locked(mbox, to_call(first), deferred);
	if (!mbox->removed)
		mbx_send_admit_locked(mbox, deferred);
}

static bool has_passed(ktime_t deadline)
{
	return deadline && !ktime_before(ktime_get(), deadline);
}

static int block_locked(struct mbx_mailbox *mbox, struct mbx_call *call,
			const struct mbx_wait *wait,
			struct mbx_deferred *deferred)
{
	struct mbx_waiter waiter mbx_unset;
	int ret;

	if (wait->nowait)
		return has_passed(wait->deadline) ? -ETIMEDOUT : -EINPROGRESS;
	mbx_waiter_init(&waiter);
	call->waiter = &waiter;
	ret = mbx_waiter_sleep(&waiter, &mbox->lock, wait, deferred);
	call->waiter = NULL;
	return ret;
}

/*
 * The deadline and the reply may come at once: whichever is first with the lock
 * held is what both sides are told.
 */
static int await_locked(struct mbx_mailbox *mbox, struct mbx_call *call,
			const struct mbx_wait *wait,
			struct mbx_deferred *deferred)
{
	int ret = 0;

	if (call->state != MBX_CALL_ENDED)
		ret = block_locked(mbox, call, wait, deferred);
	if (!ret)
		return call->result;
	if (ret != -ETIMEDOUT)
		return ret;
	give_up_locked(mbox, call, deferred);
	mbx_send_admit_locked(mbox, deferred);
	mbx_event_timed_out(mbox, call->handle, MBOX_RIGHT_SEND);
	return ret;
}

/**
 * mbx_call_wait() - wait for the end of a call
 * @call: call that was claimed; the caller of this has a reference
 * @wait: how long to wait
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: the result of the call: 0 if there is a reply, -EOWNERDEAD, -EIDRM,
 * -ENOBUFS, -EPIPE; -ETIMEDOUT, with which it was given up; or, if the call goes
 * on, -ERESTARTSYS, -EINPROGRESS.
 */
int mbx_call_wait(struct mbx_call *call, const struct mbx_wait *wait)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(call->handle);
	struct mbx_deferred deferred mbx_unset;
	int ret;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	ret = await_locked(mbox, call, wait, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
	return ret;
}

static int send_locked(struct mbx_mailbox *mbox, struct mbx_call *call,
		       const struct mbx_wait *wait,
		       struct mbx_deferred *deferred)
{
	int err;

	mbx_expiry_run_locked(mbox, deferred);
	err = mbx_send_one_locked(mbox, call->request, wait, deferred);
	if (err == -ETIMEDOUT && !mbox->removed)
		mbx_event_timed_out(mbox, call->handle, MBOX_RIGHT_SEND);
	return err;
}

/**
 * mbx_call_make() - send the request of a new call, and wait for its end
 * @call: call; the request gets a reference
 * @request: its message; it is used up
 * @wait: how long to wait for room, and for the end
 * @sent: set to whether the request was sent, with which the call is the handle's
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: as mbx_call_wait(); if it was not sent an error of mbx_send().
 */
int mbx_call_make(struct mbx_call *call, struct mbx_message *request,
		  const struct mbx_wait *wait, bool *sent)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(call->handle);
	struct mbx_deferred deferred mbx_unset;
	int ret;

	call->request = request;
	request->call = mbx_call_get(call);
	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	ret = send_locked(mbox, call, wait, &deferred);
	*sent = !ret;
	if (ret)
		mbx_deferred_drop(&deferred, request);
	else
		ret = await_locked(mbox, call, wait, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
	return ret;
}

static struct mbx_call *claim_locked(struct mbx_handle *handle, u64 cookie)
{
	struct mbx_cookie *found = mbx_cookie_find(&handle->calls, cookie);

	if (!found)
		return ERR_PTR(-ESRCH);
	if (to_call(found)->awaited)
		return ERR_PTR(-EBUSY);
	to_call(found)->awaited = true;
	return mbx_call_get(to_call(found));
}

/**
 * mbx_call_claim() - take up a call that goes on
 * @handle: bound handle
 * @cookie: number of the request
 *
 * From here to mbx_call_release() or mbx_call_finish() the call is this thread's:
 * nobody else waits for it, fetches its result or gives it up.
 *
 * Context: process context. Takes &mbx_mailbox.lock.
 * Return: the call with a reference, or an ERR_PTR: -ESRCH, -EBUSY.
 */
struct mbx_call *mbx_call_claim(struct mbx_handle *handle, u64 cookie)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_call *call;

	spin_lock(&mbox->lock);
	call = claim_locked(handle, cookie);
	spin_unlock(&mbox->lock);
	return call;
}

/**
 * mbx_call_enter() - put the call where others find it by its number
 * @call: call that was claimed, and stays so: they find it busy
 *
 * Context: process context. Takes &mbx_mailbox.lock.
 */
void mbx_call_enter(struct mbx_call *call)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(call->handle);

	spin_lock(&mbox->lock);
	if (!mbx_cookie_is_in(&call->cookie))
		mbx_cookie_add(&call->handle->calls,
			       &mbx_call_get(call)->cookie, call->cookie.value);
	spin_unlock(&mbox->lock);
}

/**
 * mbx_call_release() - have somebody take the call up later
 * @call: call that was claimed, and that others can find
 *
 * Context: process context. Takes &mbx_mailbox.lock.
 */
void mbx_call_release(struct mbx_call *call)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(call->handle);

	spin_lock(&mbox->lock);
	call->awaited = false;
	if (call->state == MBX_CALL_ENDED)
		tell_locked(call);
	spin_unlock(&mbox->lock);
}

/**
 * mbx_call_finish() - the program has what it gets of a call
 * @call: call that was claimed; it is given up if it has not ended
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 */
void mbx_call_finish(struct mbx_call *call)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(call->handle);
	struct mbx_deferred deferred mbx_unset;

	/* Both are this thread's to change, or final. */
	if (READ_ONCE(call->state) == MBX_CALL_ENDED &&
	    !mbx_cookie_is_in(&call->cookie))
		return;
	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	give_up_locked(mbox, call, &deferred);
	if (!mbox->removed)
		mbx_send_admit_locked(mbox, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
}

/**
 * mbx_call_header() - describe the reply to the current process
 * @call: call that has one
 * @header: where the description goes; every byte is written
 *
 * Context: process context.
 */
void mbx_call_header(const struct mbx_call *call, struct mbox_header *header)
{
	memset(header, 0, sizeof(*header));
	header->type = call->type;
	header->len = call->len;
	header->seq = call->cookie.value;
	header->time = mbx_clock_to_user(call->time);
	mbx_sender_describe(call->replier, header);
}

/**
 * mbx_call_copy_out() - copy the payload of the reply to user space
 * @call: call that has one
 * @to: where it goes
 *
 * Context: may sleep; no lock held.
 * Return: 0, -EFAULT, or -EMSGSIZE where the room is less than at the call.
 */
int mbx_call_copy_out(const struct mbx_call *call, struct iov_iter *to)
{
	if (iov_iter_count(to) < call->len)
		return -EMSGSIZE;
	return mbx_copy_out(call->reply, call->len, to);
}
