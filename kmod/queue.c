// SPDX-License-Identifier: GPL-2.0
/*
 * The queued messages of a mailbox: a tree of types, each with its messages
 * in order.
 *
 * The oldest message of a type is itself the node of the tree; the others hang
 * on it in a ring. So a new type needs no allocation under the lock. Each node
 * is augmented with the least sequence number below it, and "the oldest
 * message whose type is in this range" is one walk down the tree.
 */
#include <linux/limits.h>
#include <linux/rbtree_augmented.h>
#include <linux/mbox.h>

#include "breakage.h"
#include "filter.h"
#include "message.h"
#include "queue.h"

#define to_message(rb)	rb_entry(rb, struct mbx_message, node)

static u64 oldest_below(const struct rb_node *rb)
{
	return rb ? to_message(rb)->oldest : U64_MAX;
}

static bool update_oldest(struct mbx_message *msg, bool stop_if_same)
{
	u64 oldest = min3(msg->seq, oldest_below(msg->node.rb_left),
			  oldest_below(msg->node.rb_right));

	if (stop_if_same && msg->oldest == oldest)
		return true;
	msg->oldest = oldest;
	return false;
}

RB_DECLARE_CALLBACKS(static, oldest_callbacks, struct mbx_message, node,
		     oldest, update_oldest)

/* Make @msg the node of its type in place of @head. */
static void replace_head(struct mbx_queue *queue, struct mbx_message *head,
			 struct mbx_message *msg)
{
	rb_replace_node(&head->node, &msg->node, &queue->types);
	RB_CLEAR_NODE(&head->node);
	msg->oldest = head->oldest;
	oldest_callbacks_propagate(&msg->node, NULL);
}

/* A message of the type that is older than @msg, or @head. */
static struct mbx_message *start_of_walk(const struct mbx_queue *queue,
					 struct mbx_message *head,
					 const struct mbx_message *msg)
{
	struct mbx_message *returned = queue->returned;

	if (returned && returned->type == msg->type && returned->seq < msg->seq)
		return returned;
	return head;
}

/*
 * A message that is put back is older than those that are there, but for such
 * as were put back before it. Where many come back, they do in their order: the
 * walk begins at the one before, and is short.
 */
static void put_back_to_type(struct mbx_queue *queue, struct mbx_message *head,
			     struct mbx_message *msg)
{
	struct mbx_message *after = start_of_walk(queue, head, msg);

	while (after->seq < msg->seq)
		after = list_next_entry(after, same);
	list_add_tail(&msg->same, &after->same);
	if (after == head)
		replace_head(queue, head, msg);
	else
		queue->returned = msg;
}

static void add_to_type(struct mbx_queue *queue, struct mbx_message *head,
			struct mbx_message *msg)
{
	if (msg->seq > list_prev_entry(head, same)->seq)
		list_add_tail(&msg->same, &head->same);
	else
		put_back_to_type(queue, head, msg);
}

static void add_type(struct mbx_queue *queue, struct mbx_message *msg,
		     struct rb_node *parent, struct rb_node **link)
{
	queue->distinct++;
	msg->oldest = msg->seq;
	rb_link_node(&msg->node, parent, link);
	oldest_callbacks_propagate(parent, NULL);
	rb_insert_augmented(&msg->node, &queue->types, &oldest_callbacks);
}

/**
 * mbx_queue_init() - make an empty queue
 * @queue: queue
 *
 * Context: any.
 */
void mbx_queue_init(struct mbx_queue *queue)
{
	queue->types = RB_ROOT;
	queue->returned = NULL;
	queue->distinct = 0;
	queue->msgs = 0;
	queue->bytes = 0;
}

/**
 * mbx_queue_add() - add a message in the place that its number gives it
 * @queue: queue, which takes over the caller's reference
 * @msg: message that is in no queue
 *
 * Context: the user's lock of the queue is held.
 */
