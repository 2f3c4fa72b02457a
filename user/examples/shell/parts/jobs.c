// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of jobs. What becomes of their processes is told by waitpid(): with
 * WUNTRACED also that one was stopped, with WCONTINUED that it goes on. Nothing
 * is learnt from SIGCHLD, of which one can stand for several children.
 */
#include <signal.h>

#include "shell.h"

static struct job jobs[MAX_JOBS];
static unsigned int last_order;

/* The next job that is in use after @job, or the first for NULL. */
static struct job *next_job(struct job *job)
{
	for (job = job ? job + 1 : jobs; job < jobs + MAX_JOBS; job++)
		if (job->text)
			return job;
	return NULL;
}

struct job *jobs_new(const struct pipeline *pipeline)
{
	for (struct job *job = jobs; job < jobs + MAX_JOBS; job++) {
		if (job->text)
			continue;
		*job = (struct job){ .order = ++last_order };
		job->text = strndup(pipeline->text, pipeline->length);
		if (!job->text)
			fail("strndup", errno);
		return job;
	}
	fprintf(stderr, "shell: there are %d jobs already; end one first\n", MAX_JOBS);
	return NULL;
}

int jobs_number(const struct job *job)
{
	return job - jobs + 1;
}

static struct job *current_job(void)
{
	struct job *current = NULL;

	for (struct job *job = next_job(NULL); job; job = next_job(job))
		if (!current || job->order > current->order)
			current = job;
	return current;
}

struct job *jobs_find(const char *name)
{
	char *end;
	long number;

	if (!name)
		return current_job();
	number = strtol(name + (*name == '%'), &end, 10);
	if (*end || number < 1 || number > MAX_JOBS || !jobs[number - 1].text)
		return NULL;
	return &jobs[number - 1];
}

static void note_process(struct job *job, struct process *process, int status)
{
	enum state before = job_state(job);

	process->status = status;
	process->state = WIFSTOPPED(status) ? STOPPED : WIFCONTINUED(status) ? RUNNING : ENDED;
	if (job_state(job) == before)
		return;
	job->told = false;
	if (job_state(job) == STOPPED)
		job->order = ++last_order;
}

static void note(pid_t pid, int status)
{
	for (struct job *job = next_job(NULL); job; job = next_job(job))
		for (int i = 0; i < job->count; i++)
			if (job->processes[i].pid == pid)
				note_process(job, &job->processes[i], status);
}

bool jobs_wait_for_one(int flags)
{
	int status;
	pid_t pid = waitpid(-1, &status, WUNTRACED | WCONTINUED | flags);

	if (pid < 0 && errno != ECHILD)
		fail("waitpid", errno);
	if (pid > 0)
		note(pid, status);
	return pid > 0;
}

void jobs_collect(void)
{
	while (jobs_wait_for_one(WNOHANG))
		;
}

/* A script is not told on its own what becomes of its jobs; it can ask. */
void jobs_report(bool all)
{
	for (struct job *job = next_job(NULL); job; job = next_job(job)) {
		bool news = !job->told && job_state(job) != RUNNING;

		if (all || (news && terminal_is_ours()))
			job_print(job);
		if (job_state(job) == ENDED)
			job_drop(job);
	}
}

bool jobs_any(enum state state)
{
	for (struct job *job = next_job(NULL); job; job = next_job(job))
		if (job_state(job) == state)
			return true;
	return false;
}

bool jobs_wait(void)
{
	jobs_collect();
	while (jobs_any(RUNNING)) {
		if (!terminal_await_child())
			return false;
		jobs_collect();
	}
	return true;
}

/* As a terminal does that goes; what is stopped has to run to learn of it. */
void jobs_hang_up(void)
{
	for (struct job *job = next_job(NULL); job; job = next_job(job)) {
		if (job_state(job) == ENDED)
			continue;
		kill(-job->group, SIGHUP);
		kill(-job->group, SIGCONT);
	}
}
