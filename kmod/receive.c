// SPDX-License-Identifier: GPL-2.0
/* The way of a message out of a mailbox. */
#include <linux/mbox_netlink.h>

#include "event.h"
#include "filter.h"
#include "handle.h"
#include "mailbox.h"
#include "message.h"
#include "receive.h"
#include "send.h"
#include "trace.h"
#include "waiter.h"

static bool has_room(const struct mbx_receive *receive,
		     const struct mbx_message *msg)
{
	return msg->len <= receive->room || receive->trunc;
}

/**
 * mbx_receive_takes() - does this receive take a message away?
 * @receive: receive whose filter matches
 * @msg: message
 *
 * Context: any.
 * Return: false for a peek, and for a buffer that is too small.
 */
bool mbx_receive_takes(const struct mbx_receive *receive,
		       const struct mbx_message *msg)
{
	return !receive->peek && has_room(receive, msg);
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
	receive->lost = mbox->lost_untold;
	return has_room(receive, msg) ? 0 : -EMSGSIZE;
}

/**
 * mbx_receive_deliver_locked() - give a message to a receive
 * @mbox: mailbox
 * @receive: receive that takes it
 * @msg: message that is in no queue; the reference passes over
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_receive_deliver_locked(struct mbx_mailbox *mbox,
				struct mbx_receive *receive,
				struct mbx_message *msg)
{
	lockdep_assert_held(&mbox->lock);

	receive->msg = msg;
	receive->seq = msg->seq;
	mbox->received++;
	if (!receive->plain) {
		receive->lost = mbox->lost_untold;
		mbox->lost_untold = 0;
	}
	trace_mbx_receive(mbox->id, msg->type, msg->len, msg->seq);
}

/* The first blocked send whose message the filter takes. */
static struct mbx_waiter *find_offer_locked(struct mbx_mailbox *mbox,
					    const struct mbox_filter *filter)
{
	struct mbx_waiter *waiter;

	list_for_each_entry(waiter, &mbox->senders, link) {
		if (mbx_filter_matches(filter, waiter->msg->type))
			return waiter;
	}
	return NULL;
}

/*
 * The message that a receive gets: a queued one, or else one of a blocked send,
 * which goes to @offer. Without that, receivers of one type and senders of the
 * same type could wait for each other when another type fills the mailbox.
 */
static struct mbx_message *find_locked(struct mbx_mailbox *mbox,
				       const struct mbox_filter *filter,
				       struct mbx_waiter **offer)
{
	struct mbx_message *msg = mbx_queue_find(&mbox->queue, filter);

	*offer = NULL;
	if (msg)
		return msg;
	*offer = find_offer_locked(mbox, filter);
	return *offer ? (*offer)->msg : NULL;
}

/**
 * mbx_receive_ready_locked() - is there a message that a filter takes?
 * @mbox: mailbox
 * @filter: valid filter
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: true if a receive would not block.
 */
bool mbx_receive_ready_locked(struct mbx_mailbox *mbox,
			      const struct mbox_filter *filter)
{
	struct mbx_waiter *offer;

	lockdep_assert_held(&mbox->lock);

	return find_locked(mbox, filter, &offer);
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
	if (receive->trunc && receive->msg->len > receive->room)
		header->flags |= MBOX_MSG_TRUNC;
}

/**
 * mbx_receive_next_size() - how long is the message that a read would take?
 * @handle: bound handle
 *
 * Context: process context. Takes &mbx_mailbox.lock.
 * Return: payload length in bytes, or -1 if there is none, or no right to it.
 */
s64 mbx_receive_next_size(struct mbx_handle *handle)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbox_config config;
	struct mbx_waiter *offer;
	struct mbx_message *msg;
	s64 size = -1;

	if (!(handle->rights & MBOX_RIGHT_RECV))
		return -1;
	mbx_handle_get_config(handle, &config);
	spin_lock(&mbox->lock);
	msg = find_locked(mbox, &config.filter, &offer);
	if (msg)
		size = msg->len;
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
		mbx_queue_remove(&mbox->queue, msg);
	}
	mbx_receive_deliver_locked(mbox, receive, msg);
	mbx_send_admit_locked(mbox, deferred);
}

static int try_receive_locked(struct mbx_mailbox *mbox,
			      struct mbx_receive *receive,
			      struct mbx_deferred *deferred)
{
	struct mbx_waiter *offer;
	struct mbx_message *msg;

	if (mbox->removed)
		return -EIDRM;
	msg = find_locked(mbox, &receive->filter, &offer);
	if (!msg)
		return mbx_mailbox_at_eof_locked(mbox) ? MBX_EOF : -EAGAIN;
	if (!mbx_receive_takes(receive, msg))
		return mbx_receive_show_locked(mbox, receive, msg);
	take_locked(mbox, receive, msg, offer, deferred);
	return 0;
}

static int wait_for_message_locked(struct mbx_mailbox *mbox,
				   struct mbx_receive *receive,
				   const struct mbx_wait *wait,
				   struct mbx_deferred *deferred)
{
	struct mbx_waiter waiter;

	mbx_waiter_init(&waiter);
	waiter.receive = receive;
	return mbx_waiter_block(&waiter, &mbox->receivers, &mbox->lock, wait,
				deferred);
}

static int receive_first_locked(struct mbx_mailbox *mbox,
				struct mbx_receive *receive,
				const struct mbx_wait *wait,
				struct mbx_deferred *deferred)
{
	int ret = try_receive_locked(mbox, receive, deferred);

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

	while (done < count &&
	       !try_receive_locked(mbox, &receives[done], deferred))
		done++;
	return done;
}

/**
 * mbx_receive() - receive messages
 * @handle: bound handle with the right to receive
 * @receives: what is wanted; @msg of each is NULL
 * @count: how many at most, at least one; one for a peek
 * @wait: how long to wait for the first
 *
 * The caller drops the reference of each @msg that is set afterwards, also
 * where one was only looked at: with -EMSGSIZE that of the first, else perhaps
 * that of the one after the last.
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: how many were received; 0 at the end of file; or, if none: -EAGAIN,
 * -ETIMEDOUT, -ERESTARTSYS, -EMSGSIZE, -EIDRM.
 */
int mbx_receive(struct mbx_handle *handle, struct mbx_receive *receives,
		unsigned int count, const struct mbx_wait *wait)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred;
	int ret;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	ret = receive_first_locked(mbox, receives, wait, &deferred);
	if (!ret)
		ret = 1 + receive_more_locked(mbox, receives + 1, count - 1,
					      &deferred);
	if (ret == -ETIMEDOUT && !mbox->removed)
		mbx_event_timed_out(mbox, handle, MBOX_RIGHT_RECV);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);

	return ret == MBX_EOF ? 0 : ret;
}

static void put_back_locked(struct mbx_mailbox *mbox,
			    struct mbx_receive *receive,
			    struct mbx_deferred *deferred)
{
	mbox->received--;
	mbox->lost_untold += receive->lost;
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
	struct mbx_deferred deferred;
	unsigned int i;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	for (i = 0; i < count && !mbox->removed; i++)
		put_back_locked(mbox, &receives[i], &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
}
