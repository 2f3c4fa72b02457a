/* SPDX-License-Identifier: GPL-2.0-only */
/* Measuring for a short time. */
#ifndef IPCLAIMS_CLOCK_H
#define IPCLAIMS_CLOCK_H

#include <time.h>

static inline double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static inline double shorter(double one, double two)
{
	return two < one ? two : one;
}

#endif /* IPCLAIMS_CLOCK_H */
