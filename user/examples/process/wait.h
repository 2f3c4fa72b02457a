/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the examples wait for each other: by pipes and by what the kernel says of
 * a process, never by a clock.
 *
 * A child that is to stay for a while reads from a pipe whose other end only its
 * parent holds. The end of file comes when the parent closes that end, and also
 * when the parent dies: nobody is left behind.
 */
#ifndef EXAMPLES_WAIT_H
#define EXAMPLES_WAIT_H

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

#include "../check.h"

static inline void make_pipe(int ends[2])
{
	check_sys(pipe2(ends, O_CLOEXEC), "pipe");
}

/* Lets go on who hears at the other end of the pipe. */
static inline void tell(int fd)
{
	check_sys(write(fd, "", 1), "write");
}

/* One byte, or 0 at the end of the file. */
static inline ssize_t read_byte(int fd, char *byte)
{
	ssize_t n;

	do
		n = read(fd, byte, 1);
	while (n < 0 && errno == EINTR);
	return check_sys(n, "read");
}

static inline void hear(int fd)
{
	char byte;

	if (!read_byte(fd, &byte))
		fail("the other side has ended", EPIPE);
}

static inline void wait_for_end(int fd)
{
	char byte;

	while (read_byte(fd, &byte))
		;
}

/* For a child that waits for something else. It may have lost its parent already. */
static inline void end_with_parent(pid_t parent)
{
	check_sys(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
	if (getppid() != parent)
		exit(EXIT_FAILURE);
}

/*
 * R running, S asleep in a call that a signal can interrupt, D in one that it
 * cannot, T stopped, Z ended and not waited for; 0: there is no such process.
 */
static inline char state_of(pid_t pid)
{
	char path[32], line[512] = "", *name_end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	/* The name in parentheses may itself hold a parenthesis. */
	name_end = strrchr(line, ')');
	return name_end && name_end[1] == ' ' ? name_end[2] : 0;
}

static inline void wait_for_state(pid_t pid, char wanted)
{
	char state;

	do {
		sched_yield();
		state = state_of(pid);
		if (!state)
			fail("/proc/PID/stat", ESRCH);
	} while (state != wanted);
}

#endif /* EXAMPLES_WAIT_H */
