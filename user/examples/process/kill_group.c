// SPDX-License-Identifier: GPL-2.0-only
/*
 * kill_group - one call sends a signal to a whole process group
 *
 * A negative number means a group: kill(-24817, SIGKILL), and in a shell
 * "/bin/kill -9 -24817". In the same way waitpid() with a negative number waits
 * for any child of that group. The child outside the group is not touched.
 *
 * Rows: 35, 63
 *
 *	$ examples/process/kill_group
 */
#include "wait.h"

#define MEMBERS	3

static int hold[2];

/* With group 0 it makes a group of its own, of which it is the leader. */
static pid_t start_in_group(pid_t group)
{
	pid_t child = start_child();

	if (!child) {
		close(hold[1]);
		wait_for_end(hold[0]);
		exit(EXIT_SUCCESS);
	}
	check_sys(setpgid(child, group), "setpgid");
	return child;
}

int main(void)
{
	pid_t outsider, group = 0;
	int status;

	make_pipe(hold);
	outsider = start_in_group(getpgrp());
	for (int i = 0; i < MEMBERS; i++) {
		pid_t child = start_in_group(group);

		if (!group)
			group = child;
	}
	printf("kill(-%d, SIGKILL)\n", group);
	check_sys(kill(-group, SIGKILL), "kill");
	for (int i = 0; i < MEMBERS; i++) {
		check_sys(waitpid(-group, &status, 0), "waitpid");
		printf("a member was ended by signal %d\n", WTERMSIG(status));
	}
	printf("the outsider lives: %s\n",
	       check_sys(waitpid(outsider, &status, WNOHANG), "waitpid") == 0 ? "yes" : "no");
	close(hold[1]);
	end_child(outsider);
	return 0;
}
