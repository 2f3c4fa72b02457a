// SPDX-License-Identifier: GPL-2.0
/*
 * What poll() says of a handle, and who is told when that changes.
 *
 * The state is read, and whatever changes it wakes, with the mailbox lock held:
 * a poller that was queued on its wait queue before it looked is woken by
 * every change after that. A mailbox wakes only the handles that have been
 * polled once or have O_ASYNC set.
 */
#include <linux/fs.h>
#include <linux/sched/signal.h>

#include "expiry.h"
#include "handle.h"
#include "limits.h"
#include "mailbox.h"
#include "message.h"
#include "poll.h"
#include "receive.h"
#include "watch.h"

#define POLL_READABLE	(EPOLLIN | EPOLLRDNORM)
#define POLL_WRITABLE	(EPOLLOUT | EPOLLWRNORM)

static __poll_t receive_state_locked(struct mbx_handle *handle,
				     struct mbx_mailbox *mbox)
{
	struct mbox_config config;
	__poll_t state = 0;

	if (mbox->removed)
		return EPOLLHUP;
	mbx_handle_get_config(handle, &config);
	if (mbx_receive_ready_locked(mbox, handle, &config.filter))
		state |= POLL_READABLE;
	if (mbx_mailbox_at_eof_locked(mbox))
		state |= EPOLLHUP;
	return state;
}

/* A send that fails does not block, and select() knows no other way to tell. */
static __poll_t send_state_locked(struct mbx_mailbox *mbox)
{
	if (mbox->removed || mbx_mailbox_broken_locked(mbox))
		return POLL_WRITABLE | EPOLLHUP;
	return mbx_limits_room_locked(mbox) ? POLL_WRITABLE : 0;
}

static __poll_t state_locked(struct mbx_handle *handle,
			     struct mbx_mailbox *mbox)
{
	__poll_t state = 0;

	if (handle->rights & MBOX_RIGHT_RECV)
		state |= receive_state_locked(handle, mbox);
	if (handle->rights & MBOX_RIGHT_SEND)
		state |= send_state_locked(mbox);
	if (handle->notices)
		state |= EPOLLPRI;
	return state;
}

static void register_locked(struct mbx_handle *handle,
			    struct mbx_mailbox *mbox)
{
	if (!list_empty(&handle->poll_link))
		return;
	list_add_tail(&handle->poll_link, &mbox->pollers);
	mbx_watch_begin_locked(mbox, handle);
}

/**
 * mbx_poll_leave_locked() - a handle is not woken any more
 * @handle: handle that is being closed
 * @mbox: mailbox that it was bound to
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_poll_leave_locked(struct mbx_handle *handle, struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&mbox->lock);

	mbx_watch_end_locked(mbox, handle);
	list_del_init(&handle->poll_link);
}

/**
 * mbx_poll_state() - what can be done with a handle without blocking?
 * @handle: handle, whose wait queue the poller is on
 * @mbox: mailbox that it is bound to
 *
 * Context: process context. Takes &mbx_mailbox.lock.
 * Return: EPOLL* bits.
 */
__poll_t mbx_poll_state(struct mbx_handle *handle, struct mbx_mailbox *mbox)
{
	__poll_t state;

	mbx_expiry_run(mbox);
	spin_lock(&mbox->lock);
	register_locked(handle, mbox);
	state = state_locked(handle, mbox);
	spin_unlock(&mbox->lock);
	return state;
}

static void wake(struct mbx_handle *handle, __poll_t events, int band)
{
	wake_up_interruptible_poll(&handle->wait, events);
	kill_fasync(&handle->fasync, SIGIO, band);
}

/* What concerns all pollers must not stop at the first exclusive one. */
static void wake_all(struct mbx_handle *handle, __poll_t events, int band)
{
	__wake_up(&handle->wait, TASK_INTERRUPTIBLE, 0, poll_to_key(events));
	kill_fasync(&handle->fasync, SIGIO, band);
}

/**
 * mbx_poll_bound() - have a handle woken from now on, and look once
 * @handle: handle that was just bound, or that just asked for SIGIO
 * @mbox: mailbox that it is bound to
 *
 * Context: process context. Takes &mbx_mailbox.lock.
 */
