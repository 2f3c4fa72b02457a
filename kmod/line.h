/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_LINE_H
#define MBX_LINE_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>

struct mbx_deferred;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;
struct mbx_waiter;

/**
 * struct mbx_line - the blocked receives of a mailbox
 * @takers: those that take a message away, in order of arrival, &mbx_waiter.link
 * @peeks: those that only look, likewise
 * @spans: ranges of types that @takers take, by their lower ends; each knows the
 *	   highest end and the earliest arrival of its subtree
 * @arrivals: how many takers there have ever been
 *
 * Protected by &mbx_mailbox.lock. Each taker has its spans in @spans, but for one
 * that came when nobody was there, which is the first of @takers as long as it
 * waits; and those of a topic, where each message is for one handle.
 */
struct mbx_line {
	struct list_head takers;
	struct list_head peeks;
	struct rb_root spans;
	u64 arrivals;
};

/**
 * struct mbx_reach - what a subtree of spans has to offer
 * @hi: the highest end of a span
 * @arrival: the earliest arrival
 */
struct mbx_reach {
	u64 hi;
	u64 arrival;
};

/**
 * struct mbx_span - a range of types that a blocked receive takes
 * @node: in &mbx_line.spans
 * @lo: lowest type (invariant after init)
 * @hi: highest type (likewise)
 * @below: of the subtree below @node
 * @place: whose it is (invariant after init)
 *
 * Protected by &mbx_mailbox.lock.
 */
struct mbx_span {
	struct rb_node node;
	u64 lo;
	u64 hi;
	struct mbx_reach below;
	struct mbx_place *place;
};

/**
 * struct mbx_place - the place of a blocked receive among the others
 * @waiter: the receive (invariant after init)
 * @line: where it waits (invariant after init)
 * @mate: in &mbx_handle.waiting
 * @arrival: when it came, as a number (invariant after init)
 * @count: how many of @spans are in &mbx_line.spans
 * @spans: two for a filter with EXCEPT that leaves types on both sides
 *
 * Lives on the stack of the sleeper, and as long as &mbx_waiter that points to it
 * is in line. Protected by &mbx_mailbox.lock.
 */
struct mbx_place {
	struct mbx_waiter *waiter;
	struct mbx_line *line;
	struct list_head mate;
	u64 arrival;
	unsigned int count;
	struct mbx_span spans[2];
};

/**
 * mbx_line_is_empty() - is no receive blocked?
 * @line: line
 *
 * Context: the mailbox lock is held.
 * Return: true if nobody would see a message.
 */
static inline bool mbx_line_is_empty(const struct mbx_line *line)
{
	return list_empty(&line->takers) && list_empty(&line->peeks);
}

void mbx_line_init(struct mbx_line *line);
void mbx_line_join_locked(struct mbx_mailbox *mbox, struct mbx_waiter *waiter,
			  struct mbx_place *place);
void mbx_line_leave_locked(struct mbx_place *place);
u32 mbx_line_count_locked(const struct mbx_mailbox *mbox);
void mbx_line_complete_all_locked(struct mbx_mailbox *mbox, int result,
				  struct mbx_deferred *deferred);

struct mbx_waiter *mbx_line_wanting_locked(struct mbx_mailbox *mbox,
					   const struct mbx_message *msg);
struct mbx_waiter *mbx_line_taker_locked(struct mbx_mailbox *mbox,
					 const struct mbx_message *msg);
struct mbx_waiter *mbx_line_taker_of_locked(const struct mbx_handle *handle,
					    const struct mbx_message *msg);

#endif /* MBX_LINE_H */
