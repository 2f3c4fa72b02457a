// SPDX-License-Identifier: GPL-2.0
/*
 * Which of the handles that have been polled a message is for: an interval tree
 * of the types that their filters take.
 */
#include <linux/interval_tree_generic.h>
#include <linux/mbox.h>

#include "filter.h"
#include "handle.h"
#include "mailbox.h"
#include "watch.h"

#define START(span)	((span)->lo)
#define LAST(span)	((span)->hi)

INTERVAL_TREE_DEFINE(struct mbx_watch_span, rb, u64, last, START, LAST, static,
		     span_tree)

/**
 * mbx_watch_begin_locked() - tell a handle of messages that its filter takes
 * @mbox: mailbox
 * @handle: handle that is bound to it, and is not told yet
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_watch_begin_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle)
{
	struct mbx_watch *watch = &handle->watch;
	struct mbx_range ranges[2];
	unsigned int i;

	lockdep_assert_held(&mbox->lock);

	watch->count = mbx_filter_ranges(&handle->config.filter, ranges);
	for (i = 0; i < watch->count; i++) {
		struct mbx_watch_span *span = &watch->spans[i];

		span->lo = ranges[i].lo;
		span->hi = ranges[i].hi;
		span->handle = handle;
		span_tree_insert(span, &mbox->watches);
	}
}

/**
 * mbx_watch_end_locked() - undo mbx_watch_begin_locked()
 * @mbox: mailbox
 * @handle: handle, whether it is told or not
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_watch_end_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle)
{
	struct mbx_watch *watch = &handle->watch;

	lockdep_assert_held(&mbox->lock);

	while (watch->count)
		span_tree_remove(&watch->spans[--watch->count], &mbox->watches);
}

/**
 * mbx_watch_first_locked() - the first handle to tell of a message
 * @mbox: mailbox
 * @type: its type
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: one of the handle's spans, or NULL.
 */
struct mbx_watch_span *mbx_watch_first_locked(struct mbx_mailbox *mbox, u64 type)
{
	lockdep_assert_held(&mbox->lock);

	return span_tree_iter_first(&mbox->watches, type, type);
}

/**
 * mbx_watch_next_locked() - the handle after it
 * @span: what the search found last
 * @type: type of the message
 *
 * Context: the mailbox lock is held.
 * Return: one of its spans, or NULL.
 */
struct mbx_watch_span *mbx_watch_next_locked(struct mbx_watch_span *span,
					     u64 type)
{
	return span_tree_iter_next(span, type, type);
}
