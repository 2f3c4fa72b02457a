// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "ring_end.h"

/* As long a message as a mailbox takes, but for the head of the record. */
#define RING_BYTES	MBOX_SIZE_MAX

static const char *why(int err)
{
	switch (-err) {
	case EBUSY:
		return "another process has this end of the ring";
	case EOPNOTSUPP:
		return "a topic has no ring";
	case EPIPE:
		return "the other end of the ring has gone";
	case EBADMSG:
		return "the other end of the ring has written what cannot be";
	case EAGAIN:
	case ETIMEDOUT:
		return "the other end of the ring does not read, or not in time";
	case EDQUOT:
	case ENOSPC:
		return "no bytes are left for a ring, of those in messages";
	case EIDRM:
		return "the mailbox was removed";
	}
	return strerror(-err);
}

int fail_ring(const char *name, int err)
{
	if (err != -EINTR)
		report("%s: %s", name, why(err));
	return exit_code(err);
}

int ring_end_open(struct mbox_ring **ring, struct mbox *mbox, const char *name, uint32_t end)
{
	const struct mbox_ring_options options = { .end = end, .size = RING_BYTES };
	int err = mbox_ring_open(ring, mbox, &options);

	return err ? fail_ring(name, err) : 0;
}

int ring_end_send(struct mbox_ring *ring, uint64_t type, const void *data, size_t len,
		  int64_t timeout)
{
	void *place;
	int err = mbox_ring_reserve(ring, len, &place, timeout);

	if (err)
		return err;
	memcpy(place, data, len);
	return mbox_ring_commit(ring, type, len);
}

int ring_end_take(struct mbox_ring *ring, struct mbox_header *header, void **data,
		  int64_t timeout)
{
	const void *place;
	uint64_t type;
	size_t len;
	char *copy;
	int ret = mbox_ring_peek(ring, &type, &place, &len, timeout);

	if (ret <= 0)
		return ret;
	copy = malloc(len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, place, len);
	copy[len] = '\0';
	*header = (struct mbox_header){ .type = type, .len = len };
	*data = copy;
	mbox_ring_release(ring);
	return 1;
}
