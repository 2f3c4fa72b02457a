// SPDX-License-Identifier: GPL-2.0-only
/* A job runs while one of its processes does, and has ended when all have. */
#include <signal.h>

#include "shell.h"

void job_add(struct job *job, pid_t pid)
{
	job->processes[job->count++] = (struct process){ .pid = pid, .state = RUNNING };
}

void job_drop(struct job *job)
{
	free(job->text);
	job->text = NULL;
}

enum state job_state(const struct job *job)
{
	enum state state = ENDED;

	for (int i = 0; i < job->count; i++)
		if (job->processes[i].state < state)
			state = job->processes[i].state;
	return state;
}

/* How the last of the processes ended, or what stopped one of them. */
static int job_status(const struct job *job)
{
	int i = job->count - 1;

	while (i && job->processes[i].state != job_state(job))
		i--;
	return job->processes[i].status;
}

static const char *job_word(const struct job *job)
{
	int status = job_status(job);

	switch (job_state(job)) {
	case RUNNING:
		return "Running";
	case STOPPED:
		return strsignal(WSTOPSIG(status));
	default:
		return WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "Done";
	}
}

void job_print(struct job *job)
{
	printf("[%d] %-18s %s\n", jobs_number(job), job_word(job), job->text);
	fflush(stdout);
	job->told = true;
}

static int exit_status(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return 128 + (WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status));
}

/* The cursor is behind the ^C or ^Z that the terminal has shown. */
static void new_line(void)
{
	if (terminal_is_ours())
		putchar('\n');
}

static void report_end(const struct job *job)
{
	int status = job_status(job);

	if (!WIFSIGNALED(status))
		return;
	new_line();
	puts(strsignal(WTERMSIG(status)));
	fflush(stdout);
}

int job_wait(struct job *job)
{
	int status;

	while (job_state(job) == RUNNING)
		jobs_wait_for_one(0);
	terminal_take_back(job);
	status = exit_status(job_status(job));
	if (job_state(job) == ENDED) {
		report_end(job);
		job_drop(job);
	} else {
		new_line();
		job_print(job);
	}
	return status;
}

/* They run again from the signal on; waitpid() would tell only later. */
static void mark_running(struct job *job)
{
	for (int i = 0; i < job->count; i++)
		if (job->processes[i].state == STOPPED)
			job->processes[i].state = RUNNING;
}

static void wake(struct job *job)
{
	if (kill(-job->group, SIGCONT) < 0 && errno != ESRCH)
		fail("kill", errno);
}

int job_continue(struct job *job, bool foreground)
{
	bool stopped = job_state(job) == STOPPED;

	mark_running(job);
	/* A reader that goes on before it has the terminal would stop again. */
	if (foreground) {
		terminal_give(job);
		puts(job->text);
		fflush(stdout);
	} else {
		job_print(job);
	}
	if (stopped)
		wake(job);
	return foreground ? job_wait(job) : EXIT_SUCCESS;
}
