// SPDX-License-Identifier: GPL-2.0-only
/*
 * pipeline - connect commands with pipes, as a shell does
 *
 * Between each two commands is a pipe. Each child makes one pipe its standard input
 * and another its standard output with dup2(), and becomes its command. All other
 * copies have to be closed, or a command would never see the end of its input:
 * O_CLOEXEC does that in the children, close() in the parent.
 *
 * The status is the last command's, as in a shell.
 *
 * Rows: 78
 *
 *	$ examples/pipe/pipeline cat /etc/passwd '|' wc -l
 */
#include <fcntl.h>

#include "../signal/action.h"

static void become(char **command, int input, int output)
{
	check_sys(dup2(input, STDIN_FILENO), "dup2");
	check_sys(dup2(output, STDOUT_FILENO), "dup2");
	execvp(command[0], command);
	fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
	_exit(127);
}

/* Ends the command at the next bar; returns what follows, or NULL. */
static char **cut(char **command)
{
	for (; *command; command++)
		if (!strcmp(*command, "|")) {
			*command = NULL;
			return command + 1;
		}
	return NULL;
}

static pid_t start(char **command, int input, int output)
{
	pid_t child = start_child();

	if (!child)
		become(command, input, output);
	if (input != STDIN_FILENO)
		close(input);
	if (output != STDOUT_FILENO)
		close(output);
	return child;
}

static pid_t start_all(char **command)
{
	int input = STDIN_FILENO;

	for (;;) {
		char **next = cut(command);
		int ends[2];

		if (!next)
			return start(command, input, STDOUT_FILENO);
		check_sys(pipe2(ends, O_CLOEXEC), "pipe2");
		start(command, input, ends[1]);
		input = ends[0];
		command = next;
	}
}

/* The shell's way to say it: 128 and the number of the signal. */
static int wait_for_all(pid_t last)
{
	int status, result = EXIT_FAILURE;
	pid_t child;

	while ((child = wait(&status)) > 0)
		if (child == last)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return result;
}

/* Between two bars there has to be a command. */
static int is_complete(char **argument)
{
	int words = 0;

	for (; *argument; argument++) {
		if (strcmp(*argument, "|"))
			words++;
		else if (words)
			words = 0;
		else
			return 0;
	}
	return words > 0;
}

int main(int argc, char **argv)
{
	(void)argc;
	if (!is_complete(argv + 1)) {
		fprintf(stderr, "Usage: pipeline COMMAND... ['|' COMMAND...]...\n");
		return 2;
	}
	/* What ends "yes | head"; the commands inherit it. */
	default_action(SIGPIPE);
	return wait_for_all(start_all(argv + 1));
}
