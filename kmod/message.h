/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_MESSAGE_H
#define MBX_MESSAGE_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/mbox.h>

#include "expiry.h"
#include "handle.h"
#include "sender.h"

struct iov_iter;
struct mbx_call;
struct mbx_handle;
struct mbx_landing;
struct mbx_sender;
struct mbx_user;
struct mbx_waiter;

/**
 * struct mbx_lifetime - of a message that may not wait for ever
 * @expiry: set while the message is queued
 * @ttl: nanoseconds from its acceptance (invariant after init)
 * @end: when it ends (set when it is accepted)
 * @msg: the message, of which this is a part (invariant after init)
 */
struct mbx_lifetime {
	struct mbx_expiry expiry;
	u64 ttl;
	ktime_t end;
	struct mbx_message *msg;
};

/**
 * struct mbx_message - a message, from the copy-in to the last copy-out
 * @refs: one of its owner, one of each peek that is copying it out
 * @len: payload length in bytes (invariant after init)
 * @type: type (invariant after init)
 * @to: id of the only handle that may take it; 0 for any (invariant once it is
 *	sent)
 * @time: CLOCK_MONOTONIC nanoseconds of the send (invariant after init)
 * @sender: who sent it; referenced (invariant after init)
 * @call: the call whose request it is; referenced; or NULL (invariant once it is
 *	  sent)
 * @lifetime: its time to live; or NULL (invariant once it is sent)
 * @sync: the send that waits until it is taken; or NULL (protected by the mailbox
 *	  lock)
 * @copy: it is a subscriber's copy: @payload holds a &struct mbx_copy (invariant
 *	  after init)
 * @landed: its payload is in a pool: @payload holds a &struct mbx_landing (invariant
 *	    after init)
 * @deliveries: how often it was put back after a receive (protected by the
 *		mailbox lock)
 * @seq: number in its mailbox; 0 until the mailbox accepts it (written once,
 *	 protected by the mailbox lock)
 * @node: in &mbx_queue.types, if it is the oldest of its type there (protected
 *	  by the mailbox lock)
 * @oldest: least @seq in the subtree below @node (likewise)
 * @same: ring of the queued messages of this type in ascending order of @seq,
 *	  or a list of messages to free, or of blanks to fill as copies (likewise)
 * @payload: @len bytes (invariant after init)
 *
 * A message is charged to its sender's quota for as long as it exists, a copy to
 * that of its subscriber.
 */
struct mbx_message {
	refcount_t refs;
	u32 len;
	u64 type;
	u64 to;
	s64 time;
	struct mbx_sender *sender;
	struct mbx_call *call;
	struct mbx_lifetime *lifetime;
	struct mbx_waiter *sync;
	u32 deliveries;
	bool copy;
	bool landed;
	u64 seq;
	struct rb_node node;
	u64 oldest;
	struct list_head same;
	u8 payload[];
};

/**
 * struct mbx_copy - what a copy has in place of a payload
 * @whole: the message that has the payload; referenced
 * @user: subscriber, who pays for the copy; referenced
 */
struct mbx_copy {
	struct mbx_message *whole;
	struct mbx_user *user;
};

struct mbx_message *mbx_message_new(struct mbx_sender *sender, u64 type, u64 to,
				    struct iov_iter *from);
struct mbx_message *mbx_message_new_landed(struct mbx_sender *sender, u64 type,
					   u64 to, struct iov_iter *from,
					   const struct mbx_landing *landing);
const struct mbx_landing *mbx_message_landing(const struct mbx_message *msg);
struct mbx_message *mbx_message_new_blank(gfp_t gfp);
int mbx_message_fill_copy(struct mbx_message *blank, struct mbx_message *whole,
			  const struct mbx_handle *handle, gfp_t gfp);
int mbx_message_get_blanks(struct mbx_message *msg, unsigned int count);
void mbx_message_free_blanks(struct mbx_message *msg);
void mbx_message_put(struct mbx_message *msg);
void mbx_lifetime_start(struct mbx_lifetime *lifetime);
bool mbx_lifetime_is_over(const struct mbx_lifetime *lifetime);
int mbx_message_set_ttl(struct mbx_message *msg, u64 ttl, mbx_expire_t expire,
			gfp_t gfp);
bool mbx_message_is_accepted(const struct mbx_message *msg);
bool mbx_message_header_valid(const struct mbox_header *header);
void mbx_message_header(const struct mbx_message *msg,
			struct mbox_header *header);
int mbx_message_copy_out(const struct mbx_message *msg, struct iov_iter *to);

int mbx_message_init(void);
void mbx_message_exit(void);

/**
 * mbx_message_get() - take a reference
 * @msg: message
 *
 * Context: any.
 * Return: @msg.
 */
static inline struct mbx_message *mbx_message_get(struct mbx_message *msg)
{
	refcount_inc(&msg->refs);
	return msg;
}

/**
 * mbx_message_is_for() - may a handle take a message, by its address?
 * @msg: message
 * @handle: handle
 *
 * Context: any.
 * Return: true if it is addressed to the handle, or to nobody.
 */
static inline bool mbx_message_is_for(const struct mbx_message *msg,
				      const struct mbx_handle *handle)
{
	return !msg->to || msg->to == handle->sender->id;
}

#endif /* MBX_MESSAGE_H */
