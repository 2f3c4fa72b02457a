// SPDX-License-Identifier: GPL-2.0
/* The way of a message into a mailbox. */
#include <linux/mbox_netlink.h>

#include "call.h"
#include "event.h"
#include "expiry.h"
#include "filter.h"
#include "handle.h"
#include "leave.h"
#include "limits.h"
#include "line.h"
#include "mailbox.h"
#include "message.h"
#include "poll.h"
#include "receive.h"
#include "send.h"
#include "sender.h"
#include "topic.h"
#include "trace.h"
#include "waiter.h"

/*
 * The handle that the message is addressed to, or NULL if it is not: in what
 * follows that is @to.
 */
static struct mbx_handle *addressee_locked(struct mbx_mailbox *mbox,
					   const struct mbx_message *msg)
{
	return msg->to ? mbx_store_member(&mbox->store, msg->to) : NULL;
}

/* The first blocked receive that takes the message, if there is one. */
static struct mbx_waiter *find_taker_locked(struct mbx_mailbox *mbox,
					    const struct mbx_handle *to,
					    const struct mbx_message *msg)
{
	if (list_empty(&mbox->line.takers) || mbx_mailbox_holds_locked(mbox))
		return NULL;
	if (to)
		return mbx_line_taker_of_locked(to, msg);
	return mbx_line_taker_locked(mbox, msg);
}

static void show_locked(struct mbx_mailbox *mbox, struct mbx_waiter *waiter,
			struct mbx_message *msg, struct mbx_deferred *deferred)
{
	int result = mbx_receive_show_locked(mbox, waiter->receive, msg);

	mbx_waiter_complete(waiter, result, deferred);
}

static void tell_handle_locked(struct mbx_mailbox *mbox, struct mbx_handle *to,
			       const struct mbx_waiter *taker,
			       struct mbx_message *msg,
			       struct mbx_deferred *deferred)
{
	struct mbx_place *place, *next;
	bool taken = false;

	list_for_each_entry_safe(place, next, &to->waiting, mate) {
		struct mbx_waiter *waiter = place->waiter;
		const struct mbx_receive *receive = waiter->receive;

		if (waiter == taker)
			taken = true;
		if (!mbx_receive_wants(receive, msg))
			continue;
		if (receive->peek ||
		    (!taken && !mbx_receive_takes(receive, msg)))
			show_locked(mbox, waiter, msg, deferred);
	}
}

static void tell_peeks_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			      struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, &mbox->line.peeks, link) {
		if (mbx_receive_wants(waiter->receive, msg))
			show_locked(mbox, waiter, msg, deferred);
	}
}

/*
 * Complete the blocked receives that the message concerns but that do not take
 * it: peeks, and before @taker those whose buffer is too small. It never was
 * the turn of those behind @taker.
 */
static void tell_observers_locked(struct mbx_mailbox *mbox,
				  struct mbx_handle *to,
				  const struct mbx_waiter *taker,
				  struct mbx_message *msg,
				  struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter;

	if (mbx_line_is_empty(&mbox->line) ||
	    (!taker && mbx_mailbox_holds_locked(mbox)))
		return;
	if (to) {
		tell_handle_locked(mbox, to, taker, msg, deferred);
		return;
	}
	tell_peeks_locked(mbox, msg, deferred);
	while ((waiter = mbx_line_wanting_locked(mbox, msg)) && waiter != taker)
		show_locked(mbox, waiter, msg, deferred);
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

	msg->seq = ++mbox->seq;
	mbox->sent++;
	mbx_mailbox_note_locked(mbox, &mbox->last_sent, msg->sender);
	trace_mbx_send(mbox->id, msg->type, msg->len, msg->seq);
	if (msg->call)
		mbx_call_accepted_locked(mbox, msg->call);
	if (msg->lifetime)
		mbx_lifetime_start(msg->lifetime);
}

static void hand_over_locked(struct mbx_mailbox *mbox,
			     struct mbx_waiter *taker, struct mbx_message *msg,
			     struct mbx_deferred *deferred)
{
	mbx_receive_deliver_locked(mbox, taker->receive, msg, deferred);
	mbx_waiter_complete(taker, 0, deferred);
}

