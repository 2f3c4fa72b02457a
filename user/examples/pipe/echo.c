// SPDX-License-Identifier: GPL-2.0-only
/*
 * echo - what we read from standard input comes out of a child
 *
 * In the lecture's sample the child does not close its own copy of the writing
 * end. Then there is always a writer left, the child itself, and the end of file
 * that it waits for never comes.
 *
 * Rows: 72, 76
 *
 *	$ echo hello | examples/pipe/echo
 */
#include "../check.h"

/* A pipe or a terminal may take less than all of it. */
static void write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		check_sys(n, "write");
		data += n;
		len -= n;
	}
}

static int copy(int from, int to)
{
	char data[4096];
	int n, total = 0;

	while ((n = check_sys(read(from, data, sizeof(data)), "read")) > 0) {
		write_all(to, data, n);
		total += n;
	}
	return total;
}

int main(void)
{
	int ends[2], total;
	pid_t child;

	check_sys(pipe(ends), "pipe");
	child = start_child();
	if (!child) {
		close(ends[1]);
		total = copy(ends[0], STDOUT_FILENO);
		printf("child: %d bytes, then the end of file\n", total);
		return 0;
	}
	close(ends[0]);
	copy(STDIN_FILENO, ends[1]);
	close(ends[1]);
	end_child(child);
	return 0;
}
