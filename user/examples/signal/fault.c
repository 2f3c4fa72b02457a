// SPDX-License-Identifier: GPL-2.0-only
/*
 * fault - SIGSEGV says which address was touched, and why that failed
 *
 * The signal comes from the processor, not from a process: si_addr is the address,
 * si_code the cause. The handler must not return, or the same instruction would
 * fail again; it jumps out.
 *
 * Rows: 36, 38, 39
 *
 *	$ examples/signal/fault
 */
#include <setjmp.h>
#include <sys/mman.h>

#include "action.h"

#define OFFSET	123

static sigjmp_buf before;
static volatile sig_atomic_t code;
static char *volatile address;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	address = info->si_addr;
	code = info->si_code;
	siglongjmp(before, 1);
}

static void touch(const char *what, volatile char *page)
{
	if (!sigsetjmp(before, 1)) {
		page[OFFSET] = 1;
		printf("%s: written\n", what);
		return;
	}
	printf("%s: SIGSEGV at offset %td, %s\n", what, address - page,
	       code == SEGV_ACCERR ? "access not allowed" :
	       code == SEGV_MAPERR ? "nothing there" : "another cause");
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	long size = sysconf(_SC_PAGESIZE);
	char *page;

	default_action(SIGSEGV);
	check_sys(sigaction(SIGSEGV, &action, NULL), "sigaction");
	page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		fail("mmap", errno);
	touch("a page of our own", page);
	check_sys(mprotect(page, size, PROT_READ), "mprotect");
	touch("read-only", page);
	check_sys(munmap(page, size), "munmap");
	touch("unmapped", page);
	return 0;
}
