// SPDX-License-Identifier: GPL-2.0-only
/*
 * exchange_file - the same exchange in a file that is mapped
 *
 * What is written to the memory is in the file, and stays there when all have
 * ended: the next day begins with it. For the mapping the descriptor might be
 * closed; for the lock it has to stay open. The kernel gives the lock back when
 * its holder dies, and does not tell the next one.
 *
 * Rows: 107, 109, 145
 *
 *	$ examples/shm/exchange_file
 */
#include <sys/mman.h>
#include <sys/random.h>

#include "../keep.h"
#include "exchange.h"

#define TRADES	5001

static char path[32];

static int make_file(void)
{
	struct office office = { .stock = STOCK };
	int fd = check_sys(open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600), path);

	check_sys(write(fd, &office, sizeof(office)), "write");
	close(fd);
	return 0;
}

static void remove_file(int nothing)
{
	(void)nothing;
	unlink(path);
}

static void lock(int fd, short type)
{
	struct flock all = { .l_type = type, .l_whence = SEEK_SET };

	check_sys(fcntl(fd, F_SETLKW, &all), "fcntl");
}

/* Each trade does the same, so that in the end it does not matter whose it was. */
static void trade(void *nothing)
{
	int fd = check_sys(open(path, O_RDWR | O_CLOEXEC), path);
	struct office *office = mmap(NULL, sizeof(*office), PROT_READ | PROT_WRITE,
				     MAP_SHARED, fd, 0);

	(void)nothing;
	if (office == MAP_FAILED)
		fail("mmap", errno);
	for (int i = 0; i < TRADES; i++) {
		lock(fd, F_WRLCK);
		if (!buy(office, 3))
			sell(office, 1);
		lock(fd, F_UNLCK);
	}
	check_sys(munmap(office, sizeof(*office)), "munmap");
	close(fd);
}

/* Nobody has it mapped now. */
static void read_file(const char *when)
{
	int fd = check_sys(open(path, O_RDONLY | O_CLOEXEC), path);
	struct office office;

	if (check_sys(read(fd, &office, sizeof(office)), "read") != sizeof(office))
		fail("the file is too short", EIO);
	close(fd);
	printf("%-18s ", when);
	print_office(&office);
}

int main(void)
{
	unsigned int number;

	check_sys(getrandom(&number, sizeof(number), 0), "getrandom");
	snprintf(path, sizeof(path), "/tmp/exchange-%08x", number);
	keep(make_file, remove_file);
	read_file("the first morning:");
	trade_together(trade, NULL);
	read_file("in the evening:");
	trade_together(trade, NULL);
	read_file("the next evening:");
	return 0;
}
