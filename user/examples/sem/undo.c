// SPDX-License-Identifier: GPL-2.0-only
/*
 * undo - a process dies and holds a semaphore, without and with SEM_UNDO
 *
 * A semaphore does not know who has taken it. Without SEM_UNDO it stays taken for
 * ever. With it the kernel keeps a list of what each process has done to which
 * semaphore, and takes it back at its end, be it by SIGKILL. What the dead one was
 * about to change is as it left it: nobody repairs, or even tells of, that.
 *
 * Rows: 124
 *
 *	$ examples/sem/undo
 */
#include "set.h"

static void be_holder(int set, int flags, int ready)
{
	check_sys(change(set, 0, -1, flags), "semop");
	tell(ready);
	for (;;)
		pause();
}

static void kill_holder(int set, int flags)
{
	pid_t parent = getpid(), child;
	int ready[2];

	make_pipe(ready);
	child = start_child();
	if (!child) {
		end_with_parent(parent);
		be_holder(set, flags, ready[1]);
	}
	close(ready[1]);
	hear(ready[0]);
	close(ready[0]);
	printf("  a child has taken it: value %d\n", ask(set, 0, GETVAL));
	check_sys(kill(child, SIGKILL), "kill");
	check_sys(waitpid(child, NULL, 0), "waitpid");
	printf("  it was killed:        value %d\n", ask(set, 0, GETVAL));
}

static void try_flags(int set, const char *name, int flags)
{
	set_value(set, 0, 1);
	printf("%s\n", name);
	kill_holder(set, flags);
	if (!change(set, 0, -1, IPC_NOWAIT))
		printf("  we take it:           success\n");
	else if (errno == EAGAIN)
		printf("  we take it:           we would wait for ever\n");
	else
		fail("semop", errno);
}

int main(void)
{
	int set = new_set(1);

	try_flags(set, "without SEM_UNDO", 0);
	try_flags(set, "with SEM_UNDO", SEM_UNDO);
	return 0;
}
