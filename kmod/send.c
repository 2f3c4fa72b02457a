// SPDX-License-Identifier: GPL-2.0
/* The way of a message into a mailbox. */
#include <linux/mbox_netlink.h>

#include "event.h"
#include "filter.h"
#include "handle.h"
#include "limits.h"
#include "mailbox.h"
#include "message.h"
#include "poll.h"
#include "receive.h"
#include "send.h"
#include "trace.h"
#include "waiter.h"

/* The first blocked receive that takes the message, if there is one. */
static struct mbx_waiter *find_taker_locked(struct mbx_mailbox *mbox,
					    const struct mbx_message *msg)
{
	struct mbx_waiter *waiter;

	list_for_each_entry(waiter, &mbox->receivers, link) {
		if (!mbx_filter_matches(&waiter->receive->filter, msg->type))
			continue;
		if (mbx_receive_takes(waiter->receive, msg))
			return waiter;
	}
	return NULL;
}

static void show_locked(struct mbx_mailbox *mbox, struct mbx_waiter *waiter,
			struct mbx_message *msg, struct mbx_deferred *deferred)
{
	int result = mbx_receive_show_locked(mbox, waiter->receive, msg);

	mbx_waiter_complete(waiter, result, deferred);
}

/*
 * Complete the blocked receives that the message concerns but that do not take
 * it: peeks, and before @taker those whose buffer is too small. It never was
 * the turn of those behind @taker.
 */
static void tell_observers_locked(struct mbx_mailbox *mbox,
				  const struct mbx_waiter *taker,
				  struct mbx_message *msg,
				  struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;
	bool taken = false;

	list_for_each_entry_safe(waiter, next, &mbox->receivers, link) {
		const struct mbx_receive *receive = waiter->receive;

		if (waiter == taker)
			taken = true;
		if (!mbx_filter_matches(&receive->filter, msg->type))
			continue;
		if (receive->peek ||
		    (!taken && !mbx_receive_takes(receive, msg)))
			show_locked(mbox, waiter, msg, deferred);
	}
}

/**
 * mbx_send_accept_locked() - give a message its number
 * @mbox: mailbox
 * @msg: message that the mailbox takes over
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_send_accept_locked(struct mbx_mailbox *mbox, struct mbx_message *msg)
{
	lockdep_assert_held(&mbox->lock);

	msg->seq = ++mbox->sent;
	trace_mbx_send(mbox->id, msg->type, msg->len, msg->seq);
}

static void hand_over_locked(struct mbx_mailbox *mbox,
			     struct mbx_waiter *taker, struct mbx_message *msg,
			     struct mbx_deferred *deferred)
{
	mbx_receive_deliver_locked(mbox, taker->receive, msg);
	mbx_waiter_complete(taker, 0, deferred);
}

static void update_room_locked(struct mbx_mailbox *mbox)
{
	bool room = mbx_limits_room_locked(mbox);

	if (room && !mbox->room)
		mbx_poll_wake_senders_locked(mbox);
	mbox->room = room;
}

static void enqueue_locked(struct mbx_mailbox *mbox, struct mbx_message *msg)
{
	mbx_queue_add(&mbox->queue, msg);
	mbox->peak_msgs = max(mbox->peak_msgs, mbox->queue.msgs);
	mbox->peak_bytes = max(mbox->peak_bytes, mbox->queue.bytes);
	update_room_locked(mbox);
}

/* To the receive that takes it, or into the queue; to be seen either way. */
static void circulate_locked(struct mbx_mailbox *mbox, struct mbx_waiter *taker,
			     struct mbx_message *msg,
			     struct mbx_deferred *deferred)
{
	tell_observers_locked(mbox, taker, msg, deferred);
	if (taker) {
		hand_over_locked(mbox, taker, msg, deferred);
		return;
	}
	enqueue_locked(mbox, msg);
	mbx_poll_wake_receivers_locked(mbox, msg->type);
}

/**
 * mbx_send_lose_locked() - account for messages that are discarded
 * @mbox: mailbox
 * @count: how many
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_send_lose_locked(struct mbx_mailbox *mbox, u32 count)
{
	struct mbx_event event = {
		.cmd = MBOX_CMD_LOST_NTF,
		.count = count,
	};

	if (!count)
		return;
	mbox->lost += count;
	mbox->lost_untold += count;
	trace_mbx_drop(mbox->id, count);
	mbx_event_send(mbox, &event);
}

static void drop_oldest_locked(struct mbx_mailbox *mbox, u32 len,
			       struct mbx_deferred *deferred)
{
	u32 count = 0;

	while (!mbx_limits_fits_locked(mbox, len)) {
		struct mbx_message *msg = mbx_queue_oldest(&mbox->queue);

		mbx_queue_remove(&mbox->queue, msg);
		mbx_deferred_drop(deferred, msg);
		count++;
	}
	mbx_send_lose_locked(mbox, count);
}

static void announce_full_locked(struct mbx_mailbox *mbox)
{
	if (mbox->full)
		return;
	mbox->full = true;
	mbx_event_send(mbox, &(struct mbx_event){ MBOX_CMD_FULL_NTF });
}

static void announce_writable_locked(struct mbx_mailbox *mbox)
{
	if (!mbox->full || !list_empty(&mbox->senders) ||
	    !mbx_limits_fits_locked(mbox, mbox->limits.max_size))
		return;
	mbox->full = false;
	mbx_event_send(mbox, &(struct mbx_event){ MBOX_CMD_WRITABLE_NTF });
}

static void discard_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			   struct mbx_deferred *deferred)
{
	mbx_send_accept_locked(mbox, msg);
	mbx_deferred_drop(deferred, msg);
	mbx_send_lose_locked(mbox, 1);
}

/*
 * Send a message whose turn it is, to the blocked receive @taker if there is
 * one, if that can be done without waiting. With 0 the message is the
 * mailbox's, with an error it stays the caller's.
 */
