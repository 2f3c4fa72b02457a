// SPDX-License-Identifier: GPL-2.0
/*
 * Topics: each message goes to every subscriber, which is each handle that may
 * receive.
 *
 * A subscriber gets a copy that has a place of its own in the order but shares the
 * payload, and that is addressed to it: from then on it is a message like others.
 * Bounds and policies hold for each subscriber by itself.
 */
#include <linux/sched.h>
#include <linux/mbox.h>

#include "filter.h"
#include "handle.h"
#include "leave.h"
#include "line.h"
#include "mailbox.h"
#include "message.h"
#include "receive.h"
#include "send.h"
#include "sender.h"
#include "topic.h"
#include "trace.h"
#include "waiter.h"

/* With a lock held; what cannot be had is a loss that the subscriber is told of. */
#define LOCKED_GFP	(GFP_NOWAIT | __GFP_ACCOUNT | __GFP_NOWARN)

/* How many messages may wait for a subscriber, and what becomes of more. */
static u32 bound_of(const struct mbx_mailbox *mbox,
		    const struct mbx_handle *handle)
{
	u32 own = handle->config.max_msgs;

	return own ? min(own, mbox->limits.max_msgs) : mbox->limits.max_msgs;
}

static u32 policy_of(const struct mbx_mailbox *mbox,
		     const struct mbx_handle *handle)
{
	return handle->config.policy ? : mbox->limits.policy;
}

static bool fits(const struct mbx_mailbox *mbox,
		 const struct mbx_handle *handle, u32 len)
{
	return handle->inbox.msgs < bound_of(mbox, handle) &&
	       handle->inbox.bytes + len <= mbox->limits.max_bytes;
}

/* Is a receive of this subscriber waiting for such a message? */
static bool has_taker_locked(const struct mbx_mailbox *mbox,
			     const struct mbx_handle *handle,
			     const struct mbx_message *msg)
{
	return !mbx_mailbox_holds_locked(mbox) &&
	       mbx_line_taker_of_locked(handle, msg);
}

/*
 * Whether nobody would block, told without asking each: what all of them have
 * waiting together would fit for one.
 */
static bool all_have_room(const struct mbx_mailbox *mbox, u32 len)
{
	return !mbox->own_bounds &&
	       mbox->store.msgs < mbox->limits.max_msgs &&
	       mbox->store.bytes + len <= mbox->limits.max_bytes;
}

static bool would_block_locked(const struct mbx_mailbox *mbox,
			       const struct mbx_handle *handle, u32 len)
{
	return !fits(mbox, handle, len) &&
	       policy_of(mbox, handle) == MBOX_POLICY_BLOCK;
}

/**
 * mbx_topic_fits_locked() - would a message wait for no subscriber?
 * @mbox: topic
 * @len: payload length in bytes
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: true if every subscriber that makes senders wait has room.
 */
bool mbx_topic_fits_locked(const struct mbx_mailbox *mbox, u32 len)
{
	struct mbx_handle *handle;

	lockdep_assert_held(&mbox->lock);

	if (all_have_room(mbox, len))
		return true;
	for (handle = mbx_store_first_member(&mbox->store); handle;
	     handle = mbx_store_next_member(handle)) {
		if (would_block_locked(mbox, handle, len))
			return false;
	}
	return true;
}

static bool must_wait_locked(const struct mbx_mailbox *mbox,
			     const struct mbx_message *msg)
{
	struct mbx_handle *handle;
	u32 steps = mbox->steps;

	if (all_have_room(mbox, msg->len))
		return false;
	for (handle = mbx_store_first_member(&mbox->store); handle;
	     handle = mbx_store_next_member(handle)) {
		if (!mbx_handle_takes_locked(handle, msg))
			continue;
		/* Of a frozen topic each step serves one of those who wait. */
		if (steps && has_taker_locked(mbox, handle, msg)) {
			steps--;
			continue;
		}
		if (would_block_locked(mbox, handle, msg->len) &&
		    (mbox->frozen || !has_taker_locked(mbox, handle, msg)))
			return true;
	}
	return false;
}

/**
 * mbx_topic_prepare() - get memory for the copies of a message
 * @mbox: topic
 * @msg: message that was not sent yet; it keeps what is got
 *
 * A subscriber that comes later is served with what is there then.
 *
 * Context: may sleep; no lock held.
 * Return: 0 or -ENOMEM.
 */
int mbx_topic_prepare(struct mbx_mailbox *mbox, struct mbx_message *msg)
{
	return mbx_message_get_blanks(msg, READ_ONCE(mbox->receive_end.handles));
}

