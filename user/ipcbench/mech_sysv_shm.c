// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysv-shm - shared memory and semaphores of System V
 *
 * A process that finds no message, or no room, sleeps by a semaphore, and the one
 * that changes this wakes it: see ring.h. Every operation on a semaphore is a
 * system call, but while there are messages and room none is needed. The memory
 * and the semaphores have keys and stay until they are removed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "../lab/guard.h"
#include "fd.h"
#include "limit.h"
#include "ring.h"

#define ACCESS	0600

/* The number of the semaphore set. */
#define SET	0

static int operate(struct ring *ring, enum role side, short change, int64_t limit)
{
	struct sembuf operation = { .sem_num = side, .sem_op = change };
	struct timespec left;

	if (limit == WAIT_FOREVER)
		return or_errno(semop(ring->fds[SET], &operation, 1));
	if (limit == WAIT_NEVER) {
		operation.sem_flg = IPC_NOWAIT;
		return or_errno(semop(ring->fds[SET], &operation, 1));
	}
	left = limit_time(limit_left(limit));
	if (!semtimedop(ring->fds[SET], &operation, 1, &left))
		return 0;
	return errno == EAGAIN ? -ETIMEDOUT : -errno;
}

static int down(struct ring *ring, enum role side, int64_t limit)
{
	return operate(ring, side, -1, limit);
}

static int up(struct ring *ring, enum role side)
{
	return operate(ring, side, 1, WAIT_FOREVER);
}

static const struct ring_wait semaphores = {
	.wait = ring_sleep,
	.pass = ring_pass,
	.undo = ring_undo,
	.down = down,
	.up = up,
};

static bool get_keys(const char *address, key_t *memory, key_t *set)
{
	unsigned int keys[2];

	if (sscanf(address, "0x%x 0x%x", &keys[0], &keys[1]) != 2)
		return false;
	*memory = keys[0];
	*set = keys[1];
	return true;
}

static int choose_keys(struct lane *lane, key_t *memory, key_t *set)
{
	*memory = guard_key(GUARD_SHM_KEY);
	if (*memory == -1)
		return -errno;
	*set = guard_key(GUARD_SEM_KEY);
	if (*set == -1) {
		int error = errno;

		guard_remove_key(GUARD_SHM_KEY, *memory);
		return -error;
	}
	snprintf(lane->address, sizeof(lane->address), "0x%08" PRIx32 " 0x%08" PRIx32,
		 (uint32_t)*memory, (uint32_t)*set);
	return 0;
}

static void remove_objects(const struct lane *lane)
{
	key_t memory, set;

	if (!get_keys(lane->address, &memory, &set))
		return;
	guard_remove_key(GUARD_SHM_KEY, memory);
	guard_remove_key(GUARD_SEM_KEY, set);
}

/* Attach what has the key; NULL with errno. */
static void *attach(key_t key, size_t bytes, int flags)
{
	int id = shmget(key, bytes, flags | ACCESS);
	void *memory;

	if (id < 0)
		return NULL;
	memory = shmat(id, NULL, 0);
	return memory == (void *)-1 ? NULL : memory;
}

static int make_set(key_t key)
{
	unsigned short values[2] = { 0, 0 };
	union {
		unsigned short *array;
	} argument = { .array = values };
	int set = semget(key, 2, IPC_CREAT | IPC_EXCL | ACCESS);

	/* POSIX promises no value of a new semaphore. */
	if (set >= 0 && semctl(set, 0, SETALL, argument))
		return -1;
	return set;
}

static void close_sysv(struct lane *lane)
{
	struct ring *ring = lane->own;

	if (ring) {
		shmdt(ring->shared);
		free(ring);
		lane->own = NULL;
	}
	remove_objects(lane);
}

static int make_objects(struct lane *lane, key_t memory_key, key_t set_key)
{
	void *memory = attach(memory_key, ring_bytes(lane), IPC_CREAT | IPC_EXCL);
	struct ring *ring;

	if (!memory)
		return -errno;
	ring = ring_make(memory, lane, &semaphores);
	if (!ring) {
		shmdt(memory);
		return -ENOMEM;
	}
	lane->own = ring;
	ring->fds[SET] = make_set(set_key);
	return ring->fds[SET] < 0 ? -errno : 0;
}

static int open_sysv(struct lane *lane)
{
	key_t memory, set;
	int ret = lane->broadcast ? -EOPNOTSUPP : choose_keys(lane, &memory, &set);

	if (ret)
		return ret;
	ret = make_objects(lane, memory, set);
	if (ret)
		close_sysv(lane);
	return ret;
}

/* A process that has inherited nothing attaches the memory by itself. */
static int join_sysv(struct end *end)
{
	key_t memory_key, set_key;
	struct ring *ring;
	void *memory;

	end->own = end->lane->own;
	if (end->own)
		return 0;
	if (!get_keys(end->lane->address, &memory_key, &set_key))
		return -EINVAL;
	memory = attach(memory_key, 0, 0);
	if (!memory)
		return -errno;
	ring = ring_use(memory, 0, &semaphores);
	if (!ring) {
		shmdt(memory);
		return -ENOMEM;
	}
	end->own = ring;
	ring->fds[SET] = semget(set_key, 0, ACCESS);
	return ring->fds[SET] < 0 ? -errno : 0;
}

static void leave_sysv(struct end *end)
{
	struct ring *ring = end->own;

	if (ring && ring != end->lane->own) {
		shmdt(ring->shared);
		free(ring);
	}
	end->own = NULL;
}

static bool remains(const char *address)
{
	key_t memory, set;

	return get_keys(address, &memory, &set) &&
	       (shmget(memory, 0, 0) >= 0 || semget(set, 0, 0) >= 0);
}

const struct mechanism mech_sysv_shm = {
	.name = "sysv-shm",
	.title = "SysV shm + semaphore",
	.group = "memory",
	.max_size = any_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_sysv,
	.close = close_sysv,
	.join = join_sysv,
	.leave = leave_sysv,
	.send = ring_send,
	.recv = ring_recv,
	.peek = ring_peek,
	.in_place = ring_in_place,
	.remains = remains,
};
