// SPDX-License-Identifier: GPL-2.0-only
/*
 * file-lock - a mapped file, and locks on its bytes to wait for each other
 *
 * A lock of a byte need not mean anything about that byte, and the byte need not
 * be there. Here byte n stands for "message n has not been sent", and byte
 * TAKEN + n for "message n has not been received". The sender locks all bytes of
 * the first kind from the start, the receiver all of the second, and each unlocks
 * one with every message. So who waits for a message asks for the lock of its
 * byte, and sleeps until the other one gives it up; nobody asks again and again.
 *
 * The kernel unlocks what a process leaves when it dies. Who gets a lock and
 * finds that nothing has come of it knows that the other one is gone.
 *
 * The locks are those of an open file (F_OFD_*), not of a process: those would be
 * gone as soon as the process closed any descriptor of the file, and the kernel
 * would take two processes that wait for each other for a deadlock. fcntl() knows
 * no time limit: the signal of a timer ends a wait that has one.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "fd.h"
#include "limit.h"
#include "ring.h"
#include "time_limit.h"

#define TAKEN	((off_t)1 << 62)

/* The first byte of the locks that @side holds, and the other one waits for. */
static off_t first_of(enum role side)
{
	return side == ROLE_SENDER ? 0 : TAKEN;
}

static int lock_bytes(struct ring *ring, int command, short type, off_t start, off_t len)
{
	struct flock lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len,
	};

	return or_errno(fcntl(ring->fds[0], command, &lock));
}

/* Whether a process has ever joined on that side; set once, before any message. */
static _Atomic bool *joined(struct ring *ring, enum role side)
{
	return (_Atomic bool *)ring->shared->sides[side].own;
}

/*
 * The lock for which @side waits goes with all that it has waited for before: so
 * they stay one lock to the kernel, and need not be given back.
 */
static int use_lock(struct ring *ring, enum role side, int command, short type)
{
	uint64_t behind = side == ROLE_SENDER ? ring->shared->capacity : 0;
	off_t bytes = ring_place(ring, side) + 1 - behind;

	return lock_bytes(ring, command, type, first_of(ring_other(side)), bytes);
}

static int get_lock_within(struct ring *ring, enum role side, int64_t left)
{
	struct time_limit timer;
	int ret = time_limit_start(&timer, left);

	if (ret)
		return ret;
	ret = use_lock(ring, side, F_OFD_SETLKW, F_RDLCK);
	return time_limit_stop(&timer) && ret == -EINTR ? -ETIMEDOUT : ret;
}

static int get_lock(struct ring *ring, enum role side, int64_t limit)
{
	int64_t left = limit > 0 ? limit_left(limit) : 0;
	int ret;

	if (limit == WAIT_FOREVER)
		return use_lock(ring, side, F_OFD_SETLKW, F_RDLCK);
	if (left)
		return get_lock_within(ring, side, left);
	ret = use_lock(ring, side, F_OFD_SETLK, F_RDLCK);
	return ret == -EAGAIN && limit != WAIT_NEVER ? -ETIMEDOUT : ret;
}

/* There is nothing to wait by; but this is before the first message only. */
static int await_other(int64_t limit)
{
	if (limit == WAIT_NEVER)
		return -EAGAIN;
	if (limit > 0 && !limit_left(limit))
		return -ETIMEDOUT;
	sched_yield();
	return 0;
}

/* Before the other one has come, nobody has the lock, and it would be ours. */
static int await(struct ring *ring, enum role side, int64_t limit)
{
	while (!ring_ready(ring, side)) {
		bool was_there = atomic_load(joined(ring, ring_other(side)));
		int ret = was_there ? get_lock(ring, side, limit) : await_other(limit);

		if (ret)
			return ret;
		if (was_there && !ring_ready(ring, side)) {
			use_lock(ring, side, F_OFD_SETLK, F_UNLCK);
			return side == ROLE_SENDER ? -EPIPE : RECV_END;
		}
	}
	return 0;
}

/* The count has moved: give up the lock that stood for it. */
static int give_lock(struct ring *ring, enum role side)
{
	return lock_bytes(ring, F_OFD_SETLK, F_UNLCK,
			  first_of(side) + ring_place(ring, side) - 1, 1);
}

static const struct ring_wait locks = {
	.wait = await,
	.pass = give_lock,
};

/*
 * Hold all locks from our count on. One that waits for us may have them for a
 * moment, when it learns that there is nobody yet.
 */
static int hold_locks(struct ring *ring, enum role side)
{
	off_t place = ring_place(ring, side);
	int ret = lock_bytes(ring, F_OFD_SETLKW, F_WRLCK, first_of(side) + place, TAKEN - place);

	if (!ret)
		atomic_store(joined(ring, side), true);
	return ret;
}

static int make_file(struct lane *lane)
{
	int fd = open(lane->address, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	int ret;

	if (fd < 0)
		return -errno;
	ret = -posix_fallocate(fd, 0, ring_bytes(lane));
	if (!ret)
		ret = ring_map_new(lane, fd, &locks);
	close(fd);
	if (ret)
		unlink(lane->address);
	return ret;
}

static int open_file(struct lane *lane)
{
	int ret;

	if (lane->broadcast || lane->senders > 1 || lane->receivers > 1)
		return -EOPNOTSUPP;
	ret = path_choose(lane);
	return ret ? ret : make_file(lane);
}

static void close_file(struct lane *lane)
{
	ring_close_private(lane);
	unlink(lane->address);
}

static void leave_file(struct end *end)
{
	struct ring *ring = end->own;

	fd_close(&ring->fds[0]);
	ring_unmap(ring);
	end->own = NULL;
}

/* An inherited descriptor would be the same open file, with the same locks. */
static int join_file(struct end *end)
{
	int fd = fd_open(end->lane->address, O_RDWR);
	struct ring *ring;
	int ret;

	if (fd < 0)
		return fd;
	ret = ring_map(&ring, fd, &locks);
	if (ret) {
		close(fd);
		return ret;
	}
	ring->fds[0] = fd;
	end->own = ring;
	ret = hold_locks(ring, end->role);
	if (ret)
		leave_file(end);
	return ret;
}

const struct mechanism mech_file_lock = {
	.name = "file-lock",
	.title = "mapped file + fcntl lock",
	.group = "memory",
	.max_size = any_size,
	.open = open_file,
	.close = close_file,
	.join = join_file,
	.leave = leave_file,
	.send = ring_send,
	.recv = ring_recv,
	.peek = ring_peek,
	.in_place = ring_in_place,
	.remains = path_remains,
};
