// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach - whom a process without privileges may trace
 *
 * A process may trace another of the same user that has no more privileges than
 * itself and has not shut itself off; and each has one tracer at a time. It then
 * stops the other, reads all of it and lets it go, and the other need not know.
 * CAP_SYS_PTRACE overrides this, so that is given up first.
 *
 * Rows: 141, 142
 *
 *	$ examples/ptrace/attach
 */
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "../check.h"

static void give_up_privileges(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	check_sys(syscall(SYS_capset, &header, none), "give up privileges");
}

/* A child that is there until the pipe's writing end is closed. */
static pid_t start_victim(const int end[2], int dumpable)
{
	int ready[2];
	pid_t child;
	char byte = 0;

	check_sys(pipe(ready), "pipe");
	child = start_child();
	if (!child) {
		check_sys(prctl(PR_SET_DUMPABLE, dumpable), "PR_SET_DUMPABLE");
		check_sys(write(ready[1], &byte, 1), "write");
		close(end[1]);
		_exit(read(end[0], &byte, 1) != 0);
	}
	check_sys(read(ready[0], &byte, 1), "read");
	close(ready[0]);
	close(ready[1]);
	return child;
}

static int trace(pid_t pid, const char *what)
{
	long ret = ptrace(PTRACE_SEIZE, pid, NULL, NULL);

	printf("%-38s %s\n", what, ret ? strerror(errno) : "allowed");
	return ret == 0;
}

/* Only a process that stops can be let go. */
static void let_go(pid_t pid)
{
	int status;

	check_sys(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), "PTRACE_INTERRUPT");
	check_sys(waitpid(pid, &status, 0), "waitpid");
	check_sys(ptrace(PTRACE_DETACH, pid, NULL, NULL), "PTRACE_DETACH");
}

static void trace_from_another(pid_t pid, const char *what)
{
	pid_t other = start_child();

	if (!other) {
		trace(pid, what);
		fflush(stdout);
		_exit(0);
	}
	end_child(other);
}

int main(void)
{
	pid_t open, closed;
	int end[2];

	give_up_privileges();
	check_sys(pipe(end), "pipe");
	open = start_victim(end, 1);
	closed = start_victim(end, 0);
	trace(getpid(), "ourselves:");
	trace(closed, "a child that shut itself off:");
	if (trace(open, "a child of ours:")) {
		trace_from_another(open, "the same from a second process:");
		let_go(open);
	}
	close(end[1]);
	end_child(open);
	end_child(closed);
	printf("the children have ended as if nothing had been\n");
	return 0;
}
