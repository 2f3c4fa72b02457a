/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_DELIVERY_H
#define MBX_DELIVERY_H

#include <linux/types.h>

#include "cookie.h"
#include "expiry.h"

struct iov_iter;
struct mbx_deferred;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;
struct mbx_receive;

/**
 * struct mbx_delivery - a received message that still owes an outcome
 * @cookie: its name, in &mbx_handle.deliveries
 * @handle: who owes it
 * @msg: the message; referenced; NULL once its lease has run out
 * @expiry: end of a lease that has one
 * @leased: the message goes back if @handle goes; allocated by itself, else it
 *	    is part of the call, which the message keeps
 * @settling: somebody copies the outcome in, and is the only one who may
 * @overdue: the lease ran out meanwhile
 * @abandoned: nobody waits for the outcome any more
 *
 * Protected by &mbx_mailbox.lock. There is one delivery of a message at a time.
 */
struct mbx_delivery {
	struct mbx_cookie cookie;
	struct mbx_handle *handle;
	struct mbx_message *msg;
	struct mbx_expiry expiry;
	bool leased;
	bool settling;
	bool overdue;
	bool abandoned;
};

/* Replies up to this length are fetched before the mailbox is locked. */
#define MBX_REPLY_SHORT	128

/**
 * struct mbx_reply - what a request is answered with
 * @cookie: names the delivery
 * @type: valid type
 * @len: length of the payload in bytes
 * @text: a short payload; or NULL: it is fetched from @buf
 * @buf: address of the payload
 * @made: the delivery is settled, with or without a reply, since the caller is gone
 */
struct mbx_reply {
	u64 cookie;
	u64 type;
	size_t len;
	const u8 *text;
	u64 buf;
	bool made;
};

void mbx_delivery_init(struct mbx_delivery *delivery);
struct mbx_delivery *mbx_delivery_new_lease(void);
void mbx_delivery_free_lease(struct mbx_delivery *delivery);
int mbx_delivery_reserve_locked(struct mbx_handle *handle, u32 count);
void mbx_delivery_unreserve_locked(struct mbx_handle *handle, u32 count);
void mbx_delivery_begin_locked(struct mbx_mailbox *mbox,
			       struct mbx_receive *receive);
void mbx_delivery_abandon_locked(struct mbx_delivery *delivery);
void mbx_delivery_undo_locked(struct mbx_mailbox *mbox,
			      struct mbx_handle *handle, u64 cookie,
			      struct mbx_deferred *deferred);
void mbx_delivery_close_all_locked(struct mbx_mailbox *mbox,
				   struct mbx_handle *handle,
				   struct mbx_deferred *deferred);

int mbx_delivery_reply(struct mbx_handle *handle, struct mbx_reply *reply);
int mbx_delivery_reply_locked(struct mbx_handle *handle, struct mbx_reply *reply,
			      struct mbx_deferred *deferred);
int mbx_delivery_acknowledge(struct mbx_handle *handle, u64 cookie);
int mbx_delivery_return(struct mbx_handle *handle, u64 cookie);
int mbx_delivery_check(struct mbx_handle *handle, u64 cookie);

#endif /* MBX_DELIVERY_H */
