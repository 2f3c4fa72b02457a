// SPDX-License-Identifier: GPL-2.0-only
/*
 * peek - read and change the memory and the registers of another process
 *
 * process_vm_readv() and process_vm_writev() copy any amount in one call and do
 * not even stop the process. PTRACE_PEEKDATA and PTRACE_POKEDATA move a word a
 * call and reach memory that is read-only, too, but need a process that stops.
 * Registers can be had only of one that stops.
 *
 * Rows: 142
 *
 *	$ examples/ptrace/peek
 */
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "../check.h"

struct record {
	long number;
	char text[24];
};

/* The child has its own copy since the fork. Not even it may write to motto. */
static struct record record = { .number = 1, .text = "untouched" };
static const char motto[16] = "look, not touch";

static void work(int ready, int go_on)
{
	long result = 11;
	char byte = 0;

	record = (struct record) { .number = 42, .text = "the child's own" };
	check_sys(write(ready, &byte, 1), "write");
	check_sys(read(go_on, &byte, 1), "read");
	/* Stops for the tracer, which finds the result in the register rax. */
	asm volatile("int3" : "+a"(result));
	printf("child: number %ld, text '%s', motto '%s', result %ld\n", record.number,
	       record.text, motto, result);
	_exit(0);
}

/* Its addresses are ours: it comes from a fork. */
static void copy_memory(pid_t child)
{
	struct record copy;
	struct iovec ours = { .iov_base = &copy, .iov_len = sizeof(copy) };
	struct iovec theirs = { .iov_base = &record, .iov_len = sizeof(record) };

	if (check_sys(process_vm_readv(child, &ours, 1, &theirs, 1, 0),
		      "process_vm_readv") != sizeof(copy))
		fail("process_vm_readv", EIO);
	printf("parent: it has number %ld, text '%s'; we have %ld, '%s'\n", copy.number,
	       copy.text, record.number, record.text);
	strcpy(copy.text, "put in by the parent");
	if (check_sys(process_vm_writev(child, &ours, 1, &theirs, 1, 0),
		      "process_vm_writev") != sizeof(copy))
		fail("process_vm_writev", EIO);
	theirs.iov_base = (void *)motto;
	if (process_vm_writev(child, &ours, 1, &theirs, 1, 0) >= 0 || errno != EFAULT)
		fail("process_vm_writev to read-only memory", EPROTO);
	printf("parent: process_vm_writev() to read-only memory: %s\n", strerror(errno));
}

static void wait_for_stop(pid_t child)
{
	int status;

	check_sys(waitpid(child, &status, 0), "waitpid");
	if (!WIFSTOPPED(status))
		fail("the child should have stopped", ECHILD);
}

static void change_words(pid_t child)
{
	long word;

	check_sys(ptrace(PTRACE_SEIZE, child, NULL, PTRACE_O_EXITKILL), "PTRACE_SEIZE");
	check_sys(ptrace(PTRACE_INTERRUPT, child, NULL, NULL), "PTRACE_INTERRUPT");
	wait_for_stop(child);
	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, child, motto, NULL);
	if (errno)
		fail("PTRACE_PEEKDATA", errno);
	printf("parent: the first word of its motto is '%.8s'\n", (const char *)&word);
	memcpy(&word, "poke", 4);
	check_sys(ptrace(PTRACE_POKEDATA, child, motto, word), "PTRACE_POKEDATA");
	check_sys(ptrace(PTRACE_POKEDATA, child, &record.number, 43L), "PTRACE_POKEDATA");
	check_sys(ptrace(PTRACE_CONT, child, NULL, NULL), "PTRACE_CONT");
}

/* The SIGTRAP of the int3 is for us; the child goes on without it. */
static void change_register(pid_t child)
{
	struct user_regs_struct regs;

	wait_for_stop(child);
	check_sys(ptrace(PTRACE_GETREGS, child, NULL, &regs), "PTRACE_GETREGS");
	printf("parent: its register rax is %lld\n", regs.rax);
	regs.rax = 12;
	check_sys(ptrace(PTRACE_SETREGS, child, NULL, &regs), "PTRACE_SETREGS");
	check_sys(ptrace(PTRACE_CONT, child, NULL, NULL), "PTRACE_CONT");
}

int main(void)
{
	int ready[2], go_on[2];
	pid_t child;
	char byte = 0;

	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	check_sys(pipe(ready), "pipe");
	check_sys(pipe(go_on), "pipe");
	child = start_child();
	if (!child)
		work(ready[1], go_on[0]);
	check_sys(read(ready[0], &byte, 1), "read");
	copy_memory(child);
	change_words(child);
	check_sys(write(go_on[1], &byte, 1), "write");
	change_register(child);
	end_child(child);
	printf("parent: we still have %ld, '%s', '%s'\n", record.number, record.text, motto);
	return 0;
}
