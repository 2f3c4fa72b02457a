// SPDX-License-Identifier: GPL-2.0-only
/*
 * shell - a small shell: pipelines, redirection, job control
 *
 * Reads a line, parses it, makes the pipes, forks a process for each command,
 * and waits. At a terminal each pipeline is a job: Ctrl-Z stops it, fg and bg
 * let it go on, jobs lists what there is. Without a terminal it runs a script.
 *
 *	parse.c		words, quotes, | < > >> & ;
 *	run.c		pipe, fork, dup2, exec
 *	job.c, jobs.c	waitpid: what runs, has stopped, has ended
 *	terminal.c	process groups, and which of them has the terminal
 *	builtin.c	bg cd exit fg jobs wait
 *
 * Rows: 63, 78, 79, 80
 *
 *	$ examples/shell/shell
 *	$ echo 'cat < /etc/passwd | wc -l > lines' | examples/shell/shell
 *	$ examples/shell/shell -c 'ls | grep foo'
 */
#include <signal.h>

#include "shell.h"

static int run_line(const char *line, int status)
{
	char *memory = malloc(2 * strlen(line) + 2);
	struct parser parser = { .next = line, .words = memory };
	struct pipeline pipeline;
	int ret;

	if (!memory)
		fail("malloc", errno);
	while ((ret = parse_pipeline(&parser, &pipeline)) > 0)
		status = run_pipeline(&pipeline);
	free(memory);
	return ret < 0 ? 2 : status;
}

static void prompt(void)
{
	jobs_collect();
	jobs_report(false);
	if (!terminal_is_ours())
		return;
	printf("shell> ");
	fflush(stdout);
}

/* False at the end of the input; an empty line if Ctrl-C has ended it. */
static bool read_line(char **line, size_t *size)
{
	if (terminal_await_input())
		return getline(line, size, stdin) > 0;
	putchar('\n');
	if (*line)
		**line = '\0';
	return true;
}

static int run_input(void)
{
	char *line = NULL;
	size_t size = 0;
	int status = EXIT_SUCCESS;

	for (prompt(); read_line(&line, &size); prompt())
		if (line)
			status = run_line(line, status);
	free(line);
	return status;
}

/* Ctrl-D is the end of the input once; a terminal goes on after it. */
static void run_terminal(void)
{
	static char *const leave[] = { "exit", NULL };

	for (;;) {
		run_input();
		clearerr(stdin);
		putchar('\n');
		find_builtin(*leave)(leave);
	}
}

int main(int argc, char **argv)
{
	/* What an ignored SIGCHLD would do: take away the children's status. */
	signal(SIGCHLD, SIG_DFL);
	if (argc == 3 && !strcmp(argv[1], "-c")) {
		terminal_open(false);
		return run_line(argv[2], EXIT_SUCCESS);
	}
	if (argc > 1) {
		fprintf(stderr, "Usage: shell [-c LINE]\n");
		return 2;
	}
	/* What stands in our buffer the commands of a script could not read. */
	setvbuf(stdin, NULL, _IONBF, 0);
	terminal_open(isatty(STDIN_FILENO));
	if (terminal_is_ours())
		run_terminal();
	return run_input();
}
