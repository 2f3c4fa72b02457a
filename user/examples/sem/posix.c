// SPDX-License-Identifier: GPL-2.0-only
/*
 * posix - P and V with a POSIX semaphore: one at a time may change a number
 *
 * sem_wait() is P, sem_post() is V. sem_open() finds it by a name, which can go
 * at once, as the child inherits the semaphore. It is memory that both share: as
 * long as nobody waits there is no system call; and as the kernel does not know
 * that it is taken, it is not given back when its holder dies, as SEM_UNDO does.
 *
 * Rows: 126
 *
 *	$ examples/sem/posix
 */
#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "../process/wait.h"

#define ROUNDS	200000

static sem_t *open_semaphore(void)
{
	unsigned long number;
	char name[64];
	sem_t *semaphore;

	check_sys(getrandom(&number, sizeof(number), 0), "getrandom");
	snprintf(name, sizeof(name), "/sem-example-%lx", number);
	semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
	if (semaphore == SEM_FAILED)
		fail("sem_open", errno);
	check_sys(sem_unlink(name), "sem_unlink");
	return semaphore;
}

/* Not atomic on purpose: it takes both of them to lose one. */
static void add(sem_t *semaphore, volatile long *number)
{
	for (int i = 0; i < ROUNDS; i++) {
		check_sys(sem_wait(semaphore), "sem_wait");
		(*number)++;
		check_sys(sem_post(semaphore), "sem_post");
	}
}

static void add_both(sem_t *semaphore, volatile long *number)
{
	pid_t parent = getpid(), child = start_child();

	if (!child) {
		end_with_parent(parent);
		add(semaphore, number);
		exit(EXIT_SUCCESS);
	}
	add(semaphore, number);
	end_child(child);
	printf("two processes added %d each: %ld\n", ROUNDS, *number);
}

static void die_with(sem_t *semaphore)
{
	pid_t child = start_child();

	if (!child) {
		check_sys(sem_wait(semaphore), "sem_wait");
		raise(SIGKILL);
	}
	check_sys(waitpid(child, NULL, 0), "waitpid");
	printf("a child has taken it and was killed; we try to: %s\n",
	       sem_trywait(semaphore) < 0 ? strerror(errno) : "success");
}

int main(void)
{
	sem_t *semaphore = open_semaphore();
	long *number = mmap(NULL, sizeof(*number), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (number == MAP_FAILED)
		fail("mmap", errno);
	add_both(semaphore, number);
	die_with(semaphore);
	check_sys(sem_close(semaphore), "sem_close");
	return 0;
}
