// SPDX-License-Identifier: GPL-2.0-only
/*
 * fifo_ways - the ways to make a FIFO, and what it is
 *
 * mkfifo() and mknod() with S_IFIFO do the same; so do the commands mkfifo and
 * mknod NAME p. The mode is limited by the umask, as for any file. It is a name in
 * a folder, but what is written is never on the disk: there is no size and no
 * position, and reading takes the data away.
 *
 * Rows: 84, 85
 *
 *	$ examples/pipe/fifo_ways
 */
#include <stdint.h>

#include "folder.h"

static void print_fifo(const char *name)
{
	struct stat status;

	check_sys(stat(name, &status), name);
	printf("%s: %s, mode %03o, %jd bytes\n", name,
	       S_ISFIFO(status.st_mode) ? "FIFO" : "another kind of file",
	       status.st_mode & 0777, (intmax_t)status.st_size);
}

/* Open for both, it needs no other process and never waits for one to open it. */
static void use_fifo(const char *name)
{
	int fd = check_sys(open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC), name);
	char text[8];

	check_sys(write(fd, "data", 4), "write");
	print_fifo(name);
	if (lseek(fd, 0, SEEK_SET) < 0)
		printf("lseek: %s\n", strerror(errno));
	printf("read: %zd bytes\n", read(fd, text, sizeof(text)));
	if (read(fd, text, sizeof(text)) < 0)
		printf("read again: %s\n", strerror(errno));
	close(fd);
}

int main(void)
{
	enter_new_folder();
	umask(022);
	check_sys(mkfifo("by_mkfifo", 0666), "mkfifo");
	check_sys(mknod("by_mknod", S_IFIFO | 0600, 0), "mknod");
	print_fifo("by_mkfifo");
	print_fifo("by_mknod");
	if (mkfifo("by_mknod", 0600) < 0)
		printf("mkfifo once more: %s\n", strerror(errno));
	/* Without O_NONBLOCK this would wait for a reader. */
	if (open("by_mknod", O_WRONLY | O_NONBLOCK) < 0)
		printf("open to write, with no reader: %s\n", strerror(errno));
	use_fifo("by_mknod");
	return 0;
}