static struct mbx_message *new_copy_locked(struct mbx_message *msg,
					   struct mbx_handle *handle)
{
	struct mbx_message *blank;

	blank = list_first_entry_or_null(&msg->same, struct mbx_message, same);
	if (blank)
		list_del_init(&blank->same);
	else
		blank = mbx_message_new_blank(LOCKED_GFP);
	if (!blank)
		return NULL;
	if (mbx_message_fill_copy(blank, msg, handle, LOCKED_GFP))
		return NULL;
	return blank;
}

static bool make_room_locked(struct mbx_mailbox *mbox,
			     struct mbx_handle *handle, u32 len,
			     struct mbx_deferred *deferred)
{
	u32 count = 0;

	if (fits(mbox, handle, len))
		return true;
	if (policy_of(mbox, handle) != MBOX_POLICY_DROP_OLDEST)
		return false;
	while (handle->inbox.msgs && !fits(mbox, handle, len)) {
		struct mbx_message *oldest = mbx_queue_oldest(&handle->inbox);

		mbx_leave_queue_locked(mbox, oldest);
		mbx_deferred_drop(deferred, oldest);
		count++;
	}
	mbx_leave_lost_locked(mbox, count, handle->sender->id);
	return fits(mbox, handle, len);
}

static void give_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle,
			struct mbx_message *msg, struct mbx_deferred *deferred)
{
	struct mbx_message *copy = new_copy_locked(msg, handle);

	mbox->sent++;
	if (copy && (has_taker_locked(mbox, handle, msg) ||
		     make_room_locked(mbox, handle, msg->len, deferred))) {
		mbx_send_copy_locked(mbox, handle, copy, deferred);
		return;
	}
	if (copy)
		mbx_deferred_drop(deferred, copy);
	mbx_leave_lost_locked(mbox, 1, handle->sender->id);
}

/* The original stays for those who come later, or goes with its last copy. */
static void retire_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			  struct mbx_deferred *deferred)
{
	mbx_message_free_blanks(msg);
	if (!mbox->retain || msg->to) {
		mbx_deferred_drop(deferred, msg);
		return;
	}
	if (mbox->retained)
		mbx_deferred_drop(deferred, mbox->retained);
	mbox->retained = msg;
}

/**
 * mbx_topic_send_locked() - give every subscriber its copy, without waiting
 * @mbox: topic
 * @msg: message; with 0 it is the topic's, with an error it stays the caller's
 * @deferred: gets messages and wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: 0, or -EAGAIN where a subscriber without room makes senders wait.
 */
int mbx_topic_send_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			  struct mbx_deferred *deferred)
{
	struct mbx_handle *handle;

	lockdep_assert_held(&mbox->lock);

	if (must_wait_locked(mbox, msg))
		return -EAGAIN;
	msg->seq = ++mbox->seq;
	trace_mbx_send(mbox->id, msg->type, msg->len, msg->seq);
	if (msg->lifetime)
		mbx_lifetime_start(msg->lifetime);
	for (handle = mbx_store_first_member(&mbox->store); handle;
	     handle = mbx_store_next_member(handle)) {
		if (mbx_handle_takes_locked(handle, msg))
			give_locked(mbox, handle, msg, deferred);
	}
	retire_locked(mbox, msg, deferred);
	return 0;
}

/**
 * mbx_topic_welcome_locked() - give a new subscriber what is retained
 * @mbox: topic
 * @handle: subscriber
 * @deferred: gets what is left to do
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_topic_welcome_locked(struct mbx_mailbox *mbox,
			      struct mbx_handle *handle,
			      struct mbx_deferred *deferred)
{
	struct mbx_message *retained = mbox->retained;

	lockdep_assert_held(&mbox->lock);

	if (!retained || !mbx_handle_takes_locked(handle, retained))
		return;
	if (retained->lifetime && mbx_lifetime_is_over(retained->lifetime))
		return;
	give_locked(mbox, handle, retained, deferred);
	mbx_send_admit_locked(mbox, deferred);
}

/**
 * mbx_topic_purged_locked() - all that waits for subscribers is about to go
 * @mbox: topic
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_topic_purged_locked(struct mbx_mailbox *mbox)
{
	struct mbx_handle *handle;

	lockdep_assert_held(&mbox->lock);

	for (handle = mbx_store_first_member(&mbox->store); handle;
	     handle = mbx_store_next_member(handle))
		handle->lost_untold += handle->inbox.msgs;
}
