/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_TOPIC_H
#define MBX_TOPIC_H

#include <linux/types.h>

struct mbx_deferred;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;

bool mbx_topic_is(const struct mbx_mailbox *mbox);
int mbx_topic_prepare(struct mbx_mailbox *mbox, struct mbx_message *msg);
int mbx_topic_send_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			  struct mbx_deferred *deferred);
bool mbx_topic_fits_locked(const struct mbx_mailbox *mbox, u32 len);
void mbx_topic_welcome_locked(struct mbx_mailbox *mbox,
			      struct mbx_handle *handle,
			      struct mbx_deferred *deferred);
void mbx_topic_purged_locked(struct mbx_mailbox *mbox);

#endif /* MBX_TOPIC_H */
