// SPDX-License-Identifier: GPL-2.0
/* The ways of a message out of a mailbox other than to a receiver. */
#include <linux/mbox_netlink.h>

#include "call.h"
#include "event.h"
#include "expiry.h"
#include "handle.h"
#include "leave.h"
#include "mailbox.h"
#include "message.h"
#include "send.h"
#include "sender.h"
#include "topic.h"
#include "trace.h"
#include "waiter.h"

/**
 * mbx_leave_lost_locked() - account for messages that are discarded
 * @mbox: mailbox
 * @count: how many
 * @to: handle that they were for, or 0
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_lost_locked(struct mbx_mailbox *mbox, u32 count, u64 to)
{
	struct mbx_event event = {
		.cmd = MBOX_CMD_LOST_NTF,
		.handle = to,
		.count = count,
	};

	lockdep_assert_held(&mbox->lock);

	if (!count)
		return;
	mbox->lost += count;
	if (to && mbx_topic_is(mbox))
		mbx_store_member(&mbox->store, to)->lost_untold += count;
	else
		mbox->lost_untold += count;
	trace_mbx_drop(mbox->id, count);
	mbx_event_send(mbox, &event);
}

/**
 * mbx_leave_queue_locked() - take a message out of the queue
 * @mbox: mailbox
 * @msg: message that is in it; the caller gets the queue's reference
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_queue_locked(struct mbx_mailbox *mbox, struct mbx_message *msg)
{
	lockdep_assert_held(&mbox->lock);

	mbx_store_remove(&mbox->store, msg);
	if (msg->lifetime)
		mbx_expiry_clear_locked(mbox, &msg->lifetime->expiry);
}

/* An accepted message that is in no queue; who waits for it gets @result. */
static void end_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
		       int result, struct mbx_deferred *deferred)
{
	if (msg->call)
		mbx_call_end_locked(mbox, msg->call, result, deferred);
	mbx_leave_tell_locked(msg, result, deferred);
	mbx_deferred_drop(deferred, msg);
}

