/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIBMBOX_RING_H
#define LIBMBOX_RING_H

#include "internal.h"

/**
 * struct mbox_ring - one end of a ring
 * @fd: its descriptor
 * @producer: which end
 * @state: first page, which the kernel writes
 * @area: pages of the producer's and the consumer's index
 * @data: records, twice
 * @size: bytes of the ring, checked
 * @mine: index page of this end
 * @theirs: that of the other, which writes what it likes
 * @wanted: flag of the other end that wants to be woken
 * @index: bytes written or read so far; what @mine has is a copy for the other end
 * @seen: index of the other end when it was last loaded; checked
 * @reserved: producer: one more than the bytes of payload reserved; 0 if none are
 * @peeked: consumer: bytes of the record that was peeked at; 0 if there is none
 * @batch: look at @wanted after this many records
 * @unlooked: records since it was looked at
 * @spin: nanoseconds to look again before sleeping
 */
struct mbox_ring {
	int fd;
	bool producer;
	const struct mbox_ring_state *state;
	struct mbox_ring_index *area[2];
	unsigned char *data;
	uint32_t size;
	struct mbox_ring_index *mine;
	const struct mbox_ring_index *theirs;
	const uint32_t *wanted;
	uint32_t index;
	uint32_t seen;
	uint32_t reserved;
	uint32_t peeked;
	uint32_t batch;
	uint32_t unlooked;
	int64_t spin;
};

#endif /* LIBMBOX_RING_H */
