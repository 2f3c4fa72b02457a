// SPDX-License-Identifier: GPL-2.0-only
/* Claims on processes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "claim.h"
#include "finding.h"
#include "proc.h"

static void check_zombie(void)
{
	siginfo_t info;
	pid_t child = start();
	int status;

	if (!child)
		_exit(7);
	/* Waits for the end and leaves the zombie as it is. */
	must(waitid(P_PID, child, &info, WEXITED | WNOWAIT), "waitid");
	part(state_of(child) == 'Z', "A child that ended and is not waited for is in state %c.",
	     state_of(child));
	part(!kill(child, 0), "Its number is taken, so that kill() finds it.");
	status = end_of(child);
	part(WIFEXITED(status) && WEXITSTATUS(status) == 7,
	     "waitpid() gives its exit status %d.", WEXITSTATUS(status));
	part(kill(child, 0) && errno == ESRCH, "After that it is gone.");
	signal(SIGCHLD, SIG_IGN);
	child = start();
	if (!child)
		_exit(7);
	part(waitpid(child, &status, 0) < 0 && errno == ECHILD,
	     "There is none at all where the parent ignores SIGCHLD.");
	conclude_parts();
}

struct family {
	volatile int adopter;
	volatile int done;
};

/* The kernel tells an orphan of its parent's end after it has the next one. */
static _Noreturn void live_as_orphan(struct family *family, int ready)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	must(prctl(PR_SET_PDEATHSIG, SIGUSR1), "prctl");
	send_byte(ready);
	must(sigwaitinfo(&set, NULL), "sigwaitinfo");
	family->adopter = getppid();
	family->done = 1;
	pause();
	_exit(0);
}

static _Noreturn void leave_orphan(struct family *family)
{
	int ready[2];

	make_pipe(ready, 0);
	if (!start())
		live_as_orphan(family, ready[1]);
	await_byte(ready[0]);
	_exit(0);
}

/* The parent that an orphan gets. */
static int make_orphan(pid_t *parent)
{
	struct family *family = shared_memory(sizeof(*family));

	*parent = start();
	if (!*parent)
		leave_orphan(family);
	ends_well(*parent);
	until(&family->done, 1);
	return family->adopter;
}

static const char *name_of(int pid, char *name, size_t size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	file = fopen(path, "re");
	if (!file || !fgets(name, size, file))
		snprintf(name, size, "?");
	if (file)
		fclose(file);
	name[strcspn(name, "\n")] = '\0';
	return name;
}

static void check_orphan(void)
{
	pid_t parent;
	int adopter = make_orphan(&parent);
	char name[32];

	part(adopter != parent, "An orphan's parent is process %d (%s) then.", adopter,
	     name_of(adopter, name, sizeof(name)));
	must(prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");
	adopter = make_orphan(&parent);
	part(adopter == getpid(),
	     "An ancestor with PR_SET_CHILD_SUBREAPER gets the orphan instead.");
	conclude_parts();
}

static pid_t slides_condition(int status_pipe, volatile int *in_child)
{
	pid_t pid;

	if ((pid = fork() == 0)) {
		*in_child = pid;
		send_byte(status_pipe);
		_exit(0);
	}
	return pid;
}

static int slides_count(void)
{
	int ends[2], num;
	char buf[64];

	make_pipe(ends, 0);
	must(write(ends[1], "hello", 5), "write");
	(num = read(ends[0], buf, sizeof(buf)) != 0);
	return num;
}

static void check_precedence(void)
{
	volatile int *in_child = shared_memory(sizeof(*in_child));
	int ends[2], num;
	pid_t pid, child;

	make_pipe(ends, 0);
	pid = slides_condition(ends[1], in_child);
	await_byte(ends[0]);
	child = waitpid(-1, NULL, 0);
	observe("After 'if ((pid = fork() == 0))' pid is %d in the parent, whose child is %d,",
		pid, child);
	observe("and %d in the child.", *in_child);
	num = slides_count();
	observe("After '(num = read(fd, buf, 64) != 0)' num is %d, of 5 bytes that were read.",
		num);
	if (pid == child && num == 5)
		conclude("the number");
	else if (pid == 0 && *in_child == 1 && num == 1)
		conclude("0 or 1");
	else
		conclude("neither");
}

const struct claim process_claims[] = {
	{
		.row = "30",
		.lectures = "S0",
		.text = "a child is a zombie until waited for",
		.says = "A process that has ended stays as a zombie until its parent waits "
			"for it.",
		.page = "wait(2)",
		.check = check_zombie,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "31",
		.lectures = "S0",
		.text = "an orphan gets another parent",
		.says = "A process whose parent has ended is given to init or another process.",
		.page = "PR_SET_CHILD_SUBREAPER(2const), prctl(2), getpid(2)",
		.check = check_orphan,
		.outcomes = { { "so", VERDICT_TRUE } },
		.note = "The nearest ancestor that asked for it counts; else it is process 1.",
	}, {
		.row = "A2.17",
		.lectures = "S4",
		.text = "pid = fork() == 0 is a pid",
		.says = "Samples have 'if ((pid = fork() == 0))' and '(num = read() != 0)' "
			"and use pid and num as what fork() and read() returned.",
		.page = "operator(7)",
		.check = check_precedence,
		.outcomes = { { "the number", VERDICT_TRUE }, { "0 or 1", VERDICT_OUTDATED } },
		.note = "Right is '(pid = fork()) == 0' and '(num = read(...)) != 0'.",
	},
	{ 0 }
};
