/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_SEND_H
#define MBX_SEND_H

#include <linux/list.h>
#include <linux/types.h>

struct mbx_deferred;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;
struct mbx_wait;

int mbx_send(struct mbx_handle *handle, struct mbx_message **msgs,
	     unsigned int count, const struct mbx_wait *wait);
int mbx_send_one_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			const struct mbx_wait *wait,
			struct mbx_deferred *deferred);
int mbx_send_sync(struct mbx_handle *handle, struct mbx_message *msg,
		  const struct mbx_wait *wait);
void mbx_send_accept_locked(struct mbx_mailbox *mbox, struct mbx_message *msg);
void mbx_send_letters(struct mbx_mailbox *mbox, struct list_head *letters,
		      struct mbx_deferred *deferred);
void mbx_send_admit_locked(struct mbx_mailbox *mbox,
			   struct mbx_deferred *deferred);
void mbx_send_copy_locked(struct mbx_mailbox *mbox, struct mbx_handle *to,
			  struct mbx_message *copy,
			  struct mbx_deferred *deferred);
void mbx_send_again_locked(struct mbx_mailbox *mbox, struct mbx_message *msg,
			   struct mbx_deferred *deferred);

#endif /* MBX_SEND_H */
