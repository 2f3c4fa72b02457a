// SPDX-License-Identifier: GPL-2.0-only
/*
 * still_alive - a process that catches SIGTERM and goes on
 *
 * A handler may interrupt the program anywhere, also in the middle of printf()
 * or malloc(). So it may only call what signal-safety(7) lists: write() is on
 * that list, printf() is not. It leaves errno as it found it.
 *
 * Rows: 36, 44, 45
 *
 *	$ examples/signal/still_alive
 */
#include "action.h"
#include "../process/wait.h"

static int output[2], hold[2];

static void on_term(int number)
{
	static const char text[] = "I'm still alive!\n";
	int saved = errno;

	(void)number;
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(EXIT_FAILURE);
	errno = saved;
}

static void be_child(void)
{
	struct sigaction action = { .sa_handler = on_term, .sa_flags = SA_RESTART };

	close(hold[1]);
	check_sys(sigaction(SIGTERM, &action, NULL), "sigaction");
	/* What it says from here on goes to its parent. */
	check_sys(dup2(output[1], STDOUT_FILENO), "dup2");
	puts("Now I catch SIGTERM");
	fflush(stdout);
	wait_for_end(hold[0]);
	_exit(EXIT_SUCCESS);
}

static void print_line(FILE *file)
{
	char line[64];

	if (!fgets(line, sizeof(line), file))
		fail("the child said nothing", EPIPE);
	printf("child: %s", line);
}

int main(void)
{
	FILE *words;
	pid_t child;

	default_action(SIGTERM);
	make_pipe(output);
	make_pipe(hold);
	child = start_child();
	if (!child)
		be_child();
	close(output[1]);
	words = fdopen(output[0], "r");
	if (!words)
		fail("fdopen", errno);
	print_line(words);
	for (int i = 0; i < 3; i++) {
		check_sys(kill(child, SIGTERM), "kill");
		print_line(words);
	}
	check_sys(kill(child, SIGKILL), "kill");
	printf("SIGKILL cannot be caught: ended by signal %d\n", signal_that_ended(child));
	fclose(words);
	return 0;
}
