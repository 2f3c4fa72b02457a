// SPDX-License-Identifier: GPL-2.0-only
/*
 * mapped - processes change a mapped file one at a time, part by part
 *
 * Each process adds to all of ten accounts, in an order of its own, and locks only
 * the one that it changes, so that they do not wait for each other more often than
 * they must. The accounts are plain memory: without the lock, sums get lost. The
 * lock is advisory; it parts those who ask for it.
 *
 * Rows: 109, 145
 *
 *	$ examples/lock/mapped
 */
#include <sys/mman.h>

#include "../process/wait.h"

#define PROCESSES	3
#define ACCOUNTS	10
#define ROUNDS		1000

static void set_lock(int fd, short type, int account)
{
	struct flock range = {
		.l_type = type, .l_whence = SEEK_SET,
		.l_start = account * sizeof(long), .l_len = sizeof(long),
	};

	check_sys(fcntl(fd, F_SETLKW, &range), "fcntl");
}

/* Others may run in between: it would be seen if they could add then. */
static void add_slowly(volatile long *account)
{
	long seen = *account;

	sched_yield();
	*account = seen + 1;
}

static void add_to_all(int fd, long *accounts, int first)
{
	for (int i = 0; i < ROUNDS * ACCOUNTS; i++) {
		int account = (first + i) % ACCOUNTS;

		set_lock(fd, F_WRLCK, account);
		add_slowly(&accounts[account]);
		set_lock(fd, F_UNLCK, account);
	}
}

static void start_together(int fd, long *accounts)
{
	pid_t children[PROCESSES];
	int start[2];

	make_pipe(start);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = start_child();
		if (children[i])
			continue;
		close(start[1]);
		wait_for_end(start[0]);
		add_to_all(fd, accounts, i);
		exit(EXIT_SUCCESS);
	}
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < PROCESSES; i++)
		end_child(children[i]);
}

int main(void)
{
	int fd = check_sys(memfd_create("accounts", MFD_CLOEXEC), "memfd_create");
	size_t size = ACCOUNTS * sizeof(long);
	long *accounts;

	/* Mapped memory behind the end of a file is not there: SIGBUS. */
	check_sys(ftruncate(fd, size), "ftruncate");
	accounts = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (accounts == MAP_FAILED)
		fail("mmap", errno);
	start_together(fd, accounts);
	printf("%d processes added %d times to each account:", PROCESSES, ROUNDS);
	for (int i = 0; i < ACCOUNTS; i++)
		printf(" %ld", accounts[i]);
	putchar('\n');
	check_sys(munmap(accounts, size), "munmap");
	close(fd);
	return 0;
}
