// SPDX-License-Identifier: GPL-2.0-only
/*
 * deadlock - two semaphores taken in opposite order, and the atomic cure
 *
 * Each of two processes has one semaphore and waits for the other's: for ever, if
 * semtimedop() did not set a limit to it, which is how it is found out. The cure:
 * one semop() that takes both, or, as long as it cannot, none of them.
 *
 * Rows: 123, 126
 *
 *	$ examples/sem/deadlock
 */
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>

#include "set.h"

#define ROUNDS	1000

/* How each of the two ends; EXIT_FAILURE is in between. */
enum { GOT_BOTH = 0, TIMED_OUT = 2 };

static pid_t start_taker(void (*take)(int set, int first, int to, int from), int set,
			 int first, int to, int from)
{
	pid_t parent = getpid(), child = start_child();

	if (child)
		return child;
	end_with_parent(parent);
	take(set, first, to, from);
	exit(GOT_BOTH);
}

static bool timed_out(pid_t child)
{
	int status;

	check_sys(waitpid(child, &status, 0), "waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == TIMED_OUT)
		return true;
	if (status != GOT_BOTH)
		fail("a child has failed", EPROTO);
	return false;
}

static int run_both(void (*take)(int set, int first, int to, int from), int set)
{
	int there[2], back[2];
	pid_t one, two;

	set_value(set, 0, 1);
	set_value(set, 1, 1);
	make_pipe(there);
	make_pipe(back);
	one = start_taker(take, set, 0, there[1], back[0]);
	two = start_taker(take, set, 1, back[1], there[0]);
	for (int i = 0; i < 2; i++) {
		close(there[i]);
		close(back[i]);
	}
	return timed_out(one) + timed_out(two);
}

/* Neither gives its own back before both have found that they wait in vain. */
static void one_by_one(int set, int first, int to, int from)
{
	struct sembuf other = { .sem_num = !first, .sem_op = -1 };
	struct timespec limit = { .tv_nsec = 100 * 1000 * 1000 };

	check_sys(change(set, first, -1, 0), "semop");
	tell(to);
	hear(from);
	if (!semtimedop(set, &other, 1, &limit))
		return;
	if (errno != EAGAIN)
		fail("semtimedop", errno);
	tell(to);
	hear(from);
	check_sys(change(set, first, 1, 0), "semop");
	exit(TIMED_OUT);
}

/* Right only if one at a time adds to it. */
static volatile int *count;

static void add_slowly(void)
{
	int seen = *count;

	sched_yield();
	*count = seen + 1;
}

static void both_at_once(int set, int first, int to, int from)
{
	struct sembuf take[] = {
		{ .sem_num = first, .sem_op = -1 }, { .sem_num = !first, .sem_op = -1 },
	};
	struct sembuf give[] = {
		{ .sem_num = first, .sem_op = 1 }, { .sem_num = !first, .sem_op = 1 },
	};

	tell(to);
	hear(from);
	for (int i = 0; i < ROUNDS; i++) {
		check_sys(semop(set, take, 2), "semop");
		add_slowly();
		check_sys(semop(set, give, 2), "semop");
	}
}

int main(void)
{
	int set = new_set(2);

	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (count == MAP_FAILED)
		fail("mmap", errno);
	printf("one by one, in opposite order: %d of 2 waited in vain\n",
	       run_both(one_by_one, set));
	printf("both at once: %d of 2 waited in vain, ", run_both(both_at_once, set));
	printf("%d of %d rounds were counted\n", *count, 2 * ROUNDS);
	return 0;
}
