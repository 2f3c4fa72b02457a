/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs cases for every mechanism that is here, each in a process of its own with a
 * time limit. Names of mechanisms as arguments restrict a test to them.
 */
#ifndef MBOX_TESTS_IPCBENCH_CASES_H
#define MBOX_TESTS_IPCBENCH_CASES_H

#include <stddef.h>

#include "../lab/guard.h"
#include "ipcbench_play.h"
#include "leftover.h"
#include "tap.h"

#define CASE_SECONDS	120

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * struct test_case - one promise
 * @name: what is promised
 * @run: find out whether it is kept
 * @needs: NEEDS() an operation, or another member that is not 0
 * @with: flags that the mechanism must have
 * @without: flags that it must not have
 * @only: the only mechanisms that promise it; NULL: all
 */
struct test_case {
	const char *name;
	void (*run)(const struct mechanism *how);
	size_t needs;
	unsigned int with;
	unsigned int without;
	const char *const *only;
};

#define NEEDS(member)	offsetof(struct mechanism, member)

static inline bool is_among(const struct mechanism *how, const char *const *names)
{
	while (*names && strcmp(*names, how->name))
		names++;
	return *names;
}

static inline size_t at_most(const struct mechanism *how, size_t size)
{
	size_t most = how->max_size();

	return size < most ? size : most;
}

static inline struct play play_small(const struct mechanism *how)
{
	return play_make(how, at_most(how, 64));
}

static inline bool case_applies(const struct test_case *test, const struct mechanism *how)
{
	uintptr_t member;

	memcpy(&member, (const char *)how + test->needs, sizeof(member));
	return member && (how->flags & test->with) == test->with &&
	       !(how->flags & test->without) && (!test->only || is_among(how, test->only));
}

static inline void case_diagnose(int status)
{
	if (stage->failed)
		printf("# %s\n", stage->words);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		printf("# not done after %d seconds\n", CASE_SECONDS);
	else if (status)
		printf("# ended with status 0x%x\n", status);
}

static inline void case_run(const struct test_case *test, const struct mechanism *how)
{
	char name[128];
	int status;
	pid_t pid;

	snprintf(name, sizeof(name), "%s: %s", how->name, test->name);
	memset(stage, 0, sizeof(*stage));
	pid = play_fork();
	if (!pid) {
		setpgid(0, 0);
		alarm(CASE_SECONDS);
		test->run(how);
		_exit(EXIT_SUCCESS);
	}
	waitpid(pid, &status, 0);
	kill(-pid, SIGKILL);
	tap_result(!status && !stage->failed, __FILE__, __LINE__, name);
	case_diagnose(status);
}

static inline void cases_of(const struct test_case *tests, const struct mechanism *how)
{
	const char *why = how->absent ? how->absent() : NULL;
	int ret;

	if (why) {
		tap_skip(how->name, why);
		return;
	}
	ret = how->start ? how->start() : 0;
	if (ret)
		is_int(ret, 0, how->name);
	for (const struct test_case *test = tests; !ret && test->name; test++)
		if (case_applies(test, how))
			case_run(test, how);
	if (how->stop)
		how->stop();
}

struct cases {
	const struct test_case *tests;
	const char *const *names;
};

static inline int cases_work(void *argument)
{
	const struct cases *cases = argument;

	if (!leftover_isolate())
		printf("# what is left behind is not looked for: that takes root\n");
	stage_make();
	for (const struct mechanism *const *how = mechanisms; *how; how++)
		if (!*cases->names || is_among(*how, cases->names))
			cases_of(cases->tests, *how);
	return tap_done();
}

/* For main(): @tests ends with a NULL name. */
static inline int cases_main(const struct test_case *tests, char **argv)
{
	struct cases cases = { tests, (const char *const *)argv + 1 };

	return guard_run(cases_work, &cases);
}

#endif /* MBOX_TESTS_IPCBENCH_CASES_H */
