/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmbox: rings. Included by mbox.h, whose rules hold here, too.
 *
 * A ring takes records from one producer to one consumer through memory that
 * both have mapped: no record passes through the kernel. It is for two processes
 * that accept each other's garbage: a payload may change while it is read, and
 * a peer that writes nonsense shows as -EBADMSG. Each end is for one thread at a
 * time.
 */
#ifndef LIBMBOX_MBOX_RING_H
#define LIBMBOX_MBOX_RING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One end of a ring. */
struct mbox_ring;

/**
 * struct mbox_ring_options - how mbox_ring_open() makes an end
 * @end: MBOX_MAP_PRODUCER or MBOX_MAP_CONSUMER; 0 where the handle has only the
 *	 right for one
 * @size: bytes of a new ring, a power of two from MBOX_MAP_SIZE_MIN to
 *	  MBOX_MAP_SIZE_MAX; 0 for MBOX_MAP_SIZE_DEFAULT; no matter if the other
 *	  end is there
 * @batch: look whether the other end sleeps only after this many records; 0 for
 *	   each. Who stops in between calls mbox_ring_flush()
 * @spin: before it sleeps, look again for that long, nanoseconds, if the other
 *	  end was last on another CPU; 0 for not at all
 */
struct mbox_ring_options {
	uint32_t end;
	size_t size;
	uint32_t batch;
	int64_t spin;
};

/**
 * mbox_ring_open() - get an end of the ring of a mailbox
 * @out: where it goes
 * @mbox: handle of a queue, which may be closed after that
 * @options: options, or NULL
 *
 * Return: 0; -EBUSY (there is an end of this side), -EBADF (the handle has not that
 * right), -EINVAL, -EOPNOTSUPP (a topic), -EIDRM, -EDQUOT, -ENOSPC, -EMFILE,
 * -ENFILE, -ENOMEM; -EPROTO if the device is not as this library knows it.
 */
int mbox_ring_open(struct mbox_ring **out, struct mbox *mbox,
		   const struct mbox_ring_options *options);

/**
 * mbox_ring_close() - give an end back; the other one sees it go
 * @ring: end, or NULL
 *
 * What was committed can still be read; what was only reserved cannot.
 *
 * Return: NULL.
 */
struct mbox_ring *mbox_ring_close(struct mbox_ring *ring);

/**
 * mbox_ring_fd() - descriptor of an end, for poll(2) and its kin
 * @ring: end
 *
 * POLLIN: there is something to peek at; POLLOUT: at least half of the ring is
 * free; POLLHUP: the other end has gone, or the mailbox.
 *
 * Return: the descriptor, which stays the end's.
 */
int mbox_ring_fd(const struct mbox_ring *ring);

/**
 * mbox_ring_room() - longest payload that the ring can carry
 * @ring: end
 *
 * Return: bytes.
 */
size_t mbox_ring_room(const struct mbox_ring *ring);

/**
 * mbox_ring_reserve() - get the place of the next record's payload
 * @ring: producer's end
 * @len: bytes that are wanted
 * @data: where the address of the place goes, a multiple of 8
 * @timeout: how long to wait for room
 *
 * Reserving again, without a commit, forgets what was reserved.
 *
 * Return: 0, or -EMSGSIZE (more than mbox_ring_room()), -EAGAIN, -ETIMEDOUT,
 * -EPIPE (the consumer has gone), -EIDRM, -EINTR, -EBADMSG, -EBADF (a consumer's
 * end), -EINVAL.
 */
int mbox_ring_reserve(struct mbox_ring *ring, size_t len, void **data,
		      int64_t timeout);

/**
 * mbox_ring_commit() - let the consumer have what was reserved
 * @ring: producer's end
 * @type: type, any number
 * @len: bytes of payload, at most what was reserved
 *
 * Return: 0, or -EINVAL (nothing was reserved, or not that much).
 */
int mbox_ring_commit(struct mbox_ring *ring, uint64_t type, size_t len);

/**
 * mbox_ring_flush() - wake the other end, if it sleeps, for what is done
 * @ring: end
 *
 * Only needed with &mbox_ring_options.batch. Return: 0.
 */
int mbox_ring_flush(struct mbox_ring *ring);

/**
 * mbox_ring_peek() - look at the next record, where it lies
 * @ring: consumer's end
 * @type: where its type goes, or NULL
 * @data: where the address of the payload goes, valid until the release; set also
 *	  where there is no record yet, to where its payload will lie
 * @len: where the length of the payload goes
 * @timeout: how long to wait for a record
 *
 * Return: 1; 0 once the producer has gone and nothing is left; or -EAGAIN,
 * -ETIMEDOUT, -EIDRM, -EINTR, -EBADMSG, -EBADF (a producer's end), -EINVAL.
 */
int mbox_ring_peek(struct mbox_ring *ring, uint64_t *type, const void **data,
		   size_t *len, int64_t timeout);

/**
 * mbox_ring_release() - give back the place of the record that was peeked at
 * @ring: consumer's end
 *
 * Return: 0, or -EINVAL (there was no peek).
 */
int mbox_ring_release(struct mbox_ring *ring);

/**
 * mbox_ring_wait() - wait for the other end
 * @ring: consumer's end: until there is something to peek at; producer's end:
 *	  until all that was committed has been released
 * @timeout: how long to wait
 *
 * Return: 0, or -EAGAIN, -ETIMEDOUT, -EPIPE (the other end has gone before that),
 * -EIDRM, -EINTR, -EBADMSG, -EINVAL.
 */
int mbox_ring_wait(struct mbox_ring *ring, int64_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* LIBMBOX_MBOX_RING_H */
