// SPDX-License-Identifier: GPL-2.0
/* Deliveries: what a receiver owes, and how it settles that. */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/mbox_netlink.h>

#include "call.h"
#include "copy.h"
#include "delivery.h"
#include "event.h"
#include "handle.h"
#include "leave.h"
#include "mailbox.h"
#include "memory.h"
#include "message.h"
#include "poll.h"
#include "receive.h"
#include "send.h"
#include "sender.h"
#include "trace.h"
#include "waiter.h"

/*
 * A cookie is the count of the handle's deliveries, below part of its id: so a
 * number that another handle was given is known for what it is.
 */
#define COUNT_BITS	40
#define COUNT_MASK	((1ULL << COUNT_BITS) - 1)

#define to_delivery(ptr) container_of(ptr, struct mbx_delivery, cookie)

static u64 cookie_base(const struct mbx_handle *handle)
{
	return handle->sender->id << COUNT_BITS;
}

static bool was_given_locked(const struct mbx_handle *handle, u64 cookie)
{
	u64 count = cookie & COUNT_MASK;

	return cookie - count == cookie_base(handle) && count &&
	       count <= handle->delivered;
}

/* The lease is over, and the message no longer its. */
static void unlease_locked(struct mbx_mailbox *mbox,
			   struct mbx_delivery *delivery)
{
	mbx_expiry_clear_locked(mbox, &delivery->expiry);
	mbox->leased--;
}

/* The reference of the message passes to the caller; NULL if it is gone. */
static struct mbx_message *finish_locked(struct mbx_mailbox *mbox,
					 struct mbx_delivery *delivery)
{
	struct mbx_handle *handle = delivery->handle;
	struct mbx_message *msg = delivery->msg;

	mbx_cookie_remove(&handle->deliveries, &delivery->cookie);
	handle->owed--;
	if (delivery->abandoned)
		handle->notices--;
	if (!delivery->leased)
		return msg;
	if (msg)
		unlease_locked(mbox, delivery);
	handle->leases--;
	kfree(delivery);
	return msg;
}

/**
 * mbx_delivery_abandon_locked() - nobody waits for the outcome any more
 * @delivery: delivery
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_delivery_abandon_locked(struct mbx_delivery *delivery)
{
	lockdep_assert_held(&mbx_handle_mailbox(delivery->handle)->lock);

	delivery->abandoned = true;
	mbx_poll_notice_locked(delivery->handle);
}

/* To its old place, or nowhere if its caller is gone. */
static void recirculate_locked(struct mbx_mailbox *mbox,
			       struct mbx_message *msg,
			       struct mbx_deferred *deferred)
{
	mbox->received--;
	if (msg->call && msg->call->state != MBX_CALL_TAKEN) {
		mbox->withdrawn++;
		mbx_deferred_drop(deferred, msg);
		return;
	}
	if (msg->call)
		mbx_call_returned_locked(msg->call);
	mbx_send_again_locked(mbox, msg, deferred);
}

/* Its caller has given up, or it has had its time: nobody tries it again. */
static bool is_over(const struct mbx_message *msg)
{
	if (msg->call && msg->call->state != MBX_CALL_TAKEN)
		return true;
	return msg->lifetime && mbx_lifetime_is_over(msg->lifetime);
}

/* As above, for one that was tried and was not done with. */
static void come_back_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			     struct mbx_deferred *deferred)
{
	u32 most = mbox->limits.max_deliveries;

	msg->deliveries++;
	if (is_over(msg) || !most || msg->deliveries < most) {
		recirculate_locked(mbox, msg, deferred);
		return;
	}
	mbox->received--;
	mbx_leave_retired_locked(mbox, msg, deferred);
}

/* What is left is a delivery that its holder finds to be over. */
static void run_out_locked(struct mbx_mailbox *mbox,
			   struct mbx_delivery *delivery,
			   struct mbx_deferred *deferred)
{
	struct mbx_message *msg = delivery->msg;

	unlease_locked(mbox, delivery);
	delivery->msg = NULL;
	if (!delivery->abandoned)
		mbx_delivery_abandon_locked(delivery);
	mbx_event_timed_out(mbox, delivery->handle, MBOX_RIGHT_RECV);
	come_back_locked(mbox, msg, deferred);
}

static void lease_ends_locked(struct mbx_mailbox *mbox,
			      struct mbx_expiry *expiry,
			      struct mbx_deferred *deferred)
{
	struct mbx_delivery *delivery = container_of(expiry,
						     struct mbx_delivery,
						     expiry);

	if (delivery->settling)
		delivery->overdue = true;
	else
		run_out_locked(mbox, delivery, deferred);
}

/**
 * mbx_delivery_init() - prepare a delivery that does not exist yet
 * @delivery: delivery
 *
 * Context: any.
 */
