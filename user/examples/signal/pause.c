// SPDX-License-Identifier: GPL-2.0-only
/*
 * pause - wait for SIGUSR1 from wherever it comes, for instance from a shell
 *
 * pause() alone could miss a signal that comes before it; see sigsuspend. If
 * nobody sends anything, SIGALRM ends the program after a minute.
 *
 * Rows: 65
 *
 *	$ examples/signal/pause &
 *	$ kill -USR1 $!
 */
#include "action.h"

static volatile sig_atomic_t came;

static void on_signal(int number)
{
	(void)number;
	came = 1;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set, old;

	default_action(SIGUSR1);
	default_action(SIGALRM);
	alarm(60);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	check_sys(sigprocmask(SIG_BLOCK, &set, &old), "sigprocmask");
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	printf("I wait for SIGUSR1\n");
	fflush(stdout);
	while (!came)
		sigsuspend(&old);
	printf("it came\n");
	return 0;
}
