// SPDX-License-Identifier: GPL-2.0-only
/*
 * exit_status - what a parent learns of its child's end
 *
 * The first child leaves with a random number. It also says the number through a
 * pipe, so that we can compare. Of a larger number only eight bits arrive, which
 * is why an exit status is no way to send data. A child that is killed has no
 * exit status at all: look at WIFEXITED() before WEXITSTATUS().
 *
 * Rows: 29, 32
 *
 *	$ examples/process/exit_status
 */
#include <sys/random.h>

#include "wait.h"

static void print_end(const char *who, pid_t child)
{
	int status;

	check_sys(waitpid(child, &status, 0), "waitpid");
	if (WIFEXITED(status))
		printf("%s: left with %d\n", who, WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		printf("%s: killed by signal %d\n", who, WTERMSIG(status));
}

static void random_number(void)
{
	unsigned char drawn;
	int told[2], status;
	pid_t child;

	make_pipe(told);
	child = start_child();
	if (!child) {
		check_sys(getrandom(&drawn, 1, 0), "getrandom");
		check_sys(write(told[1], &drawn, 1), "write");
		exit(drawn);
	}
	check_sys(waitpid(child, &status, 0), "waitpid");
	check_sys(read(told[0], &drawn, 1), "read");
	printf("random number: drawn %d, left with %d: %s\n", drawn, WEXITSTATUS(status),
	       WIFEXITED(status) && WEXITSTATUS(status) == drawn ? "equal" : "not equal");
	close(told[0]);
	close(told[1]);
}

int main(void)
{
	pid_t child;

	random_number();
	child = start_child();
	if (!child)
		exit(256 + 7);
	print_end("exit(256 + 7)", child);
	child = start_child();
	if (!child) {
		check_sys(kill(getpid(), SIGKILL), "kill");
		exit(EXIT_FAILURE);
	}
	print_end("SIGKILL", child);
	return 0;
}
