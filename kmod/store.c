// SPDX-License-Identifier: GPL-2.0
/*
 * The queued messages of a mailbox: one queue for all receivers, and one of each
 * handle for those that are addressed to it. A receive takes from both what comes
 * first by its filter.
 */
#include <linux/mbox.h>

#include "cookie.h"
#include "handle.h"
#include "message.h"
#include "sender.h"
#include "store.h"

static struct mbx_handle *to_member(struct rb_node *rb)
{
	return rb ? container_of(rb_entry(rb, struct mbx_cookie, node),
				 struct mbx_handle, member) : NULL;
}

/**
 * mbx_store_init() - make an empty store
 * @store: store
 *
 * Context: any.
 */
void mbx_store_init(struct mbx_store *store)
{
	mbx_queue_init(&store->shared);
	store->members = RB_ROOT;
	store->msgs = 0;
	store->bytes = 0;
}

/**
 * mbx_store_join() - messages can be addressed to a handle from now on
 * @store: store
 * @handle: handle that may receive
 *
 * Context: the user's lock of the store is held.
 */
void mbx_store_join(struct mbx_store *store, struct mbx_handle *handle)
{
	mbx_cookie_add(&store->members, &handle->member, handle->sender->id);
}

/**
 * mbx_store_leave() - undo mbx_store_join()
 * @store: store
 * @handle: handle whose queue is empty
 *
 * Context: the user's lock of the store is held.
 */
void mbx_store_leave(struct mbx_store *store, struct mbx_handle *handle)
{
	mbx_cookie_remove(&store->members, &handle->member);
}

/**
 * mbx_store_member() - whom an address means
 * @store: store
 * @id: id of a handle
 *
 * Context: the user's lock of the store is held.
 * Return: the handle, or NULL.
 */
struct mbx_handle *mbx_store_member(const struct mbx_store *store, u64 id)
{
	struct mbx_cookie *found = mbx_cookie_find(&store->members, id);

	return found ? container_of(found, struct mbx_handle, member) : NULL;
}

/**
 * mbx_store_first_member() - the first of all to whom messages can be addressed
 * @store: store
 *
 * Context: the user's lock of the store is held.
 * Return: the handle, or NULL.
 */
struct mbx_handle *mbx_store_first_member(const struct mbx_store *store)
{
	return to_member(rb_first(&store->members));
}

/**
 * mbx_store_next_member() - the one after a member
 * @handle: member
 *
 * Context: the user's lock of the store is held.
 * Return: the handle, or NULL.
 */
struct mbx_handle *mbx_store_next_member(const struct mbx_handle *handle)
{
	return to_member(rb_next(&handle->member.node));
}

/**
 * mbx_store_add() - add a message in the place that its number gives it
 * @store: store, which takes over the caller's reference
 * @to: member that it is addressed to, or NULL if it is not
 * @msg: message that is in no queue
 *
 * Context: the user's lock of the store is held.
 */
void mbx_store_add(struct mbx_store *store, struct mbx_handle *to,
		   struct mbx_message *msg)
{
	store->msgs++;
	store->bytes += msg->len;
	mbx_queue_add(to ? &to->inbox : &store->shared, msg);
}

static struct mbx_queue *queue_of(struct mbx_store *store,
				  const struct mbx_message *msg)
{
	if (!msg->to)
		return &store->shared;
	return &mbx_store_member(store, msg->to)->inbox;
}

/**
 * mbx_store_remove() - take a message out
 * @store: store
 * @msg: message that is in it; the caller gets the store's reference
 *
 * Context: the user's lock of the store is held.
 */
void mbx_store_remove(struct mbx_store *store, struct mbx_message *msg)
{
	store->msgs--;
	store->bytes -= msg->len;
	mbx_queue_remove(queue_of(store, msg), msg);
}

static bool comes_before(const struct mbx_message *a,
			 const struct mbx_message *b,
			 const struct mbox_filter *filter)
{
	if (filter->flags & MBOX_FILTER_LOWEST && a->type != b->type)
		return a->type < b->type;
	return a->seq < b->seq;
}

/**
 * mbx_store_find() - find the message that a receive takes
 * @store: store
 * @handle: who receives
 * @filter: valid filter
 *
 * Context: the user's lock of the store is held.
 * Return: the message, which stays in the store, or NULL.
 */
struct mbx_message *mbx_store_find(const struct mbx_store *store,
				   const struct mbx_handle *handle,
				   const struct mbox_filter *filter)
{
	struct mbx_message *shared = mbx_queue_find(&store->shared, filter);
	struct mbx_message *own = NULL;

	if (handle->inbox.msgs)
		own = mbx_queue_find(&handle->inbox, filter);
	if (!own || (shared && comes_before(shared, own, filter)))
		return shared;
	return own;
}

/* Those taken last come first: each is the first of its type then. */
static void put_back_all(struct mbx_store *store, struct list_head *taken)
{
	struct mbx_message *msg, *next;

	list_for_each_entry_safe(msg, next, taken, same) {
		list_del_init(&msg->same);
		mbx_store_add(store, msg->to ? mbx_store_member(store, msg->to) :
					       NULL, msg);
	}
}

/**
 * mbx_store_find_beyond() - find what a receive would take after some others
 * @store: store
 * @handle: who receives
 * @filter: valid filter
 * @skip: how many it would take before, at most MBOX_SKIP_MAX
 *
 * No order is kept across types: those before are taken out and put back.
 *
 * Context: the user's lock of the store is held.
 * Return: the message, which stays in the store, or NULL.
 */
struct mbx_message *mbx_store_find_beyond(struct mbx_store *store,
					  const struct mbx_handle *handle,
					  const struct mbox_filter *filter,
					  u32 skip)
{
	struct mbx_message *msg = mbx_store_find(store, handle, filter);
	LIST_HEAD(taken);

	while (msg && skip--) {
		mbx_store_remove(store, msg);
		list_add(&msg->same, &taken);
		msg = mbx_store_find(store, handle, filter);
	}
	put_back_all(store, &taken);
	return msg;
}

/* Most stores have addressed messages never: do not ask every handle then. */
static bool has_addressed(const struct mbx_store *store)
{
	return store->msgs > store->shared.msgs;
}

/**
 * mbx_store_oldest() - find the oldest message of all
 * @store: store
 *
 * Context: the user's lock of the store is held.
 * Return: the message, which stays in the store, or NULL.
 */
struct mbx_message *mbx_store_oldest(const struct mbx_store *store)
{
	struct mbx_message *oldest = mbx_queue_oldest(&store->shared);
	struct mbx_handle *handle;

	if (!has_addressed(store))
		return oldest;
	for (handle = mbx_store_first_member(store); handle;
	     handle = mbx_store_next_member(handle)) {
		struct mbx_message *msg = mbx_queue_oldest(&handle->inbox);

		if (msg && (!oldest || msg->seq < oldest->seq))
			oldest = msg;
	}
	return oldest;
}

/**
 * mbx_store_steal_shared() - move all messages that are not addressed
 * @store: store
 * @thief: where they go, for mbx_queue_free(); what it held is overwritten
 *
 * Context: the user's lock of the store is held. Takes constant time.
 */
void mbx_store_steal_shared(struct mbx_store *store, struct mbx_queue *thief)
{
	store->msgs -= store->shared.msgs;
	store->bytes -= store->shared.bytes;
	mbx_queue_steal(&store->shared, thief);
}
