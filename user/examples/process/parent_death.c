// SPDX-License-Identifier: GPL-2.0-only
/*
 * parent_death - the kernel tells a child that its parent has died
 *
 * A parent that is killed with SIGKILL can tell nobody. A child that must not
 * outlive it asks the kernel for a signal with PR_SET_PDEATHSIG. The parent may
 * have died before that call, so the child looks afterwards whether it still has
 * the same one. ("Parent" means the thread that called fork().)
 *
 * Rows: 34
 *
 *	$ examples/process/parent_death
 */
#include "wait.h"
#include "../signal/action.h"

static int ready[2], hold[2];

static void be_child(pid_t parent)
{
	pid_t self = getpid();

	check_sys(prctl(PR_SET_PDEATHSIG, SIGTERM), "prctl");
	if (getppid() != parent)
		exit(EXIT_SUCCESS);
	check_sys(write(ready[1], &self, sizeof(self)), "write");
	for (;;)
		pause();
}

static void be_parent(void)
{
	pid_t self = getpid();

	close(hold[1]);
	if (!start_child())
		be_child(self);
	wait_for_end(hold[0]);
	exit(EXIT_SUCCESS);
}

int main(void)
{
	pid_t parent, child;

	/* So that it is we who learn how the orphan ended. */
	check_sys(prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");
	default_action(SIGTERM);
	make_pipe(ready);
	make_pipe(hold);
	parent = start_child();
	if (!parent)
		be_parent();
	close(ready[1]);
	if (check_sys(read(ready[0], &child, sizeof(child)), "read") == 0)
		fail("the child has ended", ECHILD);
	check_sys(kill(parent, SIGKILL), "kill");
	printf("the parent: ended by signal %d, without a word\n", signal_that_ended(parent));
	printf("its child: ended by signal %d, which the kernel sent\n",
	       signal_that_ended(child));
	return 0;
}
