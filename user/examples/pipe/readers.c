// SPDX-License-Identifier: GPL-2.0-only
/*
 * readers - several processes read from one pipe
 *
 * What one of them reads is gone for the others: each record reaches one reader,
 * whoever comes first. Work can be shared so; to tell something to all, or to one
 * of them, a pipe is no use.
 *
 * Each reader counts in memory shared by all which records it got.
 *
 * Rows: 81, 82, 88
 *
 *	$ examples/pipe/readers
 */
#include <stdatomic.h>
#include <sys/mman.h>

#include "../check.h"

#define READERS	3
#define RECORDS	5000

static atomic_int *times_read;

static void read_records(int fd)
{
	int n, number;

	while ((n = check_sys(read(fd, &number, sizeof(number)), "read")) > 0) {
		if (n != sizeof(number) || number < 0 || number >= RECORDS)
			fail("a torn record", EBADMSG);
		times_read[number]++;
	}
}

static void print_counts(void)
{
	int once = 0, other = 0;

	for (int i = 0; i < RECORDS; i++) {
		if (times_read[i] == 1)
			once++;
		else
			other++;
	}
	printf("%d readers: %d records were read once, %d never or twice\n",
	       READERS, once, other);
}

int main(void)
{
	size_t size = RECORDS * sizeof(*times_read);
	pid_t child[READERS];
	int ends[2];

	times_read = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (times_read == MAP_FAILED)
		fail("mmap", errno);
	check_sys(pipe(ends), "pipe");
	for (int i = 0; i < READERS; i++) {
		child[i] = start_child();
		if (!child[i]) {
			close(ends[1]);
			read_records(ends[0]);
			return 0;
		}
	}
	close(ends[0]);
	for (int i = 0; i < RECORDS; i++)
		check_sys(write(ends[1], &i, sizeof(i)), "write");
	close(ends[1]);
	for (int i = 0; i < READERS; i++)
		end_child(child[i]);
	print_counts();
	return 0;
}
