// SPDX-License-Identifier: GPL-2.0
/* To open a mailbox by its name, or by its id, among many. */
#include "scale.h"

#define NAMES_MAX	10000
#define NAMES_ROUNDS	200

static const char *name_of(long i)
{
	static char name[32];

	snprintf(name, sizeof(name), "service-%ld", i);
	return name;
}

static void fill(int *fds, __u64 *ids, long from, long to)
{
	long i;

	for (i = from; i < to; i++) {
		fds[i] = want(open_mailbox(name_of(i), O_RDWR), "mailbox");
		ids[i] = id_of(fds[i]);
	}
}

/* The command alone: opening the device has nothing to do with how many there are. */
static __s64 cost_of_open(const struct mbox_open *args)
{
	int fd = want(open_device(O_RDWR), "device");
	__s64 start = now();

	want(do_open(fd, args), "OPEN");
	start = now() - start;
	close(fd);
	return start;
}

static void measure(const __u64 *ids, long n)
{
	struct costs by_name = { 0 }, by_id = { 0 };
	long i;

	for (i = 0; i < NAMES_ROUNDS; i++) {
		long which = i * 7919 % n;
		struct mbox_open name = open_args(name_of(which), 0);
		struct mbox_open id = { .id = ids[which] };

		add_cost(&by_name, cost_of_open(&name));
		add_cost(&by_id, cost_of_open(&id));
	}
	row("names", "by-name", n, 0, median(&by_name));
	row("names", "by-id", n, 0, median(&by_id));
}

void scale_names(void)
{
	static __u64 ids[NAMES_MAX];
	static int fds[NAMES_MAX];
	long n = 0, next;

	for (next = 10; next <= NAMES_MAX; next *= 10) {
		fill(fds, ids, n, next);
		n = next;
		measure(ids, n);
	}
	while (n--)
		close(fds[n]);
}
