// SPDX-License-Identifier: GPL-2.0-only
/*
 * posix-shm - shared memory of POSIX with POSIX semaphores in it
 *
 * A process that finds no message, or no room, sleeps by a semaphore, and the one
 * that changes this wakes it: see ring.h. A semaphore of POSIX is a number in
 * memory, too, and asks the kernel only if somebody must sleep or be woken. The
 * memory has a name, and stays until that is removed.
 */
#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lab/guard.h"
#include "fd.h"
#include "limit.h"
#include "ring.h"

#define ACCESS	0600

_Static_assert(sizeof(sem_t) <= RING_OWN, "a semaphore fits into a side's own memory");

static sem_t *semaphore_of(struct ring *ring, enum role side)
{
	return (sem_t *)ring->shared->sides[side].own;
}

static int down(struct ring *ring, enum role side, int64_t limit)
{
	sem_t *semaphore = semaphore_of(ring, side);
	struct timespec end = limit_time(limit);

	if (limit == WAIT_FOREVER)
		return or_errno(sem_wait(semaphore));
	if (limit == WAIT_NEVER)
		return or_errno(sem_trywait(semaphore));
	return or_errno(sem_clockwait(semaphore, CLOCK_MONOTONIC, &end));
}

static int up(struct ring *ring, enum role side)
{
	return or_errno(sem_post(semaphore_of(ring, side)));
}

static const struct ring_wait semaphores = {
	.wait = ring_sleep,
	.pass = ring_pass,
	.undo = ring_undo,
	.down = down,
	.up = up,
};

static int make_semaphores(struct ring *ring)
{
	if (sem_init(semaphore_of(ring, ROLE_SENDER), true, 0) ||
	    sem_init(semaphore_of(ring, ROLE_RECEIVER), true, 0))
		return -errno;
	return 0;
}

/* Memory that is promised now cannot fail when it is first touched. */
static int make_object(struct lane *lane)
{
	int fd = shm_open(lane->address, O_CREAT | O_EXCL | O_RDWR, ACCESS);
	int ret;

	if (fd < 0)
		return -errno;
	ret = -posix_fallocate(fd, 0, ring_bytes(lane));
	if (!ret)
		ret = ring_map_new(lane, fd, &semaphores);
	if (!ret)
		ret = make_semaphores(lane->own);
	close(fd);
	return ret;
}

static void close_posix(struct lane *lane)
{
	if (lane->own)
		ring_unmap(lane->own);
	lane->own = NULL;
	guard_remove_name(lane->address);
}

static int open_posix(struct lane *lane)
{
	int ret = lane->broadcast ? -EOPNOTSUPP :
		  guard_name(GUARD_SHM_NAME, lane->address, sizeof(lane->address));

	if (ret)
		return ret;
	ret = make_object(lane);
	if (ret)
		close_posix(lane);
	return ret;
}

/* A process that has inherited nothing maps the memory by its name. */
static int join_posix(struct end *end)
{
	struct ring *ring = NULL;
	int fd, ret;

	end->own = end->lane->own;
	if (end->own)
		return 0;
	fd = shm_open(end->lane->address, O_RDWR, 0);
	if (fd < 0)
		return -errno;
	ret = ring_map(&ring, fd, &semaphores);
	close(fd);
	end->own = ring;
	return ret;
}

static void leave_posix(struct end *end)
{
	if (end->own != end->lane->own)
		ring_unmap(end->own);
	end->own = NULL;
}

static bool remains(const char *address)
{
	int fd = shm_open(address, O_RDONLY, 0);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

const struct mechanism mech_posix_shm = {
	.name = "posix-shm",
	.title = "POSIX shm + semaphore",
	.group = "memory",
	.max_size = any_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_posix,
	.close = close_posix,
	.join = join_posix,
	.leave = leave_posix,
	.send = ring_send,
	.recv = ring_recv,
	.peek = ring_peek,
	.in_place = ring_in_place,
	.remains = remains,
};
