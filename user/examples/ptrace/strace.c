// SPDX-License-Identifier: GPL-2.0-only
/*
 * strace - which system calls a program makes, 64- or 32-bit, in words
 *
 * A traced process stops for its tracer at the entry and the exit of each call,
 * at each signal, at exec, and when it is stopped by a signal; the tracer looks
 * and lets it go on. The names come from the system's headers, the meaning of
 * arguments from parts/arguments.c, that of mbox's ioctls from parts/ioctl.c.
 * Children of the program are not followed.
 *
 * Rows: 143, 144
 * The lectures' samples let the program go on without the signal that stopped
 * it, so that it never got one; took each stop for a system call; and read a
 * register that tells the call on one architecture. Here PTRACE_SEIZE makes the
 * kinds of stops distinct, a signal is delivered on, and PTRACE_GET_SYSCALL_INFO
 * tells entry from exit, and whose table of calls the number is from.
 *
 *	$ examples/ptrace/strace -e write,kill examples/ptrace/victim
 */
#include <elf.h>
#include <linux/audit.h>
#include <signal.h>
#include <sys/ptrace.h>

#include "../check.h"
#include "parts/strace.h"

#define SYSCALL_STOP	(SIGTRAP | 0x80)
#define OPTIONS		(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

/* SIGSTOP and its kin have stopped the process, rather than tracing it. */
static bool is_group_stop(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP;
}

/*
 * Shows why the process has stopped and lets it go on: with its signal, if it
 * was for one; still stopped, if it was stopped by one.
 */
static void handle_stop(struct call *call, int status)
{
	int how = PTRACE_SYSCALL, number = 0;

	if (WSTOPSIG(status) == SYSCALL_STOP) {
		show_call(call);
	} else if (is_group_stop(status)) {
		how = PTRACE_LISTEN;
		fprintf(stderr, "--- stopped by SIG%s ---\n", sigabbrev_np(WSTOPSIG(status)));
	} else if (!(status >> 16)) {
		number = WSTOPSIG(status);
		fprintf(stderr, "--- SIG%s ---\n", sigabbrev_np(number) ?: "RT");
	}
	if (ptrace(how, call->pid, 0, number) < 0 && errno != ESRCH)
		fail("let the program go on", errno);
}

/* It waits at the gate until it is traced. */
static pid_t start_traced(char **argv)
{
	int gate[2];
	pid_t child;
	char byte;

	check_sys(pipe(gate), "pipe");
	child = start_child();
	if (!child) {
		close(gate[1]);
		check_sys(read(gate[0], &byte, 1), "wait for the tracer");
		close(gate[0]);
		execvp(*argv, argv);
		fprintf(stderr, "%s: %s\n", *argv, strerror(errno));
		_exit(127);
	}
	close(gate[0]);
	check_sys(ptrace(PTRACE_SEIZE, child, 0, OPTIONS), "PTRACE_SEIZE");
	close(gate[1]);
	return child;
}

static int print_end(const struct call *call, int status)
{
	if (call->open && call->shown)
		fputs(") = ?\n", stderr);
	if (WIFEXITED(status)) {
		fprintf(stderr, "+++ exited with %d +++\n", WEXITSTATUS(status));
		return WEXITSTATUS(status);
	}
	fprintf(stderr, "+++ killed by SIG%s +++\n", sigabbrev_np(WTERMSIG(status)) ?: "RT");
	return 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct call call = { .arch = AUDIT_ARCH_X86_64 };
	bool chosen = argc > 2 && !strcmp(argv[1], "-e");
	int status;

	if (argc < (chosen ? 4 : 2) || (!chosen && *argv[1] == '-')) {
		fprintf(stderr, "Usage: strace [-e CALL,...] PROGRAM [ARGUMENT...]\n");
		return EXIT_FAILURE;
	}
	if (chosen)
		call.wanted = argv[2];
	/* A line comes out as a whole, between those of the program. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	call.pid = start_traced(argv + (chosen ? 3 : 1));
	for (;;) {
		check_sys(waitpid(call.pid, &status, __WALL), "waitpid");
		if (!WIFSTOPPED(status))
			return print_end(&call, status);
		handle_stop(&call, status);
	}
}