static int send_in_turn_locked(struct mbx_mailbox *mbox,
			       struct mbx_waiter *taker,
			       struct mbx_message *msg,
			       struct mbx_deferred *deferred)
{
	if (!taker && !mbx_limits_fits_locked(mbox, msg->len)) {
		announce_full_locked(mbox);
		if (mbox->limits.policy == MBOX_POLICY_BLOCK)
			return -EAGAIN;
		if (mbox->limits.policy == MBOX_POLICY_DROP_NEWEST) {
			discard_locked(mbox, msg, deferred);
			return 0;
		}
		drop_oldest_locked(mbox, msg->len, deferred);
	}

	mbx_send_accept_locked(mbox, msg);
	circulate_locked(mbox, taker, msg, deferred);
	return 0;
}

/* As send_in_turn_locked(), for a message that comes new to the mailbox. */
static int try_send_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			   struct mbx_deferred *deferred)
{
	struct mbx_waiter *taker;

	if (mbox->removed)
		return -EIDRM;
	if (mbx_mailbox_broken_locked(mbox))
		return -EPIPE;
	if (msg->len > mbox->limits.max_size)
		return -EMSGSIZE;
	taker = find_taker_locked(mbox, msg);
	if (!taker && !list_empty(&mbox->senders))
		return -EAGAIN;
	return send_in_turn_locked(mbox, taker, msg, deferred);
}

/**
 * mbx_send_admit_locked() - let blocked sends go ahead as far as there is room
 * @mbox: mailbox
 * @deferred: gets the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_send_admit_locked(struct mbx_mailbox *mbox,
			   struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;

	lockdep_assert_held(&mbox->lock);

	list_for_each_entry_safe(waiter, next, &mbox->senders, link) {
		struct mbx_waiter *taker = find_taker_locked(mbox, waiter->msg);

		if (send_in_turn_locked(mbox, taker, waiter->msg, deferred))
			break;
		mbx_waiter_complete(waiter, 0, deferred);
	}
	announce_writable_locked(mbox);
	update_room_locked(mbox);
}

/**
 * mbx_send_again_locked() - put an accepted message back into circulation
 * @mbox: mailbox
 * @msg: message that has a number; it goes to a blocked receive, or to its old
 *	 place in the queue, whether there is room or not
 * @deferred: gets the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_send_again_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			   struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	circulate_locked(mbox, find_taker_locked(mbox, msg), msg, deferred);
}

static int wait_for_room_locked(struct mbx_mailbox *mbox,
				struct mbx_message *msg,
				const struct mbx_wait *wait,
				struct mbx_deferred *deferred)
{
	struct mbx_waiter waiter;
	int ret;

	mbx_waiter_init(&waiter);
	waiter.msg = msg;
	tell_observers_locked(mbox, NULL, msg, deferred);
	mbx_poll_wake_receivers_locked(mbox, msg->type);

	ret = mbx_waiter_block(&waiter, &mbox->senders, &mbox->lock, wait,
			       deferred);
	/* Who leaves the line lets the next one have its turn. */
	if (ret && !mbox->removed)
		mbx_send_admit_locked(mbox, deferred);
	return ret;
}

static int send_one_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			   const struct mbx_wait *wait,
			   struct mbx_deferred *deferred)
{
	int ret = try_send_locked(mbox, msg, deferred);

	if (ret != -EAGAIN || wait->nowait)
		return ret;
	return wait_for_room_locked(mbox, msg, wait, deferred);
}

/**
 * mbx_send() - send messages in order
 * @handle: bound handle with the right to send
 * @msgs: messages; those that were sent are the mailbox's, the rest stay the
 *	  caller's
 * @count: how many, at least one
 * @wait: how long to wait for room
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: how many were sent, from the first on, or, if none: -EAGAIN,
 * -ETIMEDOUT, -ERESTARTSYS, -EIDRM, -EPIPE, -EMSGSIZE.
 */
int mbx_send(struct mbx_handle *handle, struct mbx_message **msgs,
	     unsigned int count, const struct mbx_wait *wait)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred;
	unsigned int sent = 0;
	int ret = 0;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	while (sent < count) {
		ret = send_one_locked(mbox, msgs[sent], wait, &deferred);
		if (ret)
			break;
		sent++;
	}
	if (ret == -ETIMEDOUT && !mbox->removed)
		mbx_event_timed_out(mbox, handle, MBOX_RIGHT_SEND);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);

	return sent ? sent : ret;
}
