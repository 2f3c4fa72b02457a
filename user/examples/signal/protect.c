// SPDX-License-Identifier: GPL-2.0-only
/*
 * protect - data that both the program and a handler use
 *
 * The two numbers are to be equal. A handler that runs between the two changes
 * sees them differ. A lock is no cure: the handler would wait for the code that
 * it interrupted, and that goes on only when the handler has returned. The cure
 * is to block the signal while the data are being changed.
 *
 * Rows: 46, 47
 *
 *	$ examples/signal/protect
 */
#include <stdatomic.h>

#include "action.h"

static volatile sig_atomic_t first, second, handled, seen_first, seen_second;
static volatile sig_atomic_t would_deadlock;
static atomic_flag lock = ATOMIC_FLAG_INIT;

static void on_signal(int number)
{
	(void)number;
	handled++;
	/* To wait for the lock here would be to wait for ever. */
	if (atomic_flag_test_and_set(&lock)) {
		would_deadlock = 1;
		return;
	}
	seen_first = first;
	seen_second = second;
	atomic_flag_clear(&lock);
}

/* The signal always comes half-way. */
static void change(void)
{
	first++;
	if (raise(SIGUSR1))
		fail("raise", errno);
	second++;
}

static void change_locked(void)
{
	while (atomic_flag_test_and_set(&lock))
		;
	change();
	atomic_flag_clear(&lock);
}

static void change_blocked(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	check_sys(sigprocmask(SIG_BLOCK, &set, &old), "sigprocmask");
	change();
	check_sys(sigprocmask(SIG_SETMASK, &old, NULL), "sigprocmask");
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	default_action(SIGUSR1);
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	change();
	printf("unprotected: the handler saw %d and %d\n", seen_first, seen_second);
	change_locked();
	printf("with a lock: the handler %s\n",
	       would_deadlock ? "found it taken, and would wait for ever" : "got it");
	change_blocked();
	printf("with the signal blocked: the handler saw %d and %d\n", seen_first, seen_second);
	printf("handled %d of 3\n", handled);
	return 0;
}
