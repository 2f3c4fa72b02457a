// SPDX-License-Identifier: GPL-2.0-only
/*
 * writers - several processes write to one pipe
 *
 * A write of up to PIPE_BUF bytes is never mixed with another one. So each record
 * arrives whole, and those of one writer in their order; how those of different
 * writers mix is not certain. Who wrote a record the pipe does not say: each must
 * say so itself. The end of file comes when the last writer has closed.
 *
 * Rows: 81, 88
 *
 *	$ examples/pipe/writers
 */
#include <stdbool.h>

#include "../check.h"

#define WRITERS	4
#define RECORDS	1000

struct record {
	int writer;
	int number;
	char filling[92];	/* all of it the writer's letter */
};

static void write_records(int fd, int writer)
{
	struct record record = { .writer = writer };

	memset(record.filling, 'A' + writer, sizeof(record.filling));
	for (record.number = 0; record.number < RECORDS; record.number++)
		check_sys(write(fd, &record, sizeof(record)), "write");
}

static bool is_whole(const struct record *record)
{
	if (record->writer < 0 || record->writer >= WRITERS)
		return false;
	for (size_t i = 0; i < sizeof(record->filling); i++)
		if (record->filling[i] != 'A' + record->writer)
			return false;
	return true;
}

static void read_records(int fd)
{
	int whole = 0, torn = 0, misplaced = 0, next[WRITERS] = { 0 };
	struct record record;
	int n;

	while ((n = check_sys(read(fd, &record, sizeof(record)), "read")) > 0) {
		if (n != sizeof(record) || !is_whole(&record)) {
			torn++;
			continue;
		}
		whole++;
		misplaced += record.number != next[record.writer];
		next[record.writer] = record.number + 1;
	}
	printf("%d writers: %d records whole, %d torn, %d out of their writer's order\n",
	       WRITERS, whole, torn, misplaced);
}

int main(void)
{
	pid_t child[WRITERS];
	int ends[2];

	check_sys(pipe(ends), "pipe");
	for (int i = 0; i < WRITERS; i++) {
		child[i] = start_child();
		if (!child[i]) {
			close(ends[0]);
			write_records(ends[1], i);
			return 0;
		}
	}
	close(ends[1]);
	read_records(ends[0]);
	for (int i = 0; i < WRITERS; i++)
		end_child(child[i]);
	close(ends[0]);
	return 0;
}
