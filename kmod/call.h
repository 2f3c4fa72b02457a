/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_CALL_H
#define MBX_CALL_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "cookie.h"
#include "delivery.h"

struct iov_iter;
struct mbox_header;
struct mbx_deferred;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;
struct mbx_sender;
struct mbx_wait;
struct mbx_waiter;

/**
 * enum mbx_call_state - how far a call is
 * @MBX_CALL_OFFERED: its request has not been accepted
 * @MBX_CALL_QUEUED: its request waits for a receiver
 * @MBX_CALL_TAKEN: a receiver has the request
 * @MBX_CALL_ENDED: there is a result
 */
enum mbx_call_state {
	MBX_CALL_OFFERED,
	MBX_CALL_QUEUED,
	MBX_CALL_TAKEN,
	MBX_CALL_ENDED,
};

/**
 * struct mbx_call - a request and the reply that it waits for
 * @refs: one of the thread that has it in hand, one of the request, one of
 *	  &mbx_handle.calls
 * @sender: who calls, and pays; referenced (invariant after init)
 * @handle: whose call it is (invariant after init; gone once the call is in no
 *	    &mbx_handle.calls)
 * @deadline: when the caller gives up; 0 for never (invariant after init)
 * @room: size of @reply, bytes (invariant after init)
 * @state: enum mbx_call_state (this and all below are protected by
 *	   &mbx_mailbox.lock, but @reply, see mbx_delivery_reply())
 * @result: with MBX_CALL_ENDED: 0 or what the caller gets
 * @awaited: a thread has it in hand: waits for it, or copies the result out
 * @told: it counts in &mbx_handle.notices
 * @cookie: its name, the number of the request; in &mbx_handle.calls from the first
 *	    time that the thread left it to be resumed until the result is fetched
 * @link: in &mbx_mailbox.calls while it is queued or taken; then perhaps in
 *	  &mbx_deferred.calls
 * @waiter: that thread, while it sleeps; or NULL
 * @request: the request; the queue or @delivery has the reference
 * @delivery: with MBX_CALL_TAKEN: the receiver's side
 * @unleased: is that, unless the request was leased
 * @replier: who replied; referenced; NULL before
 * @type: type of the reply
 * @len: its length in bytes
 * @time: CLOCK_MONOTONIC nanoseconds of the reply
 * @reply: payload of the reply
 *
 * Room for the reply is part of the call, so a reply needs no memory.
 */
struct mbx_call {
	refcount_t refs;
	struct mbx_sender *sender;
	struct mbx_handle *handle;
	s64 deadline;
	u32 room;

	enum mbx_call_state state;
	int result;
	bool awaited;
	bool told;
	struct mbx_cookie cookie;
	struct list_head link;
	struct mbx_waiter *waiter;
	struct mbx_message *request;
	struct mbx_delivery *delivery;
	struct mbx_delivery unleased;
	struct mbx_sender *replier;
	u64 type;
	u32 len;
	s64 time;
	u8 reply[];
};

struct mbx_call *mbx_call_new(struct mbx_handle *handle, u32 room,
			      s64 deadline);
struct mbx_call *mbx_call_get(struct mbx_call *call);
void mbx_call_put(struct mbx_call *call);

int mbx_call_make(struct mbx_call *call, struct mbx_message *request,
		  const struct mbx_wait *wait, bool *sent);
struct mbx_call *mbx_call_claim(struct mbx_handle *handle, u64 cookie);
int mbx_call_wait(struct mbx_call *call, const struct mbx_wait *wait);
void mbx_call_enter(struct mbx_call *call);
void mbx_call_release(struct mbx_call *call);
void mbx_call_finish(struct mbx_call *call);
void mbx_call_header(const struct mbx_call *call, struct mbox_header *header);
int mbx_call_copy_out(const struct mbx_call *call, struct iov_iter *to);

void mbx_call_accepted_locked(struct mbx_mailbox *mbox, struct mbx_call *call);
void mbx_call_taken_locked(struct mbx_call *call, struct mbx_delivery *delivery);
void mbx_call_returned_locked(struct mbx_call *call);
void mbx_call_reply_locked(struct mbx_mailbox *mbox, struct mbx_call *call,
			   struct mbx_sender *replier, u64 type, u32 len,
			   struct mbx_deferred *deferred);
void mbx_call_end_locked(struct mbx_mailbox *mbox, struct mbx_call *call,
			 int result, struct mbx_deferred *deferred);
void mbx_call_end_queued_locked(struct mbx_mailbox *mbox, int result,
				struct mbx_deferred *deferred);
void mbx_call_withdraw_all_locked(struct mbx_mailbox *mbox,
				  struct mbx_deferred *deferred);
void mbx_call_end_all_locked(struct mbx_mailbox *mbox,
			     struct mbx_deferred *deferred);
void mbx_call_give_up_all_locked(struct mbx_mailbox *mbox,
				 struct mbx_handle *handle,
				 struct mbx_deferred *deferred);

#endif /* MBX_CALL_H */
