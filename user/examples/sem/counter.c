// SPDX-License-Identifier: GPL-2.0-only
/*
 * counter - what semop() does: add, subtract, wait for zero
 *
 * A semaphore is a number that is never negative. semop() adds to it; subtracts,
 * and sleeps until there is enough; or sleeps until it is 0. P and V are the cases
 * -1 and +1. A signal ends the sleep, SA_RESTART or not; with IPC_NOWAIT there is
 * no sleep but EAGAIN. Nobody owns a semaphore: who adds need not have subtracted.
 *
 * Rows: 122, 124, 126
 *
 *	$ examples/sem/counter
 */
#include "set.h"

static void on_signal(int number)
{
	(void)number;
}

static void show(int set, const char *what)
{
	printf("%-26s value %d, waiting for more %d, for zero %d\n", what,
	       ask(set, 0, GETVAL), ask(set, 0, GETNCNT), ask(set, 0, GETZCNT));
	fflush(stdout);
}

static pid_t start_operation(int set, int by)
{
	pid_t parent = getpid(), child = start_child();

	if (child)
		return child;
	end_with_parent(parent);
	if (change(set, 0, by, 0) < 0)
		printf("  child: operation %d: %s\n", by, strerror(errno));
	else
		printf("  child: operation %d is done\n", by);
	exit(EXIT_SUCCESS);
}

static void up(int set, int by)
{
	check_sys(change(set, 0, by, 0), "semop");
}

static void down_by_two(int set)
{
	pid_t child = start_operation(set, -2);

	await_count(set, 0, GETNCNT, 1);
	show(set, "a child wants 2:");
	up(set, 1);
	show(set, "1 was added:");
	up(set, 2);
	end_child(child);
	show(set, "2 more were added:");
}

static void wait_for_zero(int set)
{
	pid_t child = start_operation(set, 0);

	await_count(set, 0, GETZCNT, 1);
	show(set, "a child waits for zero:");
	up(set, -1);
	end_child(child);
	show(set, "1 was taken:");
}

static void interrupt(int set)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	pid_t child;

	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	child = start_operation(set, -1);
	await_count(set, 0, GETNCNT, 1);
	show(set, "a child wants 1:");
	check_sys(kill(child, SIGUSR1), "kill");
	end_child(child);
	show(set, "a signal was sent to it:");
}

int main(void)
{
	int set = new_set(1);

	show(set, "a new semaphore:");
	down_by_two(set);
	wait_for_zero(set);
	interrupt(set);
	if (change(set, 0, -1, IPC_NOWAIT) < 0)
		printf("take 1 with IPC_NOWAIT:    %s\n", strerror(errno));
	return 0;
}
