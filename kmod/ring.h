/* SPDX-License-Identifier: GPL-2.0 */
/**
 * DOC: ring
 *
 * A ring is memory that a producer and a consumer share, each through an end: an
 * open file of its own. A mailbox has one ring at a time. Its two ends come in
 * any order, and the ring belongs to the mailbox until the first of them goes,
 * or the mailbox is removed: who comes after that starts a new one.
 *
 * The kernel reads two words of the shared memory, the indices, only to compare
 * them with each other and with a number of the caller. See
 * Documentation/design/ring.rst.
 */
#ifndef MBX_RING_H
#define MBX_RING_H

#include <linux/kref.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/mbox.h>

#include "waiter.h"

struct file;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_pages;
struct mbx_user;

enum mbx_ring_side {
	MBX_RING_PRODUCER,
	MBX_RING_CONSUMER,
	MBX_RING_SIDES
};

/**
 * struct mbx_ring - memory that two ends share
 * @refs: one of each end
 * @pages: state, producer's index, consumer's index, data (invariant after init)
 * @shared: the first page, which only the kernel writes
 * @index: of each side its page, which that side writes at any time
 * @state: MBOX_RING_*; what @shared says (written with &mbx_mailbox.lock held,
 *	   read without)
 * @wait: of each side who waits for the other side: blocked calls and pollers
 */
struct mbx_ring {
	struct kref refs;
	struct mbx_pages *pages;
	struct mbox_ring_state *shared;
	const struct mbox_ring_index *index[MBX_RING_SIDES];
	u32 state;
	wait_queue_head_t wait[MBX_RING_SIDES];
};

/**
 * struct mbx_ring_end - one end of a ring
 * @ring: the ring; referenced; NULL until it is attached
 * @side: which end
 * @file: file of the handle that made it, which stays open; referenced
 * @mbox: mailbox of that handle
 * @aside: whether its waits are better begun by stepping aside
 *
 * All members but @aside are invariant once user space has its file.
 */
struct mbx_ring_end {
	struct mbx_ring *ring;
	enum mbx_ring_side side;
	struct file *file;
	struct mbx_mailbox *mbox;
	struct mbx_aside aside;
};

int mbx_ring_attach(struct mbx_ring_end *end, struct mbx_user *user, u32 size);
void mbx_ring_detach(struct mbx_ring_end *end);
void mbx_ring_removed_locked(struct mbx_mailbox *mbox);

int mbx_ring_wait(struct mbx_ring_end *end, u32 seen, ktime_t deadline,
		  bool nowait);
void mbx_ring_wake(const struct mbx_ring_end *end);
__poll_t mbx_ring_poll_state(const struct mbx_ring_end *end);
unsigned long mbx_ring_data_pages(const struct mbx_ring *ring);

int mbx_ring_open(struct file *file, enum mbx_ring_side side, u32 size);

#endif /* MBX_RING_H */
