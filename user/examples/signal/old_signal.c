// SPDX-License-Identifier: GPL-2.0-only
/*
 * old_signal - signal() means different things, sigaction() says what it means
 *
 * By System V, a handler was good for one signal: then the default was back, and
 * the next signal ended the process; nor was the signal blocked meanwhile. By BSD,
 * it stays and the calls it interrupts are restarted. Which of them signal() is
 * depends on the system and on the macros that the source was compiled with.
 * sigaction() can be asked for either, and can tell what is there.
 *
 * Rows: 41
 *
 *	$ examples/signal/old_signal
 */
#include "action.h"

static volatile sig_atomic_t handled;

static void on_signal(int number)
{
	(void)number;
	handled++;
}

static void print_action(const char *when)
{
	struct sigaction action;

	check_sys(sigaction(SIGUSR1, NULL, &action), "sigaction");
	printf("  %s: %s, flags%s%s%s%s\n", when,
	       action.sa_handler == on_signal ? "the handler" : "the default",
	       action.sa_flags & SA_RESETHAND ? " SA_RESETHAND" : "",
	       action.sa_flags & SA_NODEFER ? " SA_NODEFER" : "",
	       action.sa_flags & SA_RESTART ? " SA_RESTART" : "",
	       action.sa_flags & (SA_RESETHAND | SA_NODEFER | SA_RESTART) ? "" : " none");
}

static void show(const char *name)
{
	printf("%s\n", name);
	print_action("before the signal");
	if (raise(SIGUSR1))
		fail("raise", errno);
	print_action("after the signal");
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	default_action(SIGUSR1);
	if (sysv_signal(SIGUSR1, on_signal) == SIG_ERR)
		fail("sysv_signal", errno);
	show("signal() of System V");
	if (signal(SIGUSR1, on_signal) == SIG_ERR)
		fail("signal", errno);
	show("signal() here");
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	show("sigaction() with no flag");
	printf("handled %d\n", handled);
	return 0;
}
