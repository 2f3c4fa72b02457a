/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_TOPIC_H
#define MBX_TOPIC_H

#include <linux/types.h>

#include "mailbox.h"

struct mbx_deferred;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;

int mbx_topic_prepare(struct mbx_mailbox *mbox, struct mbx_message *msg);
int mbx_topic_send_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			  struct mbx_deferred *deferred);
bool mbx_topic_fits_locked(const struct mbx_mailbox *mbox, u32 len);
void mbx_topic_welcome_locked(struct mbx_mailbox *mbox,
			      struct mbx_handle *handle,
			      struct mbx_deferred *deferred);
void mbx_topic_purged_locked(struct mbx_mailbox *mbox);

/**
 * mbx_topic_is() - is a mailbox a topic?
 * @mbox: mailbox
 *
 * Context: any.
 * Return: true if each message goes to every subscriber.
 */
static inline bool mbx_topic_is(const struct mbx_mailbox *mbox)
{
	return mbox->kind == MBOX_KIND_TOPIC;
}

#endif /* MBX_TOPIC_H */
