/* SPDX-License-Identifier: GPL-2.0-only */
/* System V shared memory that does not outlive the example, even if it is killed. */
#ifndef EXAMPLES_SEGMENT_H
#define EXAMPLES_SEGMENT_H

#include <sys/ipc.h>
#include <sys/random.h>
#include <sys/shm.h>

#include "../keep.h"

/* shmat() fails with (void *)-1, not with NULL as a lecture tests it. */
static inline void *attach(int id, int flags)
{
	void *memory = shmat(id, NULL, flags);

	if (memory == (void *)-1)
		fail("shmat", errno);
	return memory;
}

/*
 * Without a key; children inherit what is attached. It is marked for removal at
 * once, and stays until the last process has left it.
 */
static inline void *make_segment(size_t size)
{
	int id = check_sys(shmget(IPC_PRIVATE, size, 0600), "shmget");
	void *memory = attach(id, 0);

	check_sys(shmctl(id, IPC_RMID, NULL), "shmctl");
	return memory;
}

static key_t segment_key;
static size_t segment_size;

/* Odd, as 0 is IPC_PRIVATE, which is no key. */
static inline key_t random_key(void)
{
	key_t key;

	check_sys(getrandom(&key, sizeof(key), 0), "getrandom");
	return key | 1;
}

/* With a key that nobody has, if none was asked for. */
static inline int make_keyed(void)
{
	key_t key = segment_key;
	int id;

	do {
		if (!segment_key)
			key = random_key();
		id = shmget(key, segment_size, IPC_CREAT | IPC_EXCL | 0600);
	} while (id < 0 && errno == EEXIST && !segment_key);
	return check_sys(id, "shmget (who has the key: ipcs -m)");
}

static inline void remove_segment(int id)
{
	shmctl(id, IPC_RMID, NULL);
}

/* With the key of the command line, if there is one; returns the id. */
static inline int make_segment_with_key(int argc, char **argv, size_t size)
{
	segment_key = argc > 1 ? atoi(argv[1]) : 0;
	segment_size = size;
	return keep(make_keyed, remove_segment);
}

static inline key_t key_of(int id)
{
	struct shmid_ds state;

	check_sys(shmctl(id, IPC_STAT, &state), "shmctl(IPC_STAT)");
	return state.shm_perm.__key;
}

#endif /* EXAMPLES_SEGMENT_H */
