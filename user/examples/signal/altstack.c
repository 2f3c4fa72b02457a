// SPDX-License-Identifier: GPL-2.0-only
/*
 * altstack - a stack overflow that is caught, and why that takes a second stack
 *
 * The kernel puts the handler's frame on the stack of what it interrupts. If that
 * stack is used up, there is no room for the frame, and SIGSEGV kills although it
 * has a handler. sigaltstack() with SA_ONSTACK gives the handler another stack.
 * From there it jumps back to a frame that is still good.
 *
 * The overflows are real, in children whose stack may grow to 1 MiB.
 *
 * Rows: 54, 55
 *
 *	$ examples/signal/altstack
 */
#include <limits.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "action.h"

#define STACK_LIMIT	(1024 * 1024)

static char second_stack[64 * 1024];
static sigjmp_buf before;
static volatile uintptr_t fault;
static volatile sig_atomic_t depth;

/* The stop is never reached; it is there for the compiler. */
static __attribute__((noinline)) int fall(int level)
{
	volatile char frame[4096];

	depth = level;
	frame[0] = level;
	if (level == INT_MAX)
		return 0;
	return fall(level + 1) + frame[0];
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	fault = (uintptr_t)info->si_addr;
	siglongjmp(before, 1);
}

static void limit(int what, rlim_t most)
{
	struct rlimit now;

	check_sys(getrlimit(what, &now), "getrlimit");
	now.rlim_cur = most < now.rlim_max ? most : now.rlim_max;
	check_sys(setrlimit(what, &now), "setrlimit");
}

static pid_t start_falling(bool with_second_stack)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	stack_t stack = { .ss_sp = second_stack, .ss_size = sizeof(second_stack) };
	pid_t child = start_child();
	char here;

	if (child)
		return child;
	limit(RLIMIT_STACK, STACK_LIMIT);
	limit(RLIMIT_CORE, 0);
	if (with_second_stack) {
		check_sys(sigaltstack(&stack, NULL), "sigaltstack");
		action.sa_flags |= SA_ONSTACK;
	}
	check_sys(sigaction(SIGSEGV, &action, NULL), "sigaction");
	/* Twice: after the jump back the stack is as good as before. */
	for (volatile int i = 0; i < 2; i++) {
		if (!sigsetjmp(before, 1))
			fall(0);
		printf("second stack: overflow caught at depth %d, %ju KiB below\n", depth,
		       (uintmax_t)((uintptr_t)&here - fault) / 1024);
	}
	exit(EXIT_SUCCESS);
}

int main(void)
{
	default_action(SIGSEGV);
	printf("one stack: ended by signal %d\n", signal_that_ended(start_falling(false)));
	end_child(start_falling(true));
	return 0;
}
