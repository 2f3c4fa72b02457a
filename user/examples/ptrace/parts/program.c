// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>

#include "../../check.h"
#include "program.h"

/* Where the kernel has put its first instruction tells where all the rest is. */
static uintptr_t entry_of(pid_t pid)
{
	char path[32];
	Elf64_auxv_t part;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/auxv", pid);
	file = fopen(path, "re");
	if (!file)
		fail(path, errno);
	do {
		if (fread(&part, sizeof(part), 1, file) != 1)
			fail("the program's entry", ENOENT);
	} while (part.a_type != AT_ENTRY);
	fclose(file);
	return part.a_un.a_val;
}

/* A process that has asked to be traced stops when it has become another program. */
void program_start(struct program *p, char *name, char *argument)
{
	char *const argv[] = { name, argument, NULL };
	int status;

	p->pid = start_child();
	if (!p->pid) {
		check_sys(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "PTRACE_TRACEME");
		execv("/proc/self/exe", argv);
		fail("run the program", errno);
	}
	check_sys(waitpid(p->pid, &status, 0), "waitpid");
	if (!WIFSTOPPED(status))
		fail("the program has not begun", ECHILD);
	check_sys(ptrace(PTRACE_SETOPTIONS, p->pid, NULL, PTRACE_O_EXITKILL), "EXITKILL");
	p->slide = entry_of(p->pid) - getauxval(AT_ENTRY);
}

void program_kill(const struct program *p)
{
	check_sys(kill(p->pid, SIGKILL), "kill");
	check_sys(waitpid(p->pid, NULL, 0), "waitpid");
}

long program_peek(const struct program *p, const void *what)
{
	long word;

	/* The result may be any word, -1 included. */
	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, p->pid, (uintptr_t)what + p->slide, NULL);
	if (errno)
		fail("PTRACE_PEEKDATA", errno);
	return word;
}

void program_poke(const struct program *p, const void *what, long word)
{
	check_sys(ptrace(PTRACE_POKEDATA, p->pid, (uintptr_t)what + p->slide, word),
		  "PTRACE_POKEDATA");
}

struct user_regs_struct program_registers(const struct program *p)
{
	struct user_regs_struct regs;

	check_sys(ptrace(PTRACE_GETREGS, p->pid, NULL, &regs), "PTRACE_GETREGS");
	return regs;
}

void program_set_registers(const struct program *p, const struct user_regs_struct *regs)
{
	check_sys(ptrace(PTRACE_SETREGS, p->pid, NULL, regs), "PTRACE_SETREGS");
}

static bool resume(const struct program *p, int how)
{
	int status;

	check_sys(ptrace(how, p->pid, NULL, NULL), "let the program run");
	check_sys(waitpid(p->pid, &status, 0), "waitpid");
	if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP)
		return true;
	if (WIFSTOPPED(status)) {
		printf("the program gets signal %d and is killed\n", WSTOPSIG(status));
		program_kill(p);
	} else if (WIFEXITED(status)) {
		printf("the program has ended with status %d\n", WEXITSTATUS(status));
	} else {
		printf("signal %d has ended the program\n", WTERMSIG(status));
	}
	return false;
}

bool program_run(const struct program *p)
{
	return resume(p, PTRACE_CONT);
}

bool program_step(const struct program *p)
{
	return resume(p, PTRACE_SINGLESTEP);
}
