// SPDX-License-Identifier: GPL-2.0-only
/*
 * sigwait_thread - one thread that takes all signals
 *
 * The signals are blocked before any thread is started, so that all threads have
 * them blocked and no handler ever runs. One thread takes them one by one with
 * sigwaitinfo(); what it does about them is ordinary code that may print, lock
 * and allocate. A child of ours sends them.
 *
 * Rows: 49
 *
 *	$ examples/signal/sigwait_thread
 */
#include <pthread.h>

#include "action.h"

static sigset_t set;

static void *take_signals(void *argument)
{
	const pid_t *child = argument;
	int taken = 0;
	siginfo_t info;

	do {
		check_sys(sigwaitinfo(&set, &info), "sigwaitinfo");
		printf("thread: took %s from %s\n",
		       info.si_signo == SIGUSR1 ? "SIGUSR1" :
		       info.si_signo == SIGUSR2 ? "SIGUSR2" : "SIGTERM",
		       info.si_pid == *child ? "the child" : "somebody");
		taken++;
	} while (info.si_signo != SIGTERM);
	printf("thread: took %d signals, I end\n", taken);
	return NULL;
}

static void send_signals(pid_t to)
{
	check_sys(kill(to, SIGUSR1), "kill");
	check_sys(kill(to, SIGUSR2), "kill");
	check_sys(kill(to, SIGTERM), "kill");
}

int main(void)
{
	pthread_t thread;
	pid_t child;
	int error;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGTERM);
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	child = start_child();
	if (!child) {
		send_signals(getppid());
		return 0;
	}
	error = pthread_create(&thread, NULL, take_signals, &child);
	if (error)
		fail("pthread_create", error);
	end_child(child);
	error = pthread_join(thread, NULL);
	if (error)
		fail("pthread_join", error);
	printf("main: no handler was needed\n");
	return 0;
}
