// SPDX-License-Identifier: GPL-2.0-only
/*
 * sigsuspend - wait for a signal without missing it
 *
 * "if (!came) pause();" has a hole: a signal that comes after the question and
 * before pause() is handled, and then pause() waits for ever. The cure is to ask
 * with the signal blocked, and to wait with sigsuspend(), which lets the signal
 * in and waits in one step.
 *
 * In both children the signal comes into the hole, by raise().
 *
 * Rows: 66, 65
 *
 *	$ examples/signal/sigsuspend
 */
#include "action.h"
#include "../process/wait.h"

static volatile sig_atomic_t came;
static int ready[2];

static void on_signal(int number)
{
	(void)number;
	came = 1;
}

static void signal_comes(void)
{
	if (raise(SIGUSR1))
		fail("raise", errno);
}

static void wait_with_pause(void)
{
	if (!came) {
		signal_comes();
		tell(ready[1]);
		pause();
	}
}

static void wait_with_sigsuspend(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	check_sys(sigprocmask(SIG_BLOCK, &set, &old), "sigprocmask");
	if (!came) {
		signal_comes();
		tell(ready[1]);
		/* It returns -1 and EINTR: there is no other way for it to end. */
		while (!came)
			sigsuspend(&old);
	}
	check_sys(sigprocmask(SIG_SETMASK, &old, NULL), "sigprocmask");
}

static pid_t start(void (*wait_for_signal)(void))
{
	struct sigaction action = { .sa_handler = on_signal };
	pid_t parent = getpid(), child = start_child();

	if (child) {
		hear(ready[0]);
		return child;
	}
	end_with_parent(parent);
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	wait_for_signal();
	exit(EXIT_SUCCESS);
}

int main(void)
{
	pid_t child;

	default_action(SIGUSR1);
	make_pipe(ready);
	child = start(wait_with_pause);
	wait_for_state(child, 'S');
	printf("pause: the signal came, the process sleeps\n");
	check_sys(kill(child, SIGKILL), "kill");
	signal_that_ended(child);
	child = start(wait_with_sigsuspend);
	end_child(child);
	printf("sigsuspend: the signal came, the process went on\n");
	return 0;
}
