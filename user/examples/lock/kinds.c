// SPDX-License-Identifier: GPL-2.0-only
/*
 * kinds - three kinds of file lock, and how a process loses its own
 *
 * A lock of F_SETLK belongs to the process and the file: it does not part the
 * process from itself, and closing any descriptor of the file loses it, even one
 * that a library has opened. A lock of F_OFD_SETLK or of flock() belongs to the open
 * file description: only those who have a descriptor of that can lose it. (For who
 * inherits one, see inherit.)
 *
 * Rows: 145
 *
 *	$ examples/lock/kinds
 */
#include "kinds.h"

static bool when_locked(int kind)
{
	int fd = open_locked(kind);
	bool held = is_held(kind);

	close(fd);
	return held;
}

static bool against_ourselves(int kind)
{
	int fd = open_locked(kind), other = open_file();
	bool held = set_lock(kind, other, true) < 0;

	close(other);
	close(fd);
	return held;
}

static bool after_close_of_another(int kind)
{
	int fd = open_locked(kind);
	bool held;

	close(open_file());
	held = is_held(kind);
	close(fd);
	return held;
}

static bool after_close_of_copy(int kind)
{
	int fd = open_locked(kind);
	bool held;

	close(check_sys(dup(fd), "dup"));
	held = is_held(kind);
	close(fd);
	return held;
}

static bool after_close(int kind)
{
	close(open_locked(kind));
	return is_held(kind);
}

int main(void)
{
	make_file();
	print_head();
	print_row("locked, another process tries", when_locked);
	print_row("locked, we try by another open", against_ourselves);
	print_row("another descriptor was closed", after_close_of_another);
	print_row("a copy by dup() was closed", after_close_of_copy);
	print_row("all were closed", after_close);
	return 0;
}
