// SPDX-License-Identifier: GPL-2.0-only
/*
 * zombie - a process that has ended stays until its parent has asked for its status
 *
 * All of it is gone but its entry in the process table, which holds the exit
 * status. There is nothing left to kill; only waiting for it removes it.
 * waitid() with WNOWAIT lets us see the end without taking the status.
 *
 * Rows: 30
 *
 *	$ examples/process/zombie
 */
#include "wait.h"

int main(void)
{
	siginfo_t info;
	pid_t child;
	int status;

	child = start_child();
	if (!child)
		return 3;
	check_sys(waitid(P_PID, child, &info, WEXITED | WNOWAIT), "waitid");
	printf("the child has ended, its state is %c\n", state_of(child));
	check_sys(kill(child, SIGKILL), "kill");
	printf("SIGKILL sent, its state is %c\n", state_of(child));
	check_sys(waitpid(child, &status, 0), "waitpid");
	printf("waited for it: status %d, %s\n", WEXITSTATUS(status),
	       state_of(child) ? "still there" : "gone");
	return 0;
}
