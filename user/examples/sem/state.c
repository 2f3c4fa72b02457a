// SPDX-License-Identifier: GPL-2.0-only
/*
 * state - what the kernel tells of a set of semaphores
 *
 * Of the set: owner, mode, when it was used and changed. Of each semaphore: its
 * value, who used it last, how many wait. (sem_base and sem_pending, which the
 * lecture lists, are the kernel's own and no program sees them.)
 *
 * Rows: 116, 125
 *
 *	$ examples/sem/state
 */
#include "set.h"

static void print_set(int set)
{
	struct semid_ds state;
	union semun argument = { .buf = &state };

	check_sys(semctl(set, 0, IPC_STAT, argument), "IPC_STAT");
	printf("set %d: %lu semaphores, mode %03o, %s\n", set, state.sem_nsems,
	       state.sem_perm.mode & 0777,
	       state.sem_perm.cuid == geteuid() ? "made by us" : "made by another");
	printf("  sem_otime: %s\n", state.sem_otime ? "used" : "never used");
}

static void print_semaphore(int set, int number, pid_t child)
{
	int user = ask(set, number, GETPID);

	printf("  semaphore %d: value %d, last used by %s\n", number,
	       ask(set, number, GETVAL),
	       user == child ? "the child" : user ? "us" : "nobody");
}

int main(void)
{
	int set = new_set(3);
	pid_t child;

	print_set(set);
	check_sys(change(set, 1, 5, 0), "semop");
	child = start_child();
	if (!child) {
		check_sys(change(set, 2, 7, 0), "semop");
		return 0;
	}
	end_child(child);
	print_set(set);
	for (int number = 0; number < 3; number++)
		print_semaphore(set, number, child);
	return 0;
}