void mbx_queue_add(struct mbx_queue *queue, struct mbx_message *msg)
{
	struct rb_node **link = &queue->types.rb_node;
	struct rb_node *parent = NULL;

	queue->msgs++;
	queue->bytes += msg->len;

	while (*link) {
		struct mbx_message *head = to_message(*link);

		if (msg->type == head->type) {
			add_to_type(queue, head, msg);
			return;
		}
		parent = *link;
		link = msg->type < head->type ? &parent->rb_left :
						&parent->rb_right;
	}
	add_type(queue, msg, parent, link);
}

/**
 * mbx_queue_remove() - take a message out
 * @queue: queue
 * @msg: message that is in it; the caller gets the queue's reference
 *
 * Context: the user's lock of the queue is held.
 */
void mbx_queue_remove(struct mbx_queue *queue, struct mbx_message *msg)
{
	bool is_head = !RB_EMPTY_NODE(&msg->node);

	queue->msgs--;
	queue->bytes -= msg->len;
	if (queue->returned == msg)
		queue->returned = NULL;

	if (is_head && list_empty(&msg->same)) {
		queue->distinct--;
		rb_erase_augmented(&msg->node, &queue->types,
				   &oldest_callbacks);
		RB_CLEAR_NODE(&msg->node);
		return;
	}
	if (is_head)
		replace_head(queue, msg, list_next_entry(msg, same));
	list_del_init(&msg->same);
}

/*
 * What a search has found so far: message number @seq, somewhere in the
 * subtree @rb. Where exactly is looked up once, at the end.
 */
struct best {
	u64 seq;
	struct rb_node *rb;
};

static void consider(struct best *best, u64 seq, struct rb_node *rb)
{
	if (seq >= best->seq)
		return;
	best->seq = seq;
	best->rb = rb;
}

/* The oldest message of the subtree @rb with a type of at least @lo. */
static void consider_from(struct best *best, struct rb_node *rb, u64 lo)
{
	while (rb) {
		if (to_message(rb)->type < lo) {
			rb = rb->rb_right;
			continue;
		}
		consider(best, to_message(rb)->seq, rb);
		consider(best, oldest_below(rb->rb_right), rb->rb_right);
		rb = rb->rb_left;
	}
}

/* The oldest message of the subtree @rb with a type of at most @hi. */
static void consider_upto(struct best *best, struct rb_node *rb, u64 hi)
{
	while (rb) {
		if (to_message(rb)->type > hi) {
			rb = rb->rb_left;
			continue;
		}
		consider(best, to_message(rb)->seq, rb);
		consider(best, oldest_below(rb->rb_left), rb->rb_left);
		rb = rb->rb_right;
	}
}

static void consider_range(struct best *best, struct rb_node *rb, u64 lo, u64 hi)
{
	while (rb && (to_message(rb)->type < lo || to_message(rb)->type > hi))
		rb = to_message(rb)->type < lo ? rb->rb_right : rb->rb_left;
	if (!rb)
		return;

	/* Here the ways to lo and to hi part. */
	consider(best, to_message(rb)->seq, rb);
	consider_from(best, rb->rb_left, lo);
	consider_upto(best, rb->rb_right, hi);
}

static struct mbx_message *best_message(const struct best *best)
{
	struct rb_node *rb = best->rb;

	while (rb && to_message(rb)->seq != best->seq)
		rb = oldest_below(rb->rb_left) == best->seq ? rb->rb_left :
							      rb->rb_right;
	return rb ? to_message(rb) : NULL;
}

static struct mbx_message *find_of_type(const struct mbx_queue *queue, u64 type)
{
	struct rb_node *rb = queue->types.rb_node;

	while (rb && to_message(rb)->type != type)
		rb = type < to_message(rb)->type ? rb->rb_left : rb->rb_right;
	return rb ? to_message(rb) : NULL;
}

static struct mbx_message *find_in_range(const struct mbx_queue *queue, u64 lo,
					 u64 hi)
{
	struct best best = { .seq = U64_MAX };

	consider_range(&best, queue->types.rb_node, lo, hi);
	return best_message(&best);
}

/* The oldest of all is mostly not one of the exceptions. */
static struct mbx_message *find_outside(const struct mbx_queue *queue, u64 lo,
					u64 hi)
{
	struct mbx_message *oldest = mbx_queue_oldest(queue);
	struct best best = { .seq = U64_MAX };

	if (!oldest || oldest->type < lo || oldest->type > hi)
		return oldest;
	consider_upto(&best, queue->types.rb_node, lo - 1);
	consider_from(&best, queue->types.rb_node, hi + 1);
	return best_message(&best);
}

