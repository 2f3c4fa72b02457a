/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_QUEUE_H
#define MBX_QUEUE_H

#include <linux/rbtree.h>
#include <linux/types.h>

struct mbox_filter;
struct mbx_message;

/**
 * struct mbx_queue - messages in line: those of a mailbox, or of one of its handles
 * @types: the oldest message of each type, by type; each knows the least
 *	   sequence number of its subtree
 * @returned: the message that was put back last and did not become the oldest of
 *	      its type; or NULL
 * @distinct: how many types there are
 * @msgs: how many there are
 * @bytes: how many payload bytes they have
 *
 * Every operation takes O(log T) in the number T of distinct types, whatever
 * the number of messages; only a message that is put back may also pass those of
 * its type that were put back before it: not if they come in order, or in reverse.
 * The user of a queue locks it.
 */
struct mbx_queue {
	struct rb_root types;
	struct mbx_message *returned;
	u32 distinct;
	u32 msgs;
	u64 bytes;
};

void mbx_queue_init(struct mbx_queue *queue);
void mbx_queue_add(struct mbx_queue *queue, struct mbx_message *msg);
void mbx_queue_remove(struct mbx_queue *queue, struct mbx_message *msg);
struct mbx_message *mbx_queue_find(const struct mbx_queue *queue,
				   const struct mbox_filter *filter);
struct mbx_message *mbx_queue_oldest(const struct mbx_queue *queue);
void mbx_queue_steal(struct mbx_queue *queue, struct mbx_queue *thief);
void mbx_queue_free(struct mbx_queue *queue);

#endif /* MBX_QUEUE_H */
