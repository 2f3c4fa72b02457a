/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_FILTER_H
#define MBX_FILTER_H

#include <linux/types.h>
#include <linux/mbox.h>

#include "breakage.h"

/* Takes every type: what a handle has at open. */
#define MBX_FILTER_ANY	{ .lo = 1, .hi = MBOX_TYPE_MAX }

/**
 * struct mbx_range - types that a filter takes
 * @lo: lowest
 * @hi: highest
 */
struct mbx_range {
	u64 lo;
	u64 hi;
};

bool mbx_filter_valid(const struct mbox_filter *filter);
unsigned int mbx_filter_ranges(const struct mbox_filter *filter,
			       struct mbx_range ranges[2]);

/**
 * mbx_type_valid() - may a message have this type?
 * @type: type from user space
 *
 * Context: any.
 * Return: true for 1 to MBOX_TYPE_MAX.
 */
static inline bool mbx_type_valid(u64 type)
{
	return type >= 1 && type <= MBOX_TYPE_MAX;
}

/**
 * mbx_filter_matches() - does the filter take this type?
 * @filter: valid filter
 * @type: type of a message
 *
 * Context: any.
 * Return: true if it does.
 */
static inline bool mbx_filter_matches(const struct mbox_filter *filter, u64 type)
{
	bool inside = type >= filter->lo && type <= filter->hi;

	if (mbx_broken(filter))
		return true;
	return inside == !(filter->flags & MBOX_FILTER_EXCEPT);
}

#endif /* MBX_FILTER_H */
