// SPDX-License-Identifier: GPL-2.0-only
/*
 * count - standard signals are not counted, real-time signals are
 *
 * A standard signal is one bit: it is pending or not, however often it was sent.
 * Real-time signals, SIGRTMIN to SIGRTMAX, are queued, each with its value and in
 * the order of sending, as many as RLIMIT_SIGPENDING allows. So events can be
 * counted with them. A child sends; we take all of it when it has ended.
 *
 * Rows: 60, 61
 *
 *	$ examples/signal/count
 */
#include "action.h"

#define STANDARD	2
#define REAL_TIME	5

static volatile sig_atomic_t standard, real_time, value[REAL_TIME];

static void on_standard(int number)
{
	(void)number;
	standard++;
}

static void on_real_time(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	if (real_time < REAL_TIME)
		value[real_time] = info->si_value.sival_int;
	real_time++;
}

static void send_signals(pid_t to)
{
	for (int i = 0; i < STANDARD; i++)
		check_sys(kill(to, SIGUSR1), "kill");
	for (int i = 0; i < REAL_TIME; i++) {
		union sigval number = { .sival_int = i + 1 };

		check_sys(sigqueue(to, SIGRTMIN, number), "sigqueue");
	}
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_standard };
	struct sigaction info_action = {
		.sa_sigaction = on_real_time, .sa_flags = SA_SIGINFO,
	};
	sigset_t set;
	pid_t child;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	check_sys(sigaction(SIGRTMIN, &info_action, NULL), "sigaction");
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	child = start_child();
	if (!child) {
		send_signals(getppid());
		return 0;
	}
	end_child(child);
	/* All handlers have run when this returns. */
	check_sys(sigprocmask(SIG_UNBLOCK, &set, NULL), "sigprocmask");
	printf("%d x SIGUSR1 sent: %d handled\n", STANDARD, standard);
	printf("%d x SIGRTMIN sent: %d handled, with values", REAL_TIME, real_time);
	for (int i = 0; i < REAL_TIME && i < real_time; i++)
		printf(" %d", value[i]);
	printf("\n");
	return 0;
}
