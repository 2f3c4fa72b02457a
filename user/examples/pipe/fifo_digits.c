// SPDX-License-Identifier: GPL-2.0-only
/*
 * fifo_digits - a child writes "123456789" into a FIFO, its parent reads it
 *
 * Each opens the FIFO by its name; no descriptor is inherited. The open of either
 * waits for that of the other. When both have it open, the name can go: the pipe
 * stays as long as it is open.
 *
 * Rows: 87
 *
 *	$ examples/pipe/fifo_digits
 */
#include "folder.h"

static const char name[] = "digits";

static void write_digits(pid_t parent)
{
	int fd;

	end_with_parent(parent);
	fd = check_sys(open(name, O_WRONLY | O_CLOEXEC), name);
	check_sys(write(fd, "123456789", 9), "write");
	printf("child: wrote 9 bytes\n");
	close(fd);
}

int main(void)
{
	char text[16];
	pid_t parent = getpid(), child;
	int fd, n;

	enter_new_folder();
	check_sys(mkfifo(name, 0600), name);
	child = start_child();
	if (!child) {
		write_digits(parent);
		return 0;
	}
	fd = check_sys(open(name, O_RDONLY | O_CLOEXEC), name);
	check_sys(unlink(name), name);
	end_child(child);
	n = check_sys(read(fd, text, sizeof(text)), "read");
	printf("parent: read %d bytes, %.*s\n", n, n, text);
	n = check_sys(read(fd, text, sizeof(text)), "read");
	printf("parent: read %d bytes, the child has closed it\n", n);
	close(fd);
	return 0;
}
