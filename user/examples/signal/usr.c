// SPDX-License-Identifier: GPL-2.0-only
/*
 * usr - SIGUSR1 and SIGUSR2 mean what the application says
 *
 * Here the one makes the child more talkative, the other less. A lecture says that
 * they are ignored by default. They are not: who has no handler for them is ended.
 *
 * Rows: 51
 *
 *	$ examples/signal/usr
 */
#include "action.h"
#include "../process/wait.h"

static int answer[2], hold[2];
static volatile sig_atomic_t level;

static void on_signal(int number)
{
	int saved = errno;
	char digit;

	level += number == SIGUSR1 ? 1 : -1;
	digit = '0' + level;
	if (write(answer[1], &digit, 1) < 0)
		_exit(EXIT_FAILURE);
	errno = saved;
}

static pid_t start(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	pid_t child = start_child();

	if (child) {
		hear(answer[0]);
		return child;
	}
	close(hold[1]);
	/* Neither interrupts the handler of the other. */
	sigaddset(&action.sa_mask, SIGUSR1);
	sigaddset(&action.sa_mask, SIGUSR2);
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	check_sys(sigaction(SIGUSR2, &action, NULL), "sigaction");
	tell(answer[1]);
	wait_for_end(hold[0]);
	exit(EXIT_SUCCESS);
}

static void send_and_print(pid_t child, int number)
{
	char digit;

	check_sys(kill(child, number), "kill");
	read_byte(answer[0], &digit);
	printf("SIGUSR%d: the level is %c\n", number == SIGUSR1 ? 1 : 2, digit);
}

static void send_to_default(int number)
{
	pid_t child = start(SIG_DFL);

	check_sys(kill(child, number), "kill");
	printf("without a handler: ended by signal %d\n", signal_that_ended(child));
}

int main(void)
{
	pid_t child;

	default_action(SIGUSR1);
	default_action(SIGUSR2);
	make_pipe(answer);
	make_pipe(hold);
	child = start(on_signal);
	send_and_print(child, SIGUSR1);
	send_and_print(child, SIGUSR1);
	send_and_print(child, SIGUSR2);
	check_sys(kill(child, SIGKILL), "kill");
	signal_that_ended(child);
	send_to_default(SIGUSR1);
	send_to_default(SIGUSR2);
	return 0;
}
