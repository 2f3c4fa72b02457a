// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugger - a breakpoint, registers, memory and single steps
 *
 * The debugger runs itself once more as the program to look at, and puts an int3
 * (0xcc) over the first byte of its function add(). The program stops there, at
 * exec, and, with the processor's trace bit set, after each instruction. While it
 * stops, the debugger waits for commands; while it runs, the debugger waits for it.
 *
 * Rows: 142, 144
 *
 *	$ printf 'c\nr\nm\ns\nf\nc\nc\nc\n' | examples/ptrace/debugger
 */
#include "../check.h"
#include "parts/program.h"

#define INT3	0xcc

static volatile long total;

/* The word at the breakpoint, as it was. */
static long code;

static __attribute__((noinline)) long add(long number)
{
	total += number;
	return total;
}

/* The numbers are so large that each byte of the code of add() matters. */
static void play(void)
{
	for (long i = 1; i <= 3; i++)
		printf("program: the total is %ld\n", add(i * 10000000000L));
	_exit(5);
}

static void set_breakpoint(const struct program *p)
{
	program_poke(p, add, (code & ~0xffL) | INT3);
}

/* One instruction; the one under the breakpoint is put back for as long. */
static bool step(const struct program *p)
{
	program_poke(p, add, code);
	if (!program_step(p))
		return false;
	set_breakpoint(p);
	return true;
}

/* The processor is behind the int3 and has to go back to what stood there. */
static bool run_to_breakpoint(const struct program *p)
{
	struct user_regs_struct regs;

	if (!step(p) || !program_run(p))
		return false;
	regs = program_registers(p);
	regs.rip--;
	program_set_registers(p, &regs);
	printf("breakpoint: add(%lld)\n", regs.rdi);
	return true;
}

static long long distance(const struct program *p, unsigned long long rip)
{
	return rip - ((uintptr_t)add + p->slide);
}

static bool show_step(const struct program *p)
{
	unsigned long long from = program_registers(p).rip;

	if (!step(p))
		return false;
	printf("step: from add%+lld to add%+lld\n", distance(p, from),
	       distance(p, program_registers(p).rip));
	return true;
}

/* When add() has returned, its return address has left the stack. */
static bool finish(const struct program *p)
{
	unsigned long long stack = program_registers(p).rsp;
	int steps = 0;

	while (program_registers(p).rsp <= stack) {
		if (!step(p))
			return false;
		steps++;
	}
	printf("after %d instructions add() has returned %lld\n", steps,
	       program_registers(p).rax);
	return true;
}

static void show_registers(const struct program *p)
{
	const struct user_regs_struct regs = program_registers(p);

	printf("rip %#llx rsp %#llx rdi %lld\n", regs.rip, regs.rsp, regs.rdi);
}

static void show_memory(const struct program *p)
{
	printf("total %ld; code %016lx, which was %016lx\n",
	       program_peek(p, (const void *)&total), program_peek(p, add), code);
}

/* False when the program has ended. */
static bool obey(const struct program *p, char command)
{
	switch (command) {
	case 'c':
		return run_to_breakpoint(p);
	case 's':
		return show_step(p);
	case 'f':
		return finish(p);
	case 'r':
		show_registers(p);
		break;
	case 'm':
		show_memory(p);
		break;
	default:
		printf("c continue, s step, f finish, r registers, m memory\n");
	}
	return true;
}

int main(int argc, char **argv)
{
	struct program p;
	char line[16];

	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (argc > 1)
		play();
	program_start(&p, argv[0], "program");
	code = program_peek(&p, add);
	set_breakpoint(&p);
	printf("the program stops at exec\n");
	while (fgets(line, sizeof(line), stdin))
		if (!obey(&p, *line))
			return 0;
	printf("no more commands: the program is killed\n");
	program_kill(&p);
	return 0;
}