static void update_room_locked(struct mbx_mailbox *mbox)
{
	bool room = mbx_limits_room_locked(mbox);

	if (room && !mbox->room)
		mbx_poll_wake_senders_locked(mbox);
	mbox->room = room;
}

static void enqueue_locked(struct mbx_mailbox *mbox, struct mbx_handle *to,
			   struct mbx_message *msg)
{
	mbx_store_add(&mbox->store, to, msg);
	if (msg->lifetime)
		mbx_expiry_set_locked(mbox, &msg->lifetime->expiry,
				      msg->lifetime->end);
	mbox->peak_msgs = max(mbox->peak_msgs, mbox->store.msgs);
	mbox->peak_bytes = max(mbox->peak_bytes, mbox->store.bytes);
}

/* To the receive that takes it, or into the queue; to be seen either way. */
static void circulate_locked(struct mbx_mailbox *mbox, struct mbx_handle *to,
			     struct mbx_waiter *taker, struct mbx_message *msg,
			     struct mbx_deferred *deferred)
{
	tell_observers_locked(mbox, to, taker, msg, deferred);
	if (taker) {
		hand_over_locked(mbox, taker, msg, deferred);
		return;
	}
	enqueue_locked(mbox, to, msg);
	mbx_poll_wake_receivers_locked(mbox, to, msg);
}

static void drop_oldest_locked(struct mbx_mailbox *mbox, u32 len,
			       struct mbx_deferred *deferred)
{
	u32 count = 0;

	while (!mbx_limits_fits_locked(mbox, len)) {
		struct mbx_message *msg = mbx_store_oldest(&mbox->store);

		mbx_leave_queue_locked(mbox, msg);
		mbx_leave_dropped_locked(mbox, msg, deferred);
		count++;
	}
	mbx_leave_lost_locked(mbox, count, 0);
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
	mbx_leave_dropped_locked(mbox, msg, deferred);
	mbx_leave_lost_locked(mbox, 1, 0);
}

static int publish_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			  struct mbx_deferred *deferred)
{
	int err = mbx_topic_send_locked(mbox, msg, deferred);

	if (err)
		announce_full_locked(mbox);
	else
		update_room_locked(mbox);
	return err;
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
	if (mbx_topic_is(mbox))
		return publish_locked(mbox, msg, deferred);
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
	circulate_locked(mbox, addressee_locked(mbox, msg), taker, msg, deferred);
	update_room_locked(mbox);
	return 0;
}

/* On a topic each copy has a taker of its own. */
static struct mbx_waiter *taker_for_locked(struct mbx_mailbox *mbox,
					   const struct mbx_message *msg)
{
	if (mbx_topic_is(mbox))
		return NULL;
	return find_taker_locked(mbox, addressee_locked(mbox, msg), msg);
}

/* Why the message can never be sent, however long one waits. */
static int refusal_locked(struct mbx_mailbox *mbox,
			  const struct mbx_message *msg)
{
	if (mbox->removed)
		return -EIDRM;
	if (mbx_mailbox_broken_locked(mbox))
		return -EPIPE;
	if (msg->len > mbox->limits.max_size)
		return -EMSGSIZE;
	if (msg->to && !mbx_store_member(&mbox->store, msg->to))
		return -EHOSTUNREACH;
	return 0;
}

/* As send_in_turn_locked(), for a message that comes new to the mailbox. */
static int try_send_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			   struct mbx_deferred *deferred)
{
	int err = refusal_locked(mbox, msg);
	struct mbx_waiter *taker;

	if (err)
		return err;
	taker = taker_for_locked(mbox, msg);
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
		if (send_in_turn_locked(mbox, taker_for_locked(mbox, waiter->msg),
					waiter->msg, deferred))
			break;
		mbx_waiter_complete(waiter, 0, deferred);
	}
	announce_writable_locked(mbox);
	update_room_locked(mbox);
}

