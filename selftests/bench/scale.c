// SPDX-License-Identifier: GPL-2.0
/*
 * How the cost of one operation grows with the number of those that wait, that
 * listen, that are queued or that are there. Where clocks count instructions
 * (vm/bench.sh scale) a nanosecond is an instruction.
 *
 *   scale [pair|wake|polled|topic|select|names|putback|memory]...
 *
 * Prints CSV: subject,what,n,m,cost. The cost is the median of some rounds.
 */
#include "scale.h"

#include <sched.h>
#include <sys/resource.h>

static int compare(const void *a, const void *b)
{
	__s64 x = *(const __s64 *)a, y = *(const __s64 *)b;

	return (x > y) - (x < y);
}

__s64 median(struct costs *costs)
{
	qsort(costs->value, costs->count, sizeof(costs->value[0]), compare);
	return costs->count ? costs->value[costs->count / 2] : -1;
}

void add_cost(struct costs *costs, __s64 cost)
{
	if (costs->count < ROUNDS_MAX)
		costs->value[costs->count++] = cost;
}

void row(const char *subject, const char *what, long n, long m, double cost)
{
	printf("%s,%s,%ld,%ld,%.0f\n", subject, what, n, m, cost);
	fflush(stdout);
}

int want(int ret, const char *what)
{
	if (ret >= 0)
		return ret;
	fprintf(stderr, "scale: %s: %s\n", what, strerror(-ret));
	exit(1);
}

static void set_parameter(const char *name, const char *value)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/module/mbox/parameters/%s", name);
	want(write_file(path, value), path);
}

/* Who is measured must not be interrupted by those it wakes. */
static void be_first(void)
{
	struct sched_param param = { .sched_priority = 1 };
	struct rlimit files = { 20000, 20000 };

	want(or_errno(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK,
					 &param)), "SCHED_FIFO");
	want(or_errno(setrlimit(RLIMIT_NOFILE, &files)), "RLIMIT_NOFILE");
	set_parameter("user_mailboxes", "20000");
	set_parameter("user_bytes", "200000000");
}

static const struct {
	const char *name;
	void (*run)(void);
} subjects[] = {
	{ "pair", scale_pair },
	{ "wake", scale_wake },
	{ "polled", scale_polled },
	{ "topic", scale_topic },
	{ "select", scale_select },
	{ "names", scale_names },
	{ "putback", scale_putback },
	{ "memory", scale_memory },
};

static bool is_wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], name))
			return true;
	}
	return argc == 1;
}

int main(int argc, char **argv)
{
	size_t i;

	be_first();
	printf("subject,what,n,m,cost\n");
	for (i = 0; i < ARRAY_SIZE(subjects); i++) {
		if (is_wanted(subjects[i].name, argc, argv))
			subjects[i].run();
	}
	return 0;
}
