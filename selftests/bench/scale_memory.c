// SPDX-License-Identifier: GPL-2.0
/*
 * The memory that a queued message takes, by /proc/slabinfo; and what it costs to
 * put back many.
 */
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

static int lease_one(int fd)
{
	struct mbox_message message = { 0 };
	struct mbox_recv args = {
		.flags = MBOX_RECV_LEASE | MBOX_RECV_NOWAIT,
		.count = 1,
		.vec = addr(&message),
	};

	return do_ioctl(fd, MBOX_IOC_RECV, &args);
}

/* The leases of a handle come back when it is closed, before one that stayed. */
static void measure_close(int fd, long leases)
{
	struct costs costs = { 0 };
	int round;
	long i;

	for (i = 0; i <= leases; i++)
		want(send_bytes(fd, 1, "", 0), "send");
	for (round = 0; round < 9; round++) {
		int other = want(open_id(id_of(fd), O_RDWR), "open");
		__s64 start;

		for (i = 0; i < leases; i++)
			want(lease_one(other), "lease");
		start = now();
		close(other);
		add_cost(&costs, now() - start);
	}
	row("putback", "close", leases, 0, 1.0 * median(&costs) / leases);
}

void scale_putback(void)
{
	long leases;

	for (leases = 10; leases <= MBOX_LEASES_MAX; leases *= 10) {
		int fd = want(open_mailbox(NULL, O_RDWR), "mailbox");

		measure_close(fd, leases);
		close(fd);
	}
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