void mbx_poll_bound(struct mbx_handle *handle, struct mbx_mailbox *mbox)
{
	__poll_t state;

	spin_lock(&mbox->lock);
	register_locked(handle, mbox);
	state = state_locked(handle, mbox);
	if (state)
		__wake_up(&handle->wait, TASK_INTERRUPTIBLE, 0,
			  poll_to_key(state));
	spin_unlock(&mbox->lock);
}

/**
 * mbx_poll_filter_changed_locked() - look again with a handle's new filter
 * @handle: handle
 * @mbox: mailbox that it is bound to
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_poll_filter_changed_locked(struct mbx_handle *handle,
				    struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&mbox->lock);

	if (list_empty(&handle->poll_link))
		return;
	mbx_watch_end_locked(mbox, handle);
	mbx_watch_begin_locked(mbox, handle);
	if (state_locked(handle, mbox) & EPOLLIN)
		wake(handle, POLL_READABLE, POLL_IN);
}

static void wake_taker(struct mbx_handle *handle, const struct mbx_message *msg)
{
	if (!list_empty(&handle->poll_link) &&
	    mbx_handle_takes_locked(handle, msg))
		wake(handle, POLL_READABLE, POLL_IN);
}

/**
 * mbx_poll_wake_receivers_locked() - there is a message to receive
 * @mbox: mailbox
 * @to: handle that it is addressed to, or NULL if it is not
 * @msg: the message
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_poll_wake_receivers_locked(struct mbx_mailbox *mbox,
				    struct mbx_handle *to,
				    const struct mbx_message *msg)
{
	struct mbx_watch_span *span;

	lockdep_assert_held(&mbox->lock);

	if (list_empty(&mbox->pollers) || mbx_mailbox_holds_locked(mbox))
		return;
	if (to) {
		wake_taker(to, msg);
		return;
	}
	span = mbx_watch_first_locked(mbox, msg->type);
	for (; span; span = mbx_watch_next_locked(span, msg->type))
		wake_taker(span->handle, msg);
}

/**
 * mbx_poll_resume_locked() - what was held back may be there to receive now
 * @mbox: mailbox
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_poll_resume_locked(struct mbx_mailbox *mbox)
{
	struct mbx_handle *handle;

	lockdep_assert_held(&mbox->lock);

	if (mbx_mailbox_at_eof_locked(mbox))
		mbx_poll_hang_up_locked(mbox);
	list_for_each_entry(handle, &mbox->pollers, poll_link) {
		if (state_locked(handle, mbox) & EPOLLIN)
			wake(handle, POLL_READABLE, POLL_IN);
	}
}

/**
 * mbx_poll_wake_senders_locked() - there is room to send
 * @mbox: mailbox
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_poll_wake_senders_locked(struct mbx_mailbox *mbox)
{
	struct mbx_handle *handle;

	lockdep_assert_held(&mbox->lock);

	list_for_each_entry(handle, &mbox->pollers, poll_link) {
		if (handle->rights & MBOX_RIGHT_SEND)
			wake(handle, POLL_WRITABLE, POLL_OUT);
	}
}

/**
 * mbx_poll_notice_locked() - a call or a delivery of the handle wants a look
 * @handle: bound handle
 *
 * Who has had the look takes it off &mbx_handle.notices.
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_poll_notice_locked(struct mbx_handle *handle)
{
	lockdep_assert_held(&mbx_handle_mailbox(handle)->lock);

	handle->notices++;
	if (!list_empty(&handle->poll_link))
		wake_all(handle, EPOLLPRI, POLL_PRI);
}

/**
 * mbx_poll_hang_up_locked() - tell every poller that an end is gone
 * @mbox: mailbox
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_poll_hang_up_locked(struct mbx_mailbox *mbox)
{
	struct mbx_handle *handle;

	lockdep_assert_held(&mbox->lock);

	list_for_each_entry(handle, &mbox->pollers, poll_link)
		wake_all(handle, EPOLLHUP | POLL_WRITABLE, POLL_HUP);
}
