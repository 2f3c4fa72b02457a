// SPDX-License-Identifier: GPL-2.0-only
/*
 * orphan - a process whose parent ends gets another one
 *
 * That is process 1, or the nearest ancestor that has asked for it with
 * PR_SET_CHILD_SUBREAPER, such as a service manager. The new parent has to wait
 * for the orphan when it ends.
 *
 * The orphan looks at its parent only after we have waited for the old one: when
 * a process can be waited for, its children have already been given away.
 *
 * Rows: 31
 *
 *	$ examples/process/orphan
 */
#include "wait.h"

static int go[2], answer[2];

static void be_orphan(void)
{
	pid_t parent;

	close(go[1]);
	hear(go[0]);
	parent = getppid();
	check_sys(write(answer[1], &parent, sizeof(parent)), "write");
}

/* Who is the parent of a process whose parent has ended? */
static pid_t new_parent(void)
{
	pid_t parent, adopter;

	make_pipe(go);
	make_pipe(answer);
	parent = start_child();
	if (!parent) {
		if (!start_child())
			be_orphan();
		exit(EXIT_SUCCESS);
	}
	close(answer[1]);
	end_child(parent);
	tell(go[1]);
	if (check_sys(read(answer[0], &adopter, sizeof(adopter)), "read") == 0)
		fail("the orphan said nothing", ECHILD);
	/* It has its end of the pipe open until it has ended. */
	wait_for_end(answer[0]);
	close(go[0]);
	close(go[1]);
	close(answer[0]);
	if (adopter == parent)
		fail("still the parent that has ended", EINVAL);
	printf("the parent %d has ended, the orphan's parent is %d\n", parent, adopter);
	if (adopter == getpid())
		end_child(-1);
	return adopter;
}

int main(void)
{
	new_parent();
	check_sys(prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");
	printf("I ask for the orphans below me\n");
	if (new_parent() != getpid()) {
		printf("but somebody else got it\n");
		return EXIT_FAILURE;
	}
	printf("that is me; I have waited for it\n");
	return 0;
}
