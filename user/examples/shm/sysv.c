// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysv - shared memory of System V: shmget(), shmat(), shmdt(), shmctl()
 *
 * An address of NULL lets the kernel choose; SHM_RDONLY attaches for reading
 * alone; SHM_RND rounds an address down to a multiple of SHMLBA. A segment that
 * is marked for removal stays until all have left it. Forked processes share it:
 * it is not copied on write.
 *
 * One lecture calls these calls POSIX shared memory; that is shm_open(), see posix.
 * And shmat() that fails returns (void *)-1, not NULL.
 *
 * Rows: 105
 *
 *	$ examples/shm/sysv
 */
#include <stdint.h>

#include "segment.h"

static int attached(int id)
{
	struct shmid_ds state;

	check_sys(shmctl(id, IPC_STAT, &state), "shmctl(IPC_STAT)");
	return state.shm_nattch;
}

/* A write through the read-only attachment ends a child, without a core file. */
static void write_for_reading(char *memory)
{
	pid_t child = start_child();
	int status;

	if (!child) {
		check_sys(prctl(PR_SET_DUMPABLE, 0), "prctl");
		signal(SIGSEGV, SIG_DFL);
		*(volatile char *)memory = 'x';
		exit(EXIT_SUCCESS);
	}
	check_sys(waitpid(child, &status, 0), "waitpid");
	printf("writing where it is for reading: %s\n",
	       WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "nothing happened");
}

/* An odd address, which SHM_RND makes an even one. */
static void attach_rounded(int id, char *free_place)
{
	void *odd = free_place + 1;

	if (shmat(id, odd, 0) == (void *)-1)
		printf("an address that is no multiple of SHMLBA: %s\n", strerror(errno));
	odd = shmat(id, odd, SHM_RND);
	if (odd == (void *)-1)
		fail("shmat", errno);
	printf("the same with SHM_RND: %s\n", odd == free_place ? "rounded down" : "not there");
	check_sys(shmdt(odd), "shmdt");
}

int main(void)
{
	int id = check_sys(shmget(IPC_PRIVATE, 4096, 0600), "shmget");
	char *memory = attach(id, 0), *reader = attach(id, SHM_RDONLY);
	pid_t child;

	printf("%s: attached %d times\n", memory == reader ? "at one address" :
	       "at two addresses", attached(id));
	check_sys(shmctl(id, IPC_RMID, NULL), "shmctl(IPC_RMID)");
	child = start_child();
	if (!child) {
		strcpy(memory, "from the child");
		return 0;
	}
	end_child(child);
	printf("marked for removal, and written: %s\n", reader);
	write_for_reading(reader);
	check_sys(shmdt(reader), "shmdt");
	attach_rounded(id, reader);
	check_sys(shmdt(memory), "shmdt");
	if (shmat(id, NULL, 0) == (void *)-1)
		printf("after the last has left: %s\n", strerror(errno));
	return 0;
}
