// SPDX-License-Identifier: GPL-2.0-only
/*
 * groups - every process is in exactly one process group
 *
 * A group is named by the number of the process that leads it. A child begins in
 * its parent's group. setpgid() makes a new group or joins one; a shell does that
 * for each job, so that a signal, Ctrl-C or Ctrl-Z reaches the whole job. The one
 * group that may read from the terminal is the foreground (see signal/ctrl_c).
 *
 * Rows: 35
 *
 *	$ examples/process/groups
 */
#include "wait.h"

static int hold[2];

static pid_t start_waiting_child(void)
{
	pid_t child = start_child();

	if (child)
		return child;
	close(hold[1]);
	wait_for_end(hold[0]);
	exit(EXIT_SUCCESS);
}

static const char *group_of(pid_t pid, pid_t first)
{
	pid_t group = check_sys(getpgid(pid), "getpgid");

	if (group == getpgrp())
		return "the parent's group";
	if (group == first)
		return "the first child's group";
	return "another group";
}

static void try_to_move_leader(void)
{
	pid_t child = start_child();

	if (child) {
		end_child(child);
		return;
	}
	check_sys(setsid(), "setsid");
	if (setpgid(0, getppid()) < 0)
		printf("the leader of a session cannot leave its group: %s\n",
		       strerror(errno));
	exit(EXIT_SUCCESS);
}

int main(void)
{
	pid_t first, second;

	make_pipe(hold);
	first = start_waiting_child();
	second = start_waiting_child();
	printf("at first: first in %s, second in %s\n",
	       group_of(first, first), group_of(second, first));
	check_sys(setpgid(first, first), "setpgid");
	printf("setpgid(first, 0): first in %s, second in %s\n",
	       group_of(first, first), group_of(second, first));
	check_sys(setpgid(second, first), "setpgid");
	printf("setpgid(second, first): first in %s, second in %s\n",
	       group_of(first, first), group_of(second, first));
	try_to_move_leader();
	close(hold[1]);
	end_child(first);
	end_child(second);
	return 0;
}
