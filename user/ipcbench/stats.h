/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures out of many. */
#ifndef IPCBENCH_STATS_H
#define IPCBENCH_STATS_H

#include "result.h"

/* Median, least and greatest; all NAN of none. Sorts @values. */
struct spread spread_of(double *values, size_t count);

void sort_samples(uint32_t *samples, size_t count);

/*
 * The least of the sorted @samples that at least the fraction @q of them do not
 * exceed; the least of all for 0.
 */
double quantile_of(const uint32_t *samples, size_t count, double q);

/* Both of sorted samples. */
struct quantiles quantiles_of(const uint32_t *samples, size_t count);
void curve_of(const uint32_t *samples, size_t count, double *curve);

#endif /* IPCBENCH_STATS_H */
