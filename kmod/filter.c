// SPDX-License-Identifier: GPL-2.0
/* Which types a receive takes. */
#include "breakage.h"
#include "filter.h"

/**
 * mbx_type_valid() - may a message have this type?
 * @type: type from user space
 *
 * Context: any.
 * Return: true for 1 to MBOX_TYPE_MAX.
 */
bool mbx_type_valid(u64 type)
{
	return type >= 1 && type <= MBOX_TYPE_MAX;
}

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
 * mbx_filter_matches() - does the filter take this type?
 * @filter: valid filter
 * @type: type of a message
 *
 * Context: any.
 * Return: true if it does.
 */
bool mbx_filter_matches(const struct mbox_filter *filter, u64 type)
{
	bool inside = type >= filter->lo && type <= filter->hi;

	if (mbx_broken(filter))
		return true;
	return inside == !(filter->flags & MBOX_FILTER_EXCEPT);
}
