// SPDX-License-Identifier: GPL-2.0-only
/*
 * exits - exit() tidies up, _exit() ends at once
 *
 * exit() calls what was registered with atexit() and writes out the buffers of
 * stdio; _exit() is the system call alone. A child that has its parent's
 * buffers and is not going to exec must not write them out a second time: it
 * ends with _exit(), or the parent flushes before it forks.
 *
 * Rows: 29
 *
 *	$ examples/process/exits
 */
#include "wait.h"

static int out;

static void say_bye(void)
{
	check_sys(write(out, "bye ", 4), "write");
}

/* What arrives through the pipe of a child that ends in this way. */
static void show(const char *name, void (*end)(int))
{
	char text[64];
	size_t len = 0;
	int ends[2];
	pid_t child;

	make_pipe(ends);
	child = start_child();
	if (!child) {
		FILE *file = fdopen(ends[1], "w");

		if (!file || fputs("buffered ", file) < 0)
			fail("stdio", errno);
		out = ends[1];
		if (atexit(say_bye))
			fail("atexit", ENOMEM);
		end(EXIT_SUCCESS);
	}
	close(ends[1]);
	while (len < sizeof(text) && read_byte(ends[0], &text[len]))
		len++;
	printf("%s: \"%.*s\"\n", name, (int)len, text);
	close(ends[0]);
	end_child(child);
}

int main(void)
{
	show("exit", exit);
	show("_exit", _exit);
	return 0;
}
