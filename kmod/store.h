/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_STORE_H
#define MBX_STORE_H

#include <linux/rbtree.h>
#include <linux/types.h>

#include "queue.h"

struct mbox_filter;
struct mbx_handle;
struct mbx_message;

/**
 * struct mbx_store - all queued messages of a mailbox
 * @shared: those that any receiver may take
 * @members: handles that may receive, by id, &mbx_handle.member; each has a queue
 *	     of those that are addressed to it
 * @msgs: how many there are in all queues
 * @bytes: how many payload bytes they have
 *
 * The user of a store locks it.
 */
struct mbx_store {
	struct mbx_queue shared;
	struct rb_root members;
	u32 msgs;
	u64 bytes;
};

void mbx_store_init(struct mbx_store *store);
void mbx_store_join(struct mbx_store *store, struct mbx_handle *handle);
void mbx_store_leave(struct mbx_store *store, struct mbx_handle *handle);
struct mbx_handle *mbx_store_member(const struct mbx_store *store, u64 id);

struct mbx_handle *mbx_store_first_member(const struct mbx_store *store);
struct mbx_handle *mbx_store_next_member(const struct mbx_handle *handle);

void mbx_store_add(struct mbx_store *store, struct mbx_handle *to,
		   struct mbx_message *msg);
void mbx_store_remove(struct mbx_store *store, struct mbx_message *msg);
struct mbx_message *mbx_store_find_beyond(struct mbx_store *store,
					  const struct mbx_handle *handle,
					  const struct mbox_filter *filter,
					  u32 skip);
struct mbx_message *mbx_store_find(const struct mbx_store *store,
				   const struct mbx_handle *handle,
				   const struct mbox_filter *filter);
struct mbx_message *mbx_store_oldest(const struct mbx_store *store);
void mbx_store_steal_shared(struct mbx_store *store, struct mbx_queue *thief);

#endif /* MBX_STORE_H */
