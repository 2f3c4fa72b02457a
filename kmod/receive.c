// SPDX-License-Identifier: GPL-2.0
/* The way of a message out of a mailbox. */
#include <linux/mbox_netlink.h>

#include "clock.h"
#include "delivery.h"
#include "event.h"
#include "expiry.h"
#include "filter.h"
#include "handle.h"
#include "landing.h"
#include "leave.h"
#include "line.h"
#include "mailbox.h"
#include "message.h"
#include "poll.h"
#include "receive.h"
#include "send.h"
#include "topic.h"
#include "trace.h"
#include "waiter.h"

/* Losses to tell: of the mailbox, or of the subscriber. */
static u64 *untold_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle)
{
	return mbx_topic_is(mbox) ? &handle->lost_untold : &mbox->lost_untold;
}

/**
 * mbx_receive_show_locked() - let a receive see a message that it does not take
 * @mbox: mailbox
 * @receive: peek, or receive whose buffer is too small
 * @msg: message; a reference of its own is taken
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: what the receive ends with: 0 or -EMSGSIZE.
 */
int mbx_receive_show_locked(struct mbx_mailbox *mbox,
			    struct mbx_receive *receive,
			    struct mbx_message *msg)
{
	receive->msg = mbx_message_get(msg);
	receive->seq = msg->seq;
	receive->lost = *untold_locked(mbox, receive->handle);
	receive->deliveries = msg->deliveries;
	return mbx_receive_has_room(receive, msg) ? 0 : -EMSGSIZE;
}

/**
 * mbx_receive_deliver_locked() - give a message to a receive
 * @mbox: mailbox
 * @receive: receive that takes it
 * @msg: message that is in no queue; the reference passes over
 * @deferred: gets the wake-up of who waits until it is taken
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_receive_deliver_locked(struct mbx_mailbox *mbox,
				struct mbx_receive *receive,
				struct mbx_message *msg,
				struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	receive->msg = msg;
	receive->seq = msg->seq;
	if (mbx_landing_is_own(receive, msg))
		mbx_landing_give(receive);
	mbox->received++;
	mbx_mailbox_note_locked(mbox, &mbox->last_received,
				receive->handle->sender);
	receive->stepped = mbox->steps;
	if (mbox->steps)
		mbox->steps--;
	if (!receive->plain) {
		u64 *untold = untold_locked(mbox, receive->handle);

		receive->lost = *untold;
		*untold = 0;
	}
	receive->deliveries = msg->deliveries;
	if (msg->call || receive->lease)
		mbx_delivery_begin_locked(mbox, receive);
	mbx_leave_tell_locked(msg, 0, deferred);
	trace_mbx_receive(mbox->id, msg->type, msg->len, msg->seq);
}

/* The first blocked send whose message the handle may have by this filter. */
static struct mbx_waiter *find_offer_locked(struct mbx_mailbox *mbox,
					    const struct mbx_handle *handle,
					    const struct mbox_filter *filter)
{
	struct mbx_waiter *waiter;

	list_for_each_entry(waiter, &mbox->senders, link) {
		if (mbx_message_is_for(waiter->msg, handle) &&
		    mbx_filter_matches(filter, waiter->msg->type))
			return waiter;
	}
	return NULL;
}

/*
 * The message that a receive gets: a queued one, or else one of a blocked send,
 * which goes to @offer. Without that, receivers of one type and senders of the
 * same type could wait for each other when another type fills the mailbox. On a
 * topic the message is not for this receive alone: wait_for_message_locked().
 */
static struct mbx_message *find_locked(struct mbx_mailbox *mbox,
				       const struct mbx_handle *handle,
				       const struct mbox_filter *filter,
				       struct mbx_waiter **offer)
{
	struct mbx_message *msg;

	*offer = NULL;
	if (mbx_mailbox_holds_locked(mbox))
		return NULL;
	msg = mbx_store_find(&mbox->store, handle, filter);
	if (msg || mbx_topic_is(mbox))
		return msg;
	*offer = find_offer_locked(mbox, handle, filter);
	return *offer ? (*offer)->msg : NULL;
}

