// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The end of being served: a program that cannot be given the library, or is started
 * without the environment that gives it. It is started all the same, and with
 * "mbox run --trace" it is said.
 */
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat.h"
#include "program.h"
#include "real.h"
#include "trace.h"

#define PRELOAD	"LD_PRELOAD="

static bool has_preload(char *const *environment)
{
	for (; environment && *environment; environment++)
		if (!strncmp(*environment, PRELOAD, strlen(PRELOAD)))
			return true;
	return false;
}

static void look_at(const char *path, char *const *environment)
{
	const char *refusal = program_refusal(path);

	if (refusal)
		trace("%s %s; its queues are the kernel's", path, refusal);
	else if (!has_preload(environment))
		trace("%s is started without LD_PRELOAD: its queues are the kernel's", path);
}

static void look_at_path(const char *path, char *const *environment)
{
	if (path && compat_has(COMPAT_TRACE))
		look_at(path, environment);
}

static void look_at_name(const char *name, char *const *environment)
{
	char path[PATH_MAX];

	if (!name || !compat_has(COMPAT_TRACE))
		return;
	if (program_find(name, path, sizeof(path)))
		look_at(path, environment);
}

COMPAT_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	look_at_path(path, envp);
	return REAL(execve)(path, argv, envp);
}

COMPAT_EXPORT int execv(const char *path, char *const argv[])
{
	look_at_path(path, environ);
	return REAL(execv)(path, argv);
}

COMPAT_EXPORT int execvp(const char *name, char *const argv[])
{
	look_at_name(name, environ);
	return REAL(execvp)(name, argv);
}

COMPAT_EXPORT int execvpe(const char *name, char *const argv[], char *const envp[])
{
	look_at_name(name, envp);
	return REAL(execvpe)(name, argv, envp);
}

COMPAT_EXPORT int posix_spawn(pid_t *pid, const char *path,
			      const posix_spawn_file_actions_t *actions,
			      const posix_spawnattr_t *attributes, char *const argv[],
			      char *const envp[])
{
	look_at_path(path, envp);
	return REAL(posix_spawn)(pid, path, actions, attributes, argv, envp);
}

COMPAT_EXPORT int posix_spawnp(pid_t *pid, const char *name,
			       const posix_spawn_file_actions_t *actions,
			       const posix_spawnattr_t *attributes, char *const argv[],
			       char *const envp[])
{
	look_at_name(name, envp);
	return REAL(posix_spawnp)(pid, name, actions, attributes, argv, envp);
}
