/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBOX_SCALE_H
#define MBOX_SCALE_H

/* What the tests share is of use here, but this is no test. */
#define __KSELFTEST_HARNESS_H
#define _GNU_SOURCE
#include <stdbool.h>
#include <sys/types.h>

#include "../mbox_proc.h"

#define ROUNDS_MAX	1000
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* What an operation has cost in each round. */
struct costs {
	int count;
	__s64 value[ROUNDS_MAX];
};

__s64 median(struct costs *costs);
void add_cost(struct costs *costs, __s64 cost);
void row(const char *subject, const char *what, long n, long m, double cost);
int want(int ret, const char *what);

void scale_pair(void);
void scale_wake(void);
void scale_polled(void);
void scale_topic(void);
void scale_select(void);
void scale_names(void);
void scale_putback(void);
void scale_memory(void);

#endif /* MBOX_SCALE_H */
