// SPDX-License-Identifier: GPL-2.0-only
/*
 * slow_handler - signals that come while their handler still runs
 *
 * A signal is blocked while its handler runs. However many come, one is pending,
 * so that the handler runs once more and no more than that: a slow handler loses
 * signals. It should note what came, and let the main program do the work.
 *
 * The lectures' handlers call sleep() and printf(). The second is not allowed in
 * a handler, and with the first nothing is certain. Here the handler is slow
 * because it waits for the parent to send more.
 *
 * Rows: 48, 60, 65
 *
 *	$ examples/signal/slow_handler
 */
#include "action.h"
#include "../process/wait.h"

#define SIGNALS	4

static int begun[2], go_on[2], hold[2];
static volatile sig_atomic_t handled;

static void on_int(int number)
{
	int saved = errno;
	char byte;

	(void)number;
	handled++;
	if (write(begun[1], "", 1) != 1 || read(go_on[0], &byte, 1) != 1)
		_exit(EXIT_FAILURE);
	errno = saved;
}

static void be_child(void)
{
	struct sigaction action = { .sa_handler = on_int, .sa_flags = SA_RESTART };

	close(hold[1]);
	close(go_on[1]);
	check_sys(sigaction(SIGINT, &action, NULL), "sigaction");
	tell(begun[1]);
	wait_for_end(hold[0]);
	printf("%d x SIGINT sent: %d handled\n", SIGNALS, handled);
	exit(EXIT_SUCCESS);
}

int main(void)
{
	pid_t child;

	default_action(SIGINT);
	make_pipe(begun);
	make_pipe(go_on);
	make_pipe(hold);
	child = start_child();
	if (!child)
		be_child();
	hear(begun[0]);
	check_sys(kill(child, SIGINT), "kill");
	hear(begun[0]);
	printf("the handler runs; I send %d more\n", SIGNALS - 1);
	for (int i = 1; i < SIGNALS; i++)
		check_sys(kill(child, SIGINT), "kill");
	tell(go_on[1]);
	hear(begun[0]);
	printf("it has ended, and runs again\n");
	fflush(stdout);
	tell(go_on[1]);
	close(hold[1]);
	end_child(child);
	return 0;
}
