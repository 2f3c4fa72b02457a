/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_LEAVE_H
#define MBX_LEAVE_H

#include <linux/types.h>

#include "message.h"
#include "waiter.h"

struct mbx_deferred;
struct mbx_expiry;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;
struct mbx_queue;

void mbx_leave_expired_locked(struct mbx_mailbox *mbox,
			      struct mbx_expiry *expiry,
			      struct mbx_deferred *deferred);
void mbx_leave_queue_locked(struct mbx_mailbox *mbox, struct mbx_message *msg);
void mbx_leave_withdrawn_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
				struct mbx_deferred *deferred);
void mbx_leave_inbox_locked(struct mbx_mailbox *mbox,
			    struct mbx_handle *handle,
			    struct mbx_deferred *deferred);
void mbx_leave_hang_up_locked(struct mbx_mailbox *mbox,
			      struct mbx_deferred *deferred);
void mbx_leave_all_locked(struct mbx_mailbox *mbox, int result,
			  struct mbx_queue *thief,
			  struct mbx_deferred *deferred);
void mbx_leave_retired_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			      struct mbx_deferred *deferred);
void mbx_leave_lost_locked(struct mbx_mailbox *mbox, u32 count, u64 to);
void mbx_leave_dropped_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			      struct mbx_deferred *deferred);

void mbx_leave_outlived_locked(struct mbx_mailbox *mbox,
			       struct mbx_message *msg,
			       struct mbx_deferred *deferred);

/**
 * mbx_leave_tell_locked() - tell the send that waits for it, if there is one
 * @msg: message that was taken, or discarded
 * @result: what the send gets
 * @deferred: gets the wake-up
 *
 * Context: the mailbox lock is held.
 */
static inline void mbx_leave_tell_locked(struct mbx_message *msg, int result,
					 struct mbx_deferred *deferred)
{
	struct mbx_waiter *sync = msg->sync;

	if (!sync)
		return;
	msg->sync = NULL;
	mbx_waiter_complete(sync, result, deferred);
}

#endif /* MBX_LEAVE_H */
