// SPDX-License-Identifier: GPL-2.0-only
/* Commands about the shell's own state; a child could change only its copy. */
#include <signal.h>

#include "shell.h"

static int cd(char *const *words)
{
	const char *folder = words[1] ? words[1] : getenv("HOME");

	if (folder && !chdir(folder))
		return EXIT_SUCCESS;
	fprintf(stderr, "shell: cd: %s: %s\n", folder ? folder : "HOME",
		folder ? strerror(errno) : "is not set");
	return EXIT_FAILURE;
}

static int list_jobs(char *const *words)
{
	(void)words;
	jobs_collect();
	jobs_report(true);
	return EXIT_SUCCESS;
}

static int wait_jobs(char *const *words)
{
	(void)words;
	if (jobs_wait())
		return EXIT_SUCCESS;
	putchar('\n');
	return 128 + SIGINT;
}

static int continue_job(char *const *words, bool foreground)
{
	struct job *job;

	if (!terminal_is_ours()) {
		fprintf(stderr, "shell: %s: no job control without a terminal\n", words[0]);
		return EXIT_FAILURE;
	}
	jobs_collect();
	job = jobs_find(words[1]);
	if (!job || job_state(job) == ENDED) {
		fprintf(stderr, "shell: %s: no such job\n", words[0]);
		return EXIT_FAILURE;
	}
	return job_continue(job, foreground);
}

static int fg(char *const *words)
{
	return continue_job(words, true);
}

static int bg(char *const *words)
{
	return continue_job(words, false);
}

/* One who forgot what he has stopped is told; the second time it is meant. */
static int leave(char *const *words)
{
	static bool warned;

	if (terminal_is_ours() && jobs_any(STOPPED) && !warned) {
		fprintf(stderr, "shell: there are stopped jobs\n");
		warned = true;
		return EXIT_FAILURE;
	}
	if (terminal_is_ours())
		jobs_hang_up();
	exit(words[1] ? atoi(words[1]) : EXIT_SUCCESS);
}

builtin_t *find_builtin(const char *name)
{
	static const struct {
		const char *name;
		builtin_t *function;
	} builtins[] = {
		{ "bg", bg }, { "cd", cd }, { "exit", leave },
		{ "fg", fg }, { "jobs", list_jobs }, { "wait", wait_jobs },
	};

	for (size_t i = 0; i < sizeof(builtins) / sizeof(*builtins); i++)
		if (!strcmp(builtins[i].name, name))
			return builtins[i].function;
	return NULL;
}
