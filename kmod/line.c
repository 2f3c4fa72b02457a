// SPDX-License-Identifier: GPL-2.0
/*
 * The blocked receives of a mailbox, and which of them is the first that a
 * message is for.
 *
 * Each takes one range of types, or with EXCEPT the two beside it. The ranges are
 * an interval tree: by their lower ends, each node with the highest end below it,
 * so that ways to ranges that end before the type are not gone; and with the
 * earliest arrival below it, so that neither are those to receives that came after
 * the best that was found. Where the filters differ, or are all the same, that is
 * O(log n).
 *
 * A receive that comes when nobody waits is not put there: it is the first of the
 * list, which is looked at before the tree. So where one waits at a time there is
 * no tree.
 */
#include <linux/rbtree_augmented.h>
#include <linux/mbox.h>

#include "filter.h"
#include "handle.h"
#include "line.h"
#include "mailbox.h"
#include "message.h"
#include "receive.h"
#include "topic.h"
#include "waiter.h"

#define to_span(rb)	rb_entry(rb, struct mbx_span, node)

static void extend(struct mbx_reach *reach, const struct rb_node *rb)
{
	if (!rb)
		return;
	reach->hi = max(reach->hi, to_span(rb)->below.hi);
	reach->arrival = min(reach->arrival, to_span(rb)->below.arrival);
}

static bool update_reach(struct mbx_span *span, bool stop_if_same)
{
	struct mbx_reach reach = {
		.hi = span->hi,
		.arrival = span->place->arrival,
	};

	extend(&reach, span->node.rb_left);
	extend(&reach, span->node.rb_right);
	if (stop_if_same && span->below.hi == reach.hi &&
	    span->below.arrival == reach.arrival)
		return true;
	span->below = reach;
	return false;
}

RB_DECLARE_CALLBACKS(static, reach_callbacks, struct mbx_span, node, below,
		     update_reach)

/* Of those with the same lower end the earlier ones come first. */
static void insert_span(struct rb_root *root, struct mbx_span *span)
{
	struct rb_node **link = &root->rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		parent = *link;
		link = span->lo < to_span(parent)->lo ? &parent->rb_left :
							&parent->rb_right;
	}
	span->below.hi = span->hi;
	span->below.arrival = span->place->arrival;
	rb_link_node(&span->node, parent, link);
	reach_callbacks_propagate(parent, NULL);
	rb_insert_augmented(&span->node, root, &reach_callbacks);
}

static void add_span(struct mbx_place *place, u64 lo, u64 hi)
{
	struct mbx_span *span = &place->spans[place->count++];

	span->lo = lo;
	span->hi = hi;
	span->place = place;
	insert_span(&place->line->spans, span);
}

static void add_spans(struct mbx_place *place, const struct mbox_filter *filter)
{
	struct mbx_range ranges[2];
	unsigned int count = mbx_filter_ranges(filter, ranges);
	unsigned int i;

	for (i = 0; i < count; i++)
		add_span(place, ranges[i].lo, ranges[i].hi);
}

/**
 * mbx_line_init() - nobody waits yet
 * @line: line
 *
 * Context: any.
 */
void mbx_line_init(struct mbx_line *line)
{
	INIT_LIST_HEAD(&line->takers);
	INIT_LIST_HEAD(&line->peeks);
	line->spans = RB_ROOT;
	line->arrivals = 0;
}

/**
 * mbx_line_join_locked() - a receive waits from now on
 * @mbox: mailbox
 * @waiter: receive of the current task, which mbx_waiter_complete() ends
 * @place: its place; lives as long as @waiter
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_line_join_locked(struct mbx_mailbox *mbox, struct mbx_waiter *waiter,
			  struct mbx_place *place)
{
	struct mbx_receive *receive = waiter->receive;
	struct mbx_line *line = &mbox->line;
	bool alone = list_empty(&line->takers);

	lockdep_assert_held(&mbox->lock);

	waiter->place = place;
	place->waiter = waiter;
	place->line = line;
	place->count = 0;
	list_add_tail(&place->mate, &receive->handle->waiting);
	if (receive->peek) {
		list_add_tail(&waiter->link, &line->peeks);
		return;
	}
	place->arrival = ++line->arrivals;
	list_add_tail(&waiter->link, &line->takers);
	if (!alone && !mbx_topic_is(mbox))
		add_spans(place, &receive->filter);
}

/**
 * mbx_line_leave_locked() - a receive waits no more
 * @place: its place; the caller takes the waiter off its list
 *
 * Context: the mailbox lock is held.
 */
void mbx_line_leave_locked(struct mbx_place *place)
{
	list_del(&place->mate);
	while (place->count)
		rb_erase_augmented(&place->spans[--place->count].node,
				   &place->line->spans, &reach_callbacks);
}

static u32 count_waiters(const struct list_head *waiters)
{
	const struct list_head *link;
	u32 count = 0;

	list_for_each(link, waiters)
		count++;
	return count;
}

