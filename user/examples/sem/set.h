/* SPDX-License-Identifier: GPL-2.0-only */
/* A set of semaphores for one program, and what the examples do with it. */
#ifndef EXAMPLES_SET_H
#define EXAMPLES_SET_H

#include <sys/ipc.h>
#include <sys/sem.h>

#include "../keep.h"

/* Which the caller has to define, says semctl(2). */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static int set_size;

static inline int make_set(void)
{
	return check_sys(semget(IPC_PRIVATE, set_size, 0600), "semget");
}

static inline void remove_set(int set)
{
	semctl(set, 0, IPC_RMID);
}

/* All are 0: Linux says so, POSIX does not. */
static inline int new_set(int size)
{
	set_size = size;
	return keep(make_set, remove_set);
}

static inline void set_value(int set, int number, int value)
{
	union semun argument = { .val = value };

	check_sys(semctl(set, number, SETVAL, argument), "SETVAL");
}

/* GETVAL, GETNCNT: who wait for more, GETZCNT: who wait for zero. */
static inline int ask(int set, int number, int what)
{
	return check_sys(semctl(set, number, what), "semctl");
}

static inline void await_count(int set, int number, int what, int count)
{
	while (ask(set, number, what) != count)
		sched_yield();
}

/* -1 and errno, as semop(2). */
static inline int change(int set, int number, int by, int flags)
{
	struct sembuf operation = { .sem_num = number, .sem_op = by, .sem_flg = flags };

	return semop(set, &operation, 1);
}

#endif /* EXAMPLES_SET_H */
