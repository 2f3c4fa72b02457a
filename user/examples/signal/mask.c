// SPDX-License-Identifier: GPL-2.0-only
/*
 * mask - blocked signals wait until they are let in
 *
 * A set of signals is built with sigemptyset() or sigfillset(), then sigaddset()
 * and sigdelset(). sigprocmask() makes it the mask of the calling thread: the
 * blocked signals become pending. The kernel delivers pending & ~blocked, and
 * leaves SIGKILL and SIGSTOP out of every mask without a word.
 *
 * Rows: 47, 57
 *
 *	$ examples/signal/mask
 */
#include "action.h"

static const struct {
	int number;
	const char *name;
} signals[] = {
	{ SIGINT, "SIGINT" }, { SIGUSR1, "SIGUSR1" }, { SIGTERM, "SIGTERM" },
	{ SIGKILL, "SIGKILL" },
};

static volatile sig_atomic_t handled;

static void on_signal(int number)
{
	(void)number;
	handled++;
}

static void print_set(const char *label, const sigset_t *set)
{
	int printed = 0;

	printf("  %s:", label);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (sigismember(set, signals[i].number) == 1)
			printed += printf(" %s", signals[i].name);
	printf("%s\n", printed ? "" : " none");
}

static void print_state(const char *when)
{
	sigset_t blocked, pending;

	check_sys(sigprocmask(SIG_BLOCK, NULL, &blocked), "sigprocmask");
	check_sys(sigpending(&pending), "sigpending");
	printf("%s: handled %d\n", when, handled);
	print_set("blocked", &blocked);
	print_set("pending", &pending);
}

static void set_mask(int how, const sigset_t *set)
{
	check_sys(sigprocmask(how, set, NULL), "sigprocmask");
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set;

	default_action(SIGUSR1);
	check_sys(sigaction(SIGINT, &action, NULL), "sigaction");
	check_sys(sigaction(SIGTERM, &action, NULL), "sigaction");

	sigfillset(&set);
	sigdelset(&set, SIGUSR1);
	set_mask(SIG_SETMASK, &set);
	print_state("all but SIGUSR1 blocked");

	if (raise(SIGINT) || raise(SIGTERM))
		fail("raise", errno);
	print_state("SIGINT and SIGTERM sent");

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	set_mask(SIG_UNBLOCK, &set);
	print_state("SIGTERM let in");

	sigemptyset(&set);
	set_mask(SIG_SETMASK, &set);
	print_state("nothing blocked");
	return 0;
}