void mbx_delivery_init(struct mbx_delivery *delivery)
{
	RB_CLEAR_NODE(&delivery->cookie.node);
	mbx_expiry_init(&delivery->expiry, lease_ends_locked);
	delivery->leased = false;
}

/**
 * mbx_delivery_new_lease() - allocate what a leased message needs
 *
 * Context: may sleep.
 * Return: a delivery that does not exist yet, or NULL.
 */
struct mbx_delivery *mbx_delivery_new_lease(void)
{
	struct mbx_delivery *delivery = kmalloc(sizeof(*delivery), MBX_GFP);

	if (!delivery)
		return NULL;
	mbx_delivery_init(delivery);
	delivery->leased = true;
	return delivery;
}

/**
 * mbx_delivery_free_lease() - free what was not needed
 * @delivery: delivery that never existed, or NULL
 *
 * Context: any.
 */
void mbx_delivery_free_lease(struct mbx_delivery *delivery)
{
	kfree(delivery);
}

/**
 * mbx_delivery_reserve_locked() - may a handle lease so many more?
 * @handle: bound handle
 * @count: how many; they count as leases from then on
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: 0 or -ENOLCK.
 */
int mbx_delivery_reserve_locked(struct mbx_handle *handle, u32 count)
{
	lockdep_assert_held(&mbx_handle_mailbox(handle)->lock);

	if (handle->leases + count > MBOX_LEASES_MAX)
		return -ENOLCK;
	handle->leases += count;
	return 0;
}

/**
 * mbx_delivery_unreserve_locked() - so many have not become leases
 * @handle: bound handle
 * @count: how many
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_delivery_unreserve_locked(struct mbx_handle *handle, u32 count)
{
	lockdep_assert_held(&mbx_handle_mailbox(handle)->lock);

	handle->leases -= count;
}

static void begin_lease_locked(struct mbx_mailbox *mbox,
			       struct mbx_delivery *delivery,
			       struct mbx_receive *receive)
{
	mbox->leased++;
	receive->leased = true;
	receive->lease = NULL;
	if (!receive->lease_ns)
		return;
	receive->lease_end = ktime_add_safe(ktime_get(),
					    ns_to_ktime(receive->lease_ns));
	mbx_expiry_set_locked(mbox, &delivery->expiry, receive->lease_end);
}

/**
 * mbx_delivery_begin_locked() - a handle has received what it has to settle
 * @mbox: mailbox
 * @receive: receive that got a request, or that leases what it gets; its message
 *	     gets a reference
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_delivery_begin_locked(struct mbx_mailbox *mbox,
			       struct mbx_receive *receive)
{
	struct mbx_handle *handle = receive->handle;
	struct mbx_message *msg = receive->msg;
	u64 count = ++handle->delivered & COUNT_MASK;
	struct mbx_delivery *delivery;

	lockdep_assert_held(&mbox->lock);

	delivery = receive->lease ? receive->lease : &msg->call->unleased;
	delivery->handle = handle;
	delivery->msg = mbx_message_get(msg);
	delivery->settling = false;
	delivery->overdue = false;
	delivery->abandoned = false;
	receive->cookie = cookie_base(handle) | count;
	mbx_cookie_add(&handle->deliveries, &delivery->cookie, receive->cookie);
	handle->owed++;
	if (msg->call)
		mbx_call_taken_locked(msg->call, delivery);
	if (receive->lease)
		begin_lease_locked(mbox, delivery, receive);
}

static void return_locked(struct mbx_mailbox *mbox,
			  struct mbx_delivery *delivery,
			  struct mbx_deferred *deferred)
{
	struct mbx_message *msg = finish_locked(mbox, delivery);

	if (msg)
		recirculate_locked(mbox, msg, deferred);
}

/**
 * mbx_delivery_undo_locked() - a message could not be handed to the program
 * @mbox: mailbox, not removed
 * @handle: handle that received it
 * @cookie: cookie that nobody was told; whoever guessed it has settled it
 * @deferred: gets the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_delivery_undo_locked(struct mbx_mailbox *mbox,
			      struct mbx_handle *handle, u64 cookie,
			      struct mbx_deferred *deferred)
{
	struct mbx_cookie *found = mbx_cookie_find(&handle->deliveries, cookie);

	lockdep_assert_held(&mbox->lock);

	if (found && !to_delivery(found)->settling)
		return_locked(mbox, to_delivery(found), deferred);
}

static void send_owner_died(struct mbx_mailbox *mbox,
			    const struct mbx_handle *handle, u32 count)
{
	struct mbx_event event = {
		.cmd = MBOX_CMD_OWNER_DIED_NTF,
		.handle = handle->sender->id,
		.count = count,
	};

	if (count)
		mbx_event_send(mbox, &event);
}

/* Returns whether a caller lost its receiver. */
static bool close_locked(struct mbx_mailbox *mbox,
			 struct mbx_delivery *delivery,
			 struct mbx_deferred *deferred)
{
	bool goes_back = delivery->leased && !mbox->removed;
	struct mbx_message *msg = finish_locked(mbox, delivery);
	bool orphaned;