/**
 * mbx_line_count_locked() - how many receives are blocked?
 * @mbox: mailbox
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: the number.
 */
u32 mbx_line_count_locked(const struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&mbox->lock);

	return count_waiters(&mbox->line.takers) +
	       count_waiters(&mbox->line.peeks);
}

/**
 * mbx_line_complete_all_locked() - end all blocked receives
 * @mbox: mailbox
 * @result: what their callers get
 * @deferred: gets the wake-ups
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_line_complete_all_locked(struct mbx_mailbox *mbox, int result,
				  struct mbx_deferred *deferred)
{
	lockdep_assert_held(&mbox->lock);

	mbx_waiter_complete_all(&mbox->line.peeks, result, deferred);
	mbx_waiter_complete_all(&mbox->line.takers, result, deferred);
}

/* What a search has found so far. */
struct search {
	const struct mbx_message *msg;
	bool takes;
	struct mbx_place *best;
};

static bool is_hit(const struct search *search, const struct mbx_place *place)
{
	const struct mbx_receive *receive = place->waiter->receive;

	return mbx_receive_wants(receive, search->msg) &&
	       (!search->takes || mbx_receive_takes(receive, search->msg));
}

static bool is_earlier(const struct search *search, u64 arrival)
{
	return !search->best || arrival < search->best->arrival;
}

/* May there be something better in the subtree? */
static bool is_worth(const struct search *search, const struct rb_node *rb)
{
	return rb && to_span(rb)->below.hi >= search->msg->type &&
	       is_earlier(search, to_span(rb)->below.arrival);
}

static void consider(struct search *search, const struct rb_node *rb)
{
	struct mbx_place *place = to_span(rb)->place;

	if (is_earlier(search, place->arrival) && is_hit(search, place))
		search->best = place;
}

static const struct rb_node *leftmost(const struct search *search,
				      const struct rb_node *rb)
{
	while (is_worth(search, rb->rb_left))
		rb = rb->rb_left;
	return rb;
}

/* The next node in order, past all that is not worth a look. */
static const struct rb_node *following(const struct search *search,
				       const struct rb_node *rb)
{
	const struct rb_node *child;

	/* Else what is to the right begins behind the type, too. */
	if (to_span(rb)->lo <= search->msg->type &&
	    is_worth(search, rb->rb_right))
		return leftmost(search, rb->rb_right);
	do {
		child = rb;
		rb = rb_parent(rb);
	} while (rb && rb->rb_right == child);
	return rb;
}

static void search_spans(struct search *search, const struct rb_root *spans)
{
	const struct rb_node *rb = spans->rb_node;

	if (!is_worth(search, rb))
		return;
	for (rb = leftmost(search, rb); rb; rb = following(search, rb))
		consider(search, rb);
}

/* The first of all may be in no tree, and nobody came earlier. */
static struct mbx_waiter *search_line(struct mbx_line *line,
				      const struct mbx_message *msg, bool takes)
{
	struct search search = { .msg = msg, .takes = takes };
	struct mbx_waiter *first;

	first = list_first_entry_or_null(&line->takers, struct mbx_waiter, link);
	if (!first)
		return NULL;
	if (is_hit(&search, first->place))
		return first;
	search_spans(&search, &line->spans);
	return search.best ? search.best->waiter : NULL;
}

/**
 * mbx_line_wanting_locked() - the first blocked receive that wants a message
 * @mbox: mailbox, no topic
 * @msg: message that is not addressed
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: a receive that is no peek; its buffer may be too small; or NULL.
 */
struct mbx_waiter *mbx_line_wanting_locked(struct mbx_mailbox *mbox,
					   const struct mbx_message *msg)
{
	lockdep_assert_held(&mbox->lock);

	return search_line(&mbox->line, msg, false);
}

/**
 * mbx_line_taker_locked() - the first blocked receive that takes a message
 * @mbox: mailbox, no topic
 * @msg: message that is not addressed
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: the receive, or NULL.
 */
struct mbx_waiter *mbx_line_taker_locked(struct mbx_mailbox *mbox,
					 const struct mbx_message *msg)
{
	lockdep_assert_held(&mbox->lock);

	return search_line(&mbox->line, msg, true);
}

/**
 * mbx_line_taker_of_locked() - as mbx_line_taker_locked(), of one handle
 * @handle: whom the message is for
 * @msg: message
 *
 * Context: the mailbox lock is held.
 * Return: the receive, or NULL.
 */
struct mbx_waiter *mbx_line_taker_of_locked(const struct mbx_handle *handle,
					    const struct mbx_message *msg)
{
	struct search search = { .msg = msg, .takes = true };
	struct mbx_place *place;

	list_for_each_entry(place, &handle->waiting, mate) {
		if (is_hit(&search, place))
			return place->waiter;
	}
	return NULL;
}