/**
 * mbx_receive_ready_locked() - is there a message that a filter takes?
 * @mbox: mailbox
 * @handle: who would receive
 * @filter: valid filter
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: true if a receive would not block.
 */
bool mbx_receive_ready_locked(struct mbx_mailbox *mbox,
			      const struct mbx_handle *handle,
			      const struct mbox_filter *filter)
{
	struct mbx_waiter *offer;

	lockdep_assert_held(&mbox->lock);

	return find_locked(mbox, handle, filter, &offer);
}

/* Of two times of which 0 is none. */
static s64 earlier(s64 a, s64 b)
{
	return a ? min(a, b) : b;
}

/**
 * mbx_receive_header() - describe what was received to the current process
 * @receive: receive that has its message
 * @header: where the description goes; every byte is written
 *
 * Context: process context; no lock held.
 */
void mbx_receive_header(const struct mbx_receive *receive,
			struct mbox_header *header)
{
	mbx_message_header(receive->msg, header);
	header->seq = receive->seq;
	header->lost = receive->lost;
	header->cookie = receive->cookie;
	header->deliveries = receive->deliveries;
	if (receive->leased)
		header->flags |= MBOX_MSG_LEASED;
	if (receive->lease_end) {
		s64 end = mbx_clock_to_user(receive->lease_end);

		header->deadline = earlier(header->deadline, end);
	}
	if (receive->landed)
		header->flags |= MBOX_MSG_POOL;
	else if (receive->trunc && receive->msg->len > receive->room)
		header->flags |= MBOX_MSG_TRUNC;
}

/**
 * mbx_receive_next_size_locked() - how long is what a read would take?
 * @mbox: mailbox
 * @handle: handle that is bound to it
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: payload length in bytes, or -1 if there is none, or no right to it.
 */
s64 mbx_receive_next_size_locked(struct mbx_mailbox *mbox,
				 struct mbx_handle *handle)
{
	struct mbox_config config;
	struct mbx_waiter *offer;
	struct mbx_message *msg;

	lockdep_assert_held(&mbox->lock);

	if (!(handle->rights & MBOX_RIGHT_RECV))
		return -1;
	mbx_handle_get_config(handle, &config);
	msg = find_locked(mbox, handle, &config.filter, &offer);
	return msg ? (s64)msg->len : -1;
}

/**
 * mbx_receive_next_size() - as mbx_receive_next_size_locked(), without the lock
 * @handle: bound handle
 *
 * Context: may sleep; no spinlock held. Takes &mbx_mailbox.lock.
 * Return: likewise.
 */
s64 mbx_receive_next_size(struct mbx_handle *handle)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	s64 size;

	mbx_expiry_run(mbox);
	spin_lock(&mbox->lock);
	size = mbx_receive_next_size_locked(mbox, handle);
	spin_unlock(&mbox->lock);
	return size;
}

static void take_locked(struct mbx_mailbox *mbox, struct mbx_receive *receive,
			struct mbx_message *msg, struct mbx_waiter *offer,
			struct mbx_deferred *deferred)
{
	if (offer) {
		mbx_send_accept_locked(mbox, msg);
		mbx_waiter_complete(offer, 0, deferred);
	} else {
		mbx_leave_queue_locked(mbox, msg);
	}
	mbx_receive_deliver_locked(mbox, receive, msg, deferred);
}

/* Messages of blocked sends have no place in the order yet, and are not looked at. */
static int peek_beyond_locked(struct mbx_mailbox *mbox,
			      struct mbx_receive *receive)
{
	struct mbx_message *msg;

	if (mbx_mailbox_holds_locked(mbox))
		return -EAGAIN;
	msg = mbx_store_find_beyond(&mbox->store, receive->handle,
				    &receive->filter, receive->skip);
	return msg ? mbx_receive_show_locked(mbox, receive, msg) : -EAGAIN;
}

/* The caller admits senders, but not while the receive is still in line. */
static int try_receive_locked(struct mbx_mailbox *mbox,
			      struct mbx_receive *receive,
			      struct mbx_deferred *deferred)
{
	struct mbx_waiter *offer;
	struct mbx_message *msg;

