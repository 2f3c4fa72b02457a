// SPDX-License-Identifier: GPL-2.0-only
/*
 * full - how much a pipe takes before its writer has to wait
 *
 * A lecture says 512 bytes. Linux gives a new pipe 16 pages, less to a user who has
 * very many pipes, and F_SETPIPE_SZ changes it. PIPE_BUF is something else: the
 * size up to which a write is not mixed with others.
 *
 * The child fills the pipe and one byte more; it sleeps until there is room.
 *
 * Rows: 73
 *
 *	$ examples/pipe/full
 */
#include <limits.h>

#include "../process/wait.h"

static int ends[2];

static int fill(void)
{
	char page[4096] = { 0 };
	int total = 0;
	ssize_t n;

	check_sys(fcntl(ends[1], F_SETFL, O_NONBLOCK), "F_SETFL");
	while ((n = write(ends[1], page, sizeof(page))) > 0)
		total += n;
	if (errno != EAGAIN)
		fail("write", errno);
	check_sys(fcntl(ends[1], F_SETFL, 0), "F_SETFL");
	return total;
}

int main(void)
{
	char page[4096];
	int ready[2], total;
	pid_t child;

	make_pipe(ends);
	make_pipe(ready);
	total = fill();
	printf("it took %d bytes, F_GETPIPE_SZ says %s\n", total,
	       total == check_sys(fcntl(ends[1], F_GETPIPE_SZ), "F_GETPIPE_SZ") ?
	       "the same" : "something else");
	child = start_child();
	if (!child) {
		close(ends[0]);
		tell(ready[1]);
		tell(ends[1]);
		return 0;
	}
	hear(ready[0]);
	wait_for_state(child, 'S');
	printf("the writer of one more byte sleeps\n");
	check_sys(read(ends[0], page, sizeof(page)), "read");
	end_child(child);
	printf("a page was read, the writer has gone on\n");
	printf("PIPE_BUF is %d\n", PIPE_BUF);
	return 0;
}
