// SPDX-License-Identifier: GPL-2.0-only
/*
 * record - two processes count in one file, and a lock makes the count right
 *
 * A record lock protects a range of bytes, or the whole file, from others who
 * lock, too: it is advisory, nobody is kept from writing without asking. Here
 * each process locks the eight bytes of the counter for each step, and meanwhile
 * bytes elsewhere stay free.
 *
 * Rows: 145
 *
 *	$ examples/lock/record
 */
#include <stdint.h>
#include <sys/mman.h>

#include "../process/wait.h"

#define STEPS		2000
#define COUNTER_BYTES	8

static void lock(int fd, short type)
{
	struct flock range = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = COUNTER_BYTES,
	};

	check_sys(fcntl(fd, F_SETLKW, &range), "fcntl(F_SETLKW)");
}

static uint64_t read_counter(int fd)
{
	uint64_t counter = 0;

	check_sys(pread(fd, &counter, sizeof(counter), 0), "pread");
	return counter;
}

static void count(int fd)
{
	uint64_t counter;

	for (int i = 0; i < STEPS; i++) {
		lock(fd, F_WRLCK);
		counter = read_counter(fd) + 1;
		/* Others may run: it would be seen if they could count now. */
		sched_yield();
		check_sys(pwrite(fd, &counter, sizeof(counter), 0), "pwrite");
		lock(fd, F_UNLCK);
	}
}

/* Who holds a lock that would be in the way of ours. */
static void show_holder(int fd, const char *what, off_t start, pid_t child)
{
	struct flock range = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = 1,
	};

	check_sys(fcntl(fd, F_GETLK, &range), "fcntl(F_GETLK)");
	printf("%s: %s\n", what, range.l_type == F_UNLCK ? "free" :
	       range.l_pid == child ? "locked by the child" : "locked by someone else");
}

static void hold_until(int fd, int told, int tells)
{
	lock(fd, F_WRLCK);
	tell(tells);
	wait_for_end(told);
	exit(EXIT_SUCCESS);
}

static void ask_for_holder(int fd)
{
	int go[2], held[2];
	pid_t child;

	make_pipe(go);
	make_pipe(held);
	child = start_child();
	if (!child) {
		close(go[1]);
		hold_until(fd, go[0], held[1]);
	}
	close(go[0]);
	hear(held[0]);
	show_holder(fd, "the counter's bytes", 0, child);
	show_holder(fd, "the byte after them", COUNTER_BYTES, child);
	close(go[1]);
	end_child(child);
	show_holder(fd, "when the child has ended", 0, child);
}

int main(void)
{
	int fd = check_sys(memfd_create("file", MFD_CLOEXEC), "memfd_create");
	pid_t child = start_child();

	count(fd);
	if (!child)
		return 0;
	end_child(child);
	printf("2 processes counted %d steps each: %ju\n", STEPS, (uintmax_t)read_counter(fd));
	ask_for_holder(fd);
	return 0;
}
