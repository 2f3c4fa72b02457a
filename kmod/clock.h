/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_CLOCK_H
#define MBX_CLOCK_H

#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/time64.h>
#include <linux/time_namespace.h>

/* What CLOCK_MONOTONIC of the current process is ahead of the kernel's. */
static inline s64 mbx_clock_offset(void)
{
	struct timespec64 offset = {};

	timens_add_monotonic(&offset);
	return timespec64_to_ns(&offset);
}

/* A time of the kernel as the current process counts it, or KTIME_MAX. */
static inline s64 mbx_clock_to_user(s64 ns)
{
	s64 time;

	if (check_add_overflow(ns, mbx_clock_offset(), &time))
		return KTIME_MAX;
	return time;
}

/*
 * A deadline of the current process as the kernel counts it: 0 stays none, and
 * one that lies outside what the kernel can count becomes the nearest there is.
 */
static inline s64 mbx_clock_deadline(s64 ns)
{
	s64 deadline;

	if (!ns)
		return 0;
	if (check_sub_overflow(ns, mbx_clock_offset(), &deadline))
		return KTIME_MAX;
	return max_t(s64, deadline, 1);
}

#endif /* MBX_CLOCK_H */
