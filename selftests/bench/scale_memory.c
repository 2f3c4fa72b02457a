// SPDX-License-Identifier: GPL-2.0
/* The memory that a queued message takes, by /proc/slabinfo. */
#include "scale.h"

#define MESSAGES	50000
#define LEN		64

/* Bytes in all objects of all caches. */
static long slab_bytes(void)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	long active, all, size, sum = 0;
	char line[512];

	if (!file)
		want(-errno, "/proc/slabinfo");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %ld %ld %ld", &active, &all, &size) == 3)
			sum += all * size;
	}
	fclose(file);
	return sum;
}

static void fill(int fd)
{
	static const char payload[LEN];
	long i;

	for (i = 0; i < MESSAGES; i++)
		want(send_bytes(fd, 1, payload, LEN), "send");
}

static void drain(int fd)
{
	char buf[LEN];
	long i;

	for (i = 0; i < MESSAGES; i++)
		want(recv_into(fd, NULL, buf, LEN, MBOX_RECV_NOWAIT, NULL, 0),
		     "receive");
}

void scale_memory(void)
{
	int fd = want(open_limited(NULL, O_RDWR, MESSAGES, MBOX_BYTES_MAX, 0),
		      "mailbox");
	long before, full;

	/* Slabs that are there but not full make the first round cheaper. */
	before = slab_bytes();
	fill(fd);
	full = slab_bytes();
	row("memory", "queued", MESSAGES, LEN, 1.0 * (full - before) / MESSAGES);
	drain(fd);
	row("memory", "kept", MESSAGES, LEN,
	    1.0 * (slab_bytes() - before) / MESSAGES);
	close(fd);
}