	if (mbox->removed)
		return -EIDRM;
	if (receive->skip)
		return peek_beyond_locked(mbox, receive);
	msg = find_locked(mbox, receive->handle, &receive->filter, &offer);
	if (!msg)
		return mbx_mailbox_at_eof_locked(mbox) ? MBX_EOF : -EAGAIN;
	if (!mbx_receive_takes(receive, msg))
		return mbx_receive_show_locked(mbox, receive, msg);
	take_locked(mbox, receive, msg, offer, deferred);
	return 0;
}

/* What one is given is not there for those behind it: once around is enough. */
static void serve_locked(struct mbx_mailbox *mbox, struct list_head *waiters,
			 struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, waiters, link) {
		int ret;

		if (mbx_mailbox_holds_locked(mbox))
			return;
		ret = try_receive_locked(mbox, waiter->receive, deferred);
		if (ret != -EAGAIN)
			mbx_waiter_complete(waiter, ret, deferred);
	}
}

/**
 * mbx_receive_resume_locked() - a frozen mailbox may give out messages again
 * @mbox: mailbox, frozen or not
 * @deferred: gets the wake-ups
 *
 * The caller admits senders afterwards.
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_receive_resume_locked(struct mbx_mailbox *mbox,
			       struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	serve_locked(mbox, &mbox->line.peeks, deferred);
	serve_locked(mbox, &mbox->line.takers, deferred);
	mbx_poll_resume_locked(mbox);
}

/* A message less: mostly that concerns nobody. */
static void room_made_locked(struct mbx_mailbox *mbox,
			     struct mbx_deferred *deferred)
{
	if (mbox->full || !mbox->room || !list_empty(&mbox->senders))
		mbx_send_admit_locked(mbox, deferred);
}

static int receive_now_locked(struct mbx_mailbox *mbox,
			      struct mbx_receive *receive,
			      struct mbx_deferred *deferred)
{
	int ret = try_receive_locked(mbox, receive, deferred);

	if (!ret)
		room_made_locked(mbox, deferred);
	return ret;
}

static int wait_for_message_locked(struct mbx_mailbox *mbox,
				   struct mbx_receive *receive,
				   const struct mbx_wait *wait,
				   struct mbx_deferred *deferred)
{
	struct mbx_waiter waiter mbx_unset;
	struct mbx_place place mbx_unset;

	mbx_waiter_init(&waiter);
	waiter.receive = receive;
	mbx_line_join_locked(mbox, &waiter, &place);
	/* Where all had to wait for this one they need not any more. */
	if (mbx_topic_is(mbox))
		mbx_send_admit_locked(mbox, deferred);
	if (waiter.result != MBX_PENDING)
		return waiter.result;
	return mbx_waiter_sleep(&waiter, &mbox->lock, wait, deferred);
}

static int receive_first_locked(struct mbx_mailbox *mbox,
				struct mbx_receive *receive,
				const struct mbx_wait *wait,
				struct mbx_deferred *deferred)
{
	int ret;

	mbx_expiry_run_locked(mbox, deferred);
	ret = receive_now_locked(mbox, receive, deferred);
	if (ret != -EAGAIN || wait->nowait)
		return ret;
	return wait_for_message_locked(mbox, receive, wait, deferred);
}

static unsigned int receive_more_locked(struct mbx_mailbox *mbox,
					struct mbx_receive *receives,
					unsigned int count,
					struct mbx_deferred *deferred)
{
	unsigned int done = 0;

	mbx_expiry_run_locked(mbox, deferred);
	while (done < count &&
	       !receive_now_locked(mbox, &receives[done], deferred))
		done++;
	return done;
}

/* As mbx_receive(). */
static int receive_locked(struct mbx_mailbox *mbox,
			  struct mbx_receive *receives, unsigned int count,
			  const struct mbx_wait *wait,
			  struct mbx_deferred *deferred)
{
	int ret = receive_first_locked(mbox, receives, wait, deferred);

