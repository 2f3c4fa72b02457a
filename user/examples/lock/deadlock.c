// SPDX-License-Identifier: GPL-2.0-only
/*
 * deadlock - the kernel finds a circle of record locks and refuses the last one
 *
 * Two processes have locked a byte each and wait for the other's. For F_SETLKW the
 * kernel looks who waits for whom before it lets one more wait: EDEADLK. Who is
 * refused gives up what it has, and the other goes on. (Of locks by flock() and
 * F_OFD_SETLKW, and of semaphores, nobody looks: those two would wait for ever.)
 *
 * Rows: 123, 145
 *
 *	$ examples/lock/deadlock
 */
#include <sys/mman.h>

#include "../process/wait.h"

enum { GOT_BOTH = 0, REFUSED = 2 };

static int lock_byte(int fd, off_t byte)
{
	struct flock range = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1,
	};

	return fcntl(fd, F_SETLKW, &range);
}

/* Its locks go when it ends. */
static void lock_both(int fd, int first, int to, int from)
{
	check_sys(lock_byte(fd, first), "fcntl");
	tell(to);
	hear(from);
	if (!lock_byte(fd, !first))
		exit(GOT_BOTH);
	exit(errno == EDEADLK ? REFUSED : EXIT_FAILURE);
}

static int outcome(pid_t child)
{
	int status;

	check_sys(waitpid(child, &status, 0), "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) == EXIT_FAILURE)
		fail("a child has failed", EPROTO);
	return WEXITSTATUS(status);
}

int main(void)
{
	int fd = check_sys(memfd_create("file", MFD_CLOEXEC), "memfd_create");
	int ends[2][2], refused = 0;
	pid_t children[2], parent = getpid();

	make_pipe(ends[0]);
	make_pipe(ends[1]);
	for (int i = 0; i < 2; i++) {
		children[i] = start_child();
		if (children[i])
			continue;
		end_with_parent(parent);
		lock_both(fd, i, ends[i][1], ends[!i][0]);
	}
	for (int i = 0; i < 2; i++)
		refused += outcome(children[i]) == REFUSED;
	printf("of two who wait for each other, %d was told: %s\n", refused, strerror(EDEADLK));
	printf("%d has got both locks\n", 2 - refused);
	return 0;
}
