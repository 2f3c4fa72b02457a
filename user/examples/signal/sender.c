// SPDX-License-Identifier: GPL-2.0-only
/*
 * sender - what comes with a signal: who sent it, how, and one number
 *
 * siginfo_t holds the sender's process and user, filled in by the kernel, and for
 * sigqueue() also a number. That is all; a signal carries no message.
 *
 * Rows: 39
 *
 *	$ examples/signal/sender
 */
#include "action.h"

static void print_signal(const sigset_t *set, pid_t child)
{
	siginfo_t info;

	check_sys(sigwaitinfo(set, &info), "sigwaitinfo");
	printf("%s from %s, %s", info.si_signo == SIGUSR1 ? "SIGUSR1" : "SIGRTMIN",
	       info.si_pid == child ? "the child" : "somebody",
	       info.si_uid == getuid() ? "same user" : "another user");
	if (info.si_code == SI_USER)
		printf(", by kill()\n");
	else if (info.si_code == SI_QUEUE)
		printf(", by sigqueue() with %d\n", info.si_value.sival_int);
	else
		printf(", code %d\n", info.si_code);
}

int main(void)
{
	const union sigval value = { .sival_int = 42 };
	sigset_t set;
	pid_t child;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	child = start_child();
	if (!child) {
		check_sys(kill(getppid(), SIGUSR1), "kill");
		check_sys(sigqueue(getppid(), SIGRTMIN, value), "sigqueue");
		return 0;
	}
	end_child(child);
	print_signal(&set, child);
	print_signal(&set, child);
	return 0;
}
