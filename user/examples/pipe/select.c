// SPDX-License-Identifier: GPL-2.0-only
/*
 * select - wait for several descriptors at once
 *
 * select() says which of them can be read without waiting; the end of file counts
 * as readable. It changes the set it is given, so that it is built anew each time.
 * It takes descriptors below FD_SETSIZE only; poll() and epoll take any.
 *
 * Rows: 90
 *
 *	$ examples/pipe/select
 */
#include <sys/select.h>

#include "../process/wait.h"

#define PIPES	3

static int ends[PIPES][2];

/* No time limit, NULL, is to wait as long as it takes. */
static void print_readable(const char *when, struct timeval *limit)
{
	int highest = 0, count;
	fd_set set;

	FD_ZERO(&set);
	for (int i = 0; i < PIPES; i++) {
		FD_SET(ends[i][0], &set);
		if (ends[i][0] > highest)
			highest = ends[i][0];
	}
	count = check_sys(select(highest + 1, &set, NULL, NULL, limit), "select");
	printf("%s: %d readable:", when, count);
	for (int i = 0; i < PIPES; i++)
		if (FD_ISSET(ends[i][0], &set))
			printf(" pipe %d", i + 1);
	printf("\n");
}

int main(void)
{
	struct timeval at_once = { 0 };
	pid_t child;

	for (int i = 0; i < PIPES; i++) {
		make_pipe(ends[i]);
		if (ends[i][1] >= FD_SETSIZE)
			fail("select", EMFILE);
	}
	print_readable("at first", &at_once);
	child = start_child();
	if (!child) {
		tell(ends[1][1]);
		return 0;
	}
	print_readable("the child writes to pipe 2", NULL);
	end_child(child);
	tell(ends[2][1]);
	print_readable("I write to pipe 3", NULL);
	close(ends[0][1]);
	print_readable("I close pipe 1", NULL);
	return 0;
}
