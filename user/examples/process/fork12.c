// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork12 - start some children, kill them all, wait for them all
 *
 * In the lecture's sample the children run "while (1);". That uses up all the
 * processors, and if the parent fails half-way, for ever. Here they sleep, and
 * end with their parent. Nor does it hold that SIGINT kills: a program that a
 * shell started in the background may have been told to ignore it.
 *
 * Rows: 33
 *
 *	$ examples/process/fork12
 */
#include "wait.h"
#include "../signal/action.h"

#define CHILDREN	5

int main(void)
{
	pid_t child[CHILDREN];
	int hold[2], status;

	make_pipe(hold);
	default_action(SIGINT);
	for (int i = 0; i < CHILDREN; i++) {
		child[i] = start_child();
		if (!child[i]) {
			close(hold[1]);
			wait_for_end(hold[0]);
			return 0;
		}
	}
	for (int i = 0; i < CHILDREN; i++) {
		printf("killing process %d\n", child[i]);
		check_sys(kill(child[i], SIGINT), "kill");
	}
	for (int i = 0; i < CHILDREN; i++) {
		pid_t ended = check_sys(wait(&status), "wait");

		if (WIFEXITED(status))
			printf("child %d ended with status %d\n", ended, WEXITSTATUS(status));
		else
			printf("child %d was ended by signal %d\n", ended, WTERMSIG(status));
	}
	return 0;
}
