// SPDX-License-Identifier: GPL-2.0-only
/*
 * inherit - what becomes of a file lock over fork() and death
 *
 * A child does not inherit a lock of F_SETLK, which stays with the process that
 * made it. A lock of F_OFD_SETLK or flock() it shares, as it shares the open file
 * description: it can unlock for both, and it keeps the lock when the parent has
 * closed. Who is killed keeps none, as the kernel closes what he had open.
 *
 * Rows: 145
 *
 *	$ examples/lock/inherit
 */
#include "kinds.h"

static bool after_child_unlocks(int kind)
{
	int fd = open_locked(kind);
	pid_t child = start_child();
	bool held;

	if (!child)
		_exit(set_lock(kind, fd, false) < 0);
	end_child(child);
	held = is_held(kind);
	close(fd);
	return held;
}

/* The child stays until we close our end of the pipe. */
static bool while_child_has_it(int kind)
{
	int fd = open_locked(kind), stay[2];
	pid_t child;
	bool held;

	make_pipe(stay);
	child = start_child();
	if (!child) {
		close(stay[1]);
		wait_for_end(stay[0]);
		_exit(EXIT_SUCCESS);
	}
	close(stay[0]);
	close(fd);
	held = is_held(kind);
	close(stay[1]);
	end_child(child);
	return held;
}

static bool after_child_has_ended(int kind)
{
	while_child_has_it(kind);
	return is_held(kind);
}

static bool after_death(int kind)
{
	pid_t child = start_child();

	if (!child) {
		open_locked(kind);
		raise(SIGKILL);
	}
	check_sys(waitpid(child, NULL, 0), "waitpid");
	return is_held(kind);
}

int main(void)
{
	make_file();
	print_head();
	print_row("a child has unlocked it", after_child_unlocks);
	print_row("closed, but a child has it open", while_child_has_it);
	print_row("that child has ended", after_child_has_ended);
	print_row("who has locked it was killed", after_death);
	return 0;
}
