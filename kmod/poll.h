/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_POLL_H
#define MBX_POLL_H

#include <linux/poll.h>
#include <linux/types.h>

struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;

__poll_t mbx_poll_state(struct mbx_handle *handle, struct mbx_mailbox *mbox);
void mbx_poll_bound(struct mbx_handle *handle, struct mbx_mailbox *mbox);
void mbx_poll_filter_changed_locked(struct mbx_handle *handle,
				    struct mbx_mailbox *mbox);
void mbx_poll_leave_locked(struct mbx_handle *handle, struct mbx_mailbox *mbox);
void mbx_poll_wake_receivers_locked(struct mbx_mailbox *mbox,
				    struct mbx_handle *to,
				    const struct mbx_message *msg);
void mbx_poll_resume_locked(struct mbx_mailbox *mbox);
void mbx_poll_wake_senders_locked(struct mbx_mailbox *mbox);
void mbx_poll_notice_locked(struct mbx_handle *handle);
void mbx_poll_hang_up_locked(struct mbx_mailbox *mbox);

#endif /* MBX_POLL_H */
