// SPDX-License-Identifier: GPL-2.0-only
/*
 * synchronous - a handler that runs only where the program lets it
 *
 * A handler can run between any two instructions. If the signal is blocked all the
 * time but at chosen places, it runs only there, where all data are in order.
 *
 * Rows: 42, 47
 *
 *	$ examples/signal/synchronous
 */
#include "action.h"

static volatile sig_atomic_t handled;

static void on_signal(int number)
{
	(void)number;
	handled++;
}

static void work(int step)
{
	pid_t child;

	printf("step %d begins\n", step);
	child = start_child();
	if (!child) {
		check_sys(kill(getppid(), SIGUSR1), "kill");
		exit(EXIT_SUCCESS);
	}
	end_child(child);
	printf("step %d: SIGUSR1 was sent, handled %d\n", step, handled);
}

static void safe_point(const sigset_t *set)
{
	check_sys(sigprocmask(SIG_UNBLOCK, set, NULL), "sigprocmask");
	check_sys(sigprocmask(SIG_BLOCK, set, NULL), "sigprocmask");
	printf("safe point: handled %d\n", handled);
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	for (int step = 1; step <= 2; step++) {
		work(step);
		safe_point(&set);
	}
	return 0;
}
