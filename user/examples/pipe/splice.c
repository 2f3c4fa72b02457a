// SPDX-License-Identifier: GPL-2.0-only
/*
 * splice - copy a file through a pipe without having the data in the program
 *
 * splice() moves pages between a pipe and a file, inside the kernel. The program
 * has no buffer and reads nothing; to copy a file it splices twice.
 *
 * Rows: 89, 20
 *
 *	$ examples/pipe/splice
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../check.h"

#define SIZE	(1024 * 1024)

/* Returns how often it took a piece from one to the other. */
static int copy(int from, int to)
{
	int ends[2], pieces = 0;
	ssize_t n;

	check_sys(pipe2(ends, O_CLOEXEC), "pipe2");
	while ((n = check_sys(splice(from, NULL, ends[1], NULL, SIZE, 0), "splice")) > 0) {
		while (n > 0) {
			ssize_t moved = splice(ends[0], NULL, to, NULL, n, 0);

			if (check_sys(moved, "splice") == 0)
				fail("the pipe lost something", EIO);
			n -= moved;
		}
		pieces++;
	}
	close(ends[0]);
	close(ends[1]);
	return pieces;
}

static unsigned char *map(int fd)
{
	void *data = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (data == MAP_FAILED)
		fail("mmap", errno);
	return data;
}

int main(void)
{
	int from = check_sys(memfd_create("from", MFD_CLOEXEC), "memfd_create");
	int to = check_sys(memfd_create("to", MFD_CLOEXEC), "memfd_create");
	unsigned char *data, *copied;
	struct stat status;

	check_sys(ftruncate(from, SIZE), "ftruncate");
	data = map(from);
	for (int i = 0; i < SIZE; i++)
		data[i] = i * 7 + i / 251;
	printf("copied in %d pieces\n", copy(from, to));
	check_sys(fstat(to, &status), "fstat");
	if (status.st_size != SIZE)
		fail("the copy has another size", EIO);
	copied = map(to);
	printf("%d bytes, %s\n", SIZE, memcmp(data, copied, SIZE) ? "different" : "the same");
	close(from);
	close(to);
	return 0;
}
