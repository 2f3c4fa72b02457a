// SPDX-License-Identifier: GPL-2.0-only
/*
 * closed_ends - the end of file comes when the last writing end is closed
 *
 * An empty pipe that somebody could still write to makes the reader wait; with
 * O_NONBLOCK the read fails with EAGAIN instead. Only when all copies of the writing
 * end are closed, in all processes, read() returns 0. A forgotten copy, most often
 * the reader's own, keeps the end away for ever.
 *
 * Rows: 76, 77
 *
 *	$ examples/pipe/closed_ends
 */
#include <fcntl.h>

#include "../process/wait.h"

static void read_and_print(const char *when, int fd)
{
	char text[8];
	ssize_t n = read(fd, text, sizeof(text));

	if (n > 0)
		printf("%s: %zd bytes\n", when, n);
	else if (n == 0)
		printf("%s: end of file\n", when);
	else
		printf("%s: %s\n", when, strerror(errno));
}

int main(void)
{
	int ends[2], ready[2], hold[2];
	pid_t child;

	check_sys(pipe2(ends, O_NONBLOCK | O_CLOEXEC), "pipe2");
	make_pipe(ready);
	make_pipe(hold);
	child = start_child();
	if (!child) {
		close(hold[1]);
		check_sys(write(ends[1], "data", 4), "write");
		tell(ready[1]);
		wait_for_end(hold[0]);
		return 0;
	}
	hear(ready[0]);
	read_and_print("the child wrote", ends[0]);
	read_and_print("both have the writing end", ends[0]);
	close(ends[1]);
	read_and_print("the parent has closed it", ends[0]);
	close(hold[1]);
	end_child(child);
	read_and_print("the child has ended", ends[0]);
	return 0;
}
