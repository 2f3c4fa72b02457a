/* SPDX-License-Identifier: GPL-2.0-only */
/* What the examples do about errors: say what failed and why, and end. */
#ifndef EXAMPLES_CHECK_H
#define EXAMPLES_CHECK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void fail(const char *what, int error)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	exit(EXIT_FAILURE);
}

/* For the library, whose functions return a negative errno. */
static inline int check(int ret, const char *what)
{
	if (ret < 0)
		fail(what, -ret);
	return ret;
}

/* For system calls, which return -1 and set errno. */
static inline int check_sys(int ret, const char *what)
{
	if (ret < 0)
		fail(what, errno);
	return ret;
}

/* What stands in a buffer of stdio would be printed by both processes. */
static inline pid_t start_child(void)
{
	fflush(stdout);
	return check_sys(fork(), "fork");
}

/* A child that failed has said why; we fail, too. */
static inline void end_child(pid_t child)
{
	int status;

	check_sys(waitpid(child, &status, 0), "waitpid");
	if (status)
		exit(EXIT_FAILURE);
}

#endif /* EXAMPLES_CHECK_H */
