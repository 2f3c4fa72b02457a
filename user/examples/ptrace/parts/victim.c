// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program to be traced: it sends itself a signal, calls in vain, and becomes
 * another program if it is given one. Built for 64 and for 32 bits.
 */
#include <signal.h>

#include "../../check.h"

static void on_signal(int number)
{
	static const char text[] = "the signal has arrived\n";

	(void)number;
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };

	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	check_sys(kill(getpid(), SIGUSR1), "kill");
	if (!rmdir("there is no such folder"))
		return EXIT_FAILURE;
	if (argc > 1) {
		execv(argv[1], argv + 1);
		fail(argv[1], errno);
	}
	_exit(7);
}
