// SPDX-License-Identifier: GPL-2.0-only
/*
 * quack - give text to a program that reads its standard input
 *
 * The child makes the pipe its standard input with dup2() and becomes grep, which
 * knows nothing of pipes. grep ends when it sees the end of file, and that is when
 * the last writing end is closed: ours, and the copy that O_CLOEXEC closes at exec.
 *
 * Rows: 72, 78
 *
 *	$ examples/pipe/quack
 */
#include <fcntl.h>

#include "../check.h"

static void be_grep(int input)
{
	check_sys(dup2(input, STDIN_FILENO), "dup2");
	execlp("grep", "grep", "quack", NULL);
	fail("grep", errno);
}

int main(void)
{
	static const char text[] =
		"the cow says moo\n"
		"the duck says quack\n"
		"the fox says nothing\n"
		"a quacksalver sells cures\n";
	int ends[2];
	pid_t child;

	check_sys(pipe2(ends, O_CLOEXEC), "pipe2");
	child = start_child();
	if (!child)
		be_grep(ends[0]);
	close(ends[0]);
	check_sys(write(ends[1], text, strlen(text)), "write");
	close(ends[1]);
	end_child(child);
	return 0;
}