	if (!msg)
		return false;
	if (goes_back) {
		come_back_locked(mbox, msg, deferred);
		return false;
	}
	orphaned = msg->call && msg->call->state == MBX_CALL_TAKEN;
	if (orphaned)
		mbx_call_end_locked(mbox, msg->call, -EOWNERDEAD, deferred);
	mbx_deferred_drop(deferred, msg);
	return orphaned;
}

/**
 * mbx_delivery_close_all_locked() - a handle goes with what it owes
 * @mbox: mailbox
 * @handle: handle that nobody uses any more
 * @deferred: gets messages and wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_delivery_close_all_locked(struct mbx_mailbox *mbox,
				   struct mbx_handle *handle,
				   struct mbx_deferred *deferred)
{
	struct mbx_cookie *first;
	u32 orphans = 0;

	lockdep_assert_held(&mbox->lock);

	while ((first = mbx_cookie_first(&handle->deliveries)))
		orphans += close_locked(mbox, to_delivery(first), deferred);
	send_owner_died(mbox, handle, orphans);
}

static int find_locked(struct mbx_handle *handle, u64 cookie,
		       struct mbx_delivery **delivery)
{
	struct mbx_cookie *found;

	if (mbx_handle_mailbox(handle)->removed)
		return -EIDRM;
	if (!was_given_locked(handle, cookie))
		return -EPERM;
	found = mbx_cookie_find(&handle->deliveries, cookie);
	if (!found)
		return -EALREADY;
	*delivery = to_delivery(found);
	return (*delivery)->settling ? -EBUSY : 0;
}

/* A lease that is over is taken off the handle: its holder came too late. */
static int find_live_locked(struct mbx_handle *handle, u64 cookie,
			    struct mbx_delivery **delivery,
			    struct mbx_deferred *deferred)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	int err;

	mbx_expiry_run_locked(mbox, deferred);
	err = find_locked(handle, cookie, delivery);
	if (err || (*delivery)->msg)
		return err;
	finish_locked(mbox, *delivery);
	return -ECANCELED;
}

/* As find_live_locked(), of a request with room for such a reply. */
static int find_request_locked(struct mbx_handle *handle,
			       const struct mbx_reply *reply,
			       struct mbx_delivery **delivery,
			       struct mbx_deferred *deferred)
{
	const struct mbx_call *call;
	int err;

	err = find_live_locked(handle, reply->cookie, delivery, deferred);
	if (err)
		return err;
	call = (*delivery)->msg->call;
	if (!call)
		return -EINVAL;
	return reply->len > call->room ? -EMSGSIZE : 0;
}

/* The payload is where it belongs. */
static int reply_locked(struct mbx_mailbox *mbox, struct mbx_delivery *delivery,
			struct mbx_reply *reply, struct mbx_deferred *deferred)
{
	struct mbx_handle *handle = delivery->handle;
	bool abandoned = delivery->abandoned;
	struct mbx_message *msg = finish_locked(mbox, delivery);

	if (!abandoned)
		mbx_call_reply_locked(mbox, msg->call, handle->sender,
				      reply->type, reply->len, deferred);
	trace_mbx_settle(mbox->id, msg->seq, abandoned ? -ECANCELED : 0);
	mbx_deferred_drop(deferred, msg);
	reply->made = true;
	return abandoned ? -ECANCELED : 0;
}

/**
 * mbx_delivery_reply_locked() - answer a request with a short reply
 * @handle: bound handle
 * @reply: the answer, with @text
 * @deferred: gets what is left to do
 *
 * Context: &mbx_mailbox.lock is held, and no other spinlock; it may be dropped and
 * taken again before anything is done.
 * Return: as mbx_delivery_reply(), but for -EFAULT.
 */
int mbx_delivery_reply_locked(struct mbx_handle *handle, struct mbx_reply *reply,
			      struct mbx_deferred *deferred)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_delivery *delivery;
	int err;

	lockdep_assert_held(&mbox->lock);

	err = find_request_locked(handle, reply, &delivery, deferred);
	reply->made = err == -ECANCELED;
	if (err)
		return err;
	memcpy(delivery->msg->call->reply, reply->text, reply->len);
	return reply_locked(mbox, delivery, reply, deferred);
}

static int reply_short(struct mbx_handle *handle, struct mbx_reply *reply)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred mbx_unset;
	int err;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	err = mbx_delivery_reply_locked(handle, reply, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
	return err;
}