/**
 * mbx_send_copy_locked() - put a subscriber's copy into circulation
 * @mbox: topic, which looks what room is left when all have theirs
 * @to: subscriber
 * @copy: copy that has its number, likewise for mbx_send_again_locked()
 * @deferred: gets the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_send_copy_locked(struct mbx_mailbox *mbox, struct mbx_handle *to,
			  struct mbx_message *copy,
			  struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	if (copy->lifetime && mbx_lifetime_is_over(copy->lifetime)) {
		mbx_leave_outlived_locked(mbox, copy, deferred);
		return;
	}
	circulate_locked(mbox, to, find_taker_locked(mbox, to, copy), copy,
			 deferred);
}

/**
 * mbx_send_again_locked() - put an accepted message back into circulation
 * @mbox: mailbox
 * @msg: message that has a number; it goes to a blocked receive, or to its old
 *	 place in the queue, whether there is room or not, unless it has had its
 *	 time
 * @deferred: gets the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_send_again_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			   struct mbx_deferred *deferred)
{
	mbx_send_copy_locked(mbox, addressee_locked(mbox, msg), msg, deferred);
	update_room_locked(mbox);
}

static int wait_for_room_locked(struct mbx_mailbox *mbox,
				struct mbx_message *msg,
				const struct mbx_wait *wait,
				struct mbx_deferred *deferred)
{
	struct mbx_waiter waiter mbx_unset;
	int ret;

	mbx_waiter_init(&waiter);
	waiter.msg = msg;
	if (!mbx_topic_is(mbox)) {
		struct mbx_handle *to = addressee_locked(mbox, msg);

		tell_observers_locked(mbox, to, NULL, msg, deferred);
		mbx_poll_wake_receivers_locked(mbox, to, msg);
	}

	ret = mbx_waiter_block(&waiter, &mbox->senders, &mbox->lock, wait,
			       deferred);
	/* Who leaves the line lets the next one have its turn. */
	if (ret && !mbox->removed)
		mbx_send_admit_locked(mbox, deferred);
	return ret;
}

/**
 * mbx_send_one_locked() - send a message
 * @mbox: mailbox, no topic
 * @msg: message; with an error it stays the caller's
 * @wait: how long to wait for room
 * @deferred: gets what is left to do
 *
 * Context: may sleep; &mbx_mailbox.lock, and no other, is held, but not while it
 * sleeps.
 * Return: 0 or an error of mbx_send().
 */
int mbx_send_one_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			const struct mbx_wait *wait,
			struct mbx_deferred *deferred)
{
	int ret = try_send_locked(mbox, msg, deferred);

	if (ret != -EAGAIN || wait->nowait)
		return ret;
	return wait_for_room_locked(mbox, msg, wait, deferred);
}

/* As mbx_send(), of messages that need no more memory. */
static int send_all(struct mbx_handle *handle, struct mbx_message **msgs,
		    unsigned int count, const struct mbx_wait *wait)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred mbx_unset;
	unsigned int sent = 0;
	int ret = 0;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	mbx_expiry_run_locked(mbox, &deferred);
	while (sent < count) {
		ret = mbx_send_one_locked(mbox, msgs[sent], wait, &deferred);
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

/* Memory for the copies is had for one message at a time: it may be much. */
static int publish_one(struct mbx_handle *handle, struct mbx_message *msg,
		       const struct mbx_wait *wait)
{
	int ret = mbx_topic_prepare(mbx_handle_mailbox(handle), msg);

	if (!ret)
		ret = send_all(handle, &msg, 1, wait);
	if (ret < 0)
		mbx_message_free_blanks(msg);
	return min(ret, 0);
}

static int publish_all(struct mbx_handle *handle, struct mbx_message **msgs,
		       unsigned int count, const struct mbx_wait *wait)
{
	unsigned int sent = 0;
	int err = 0;

	while (sent < count) {
		err = publish_one(handle, msgs[sent], wait);
		if (err)
			break;
		sent++;
	}
	return sent ? sent : err;
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
 * -ETIMEDOUT, -ERESTARTSYS, -EIDRM, -EPIPE, -EMSGSIZE, -EHOSTUNREACH, -ENOMEM.
 */
int mbx_send(struct mbx_handle *handle, struct mbx_message **msgs,
	     unsigned int count, const struct mbx_wait *wait)
{
	if (mbx_topic_is(mbx_handle_mailbox(handle)))
		return publish_all(handle, msgs, count, wait);
	return send_all(handle, msgs, count, wait);
}

/*
 * With an error the message is no longer, or never was, the mailbox's.
 *
 * The waiter is in line before the message can be accepted: that may be done by
 * others, while this still sleeps for want of room, and what becomes of the message
 * then is not to be missed.
 */
static int sync_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
		       const struct mbx_wait *wait,
		       struct mbx_deferred *deferred)
{
	struct mbx_waiter waiter mbx_unset;
	int ret;

	mbx_waiter_init(&waiter);
	waiter.msg = msg;
	msg->sync = &waiter;
	list_add_tail(&waiter.link, &mbox->synced);
	ret = mbx_send_one_locked(mbox, msg, wait, deferred);
	if (ret) {
		list_del(&waiter.link);
		mbx_deferred_drop(deferred, msg);
		return ret;
	}
	if (waiter.result != MBX_PENDING)
		return waiter.result;

	ret = mbx_waiter_sleep(&waiter, &mbox->lock, wait, deferred);
	if (ret != -ERESTARTSYS && ret != -ETIMEDOUT)
		return ret;
	mbx_leave_withdrawn_locked(mbox, msg, deferred);
	mbx_send_admit_locked(mbox, deferred);
	return ret;
}

/* Who may not wait sends only what somebody is there to take. */
static int try_sync_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			   const struct mbx_wait *wait,
			   struct mbx_deferred *deferred)
{
	int err;

