// SPDX-License-Identifier: GPL-2.0
/* Which types a receive takes. */
#include "breakage.h"
#include "filter.h"

static bool filter_is_full_range(const struct mbox_filter *filter)
{
	return filter->lo == 1 && filter->hi == MBOX_TYPE_MAX;
}

/**
 * mbx_filter_valid() - is this a filter that could match something?
 * @filter: filter from user space
 *
 * Context: any.
 * Return: true if the range, the flags and the reserved member are in order.
 */
bool mbx_filter_valid(const struct mbox_filter *filter)
{
	if (filter->flags & ~(MBOX_FILTER_LOWEST | MBOX_FILTER_EXCEPT))
		return false;
	if (filter->reserved)
		return false;
	if (!mbx_type_valid(filter->lo) || !mbx_type_valid(filter->hi))
		return false;
	if (filter->lo > filter->hi)
		return false;
	return !(filter->flags & MBOX_FILTER_EXCEPT) ||
	       !filter_is_full_range(filter);
}

/**
 * mbx_filter_ranges() - which types does a filter take?
 * @filter: valid filter
 * @ranges: where that goes
 *
 * Context: any.
 * Return: how many ranges there are: 1, or 2 where types on both sides of the
 * exceptions are left.
 */
unsigned int mbx_filter_ranges(const struct mbox_filter *filter,
			       struct mbx_range ranges[2])
{
	unsigned int count = 0;

	if (!(filter->flags & MBOX_FILTER_EXCEPT)) {
		ranges[0] = (struct mbx_range){ filter->lo, filter->hi };
		return 1;
	}
	if (filter->lo > 1)
		ranges[count++] = (struct mbx_range){ 1, filter->lo - 1 };
	if (filter->hi < MBOX_TYPE_MAX)
		ranges[count++] = (struct mbx_range){ filter->hi + 1,
						      MBOX_TYPE_MAX };
	return count;
}
