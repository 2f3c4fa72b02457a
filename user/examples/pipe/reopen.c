// SPDX-License-Identifier: GPL-2.0-only
/*
 * reopen - the pipe of another process, opened through /proc
 *
 * The lectures say that an existing pipe can only be inherited. On Linux, who could
 * trace a process can also open its descriptors by /proc/PID/fd/N. That gives a new
 * open file on the same pipe: here the parent opens the reading end and the writing
 * end by the same name.
 *
 * Rows: 75
 *
 *	$ examples/pipe/reopen
 */
#include "../process/wait.h"

static int number[2], hold[2];

static void be_child(void)
{
	int ends[2];

	close(hold[1]);
	make_pipe(ends);
	check_sys(write(ends[1], "from the child", 14), "write");
	check_sys(write(number[1], &ends[0], sizeof(ends[0])), "write");
	wait_for_end(hold[0]);
	exit(EXIT_SUCCESS);
}

static void read_and_print(int fd)
{
	char text[64];
	int n = check_sys(read(fd, text, sizeof(text)), "read");

	printf("read: %.*s\n", n, text);
}

int main(void)
{
	char path[64];
	pid_t child;
	int fd, reader, writer;

	make_pipe(number);
	make_pipe(hold);
	child = start_child();
	if (!child)
		be_child();
	close(number[1]);
	if (check_sys(read(number[0], &fd, sizeof(fd)), "read") == 0)
		fail("the child has ended", ECHILD);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", child, fd);
	reader = check_sys(open(path, O_RDONLY | O_CLOEXEC), path);
	writer = check_sys(open(path, O_WRONLY | O_CLOEXEC), path);
	read_and_print(reader);
	check_sys(write(writer, "from the parent", 15), "write");
	read_and_print(reader);
	close(hold[1]);
	end_child(child);
	return 0;
}
