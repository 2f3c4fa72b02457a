// SPDX-License-Identifier: GPL-2.0-only
/*
 * eventfd - shared memory with semaphores that are descriptors
 *
 * An eventfd with EFD_SEMAPHORE is a semaphore: write() adds, read() takes one or
 * waits. That of the receivers counts the messages, so that it can be polled
 * together with anything else; that of the senders is used only by those that
 * found no room. It has no name: a descriptor is inherited or passed on.
 */
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fd.h"
#include "ring.h"

/* The processes share the open file: its O_NONBLOCK is not ours alone to set. */
static int take_now(int fd)
{
	uint64_t one;
	struct iovec vector = { .iov_base = &one, .iov_len = sizeof(one) };

	return preadv2(fd, &vector, 1, -1, RWF_NOWAIT) < 0 ? -errno : 0;
}

static int down(struct ring *ring, enum role side, int64_t limit)
{
	int fd = ring->fds[side];
	uint64_t one;
	int ret;

	if (limit == WAIT_FOREVER)
		return read(fd, &one, sizeof(one)) < 0 ? -errno : 0;
	while ((ret = take_now(fd)) == -EAGAIN) {
		ret = fd_wait(fd, POLLIN, limit);
		if (ret)
			break;
	}
	return ret;
}

static int up(struct ring *ring, enum role side)
{
	const uint64_t one = 1;

	return write(ring->fds[side], &one, sizeof(one)) < 0 ? -errno : 0;
}

static const struct ring_wait eventfds = {
	.wait = ring_sleep,
	.pass = ring_pass,
	.undo = ring_undo,
	.down = down,
	.up = up,
	.counted = true,
};

static void close_eventfd(struct lane *lane)
{
	struct ring *ring = lane->own;

	fd_close(&ring->fds[ROLE_SENDER]);
	fd_close(&ring->fds[ROLE_RECEIVER]);
	ring_close_private(lane);
}

static int open_eventfd(struct lane *lane)
{
	int ret = ring_open_private(lane, &eventfds);
	struct ring *ring = lane->own;

	for (enum role side = ROLE_SENDER; side <= ROLE_RECEIVER && !ret; side++) {
		ring->fds[side] = eventfd(0, EFD_SEMAPHORE | EFD_CLOEXEC);
		if (ring->fds[side] >= 0)
			continue;
		ret = -errno;
		close_eventfd(lane);
	}
	return ret;
}

/* Room is not counted: it cannot be polled for. */
static int poll_fd(struct end *end)
{
	struct ring *ring = end->own;

	return end->role == ROLE_RECEIVER ? ring->fds[ROLE_RECEIVER] : -EOPNOTSUPP;
}

const struct mechanism mech_eventfd = {
	.name = "eventfd",
	.title = "shm + eventfd",
	.group = "memory",
	.max_size = any_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_eventfd,
	.close = close_eventfd,
	.join = ring_join_private,
	.leave = ring_leave_private,
	.send = ring_send,
	.recv = ring_recv,
	.poll_fd = poll_fd,
	.peek = ring_peek,
	.in_place = ring_in_place,
};
