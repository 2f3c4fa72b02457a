// SPDX-License-Identifier: GPL-2.0-only
/*
 * registers - a handler changes what the interrupted program goes on with
 *
 * The kernel saves the registers and the mask in the frame that it builds for the
 * handler. When the handler returns, sigreturn(2) loads them from there, and so
 * with what the handler has changed: here it steps over an instruction that does
 * not exist, puts another number in a register, and leaves a signal blocked.
 *
 * Rows: 54, 69
 *
 *	$ examples/signal/registers
 */
#include <ucontext.h>

#include "action.h"

#if defined(__x86_64__)
#define STOP			"ud2"
#define STOP_SIZE		2
#define RESULT			"rax"
#define PC(context)		((context)->uc_mcontext.gregs[REG_RIP])
#define REGISTER(context)	((context)->uc_mcontext.gregs[REG_RAX])
#elif defined(__aarch64__)
#define STOP			"udf #0"
#define STOP_SIZE		4
#define RESULT			"x0"
#define PC(context)		((context)->uc_mcontext.pc)
#define REGISTER(context)	((context)->uc_mcontext.regs[0])
#else
#error "add the instruction and the names of the registers of this machine"
#endif

static void on_illegal(int number, siginfo_t *info, void *pointer)
{
	ucontext_t *context = pointer;

	(void)number;
	(void)info;
	PC(context) += STOP_SIZE;
	REGISTER(context) = 42;
	sigaddset(&context->uc_sigmask, SIGUSR1);
}

static long stop_with(long value)
{
	register long number asm(RESULT) = value;

	asm volatile(STOP : "+r" (number));
	return number;
}

static int is_blocked(int number)
{
	sigset_t set;

	check_sys(sigprocmask(SIG_BLOCK, NULL, &set), "sigprocmask");
	return sigismember(&set, number);
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_illegal, .sa_flags = SA_SIGINFO };
	long value = 1;

	default_action(SIGUSR1);
	default_action(SIGILL);
	check_sys(sigaction(SIGILL, &action, NULL), "sigaction");
	printf("before: the number is %ld, SIGUSR1 is %s\n", value,
	       is_blocked(SIGUSR1) ? "blocked" : "not blocked");
	value = stop_with(value);
	printf("after:  the number is %ld, SIGUSR1 is %s\n", value,
	       is_blocked(SIGUSR1) ? "blocked" : "not blocked");
	return 0;
}
