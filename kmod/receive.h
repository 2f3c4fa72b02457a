/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_RECEIVE_H
#define MBX_RECEIVE_H

#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/types.h>
#include <linux/mbox.h>

#include "filter.h"
#include "landing.h"
#include "message.h"

struct mbx_deferred;
struct mbx_delivery;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;
struct mbx_reply;
struct mbx_wait;

/* End of file of an anonymous mailbox; never leaves mbx_receive(). */
#define MBX_EOF		(-ENODATA)

/**
 * struct mbx_receive - one message that is wanted, and then had
 * @handle: who receives
 * @filter: which types to take
 * @room: payload bytes that the buffer holds
 * @buf: the buffer, for who copies the payload out
 * @peek: leave the message where it is
 * @skip: peek: how many to pass over
 * @trunc: the head of a longer message will do
 * @pool: what is in the handle's pool stays there
 * @plain: there is no header to tell of losses
 * @lease: delivery for a message that is leased; it is used up; or NULL
 * @lease_ns: how long the lease lasts; 0 for as long as the handle
 * @msg: the message, referenced, or NULL
 * @landed: it stays in the pool, and the receiver is told of its block
 * @seq: its number; 0 for a peek at one that waits for room
 * @lost: messages lost before it that nobody was told of
 * @cookie: names the delivery, or 0 if nothing is owed
 * @deliveries: how often it was delivered before
 * @stepped: it took one of the steps of a frozen mailbox
 * @leased: it was leased
 * @lease_end: until when; 0 for as long as the handle
 */
struct mbx_receive {
	struct mbx_handle *handle;
	struct mbox_filter filter;
	size_t room;
	u64 buf;
	u32 skip;
	bool peek;
	bool trunc;
	bool pool;
	bool plain;
	struct mbx_delivery *lease;
	u64 lease_ns;
	struct mbx_message *msg;
	bool landed;
	u64 seq;
	u64 lost;
	u64 cookie;
	u32 deliveries;
	bool stepped;
	bool leased;
	ktime_t lease_end;
};

int mbx_receive(struct mbx_handle *handle, struct mbx_receive *receives,
		unsigned int count, const struct mbx_wait *wait,
		struct mbx_reply *reply);
void mbx_receive_put_back(struct mbx_handle *handle,
			  struct mbx_receive *receives, unsigned int count);
void mbx_receive_header(const struct mbx_receive *receive,
			struct mbox_header *header);
s64 mbx_receive_next_size(struct mbx_handle *handle);
s64 mbx_receive_next_size_locked(struct mbx_mailbox *mbox,
				 struct mbx_handle *handle);

void mbx_receive_resume_locked(struct mbx_mailbox *mbox,
			       struct mbx_deferred *deferred);
bool mbx_receive_ready_locked(struct mbx_mailbox *mbox,
			      const struct mbx_handle *handle,
			      const struct mbox_filter *filter);
int mbx_receive_show_locked(struct mbx_mailbox *mbox,
			    struct mbx_receive *receive,
			    struct mbx_message *msg);
void mbx_receive_deliver_locked(struct mbx_mailbox *mbox,
				struct mbx_receive *receive,
				struct mbx_message *msg,
				struct mbx_deferred *deferred);

/**
 * mbx_receive_init() - prepare to receive a message
 * @receive: receive; what is written before it is read is left as it is
 * @handle: who receives
 * @filter: valid filter
 * @room: payload bytes that the buffer holds
 *
 * Context: any.
 */
static inline void mbx_receive_init(struct mbx_receive *receive,
				    struct mbx_handle *handle,
				    const struct mbox_filter *filter, size_t room)
{
	receive->handle = handle;
	receive->filter = *filter;
	receive->room = room;
	receive->peek = false;
	receive->skip = 0;
	receive->trunc = false;
	receive->pool = false;
	receive->plain = false;
	receive->lease = NULL;
	receive->lease_ns = 0;
	receive->msg = NULL;
	receive->landed = false;
	receive->lost = 0;
	receive->cookie = 0;
	receive->stepped = false;
	receive->leased = false;
	receive->lease_end = 0;
}

/**
 * mbx_receive_wants() - is a message one for this receive?
 * @receive: receive
 * @msg: message
 *
 * Context: any.
 * Return: true if address and filter let it have the message.
 */
static inline bool mbx_receive_wants(const struct mbx_receive *receive,
				     const struct mbx_message *msg)
{
	return mbx_message_is_for(msg, receive->handle) &&
	       mbx_filter_matches(&receive->filter, msg->type);
}

/**
 * mbx_receive_has_room() - may a receive have a message of this length?
 * @receive: receive
 * @msg: message
 *
 * Context: any.
 * Return: true if its buffer is large enough, or may be too small, or is not needed.
 */
static inline bool mbx_receive_has_room(const struct mbx_receive *receive,
					const struct mbx_message *msg)
{
	return msg->len <= receive->room || receive->trunc ||
	       (receive->pool && mbx_landing_is_own(receive, msg));
}

/**
 * mbx_receive_takes() - does this receive take a message away?
 * @receive: receive whose filter matches
 * @msg: message
 *
 * Context: any.
 * Return: false for a peek, and for a buffer that is too small.
 */
static inline bool mbx_receive_takes(const struct mbx_receive *receive,
				     const struct mbx_message *msg)
{
	return !receive->peek && mbx_receive_has_room(receive, msg);
}

#endif /* MBX_RECEIVE_H */
