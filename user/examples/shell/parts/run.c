// SPDX-License-Identifier: GPL-2.0-only
/*
 * A chain of pipes: each command is a process, whose standard output is the
 * end of a pipe that is the standard input of the next. With job control all of
 * them are one process group, so that a signal of the terminal reaches them all.
 */
#include <fcntl.h>

#include "shell.h"

/**
 * struct ends - what a command is to read from and to write to
 * @in: becomes standard input
 * @out: becomes standard output
 * @next: where the next command will read from, or -1
 */
struct ends {
	int in;
	int out;
	int next;
};

static bool redirect_one(const char *path, int flags, int to)
{
	int fd = open(path, flags | O_CLOEXEC, 0666);

	if (fd < 0) {
		fprintf(stderr, "shell: %s: %s\n", path, strerror(errno));
		return false;
	}
	check_sys(dup2(fd, to), "dup2");
	close(fd);
	return true;
}

bool redirect(const struct command *command)
{
	int flags = O_WRONLY | O_CREAT | (command->append ? O_APPEND : O_TRUNC);

	if (command->input && !redirect_one(command->input, O_RDONLY, STDIN_FILENO))
		return false;
	return !command->output || redirect_one(command->output, flags, STDOUT_FILENO);
}

/* The copy that dup2() makes stays open over exec; the ends of pipes do not. */
static void connect_ends(const struct ends *ends)
{
	if (ends->in != STDIN_FILENO)
		check_sys(dup2(ends->in, STDIN_FILENO), "dup2");
	if (ends->out != STDOUT_FILENO)
		check_sys(dup2(ends->out, STDOUT_FILENO), "dup2");
}

static void exec_command(const struct command *command)
{
	builtin_t *builtin = find_builtin(command->words[0]);
	int error;

	if (!redirect(command))
		exit(EXIT_FAILURE);
	if (builtin)
		exit(builtin(command->words));
	execvp(command->words[0], command->words);
	error = errno;
	fprintf(stderr, "shell: %s: %s\n", command->words[0],
		error == ENOENT ? "command not found" : strerror(error));
	exit(error == ENOENT ? 127 : 126);
}

/* Done by the shell and by the child: whoever comes first, it is in time. */
static void enter_group(struct job *job, pid_t pid, bool background)
{
	if (!terminal_is_ours())
		return;
	/* EACCES: the child was faster and has already called exec. */
	if (setpgid(pid, job->group) < 0 && errno != EACCES && errno != ESRCH)
		fail("setpgid", errno);
	if (!background)
		terminal_give(job);
}

static void start_command(struct job *job, const struct command *command,
			  const struct ends *ends, bool background)
{
	pid_t pid = start_child();
	pid_t self = pid ? pid : getpid();

	if (!job->group)
		job->group = terminal_is_ours() ? self : getpgrp();
	enter_group(job, self, background);
	if (!pid) {
		if (ends->next >= 0)
			close(ends->next);
		terminal_default_signals();
		connect_ends(ends);
		exec_command(command);
	}
	job_add(job, pid);
}

static void start_pipeline(struct job *job, const struct pipeline *pipeline)
{
	struct ends ends = { .next = STDIN_FILENO };

	/* What runs beside a script must not read the rest of it. */
	if (pipeline->background && !terminal_is_ours())
		ends.next = check_sys(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null");
	for (int i = 0; i < pipeline->count; i++) {
		int fds[2] = { -1, STDOUT_FILENO };

		ends.in = ends.next;
		if (i < pipeline->count - 1)
			check_sys(pipe2(fds, O_CLOEXEC), "pipe2");
		ends.next = fds[0];
		ends.out = fds[1];
		start_command(job, &pipeline->commands[i], &ends, pipeline->background);
		/* Ends that stayed open here would keep readers from their end of file. */
		if (ends.in != STDIN_FILENO)
			close(ends.in);
		if (ends.out != STDOUT_FILENO)
			close(ends.out);
	}
}

/* In the shell itself, with its standard streams put back afterwards. */
static int run_builtin(builtin_t *builtin, const struct command *command)
{
	int in = check_sys(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10), "dup");
	int out = check_sys(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10), "dup");
	int status = EXIT_FAILURE;

	if (redirect(command))
		status = builtin(command->words);
	fflush(stdout);
	check_sys(dup2(in, STDIN_FILENO), "dup2");
	check_sys(dup2(out, STDOUT_FILENO), "dup2");
	close(in);
	close(out);
	return status;
}

int run_pipeline(const struct pipeline *pipeline)
{
	const struct command *first = &pipeline->commands[0];
	builtin_t *builtin = find_builtin(first->words[0]);
	struct job *job;

	if (builtin && pipeline->count == 1 && !pipeline->background)
		return run_builtin(builtin, first);
	job = jobs_new(pipeline);
	if (!job)
		return EXIT_FAILURE;
	start_pipeline(job, pipeline);
	if (!pipeline->background)
		return job_wait(job);
	if (terminal_is_ours())
		job_print(job);
	return EXIT_SUCCESS;
}
