/* SPDX-License-Identifier: GPL-2.0-only */
/* Three kinds of lock of a file, and a question put to the kernel for each. */
#ifndef EXAMPLES_KINDS_H
#define EXAMPLES_KINDS_H

#include <stdbool.h>
#include <sys/file.h>
#include <sys/mman.h>

#include "../process/wait.h"

#define KINDS	3

static char path[64];

/* A file without a name, opened anew through its descriptor. */
static inline void make_file(void)
{
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(),
		 check_sys(memfd_create("file", MFD_CLOEXEC), "memfd_create"));
}

/* A new open file description. */
static inline int open_file(void)
{
	return check_sys(open(path, O_RDWR | O_CLOEXEC), path);
}

/* Without waiting: -1 and errno if somebody has a lock. */
static inline int set_lock(int kind, int fd, bool on)
{
	struct flock range = { .l_type = on ? F_WRLCK : F_UNLCK, .l_whence = SEEK_SET };

	switch (kind) {
	case 0:
		return fcntl(fd, F_SETLK, &range);
	case 1:
		return fcntl(fd, F_OFD_SETLK, &range);
	default:
		return flock(fd, on ? LOCK_EX | LOCK_NB : LOCK_UN);
	}
}

static inline int open_locked(int kind)
{
	int fd = open_file();

	check_sys(set_lock(kind, fd, true), "lock");
	return fd;
}

/* Another process tries to lock; it does not wait. */
static inline bool is_held(int kind)
{
	enum { HELD = 10, FREE = 20 };
	pid_t child = start_child();
	int status;

	if (!child)
		_exit(set_lock(kind, open_file(), true) < 0 ? HELD : FREE);
	check_sys(waitpid(child, &status, 0), "waitpid");
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != HELD && WEXITSTATUS(status) != FREE))
		fail("the child that tries to lock", EPROTO);
	return WEXITSTATUS(status) == HELD;
}

static inline void print_head(void)
{
	printf("%-34s%-10s%-14s%s\n", "", "F_SETLK", "F_OFD_SETLK", "flock");
}

static inline void print_row(const char *what, bool (*held_after)(int kind))
{
	const char *words[KINDS];

	for (int kind = 0; kind < KINDS; kind++)
		words[kind] = held_after(kind) ? "held" : "free";
	printf("%-34s%-10s%-14s%s\n", what, words[0], words[1], words[2]);
}

#endif /* EXAMPLES_KINDS_H */
