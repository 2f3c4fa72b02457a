// SPDX-License-Identifier: GPL-2.0-only
/*
 * tee - give what is in a pipe to a second pipe, too
 *
 * tee() makes the second pipe refer to the same pages; the data stay in the first
 * pipe and are not copied. Two readers, one for each pipe, get all of it.
 *
 * Rows: 89
 *
 *	$ examples/pipe/tee
 */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "../check.h"

static int bytes_in(int fd)
{
	int bytes;

	check_sys(ioctl(fd, FIONREAD, &bytes), "FIONREAD");
	return bytes;
}

static void read_and_print(const char *who, int fd)
{
	char text[64];
	int n = check_sys(read(fd, text, sizeof(text)), "read");

	printf("%s: %.*s\n", who, n, text);
}

int main(void)
{
	static const char text[] = "for both of you";
	int first[2], second[2];
	pid_t child;

	check_sys(pipe(first), "pipe");
	check_sys(pipe(second), "pipe");
	check_sys(write(first[1], text, strlen(text)), "write");
	printf("written: %d bytes in the first, %d in the second\n",
	       bytes_in(first[0]), bytes_in(second[0]));
	check_sys(tee(first[0], second[1], sizeof(text), 0), "tee");
	printf("after tee: %d bytes in the first, %d in the second\n",
	       bytes_in(first[0]), bytes_in(second[0]));
	child = start_child();
	if (!child) {
		read_and_print("child, from the second", second[0]);
		return 0;
	}
	end_child(child);
	read_and_print("parent, from the first", first[0]);
	return 0;
}
