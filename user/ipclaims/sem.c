// SPDX-License-Identifier: GPL-2.0-only
/* Claims on System V semaphores. */
#include <errno.h>
#include <stdlib.h>
#include <sys/sem.h>

#include "claim.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"

static int add(int set, int which, int amount, int flags)
{
	struct sembuf operation = { .sem_num = which, .sem_op = amount, .sem_flg = flags };

	return semop(set, &operation, 1);
}

static int value(int set, int which)
{
	return must(semctl(set, which, GETVAL), "semctl");
}

/* Takes one and then the other, when everybody has one. */
static _Noreturn void take_in_turn(int set, int first, int done, int go)
{
	must(add(set, first, -1, 0), "semop");
	send_byte(done);
	await_byte(go);
	must(add(set, !first, -1, 0), "semop");
	_exit(0);
}

static void check_crossed(int set)
{
	pid_t takers[2];
	int done[2], go[2];

	make_pipe(done, 0);
	make_pipe(go, 0);
	for (int i = 0; i < 2; i++) {
		takers[i] = start();
		if (!takers[i])
			take_in_turn(set, i, done[1], go[0]);
	}
	await_byte(done[0]);
	await_byte(done[0]);
	send_byte(go[1]);
	send_byte(go[1]);
	for (int i = 0; i < 2; i++)
		while (semctl(set, i, GETNCNT) != 1)
			wait_a_little();
	part(sleeps(takers[0]) && sleeps(takers[1]), "Two processes have one semaphore each and "
	     "want the other's: both sleep, and nothing will wake them.");
	end_now(takers[0]);
	end_now(takers[1]);
}

#define ROUNDS	1000

static _Noreturn void take_both(int set, int first)
{
	struct sembuf down[] = { { first, -1, 0 }, { !first, -1, 0 } };
	struct sembuf up[] = { { first, 1, 0 }, { !first, 1, 0 } };

	for (int i = 0; i < ROUNDS; i++) {
		must(semop(set, down, 2), "semop");
		must(semop(set, up, 2), "semop");
	}
	_exit(0);
}

static void check_deadlock(void)
{
	int set = make_semaphores(2);
	pid_t takers[2];

	must(add(set, 0, 1, 0), "semop");
	must(add(set, 1, 1, 0), "semop");
	check_crossed(set);
	must(add(set, 0, 1, 0), "semop");
	must(add(set, 1, 1, 0), "semop");
	for (int i = 0; i < 2; i++) {
		takers[i] = start();
		if (!takers[i])
			take_both(set, i);
	}
	ends_well(takers[0]);
	ends_well(takers[1]);
	part(value(set, 0) == 1 && value(set, 1) == 1, "Where each takes both in one semop(), in "
	     "whatever order, both come to their end, %d times.", ROUNDS);
	conclude_parts();
}

/* A child that is killed while it holds the semaphore. */
static void die_with(int set, int flags)
{
	pid_t child = start();

	if (!child) {
		must(add(set, 0, -1, flags), "semop");
		kill(getpid(), SIGKILL);
	}
	end_of(child);
	if (finding_over())
		_exit(1);
}

static void check_undo(void)
{
	int set = make_semaphores(1);

	part(add(set, 0, -1, IPC_NOWAIT) < 0 && errno == EAGAIN,
	     "With IPC_NOWAIT, semop() of what is not there gives EAGAIN.");
	must(add(set, 0, 1, 0), "semop");
	die_with(set, SEM_UNDO);
	part(value(set, 0) == 1, "A process takes a semaphore of 1 with SEM_UNDO and is killed: "
	     "the value is %d again.", value(set, 0));
	die_with(set, 0);
	part(value(set, 0) == 0, "Without SEM_UNDO it stays %d.", value(set, 0));
	conclude_parts();
}

const struct claim sem_claims[] = {
	{
		.row = "123",
		.lectures = "S3",
		.text = "one atomic operation avoids a deadlock",
		.says = "Processes that take two semaphores in opposite order deadlock; to "
			"take both in one operation solves it.",
		.page = "semop(2)",
		.check = check_deadlock,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "124",
		.lectures = "S3",
		.text = "SEM_UNDO gives back what a dead one held",
		.says = "IPC_NOWAIT does not wait; SEM_UNDO takes back what a process did "
			"when it dies.",
		.page = "semop(2)",
		.check = check_undo,
		.outcomes = { { "so", VERDICT_TRUE } },
	},
	{ 0 }
};
