// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "objects.h"
#include "run.h"

static struct finding *finding;

int run_begin(void)
{
	sigset_t set;

	finding = mmap(NULL, sizeof(*finding), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (finding == MAP_FAILED)
		return -1;
	/* An ignored SIGCHLD would take the children's statuses away. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* What an experiment leaves becomes our child, for end_children(). */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		return -1;
	prctl(PR_SET_NAME, "ipclaims");
	return guard_folder() ? 0 : -1;
}

/* Whatever we have inherited: signals, and limits that experiments meet. */
static void reset_process(void)
{
	struct rlimit no_core;
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	getrlimit(RLIMIT_CORE, &no_core);
	no_core.rlim_cur = 0;
	setrlimit(RLIMIT_CORE, &no_core);
	umask(022);
}

static _Noreturn void run_check(const struct claim *claim)
{
	reset_process();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	claim->check();
	remove_objects();
	_exit(0);
}

/* Kills the children that we have at this moment. */
static void kill_children(void)
{
	char path[64];
	FILE *file;
	int pid;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	file = fopen(path, "re");
	if (!file)
		return;
	while (fscanf(file, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	fclose(file);
}

/* A killed child's own children become ours, so that there may be more of them. */
static void end_children(void)
{
	do
		kill_children();
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* False if the child has not ended within the limit. */
static bool wait_for(pid_t child, unsigned int limit, int *status)
{
	const struct timespec step = { .tv_sec = 1 };
	time_t end = seconds() + limit;
	sigset_t set;
	pid_t ended;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (;;) {
		while ((ended = waitpid(-1, status, WNOHANG)) > 0)
			if (ended == child)
				return true;
		if (seconds() >= end)
			return false;
		sigtimedwait(&set, NULL, &step);
	}
}

static void make_experiment(const struct claim *claim, unsigned int limit)
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	if (!child)
		run_check(claim);
	if (child < 0)
		note_skip("fork: %s", strerror(errno));
	else if (!wait_for(child, limit, &status))
		note_fault("it took more than %u seconds", limit);
	else if (WIFSIGNALED(status))
		note_fault("it was killed by signal %d", WTERMSIG(status));
	end_children();
}

static enum verdict judge(const struct claim *claim)
{
	if (*finding->fault)
		return VERDICT_UNEXPECTED;
	if (*finding->skipped)
		return VERDICT_SKIPPED;
	if (finding->differs)
		return VERDICT_UNEXPECTED;
	for (const struct outcome *outcome = claim->outcomes; outcome->name; outcome++)
		if (!strcmp(outcome->name, finding->outcome))
			return outcome->verdict;
	return VERDICT_UNEXPECTED;
}

enum verdict run_claim(const struct group *group, const struct claim *claim,
		       unsigned int limit, const struct finding **result)
{
	const char *missing = group->missing ? group->missing() : NULL;

	*result = finding;
	finding_begin(finding);
	if (missing)
		note_skip("%s", missing);
	else
		make_experiment(claim, limit);
	return judge(claim);
}
