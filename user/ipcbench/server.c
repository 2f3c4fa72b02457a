// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lab/array.h"
#include "fd.h"
#include "server.h"

#define NAP_US		10000
#define STOP_NS		(5 * 1000000000LL)

const char *server_find(const char *program)
{
	static const char *const folders[] = { "/usr/bin", "/usr/sbin", "/usr/local/bin" };
	static char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], program);
		if (!access(path, X_OK))
			return path;
	}
	return NULL;
}

static _Noreturn void run_server(char *const argv[], char *const environment[],
				 const char *folder, const char *log)
{
	int in = fd_open("/dev/null", O_RDONLY);
	int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
	    chdir(folder) < 0)
		_exit(127);
	execve(argv[0], argv, environment ? environment : environ);
	_exit(127);
}

static int await_ready(pid_t pid, bool (*is_ready)(void), int64_t limit)
{
	int64_t end = wait_end(limit);

	while (!is_ready()) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return -ECHILD;
		if (wait_end(1) > end)
			return -ETIMEDOUT;
		usleep(NAP_US);
	}
	return 0;
}

pid_t server_start(char *const argv[], char *const environment[], const char *folder,
		   const char *log, bool (*is_ready)(void), int64_t limit)
{
	pid_t pid;
	int ret;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		run_server(argv, environment, folder, log);
	ret = await_ready(pid, is_ready, limit);
	if (!ret)
		return pid;
	if (ret != -ECHILD)
		server_stop(&pid);
	return ret;
}

void server_stop(pid_t *pid)
{
	int64_t end = wait_end(STOP_NS);

	if (*pid <= 0)
		return;
	kill(*pid, SIGTERM);
	while (!waitpid(*pid, NULL, WNOHANG)) {
		if (wait_end(1) > end)
			kill(*pid, SIGKILL);
		usleep(NAP_US);
	}
	*pid = 0;
}