/* A queue of one type, as most are, has one node. */
static struct mbx_message *only_head(const struct mbx_queue *queue,
				     const struct mbox_filter *filter)
{
	struct mbx_message *head = to_message(queue->types.rb_node);

	return mbx_filter_matches(filter, head->type) ? head : NULL;
}

static struct mbx_message *find_oldest(const struct mbx_queue *queue,
				       const struct mbox_filter *filter)
{
	if (filter->flags & MBOX_FILTER_EXCEPT)
		return find_outside(queue, filter->lo, filter->hi);
	if (filter->lo == filter->hi)
		return find_of_type(queue, filter->lo);
	return find_in_range(queue, filter->lo, filter->hi);
}

/* The message with the lowest type of at least @lo. */
static struct mbx_message *lowest_from(const struct mbx_queue *queue, u64 lo)
{
	struct rb_node *rb = queue->types.rb_node;
	struct mbx_message *lowest = NULL;

	while (rb) {
		if (to_message(rb)->type < lo) {
			rb = rb->rb_right;
			continue;
		}
		lowest = to_message(rb);
		rb = rb->rb_left;
	}
	return lowest;
}

static struct mbx_message *find_lowest(const struct mbx_queue *queue,
				       const struct mbox_filter *filter)
{
	struct mbx_message *msg;

	if (filter->flags & MBOX_FILTER_EXCEPT) {
		msg = lowest_from(queue, 1);
		if (msg && msg->type >= filter->lo)
			msg = lowest_from(queue, filter->hi + 1);
		return msg;
	}
	msg = lowest_from(queue, filter->lo);
	return msg && msg->type <= filter->hi ? msg : NULL;
}

/**
 * mbx_queue_find() - find the message that a receive takes
 * @queue: queue
 * @filter: valid filter
 *
 * Context: the user's lock of the queue is held.
 * Return: the message, which stays in the queue, or NULL.
 */
struct mbx_message *mbx_queue_find(const struct mbx_queue *queue,
				   const struct mbox_filter *filter)
{
	if (mbx_broken(filter))
		return mbx_queue_oldest(queue);
	if (queue->distinct <= 1)
		return queue->distinct ? only_head(queue, filter) : NULL;
	if (filter->flags & MBOX_FILTER_LOWEST)
		return find_lowest(queue, filter);
	return find_oldest(queue, filter);
}

/**
 * mbx_queue_oldest() - find the oldest message of all
 * @queue: queue
 *
 * Context: the user's lock of the queue is held.
 * Return: the message, which stays in the queue, or NULL.
 */
struct mbx_message *mbx_queue_oldest(const struct mbx_queue *queue)
{
	struct rb_node *root = queue->types.rb_node;
	struct best best = { .seq = oldest_below(root), .rb = root };

	return best_message(&best);
}

/**
 * mbx_queue_steal() - move all messages to another queue
 * @queue: queue, which is empty afterwards
 * @thief: where they go, for mbx_queue_free(); what it held is overwritten
 *
 * Context: the user's lock of the queue is held. Takes constant time.
 */
void mbx_queue_steal(struct mbx_queue *queue, struct mbx_queue *thief)
{
	*thief = *queue;
	mbx_queue_init(queue);
}

static void free_type(struct mbx_message *head)
{
	struct mbx_message *msg, *next;

	list_for_each_entry_safe(msg, next, &head->same, same) {
		mbx_message_put(msg);
		cond_resched();
	}
	mbx_message_put(head);
}

/**
 * mbx_queue_free() - drop all messages
 * @queue: queue that nobody else sees
 *
 * Context: may sleep; no lock held.
 */
void mbx_queue_free(struct mbx_queue *queue)
{
	struct mbx_message *head, *next;

	rbtree_postorder_for_each_entry_safe(head, next, &queue->types, node)
		free_type(head);
	mbx_queue_init(queue);
}