	mbx_expiry_run_locked(mbox, deferred);
	err = refusal_locked(mbox, msg);
	if (!err && wait->nowait && !taker_for_locked(mbox, msg))
		err = -EAGAIN;
	if (!err)
		return sync_locked(mbox, msg, wait, deferred);
	mbx_deferred_drop(deferred, msg);
	return err;
}

/**
 * mbx_send_sync() - send a message and wait until a receiver has it
 * @handle: bound handle with the right to send
 * @msg: message; the caller keeps its reference
 * @wait: how long to wait for room and for a receiver
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: 0, or, with the message taken back, -EAGAIN (nobody waits for it),
 * -ETIMEDOUT, -ERESTARTSYS, -EIDRM, -EPIPE, -EMSGSIZE, -EHOSTUNREACH,
 * -EOWNERDEAD (whom it was for was closed), or -ENOBUFS (it was discarded).
 */
int mbx_send_sync(struct mbx_handle *handle, struct mbx_message *msg,
		  const struct mbx_wait *wait)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred mbx_unset;
	int ret;

	mbx_deferred_init(&deferred);
	mbx_message_get(msg);
	spin_lock(&mbox->lock);
	ret = try_sync_locked(mbox, msg, wait, &deferred);
	if (ret == -ETIMEDOUT && !mbox->removed)
		mbx_event_timed_out(mbox, handle, MBOX_RIGHT_SEND);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
	return ret;
}

/* What does not fit is gone: the mailbox that it comes from has told its loss. */
static void take_letter_locked(struct mbx_mailbox *mbox,
			       struct mbx_message *msg,
			       struct mbx_deferred *deferred)
{
	msg->to = 0;
	msg->deliveries = 0;
	if (try_send_locked(mbox, msg, deferred))
		mbx_deferred_drop(deferred, msg);
}

/**
 * mbx_send_letters() - send messages that another mailbox has given up
 * @mbox: mailbox, perhaps removed
 * @letters: messages, linked by &mbx_message.same; empty afterwards
 * @deferred: gets what is left to do, among it perhaps more letters
 *
 * Context: may sleep; no spinlock held. Takes &mbx_mailbox.lock.
 */
void mbx_send_letters(struct mbx_mailbox *mbox, struct list_head *letters,
		      struct mbx_deferred *deferred)
{
	struct mbx_message *msg, *next;

	spin_lock(&mbox->lock);
	mbx_expiry_run_locked(mbox, deferred);
	list_for_each_entry_safe(msg, next, letters, same) {
		list_del_init(&msg->same);
		take_letter_locked(mbox, msg, deferred);
	}
	spin_unlock(&mbox->lock);
}