	if (!ret)
		ret = 1 + receive_more_locked(mbox, receives + 1, count - 1,
					      deferred);
	if (ret == -ETIMEDOUT && !mbox->removed)
		mbx_event_timed_out(mbox, receives->handle, MBOX_RIGHT_RECV);
	return ret;
}

/* Likewise; while it is under way it counts as that many leases. */
static int lease_locked(struct mbx_mailbox *mbox,
			struct mbx_receive *receives, unsigned int count,
			const struct mbx_wait *wait,
			struct mbx_deferred *deferred)
{
	struct mbx_handle *handle = receives->handle;
	int ret = mbx_delivery_reserve_locked(handle, count);

	if (ret)
		return ret;
	ret = receive_locked(mbox, receives, count, wait, deferred);
	mbx_delivery_unreserve_locked(handle, count - max(ret, 0));
	return ret;
}

static int receives_locked(struct mbx_mailbox *mbox,
			   struct mbx_receive *receives, unsigned int count,
			   const struct mbx_wait *wait,
			   struct mbx_deferred *deferred)
{
	if (receives->lease)
		return lease_locked(mbox, receives, count, wait, deferred);
	return receive_locked(mbox, receives, count, wait, deferred);
}

/**
 * mbx_receive() - receive messages
 * @handle: bound handle with the right to receive
 * @receives: what is wanted; @msg of each is NULL; all have a @lease or none
 * @count: how many at most, at least one; one for a peek
 * @wait: how long to wait for the first
 * @reply: short reply that is made before; or NULL
 *
 * The caller drops the reference of each @msg that is set afterwards, also
 * where one was only looked at: with -EMSGSIZE that of the first, else perhaps
 * that of the one after the last. It frees each @lease that is left.
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: how many were received; 0 at the end of file; or, if none: -EAGAIN,
 * -ETIMEDOUT, -ERESTARTSYS, -EMSGSIZE, -EIDRM, -ENOLCK; or an error of
 * mbx_delivery_reply_locked(), after which nothing was received.
 */
int mbx_receive(struct mbx_handle *handle, struct mbx_receive *receives,
		unsigned int count, const struct mbx_wait *wait,
		struct mbx_reply *reply)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred mbx_unset;
	int ret = 0;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	if (reply)
		ret = mbx_delivery_reply_locked(handle, reply, &deferred);
	if (!ret)
		ret = receives_locked(mbox, receives, count, wait, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);

	return ret == MBX_EOF ? 0 : ret;
}

/* What nobody has got was no step. */
static void unstep_locked(struct mbx_mailbox *mbox,
			  const struct mbx_receive *receives,
			  unsigned int count, struct mbx_deferred *deferred)
{
	unsigned int i;

	if (!mbox->frozen)
		return;
	for (i = 0; i < count; i++) {
		if (receives[i].stepped && mbox->steps < U32_MAX)
			mbox->steps++;
	}
	mbx_receive_resume_locked(mbox, deferred);
}

static void put_back_locked(struct mbx_mailbox *mbox,
			    struct mbx_receive *receive,
			    struct mbx_deferred *deferred)
{
	*untold_locked(mbox, receive->handle) += receive->lost;
	if (receive->cookie) {
		mbx_delivery_undo_locked(mbox, receive->handle, receive->cookie,
					 deferred);
		return;
	}
	mbox->received--;
	mbx_send_again_locked(mbox, receive->msg, deferred);
	receive->msg = NULL;
}

/**
 * mbx_receive_put_back() - undo receives whose messages could not be delivered
 * @handle: handle that received them
 * @receives: receives that took a message
 * @count: how many
 *
 * Each message returns to its old place in the order. If the mailbox was
 * removed meanwhile it stays with its receive.
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 */
void mbx_receive_put_back(struct mbx_handle *handle,
			  struct mbx_receive *receives, unsigned int count)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred mbx_unset;
	unsigned int i;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	for (i = 0; i < count && !mbox->removed; i++)
		put_back_locked(mbox, &receives[i], &deferred);
	if (!mbox->removed) {
		unstep_locked(mbox, receives, count, &deferred);
		mbx_send_admit_locked(mbox, &deferred);
	}
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
}
