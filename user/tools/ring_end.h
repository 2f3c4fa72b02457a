/* SPDX-License-Identifier: GPL-2.0-only */
/* Ends of a ring, for send and recv. */
#ifndef MBOX_TOOLS_RING_END_H
#define MBOX_TOOLS_RING_END_H

#include <mbox.h>

/* Gets the end MBOX_MAP_*; an exit code, and reports what went wrong. */
int ring_end_open(struct mbox_ring **ring, struct mbox *mbox, const char *name, uint32_t end);

/* As mbox_send(): one record. */
int ring_end_send(struct mbox_ring *ring, uint64_t type, const void *data, size_t len,
		  int64_t timeout);

/* As mbox_recv_alloc(): one record; the header has type and length. */
int ring_end_take(struct mbox_ring *ring, struct mbox_header *header, void **data,
		  int64_t timeout);

/* Reports why that failed, and returns its exit code. */
int fail_ring(const char *name, int err);

#endif /* MBOX_TOOLS_RING_END_H */
