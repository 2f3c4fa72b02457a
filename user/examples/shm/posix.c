// SPDX-License-Identifier: GPL-2.0-only
/*
 * posix - memory with a name: shm_open(), ftruncate(), mmap()
 *
 * The name is how processes find it; the child opens it by its name, as a stranger
 * would. New memory has no size until ftruncate() gives it one. The descriptor may
 * be closed once it is mapped. The name stays until shm_unlink() or a reboot, the
 * memory until the last mapping goes. mmap() fails with MAP_FAILED, not NULL.
 *
 * Rows: 103, 104
 *
 *	$ examples/shm/posix
 */
#include <sys/mman.h>
#include <sys/random.h>

#include "../keep.h"

#define SIZE	4096

static char name[32];

static int make_named(void)
{
	int fd = check_sys(shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600), "shm_open");

	check_sys(ftruncate(fd, SIZE), "ftruncate");
	close(fd);
	return 0;
}

static void remove_named(int nothing)
{
	(void)nothing;
	shm_unlink(name);
}

static void *map_named(void)
{
	int fd = check_sys(shm_open(name, O_RDWR, 0), "shm_open");
	void *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		fail("mmap", errno);
	close(fd);
	return memory;
}

static void be_child(void)
{
	char *memory = map_named();

	printf("child:  found '%s'\n", memory);
	strcpy(memory, "written by the child");
	check_sys(munmap(memory, SIZE), "munmap");
}

int main(void)
{
	unsigned int number;
	char *memory;
	pid_t child;

	check_sys(getrandom(&number, sizeof(number), 0), "getrandom");
	snprintf(name, sizeof(name), "/example-%x", number);
	keep(make_named, remove_named);
	memory = map_named();
	strcpy(memory, "written by the parent");
	child = start_child();
	if (!child) {
		be_child();
		return 0;
	}
	end_child(child);
	check_sys(shm_unlink(name), "shm_unlink");
	if (shm_open(name, O_RDWR, 0) < 0)
		printf("parent: after shm_unlink() the name is gone: %s\n", strerror(errno));
	printf("parent: the memory is not: '%s'\n", memory);
	check_sys(munmap(memory, SIZE), "munmap");
	return 0;
}
