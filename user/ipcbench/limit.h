/* SPDX-License-Identifier: GPL-2.0-only */
/* Limits of waits, from wait_end(), as system calls want them. */
#ifndef IPCBENCH_LIMIT_H
#define IPCBENCH_LIMIT_H

#include <stdint.h>
#include <time.h>

#define LIMIT_SECOND	INT64_C(1000000000)

static inline struct timespec limit_time(int64_t ns)
{
	return (struct timespec){ ns / LIMIT_SECOND, ns % LIMIT_SECOND };
}

/* Nanoseconds that are left, at least 0. */
static inline int64_t limit_left(int64_t limit)
{
	struct timespec ts;
	int64_t left;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	left = limit - ts.tv_sec * LIMIT_SECOND - ts.tv_nsec;
	return left > 0 ? left : 0;
}

#endif /* IPCBENCH_LIMIT_H */