/**
 * mbx_leave_dropped_locked() - discard an accepted message that is in no queue
 * @mbox: mailbox
 * @msg: message; who waits for it learns of it
 * @deferred: gets it, and the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_dropped_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			      struct mbx_deferred *deferred)
{
	end_locked(mbox, msg, -ENOBUFS, deferred);
}

/**
 * mbx_leave_outlived_locked() - discard a message that has had its time
 * @mbox: mailbox
 * @msg: message that is in no queue
 * @deferred: gets it, and the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_outlived_locked(struct mbx_mailbox *mbox,
			       struct mbx_message *msg,
			       struct mbx_deferred *deferred)
{
	mbx_leave_dropped_locked(mbox, msg, deferred);
	mbox->expired++;
	mbx_leave_lost_locked(mbox, 1, msg->to);
}

/**
 * mbx_leave_expired_locked() - a queued message has had its time
 * @mbox: mailbox
 * @expiry: of its lifetime
 * @deferred: gets the message and the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_expired_locked(struct mbx_mailbox *mbox,
			      struct mbx_expiry *expiry,
			      struct mbx_deferred *deferred)
{
	struct mbx_message *msg = container_of(expiry, struct mbx_lifetime,
					       expiry)->msg;

	mbx_leave_queue_locked(mbox, msg);
	mbx_leave_outlived_locked(mbox, msg, deferred);
	mbx_send_admit_locked(mbox, deferred);
}

static void empty_inbox_locked(struct mbx_mailbox *mbox,
			       struct mbx_handle *handle,
			       struct mbx_deferred *deferred)
{
	struct mbx_message *msg;

	while ((msg = mbx_queue_oldest(&handle->inbox))) {
		mbx_store_remove(&mbox->store, msg);
		mbx_deferred_drop(deferred, msg);
	}
}

/**
 * mbx_leave_all_locked() - all queued messages go at once
 * @mbox: mailbox
 * @result: what sends get that wait for one to be taken
 * @thief: gets most of the messages, for mbx_queue_free()
 * @deferred: gets the rest, and the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_all_locked(struct mbx_mailbox *mbox, int result,
			  struct mbx_queue *thief,
			  struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;
	struct mbx_handle *handle;

	lockdep_assert_held(&mbox->lock);

	list_for_each_entry_safe(waiter, next, &mbox->synced, link) {
		if (mbx_message_is_accepted(waiter->msg))
			mbx_leave_tell_locked(waiter->msg, result, deferred);
	}
	mbx_expiry_clear_all_locked(mbox, mbx_leave_expired_locked);
	mbx_store_steal_shared(&mbox->store, thief);
	for (handle = mbx_store_first_member(&mbox->store); handle;
	     handle = mbx_store_next_member(handle))
		empty_inbox_locked(mbox, handle, deferred);
}

/**
 * mbx_leave_withdrawn_locked() - its sender takes a queued message back
 * @mbox: mailbox
 * @msg: message
 * @deferred: gets the queue's reference
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_withdrawn_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
				struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	msg->sync = NULL;
	mbx_leave_queue_locked(mbox, msg);
	mbx_deferred_drop(deferred, msg);
	mbox->withdrawn++;
}

/**
 * mbx_leave_hang_up_locked() - nobody will receive any more
 * @mbox: anonymous mailbox without receivers
 * @deferred: gets messages and wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_hang_up_locked(struct mbx_mailbox *mbox,
			      struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;

	lockdep_assert_held(&mbox->lock);

	mbx_waiter_complete_all(&mbox->senders, -EPIPE, deferred);
	list_for_each_entry_safe(waiter, next, &mbox->synced, link) {
		if (!mbx_message_is_accepted(waiter->msg))
			continue;
		mbx_leave_withdrawn_locked(mbox, waiter->msg, deferred);
		mbx_waiter_complete(waiter, -EPIPE, deferred);
	}
	mbx_call_withdraw_all_locked(mbox, deferred);
}

static void refuse_senders_to_locked(struct mbx_mailbox *mbox, u64 to,
				     struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, &mbox->senders, link) {
		if (waiter->msg->to == to)
			mbx_waiter_complete(waiter, -EHOSTUNREACH, deferred);
	}
}

/**
 * mbx_leave_inbox_locked() - whom messages are addressed to goes
 * @mbox: mailbox
 * @handle: handle that is being closed
 * @deferred: gets messages and wake-ups
 *
 * Who waits for one of them learns of it at once, other senders by an event that
 * names the handle. The caller admits senders, once the handle is no member.
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_inbox_locked(struct mbx_mailbox *mbox,
			    struct mbx_handle *handle,
			    struct mbx_deferred *deferred)
{
	struct mbx_message *msg;
	u32 count = 0;

	lockdep_assert_held(&mbox->lock);

	if (mbox->removed)
		return;
	refuse_senders_to_locked(mbox, handle->sender->id, deferred);
	while ((msg = mbx_queue_oldest(&handle->inbox))) {
		mbx_leave_queue_locked(mbox, msg);
		end_locked(mbox, msg, -EOWNERDEAD, deferred);
		count++;
	}
	/* A subscriber that leaves has no use for what it did not read. */
	if (mbx_topic_is(mbox))
		mbox->lost += count;
	else
		mbx_leave_lost_locked(mbox, count, handle->sender->id);
}

/**
 * mbx_leave_retired_locked() - a message came back too often
 * @mbox: mailbox
 * @msg: message that is in no queue; the reference passes over
 * @deferred: gets it, for the dead letters or to be dropped
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_leave_retired_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			      struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	if (msg->call || !mbox->dead_letter)
		mbx_leave_dropped_locked(mbox, msg, deferred);
	else
		mbx_deferred_forward(deferred, mbox->dead_letter, msg);
	mbx_leave_lost_locked(mbox, 1, msg->to);
}
