/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_POLL_H
#define MBX_POLL_H

#include <linux/poll.h>
#include <linux/types.h>

struct mbx_handle;
struct mbx_mailbox;

__poll_t mbx_poll_state(struct mbx_handle *handle, struct mbx_mailbox *mbox);
void mbx_poll_bound(struct mbx_handle *handle, struct mbx_mailbox *mbox);
void mbx_poll_filter_changed(struct mbx_handle *handle,
			     struct mbx_mailbox *mbox);
void mbx_poll_wake_receivers_locked(struct mbx_mailbox *mbox, u64 type);
void mbx_poll_wake_senders_locked(struct mbx_mailbox *mbox);
void mbx_poll_hang_up_locked(struct mbx_mailbox *mbox);

#endif /* MBX_POLL_H */
