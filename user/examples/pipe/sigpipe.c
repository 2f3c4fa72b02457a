// SPDX-License-Identifier: GPL-2.0-only
/*
 * sigpipe - to write to a pipe that nobody can read any more
 *
 * The writer gets SIGPIPE, which ends it: so "yes | head" stops. A program that has
 * more to do ignores the signal; then write() fails with EPIPE. Data that are still
 * in the pipe when the last reader goes are lost, without a word to who wrote them.
 *
 * Rows: 91, 76
 *
 *	$ examples/pipe/sigpipe
 */
#include "../process/wait.h"
#include "../signal/action.h"

static pid_t start_writer(void (*disposition)(int))
{
	struct sigaction action = { .sa_handler = disposition };
	pid_t child = start_child();
	int ends[2];

	if (child)
		return child;
	check_sys(sigaction(SIGPIPE, &action, NULL), "sigaction");
	make_pipe(ends);
	check_sys(write(ends[1], "lost", 4), "write");
	close(ends[0]);
	if (write(ends[1], "data", 4) < 0)
		printf("SIGPIPE ignored: write: %s\n", strerror(errno));
	exit(EXIT_SUCCESS);
}

int main(void)
{
	default_action(SIGPIPE);
	printf("by default: ended by signal %d\n", signal_that_ended(start_writer(SIG_DFL)));
	end_child(start_writer(SIG_IGN));
	return 0;
}
