// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

#define P99_SAMPLES	100
#define P999_SAMPLES	1000

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int compare_samples(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

struct spread spread_of(double *values, size_t count)
{
	struct spread spread = { NAN, NAN, NAN };

	if (!count)
		return spread;
	qsort(values, count, sizeof(*values), compare_doubles);
	spread.median = (values[(count - 1) / 2] + values[count / 2]) / 2;
	spread.min = values[0];
	spread.max = values[count - 1];
	return spread;
}

void sort_samples(uint32_t *samples, size_t count)
{
	if (count)
		qsort(samples, count, sizeof(*samples), compare_samples);
}

double quantile_of(const uint32_t *samples, size_t count, double q)
{
	double rank = ceil(q * count);

	if (rank < 1)
		return samples[0];
	return samples[rank > count ? count - 1 : (size_t)rank - 1];
}

struct quantiles quantiles_of(const uint32_t *samples, size_t count)
{
	struct quantiles quantiles = { count, NAN, NAN, NAN, NAN };

	if (!count)
		return quantiles;
	quantiles.p50 = quantile_of(samples, count, 0.5);
	if (count >= P99_SAMPLES)
		quantiles.p99 = quantile_of(samples, count, 0.99);
	if (count >= P999_SAMPLES)
		quantiles.p999 = quantile_of(samples, count, 0.999);
	quantiles.max = samples[count - 1];
	return quantiles;
}

void curve_of(const uint32_t *samples, size_t count, double *curve)
{
	for (int i = 0; i < CURVE_POINTS && count; i++)
		curve[i] = quantile_of(samples, count, 1 - pow(10, -4.0 * i / (CURVE_POINTS - 1)));
}
