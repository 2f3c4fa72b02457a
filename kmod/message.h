/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_MESSAGE_H
#define MBX_MESSAGE_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/mbox.h>

struct iov_iter;
struct mbx_sender;

/**
 * struct mbx_message - a message, from the copy-in to the last copy-out
 * @refs: one of its owner, one of each peek that is copying it out
 * @len: payload length in bytes (invariant after init)
 * @type: type (invariant after init)
 * @time: CLOCK_MONOTONIC nanoseconds of the send (invariant after init)
 * @sender: who sent it; referenced (invariant after init)
 * @seq: number in its mailbox; 0 until the mailbox accepts it (written once,
 *	 protected by the mailbox lock)
 * @node: in &mbx_queue.types, if it is the oldest of its type there (protected
 *	  by the mailbox lock)
 * @oldest: least @seq in the subtree below @node (likewise)
 * @same: ring of the queued messages of this type in ascending order of @seq,
 *	  or a list of messages to free (likewise)
 * @payload: @len bytes (invariant after init)
 *
 * A message is charged to its sender's quota for as long as it exists.
 */
struct mbx_message {
	refcount_t refs;
	u32 len;
	u64 type;
	s64 time;
	struct mbx_sender *sender;
	u64 seq;
	struct rb_node node;
	u64 oldest;
	struct list_head same;
	u8 payload[];
};

struct mbx_message *mbx_message_new(struct mbx_sender *sender, u64 type,
				    struct iov_iter *from);
struct mbx_message *mbx_message_get(struct mbx_message *msg);
void mbx_message_put(struct mbx_message *msg);
bool mbx_message_header_valid(const struct mbox_header *header);
void mbx_message_header(const struct mbx_message *msg,
			struct mbox_header *header);
int mbx_message_copy_out(const struct mbx_message *msg, struct iov_iter *to);

#endif /* MBX_MESSAGE_H */
