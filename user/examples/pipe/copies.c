// SPDX-License-Identifier: GPL-2.0-only
/*
 * copies - who has a copy of the data, and who has the data themselves?
 *
 * We send a text, change our own memory, and only then let a child read. write()
 * has copied the text into the kernel, and read() copies it again: the child sees
 * what was sent. vmsplice() puts our page itself into the pipe, and shared memory
 * is one page for both: nothing is copied, and the child sees the change. Without
 * copies the sender must leave the data alone until they have been read.
 *
 * Rows: 20, 21
 *
 *	$ examples/pipe/copies
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "../check.h"

#define SIZE	8

static char *shared;

static void by_write(int fd)
{
	check_sys(write(fd, shared, SIZE), "write");
}

static void by_vmsplice(int fd)
{
	struct iovec text = { shared, SIZE };

	check_sys(vmsplice(fd, &text, 1, 0), "vmsplice");
}

static void show(const char *name, void (*send)(int))
{
	char text[SIZE];
	int ends[2];
	pid_t child;

	check_sys(pipe(ends), "pipe");
	memcpy(shared, "as sent", SIZE);
	if (send)
		send(ends[1]);
	memcpy(shared, "changed", SIZE);
	child = start_child();
	if (!child) {
		if (send)
			check_sys(read(ends[0], text, SIZE), "read");
		printf("%s: the child sees the text %s\n", name, send ? text : shared);
		exit(EXIT_SUCCESS);
	}
	end_child(child);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	shared = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		fail("mmap", errno);
	show("write and read", by_write);
	show("vmsplice and read", by_vmsplice);
	show("shared memory", NULL);
	return 0;
}
