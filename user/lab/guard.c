// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three processes: the watcher, which was started by the user; the keeper, its
 * child; the worker, the keeper's child. Watcher and keeper do nothing but wait.
 * The keeper clears up when the worker ends or the watcher dies, the watcher
 * when the keeper dies. The keeper has a process group of its own, so that what
 * is sent to the user's group does not meet both.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "belongings.h"
#include "guard.h"

static void signals_of_end(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGTSTP);
}

/* The name of the process, in parentheses, may itself hold some. */
static pid_t parent_of(pid_t pid)
{
	char path[32], line[512] = "", *name_end;
	int parent = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	name_end = strrchr(line, ')');
	if (!name_end || sscanf(name_end, ") %*c %d", &parent) != 1)
		return 0;
	return parent;
}

/*
 * Kill the children that we have now; what they leave becomes our child. False if
 * nobody tells who they are.
 */
static bool kill_children(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;

	if (!processes)
		return false;
	while ((entry = readdir(processes))) {
		pid_t pid = atoi(entry->d_name);

		if (pid > 0 && parent_of(pid) == getpid())
			kill(pid, SIGKILL);
	}
	closedir(processes);
	return true;
}

static void clear_up(void)
{
	while (kill_children())
		if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
			break;
	belongings_remove_all();
}

static int exit_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Reap what has ended; true with its status if the one we wait for is among it. */
static bool has_ended(pid_t child, int *status)
{
	pid_t pid;
	int how;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
		if (pid != child)
			continue;
		*status = exit_status(how);
		return true;
	}
	return false;
}

/* Wait for the child's end or a signal that asks for ours. */
static int keep(pid_t worker, const sigset_t *set)
{
	int status;

	for (;;) {
		int number = sigwaitinfo(set, NULL);

		if (number == SIGCHLD && has_ended(worker, &status))
			return status;
		if (number == SIGINT || number == SIGTERM || number == SIGHUP)
			return 128 + number;
	}
}

/* The terminal stops the user's group; the others are in another one. */
static void stop_all(pid_t keeper)
{
	kill(-keeper, SIGSTOP);
	raise(SIGSTOP);
	kill(-keeper, SIGCONT);
}

/* The same for the watcher, who leaves the clearing up to the keeper. */
static int watch(pid_t keeper, const sigset_t *set)
{
	int status;

	for (;;) {
		int number = sigwaitinfo(set, NULL);

		if (number == SIGCHLD && has_ended(keeper, &status))
			return status;
		if (number == SIGINT || number == SIGTERM || number == SIGHUP)
			kill(keeper, number);
		if (number == SIGTSTP)
			stop_all(keeper);
	}
}

/* Get @number when the parent dies; it may have died before we asked. */
static void die_with(pid_t parent, int number)
{
	prctl(PR_SET_PDEATHSIG, number);
	if (getppid() != parent)
		raise(number);
}

static _Noreturn void run_worker(pid_t keeper, const sigset_t *old, int (*work)(void *),
				 void *argument)
{
	die_with(keeper, SIGKILL);
	sigprocmask(SIG_SETMASK, old, NULL);
	exit(work(argument));
}

static _Noreturn void run_keeper(pid_t watcher, const sigset_t *old, int (*work)(void *),
				 void *argument)
{
	pid_t self = getpid(), worker;
	sigset_t set;
	int status;

	signals_of_end(&set);
	setpgid(0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "lab-guard");
	die_with(watcher, SIGTERM);
	worker = fork();
	if (!worker)
		run_worker(self, old, work, argument);
	if (worker < 0)
		perror("fork");
	status = worker < 0 ? EXIT_FAILURE : keep(worker, &set);
	clear_up();
	_exit(status);
}

int guard_run(int (*work)(void *argument), void *argument)
{
	pid_t self = getpid(), keeper;
	sigset_t set, old;
	int status;

	if (belongings_start() < 0) {
		perror("mmap");
		return EXIT_FAILURE;
	}
	fflush(NULL);
	signals_of_end(&set);
	sigprocmask(SIG_BLOCK, &set, &old);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	keeper = fork();
	if (!keeper)
		run_keeper(self, &old, work, argument);
	if (keeper < 0) {
		perror("fork");
		return EXIT_FAILURE;
	}
	status = watch(keeper, &set);
	clear_up();
	sigprocmask(SIG_SETMASK, &old, NULL);
	return status;
}
