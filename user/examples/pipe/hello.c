// SPDX-License-Identifier: GPL-2.0-only
/*
 * hello - a parent says hello to its child through a pipe
 *
 * pipe() gives two descriptors: what is written to [1] comes out of [0]. The child
 * inherits both over fork(); each side closes the end that it does not use.
 *
 * Rows: 71, 72
 *
 *	$ examples/pipe/hello
 */
#include "../check.h"

int main(void)
{
	static const char text[] = "hello, world";
	int ends[2];
	pid_t child;

	check_sys(pipe(ends), "pipe");
	child = start_child();
	if (!child) {
		char got[64];
		int n;

		close(ends[1]);
		n = check_sys(read(ends[0], got, sizeof(got)), "read");
		printf("the child got %d bytes: %.*s\n", n, n, got);
		return 0;
	}
	close(ends[0]);
	check_sys(write(ends[1], text, strlen(text)), "write");
	close(ends[1]);
	end_child(child);
	return 0;
}
