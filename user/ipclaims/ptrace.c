// SPDX-License-Identifier: GPL-2.0-only
/* Claims on tracing a process. */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "claim.h"
#include "finding.h"
#include "proc.h"

#define SYSCALL_STOP	(SIGTRAP | 0x80)

/* Read and changed by the tracer, who has the same address for it. */
static volatile long treasure = 42;

static void be_traced(void)
{
	need(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "ptrace");
	raise(SIGSTOP);
}

/* A child that has stopped for its tracer: us. */
static pid_t start_traced(void (*life)(void))
{
	pid_t child = start();
	int status;

	if (!child) {
		be_traced();
		life();
		_exit(0);
	}
	must(waitpid(child, &status, 0), "waitpid");
	if (finding_over())
		_exit(0);
	if (!WIFSTOPPED(status))
		fault("the traced child did not stop");
	must(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL),
	     "PTRACE_SETOPTIONS");
	return child;
}

static void call_once(void)
{
	syscall(SYS_getppid);
	_exit(treasure == 43 ? 0 : 1);
}

static void check_memory(pid_t child)
{
	long seen;

	errno = 0;
	seen = ptrace(PTRACE_PEEKDATA, child, &treasure, NULL);
	part(!errno && seen == 42, "The tracer reads %ld in a variable of its child and writes 43.",
	     seen);
	must(ptrace(PTRACE_POKEDATA, child, &treasure, 43L), "PTRACE_POKEDATA");
}

static void check_registers(pid_t child)
{
	struct user_regs_struct registers;
	struct iovec vector = { &registers, sizeof(registers) };

	must(ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &vector), "PTRACE_GETREGSET");
	must(ptrace(PTRACE_SETREGSET, child, NT_PRSTATUS, &vector), "PTRACE_SETREGSET");
	part(vector.iov_len > 0, "It reads and sets %zu bytes of registers.", vector.iov_len);
}

/* Runs the child on to its next stop: the signal it stopped by, or 0 at its end. */
static int run_on(int request, pid_t child, int *status)
{
	must(ptrace(request, child, NULL, NULL), "ptrace");
	must(waitpid(child, status, 0), "waitpid");
	return WIFSTOPPED(*status) ? WSTOPSIG(*status) : 0;
}

static void check_stops(pid_t child)
{
	int status, stops = 0;

	part(run_on(PTRACE_SINGLESTEP, child, &status) == SIGTRAP,
	     "It lets the child make one instruction,");
	while (run_on(PTRACE_SYSCALL, child, &status) == SYSCALL_STOP)
		stops++;
	/* Two for each call, getppid() at least, but exit_group() has only its entry. */
	part(stops >= 3 && stops % 2, "and stops it %d times at the entries and ends of system "
	     "calls.", stops);
	part(WIFEXITED(status) && WEXITSTATUS(status) == 0, "The child has seen the 43.");
}

static void check_attach(void)
{
	pid_t child = start();
	int status;

	if (!child)
		for (;;)
			pause();
	part(!ptrace(PTRACE_ATTACH, child, NULL, NULL), "It attaches to a child that did not ask "
	     "for it;");
	must(waitpid(child, &status, 0), "waitpid");
	end_now(child);
}

/*
 * A process that may do nothing special tries to trace us, whom prctl() has closed
 * to it. It does not stop us even if it can: PTRACE_SEIZE.
 */
static void check_others(void)
{
	pid_t target = getpid(), child;
	volatile int *error = shared_memory(sizeof(*error));

	must(prctl(PR_SET_DUMPABLE, 0), "prctl");
	child = start();
	if (!child) {
		drop_capabilities();
		*error = ptrace(PTRACE_SEIZE, target, NULL, NULL) ? errno : 0;
		_exit(0);
	}
	ends_well(child);
	if (finding_over())
		_exit(0);
	part(*error == EPERM, "without privilege, to a process that "
	     "is closed to it: %s.", error_name(*error));
}

static void check_control(void)
{
	pid_t child = start_traced(call_once);

	check_memory(child);
	check_registers(child);
	check_stops(child);
	check_attach();
	check_others();
	conclude_parts();
}

/* ---- the sample ------------------------------------------------------------------ */

static volatile sig_atomic_t caught;

static void catch(int number)
{
	(void)number;
	caught++;
}

static void signal_oneself(void)
{
	handle(SIGUSR1, catch, 0);
	raise(SIGUSR1);
	_exit(caught);
}

/* The loop of the sample, or with @forwards one that passes signals on. */
static int trace_to_end(pid_t child, bool forwards)
{
	long number = 0;
	int status;

	for (;;) {
		must(ptrace(PTRACE_SYSCALL, child, NULL, (void *)(forwards ? number : 0)),
		     "PTRACE_SYSCALL");
		must(waitpid(child, &status, 0), "waitpid");
		if (!WIFSTOPPED(status))
			return WEXITSTATUS(status);
		number = WSTOPSIG(status) == SYSCALL_STOP ? 0 : WSTOPSIG(status);
	}
}

#ifdef PTRACE_GET_SYSCALL_INFO
/* The number of the call that the child enters first, for whatever machine. */
static void observe_info(void)
{
	pid_t child = start_traced(call_once);
	struct __ptrace_syscall_info info = { 0 };
	int status;

	while (run_on(PTRACE_SYSCALL, child, &status) == SYSCALL_STOP)
		if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) > 0 &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_getppid)
			observe("PTRACE_GET_SYSCALL_INFO tells call %d of machine %#x, without "
				"a look at registers.", (int)info.entry.nr, info.arch);
}
#else
static void observe_info(void)
{
}
#endif

static void check_loop(void)
{
	int sample, right;

	sample = trace_to_end(start_traced(signal_oneself), false);
	right = trace_to_end(start_traced(signal_oneself), true);
	observe("Under a loop of ptrace(PTRACE_SYSCALL, pid, 0, 0) a child that sends itself "
		"SIGUSR1 handles %d.", sample);
	part(right == 1, "Where the number that it stopped by is the last argument, it handles %d.",
	     right);
	observe_info();
	conclude(sample ? "passes signals" : "eats signals");
}

const struct claim ptrace_claims[] = {
	{
		.row = "142",
		.lectures = "S0",
		.text = "a tracer sees and controls all",
		.says = "It reads and writes memory and registers, stops at each system "
			"call's entry and exit or at each instruction; own children can be "
			"attached, others need privilege.",
		.page = "ptrace(2)",
		.check = check_control,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A2.20",
		.lectures = "S0 S3",
		.text = "S0's strace loop works",
		.says = "The sample goes on with ptrace(PTRACE_SYSCALL, pid, 0, 0) after "
			"every stop and reads ORIG_RAX; that of S3 is for 32 bits only.",
		.page = "ptrace(2)",
		.check = check_loop,
		.outcomes = {
			{ "passes signals", VERDICT_TRUE },
			{ "eats signals", VERDICT_OUTDATED },
		},
	},
	{ 0 }
};