/* From here to settle_claimed() nobody else settles, so the call stays. */
static int claim(struct mbx_handle *handle, const struct mbx_reply *reply,
		 struct mbx_delivery **delivery)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred mbx_unset;
	int err;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	err = find_request_locked(handle, reply, delivery, &deferred);
	if (!err)
		(*delivery)->settling = true;
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
	return err;
}

/* Give up the claim; without @err the reply is there. */
static int settle_claimed(struct mbx_mailbox *mbox,
			  struct mbx_delivery *delivery,
			  struct mbx_reply *reply, int err)
{
	struct mbx_deferred deferred mbx_unset;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	delivery->settling = false;
	if (!err && mbox->removed)
		err = -EIDRM;
	if (!err)
		err = reply_locked(mbox, delivery, reply, &deferred);
	else if (delivery->overdue && !mbox->removed)
		run_out_locked(mbox, delivery, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
	return err;
}

static int fetch(struct mbx_call *call, const struct mbx_reply *reply)
{
	struct iov_iter from;

	iov_iter_ubuf(&from, ITER_SOURCE, u64_to_user_ptr(reply->buf),
		      reply->len);
	return mbx_copy_in(call->reply, reply->len, &from);
}

/**
 * mbx_delivery_reply() - answer a request
 * @handle: bound handle
 * @reply: the answer
 *
 * A payload that is not short is copied straight into the room that the call has
 * for it. That is done without a lock, but by one at a time: others find the
 * delivery claimed, and the caller does not look before the call has ended.
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: 0, or -EIDRM, -EPERM, -EALREADY, -EBUSY, -EMSGSIZE, -EFAULT,
 * -ECANCELED, -EINVAL (there is no call to reply to).
 */
int mbx_delivery_reply(struct mbx_handle *handle, struct mbx_reply *reply)
{
	struct mbx_delivery *delivery;
	int err;

	if (reply->text)
		return reply_short(handle, reply);
	err = claim(handle, reply, &delivery);
	if (err)
		return err;
	err = fetch(delivery->msg->call, reply);
	return settle_claimed(mbx_handle_mailbox(handle), delivery, reply, err);
}

static int return_or_drop(struct mbx_handle *handle, u64 cookie,
			  int (*outcome)(struct mbx_mailbox *mbox,
					 struct mbx_delivery *delivery,
					 struct mbx_deferred *deferred))
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_delivery *delivery;
	struct mbx_deferred deferred mbx_unset;
	int err;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	err = find_live_locked(handle, cookie, &delivery, &deferred);
	if (!err)
		err = outcome(mbox, delivery, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
	return err;
}

static int put_back_locked(struct mbx_mailbox *mbox,
			   struct mbx_delivery *delivery,
			   struct mbx_deferred *deferred)
{
	trace_mbx_settle(mbox->id, delivery->msg->seq, -EAGAIN);
	if (delivery->abandoned) {
		return_locked(mbox, delivery, deferred);
		return -ECANCELED;
	}
	come_back_locked(mbox, finish_locked(mbox, delivery), deferred);
	return 0;
}

/**
 * mbx_delivery_return() - put a message back to its old place
 * @handle: bound handle
 * @cookie: names the delivery
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: 0, or -EIDRM, -EPERM, -EALREADY, -EBUSY, -ECANCELED.
 */
int mbx_delivery_return(struct mbx_handle *handle, u64 cookie)
{
	return return_or_drop(handle, cookie, put_back_locked);
}

static int acknowledge_locked(struct mbx_mailbox *mbox,
			      struct mbx_delivery *delivery,
			      struct mbx_deferred *deferred)
{
	if (delivery->msg->call)
		return -EINVAL;
	trace_mbx_settle(mbox->id, delivery->msg->seq, 0);
	mbx_deferred_drop(deferred, finish_locked(mbox, delivery));
	return 0;
}

/**
 * mbx_delivery_acknowledge() - a leased message is done with
 * @handle: bound handle
 * @cookie: names the delivery
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: 0, or -EIDRM, -EPERM, -EALREADY, -EBUSY, -ECANCELED, -EINVAL (it is a
 * request, which wants a reply).
 */
int mbx_delivery_acknowledge(struct mbx_handle *handle, u64 cookie)
{
	return return_or_drop(handle, cookie, acknowledge_locked);
}

/**
 * mbx_delivery_check() - does anybody still wait for the outcome?
 * @handle: bound handle
 * @cookie: names the delivery
 *
 * Context: process context. Takes &mbx_mailbox.lock.
 * Return: 0, or -EIDRM, -EPERM, -EALREADY, -EBUSY, -ECANCELED.
 */
int mbx_delivery_check(struct mbx_handle *handle, u64 cookie)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_delivery *delivery;
	int err;

	mbx_expiry_run(mbox);
	spin_lock(&mbox->lock);
	err = find_locked(handle, cookie, &delivery);
	if (!err && delivery->abandoned)
		err = -ECANCELED;
	spin_unlock(&mbox->lock);
	return err;
}
