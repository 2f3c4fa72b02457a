/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_WATCH_H
#define MBX_WATCH_H

#include <linux/rbtree.h>
#include <linux/types.h>

struct mbx_handle;
struct mbx_mailbox;

/**
 * struct mbx_watch_span - a range of types that a polled handle takes
 * @rb: in &mbx_mailbox.watches
 * @lo: lowest type (set when it is put there)
 * @hi: highest type (likewise)
 * @last: highest type of the subtree below @rb
 * @handle: whose it is (likewise)
 *
 * Protected by &mbx_mailbox.lock.
 */
struct mbx_watch_span {
	struct rb_node rb;
	u64 lo;
	u64 hi;
	u64 last;
	struct mbx_handle *handle;
};

/**
 * struct mbx_watch - what a handle that has been polled is told of
 * @count: how many of @spans are in &mbx_mailbox.watches
 * @spans: two for a filter with EXCEPT that leaves types on both sides
 *
 * Protected by &mbx_mailbox.lock.
 */
struct mbx_watch {
	unsigned int count;
	struct mbx_watch_span spans[2];
};

void mbx_watch_begin_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle);
void mbx_watch_end_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle);
struct mbx_watch_span *mbx_watch_first_locked(struct mbx_mailbox *mbox, u64 type);
struct mbx_watch_span *mbx_watch_next_locked(struct mbx_watch_span *span,
					     u64 type);

#endif /* MBX_WATCH_H */
