// SPDX-License-Identifier: GPL-2.0-only
/*
 * copy - what fork() copies, and what both processes still share
 *
 * The child is an almost exact copy. Its memory looks the same, at the same
 * addresses, but is its own: what it changes, the parent does not see. The
 * descriptors are copied, too, but lead to the same open file: its position is
 * one for both. So the child says through the file what it has in its memory.
 *
 * Rows: 28
 *
 *	$ examples/process/copy
 */
#include <sys/mman.h>

#include "../check.h"

struct report {
	int number;
	int *address;
};

int main(void)
{
	int file = check_sys(memfd_create("shared", MFD_CLOEXEC), "memfd_create");
	struct report report = { 0 };
	int number = 1;
	pid_t child;

	child = start_child();
	if (!child) {
		number = 2;
		report.number = number;
		report.address = &number;
		check_sys(write(file, &report, sizeof(report)), "write");
		return 0;
	}
	end_child(child);
	printf("the file's position: %s\n",
	       lseek(file, 0, SEEK_CUR) == sizeof(report) ?
	       "behind what the child wrote" : "still at the beginning");
	check_sys(pread(file, &report, sizeof(report), 0), "pread");
	printf("the child changed its number to %d, mine is still %d\n", report.number, number);
	printf("the addresses of the two numbers: %s\n",
	       report.address == &number ? "the same" : "different");
	return 0;
}
