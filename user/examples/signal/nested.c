// SPDX-License-Identifier: GPL-2.0-only
/*
 * nested - a handler that is interrupted by a handler, and the double free of it
 *
 * SIGINT and SIGTERM have one handler, which frees a buffer. While it handles one
 * signal only that one is blocked. If the other comes between free() and the note
 * that the buffer is gone, it frees it again. The cure: sa_mask blocks both while
 * either is handled. (Better still: note the signal, and free in the main program;
 * free() is none of the functions that a handler may call.)
 *
 * So that the error is certain and does no harm, SIGINT is sent at the very place,
 * and the freeing is only counted.
 *
 * Rows: 56
 *
 *	$ examples/signal/nested
 */
#include "action.h"

static volatile sig_atomic_t has_buffer, freed, interrupted;

static void free_buffer(void)
{
	freed++;
}

static void other_signal_comes(void)
{
	if (interrupted)
		return;
	interrupted = 1;
	if (raise(SIGINT))
		_exit(EXIT_FAILURE);
}

static void clean_up(int number)
{
	(void)number;
	if (!has_buffer)
		return;
	free_buffer();
	other_signal_comes();
	has_buffer = 0;
}

static int times_freed(const sigset_t *blocked_in_handler)
{
	struct sigaction action = {
		.sa_handler = clean_up, .sa_mask = *blocked_in_handler,
	};

	default_action(SIGINT);
	default_action(SIGTERM);
	check_sys(sigaction(SIGINT, &action, NULL), "sigaction");
	check_sys(sigaction(SIGTERM, &action, NULL), "sigaction");
	has_buffer = 1;
	freed = 0;
	interrupted = 0;
	if (raise(SIGTERM))
		fail("raise", errno);
	return freed;
}

int main(void)
{
	sigset_t none, both;

	sigemptyset(&none);
	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGTERM);
	printf("SIGINT inside the handler of SIGTERM: freed %d times\n", times_freed(&none));
	printf("SIGINT blocked inside the handler: freed %d time\n", times_freed(&both));
	return 0;
}
