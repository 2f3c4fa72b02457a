/* SPDX-License-Identifier: GPL-2.0-only */
/* What the examples need around signals that is not their subject. */
#ifndef EXAMPLES_ACTION_H
#define EXAMPLES_ACTION_H

#include <signal.h>

#include "../check.h"

/*
 * Both an ignored and a blocked signal stay so over fork() and exec(). An example
 * that relies on what the signal does by default must not inherit that.
 */
static inline void default_action(int number)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t set;

	check_sys(sigaction(number, &action, NULL), "sigaction");
	sigemptyset(&set);
	sigaddset(&set, number);
	check_sys(sigprocmask(SIG_UNBLOCK, &set, NULL), "sigprocmask");
}

/* Waits for a child that a signal ends, and says which. */
static inline int signal_that_ended(pid_t child)
{
	int status;

	check_sys(waitpid(child, &status, 0), "waitpid");
	if (!WIFSIGNALED(status)) {
		fprintf(stderr, "a child was to be ended by a signal, and was not\n");
		exit(EXIT_FAILURE);
	}
	return WTERMSIG(status);
}

#endif /* EXAMPLES_ACTION_H */
