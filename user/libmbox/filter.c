// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "internal.h"

#define LOWEST_PREFIX	"lowest:"

MBX_EXPORT struct mbox_filter mbox_filter_any(void)
{
	return mbox_filter_range(1, MBOX_TYPE_MAX, 0);
}

MBX_EXPORT struct mbox_filter mbox_filter_range(uint64_t lo, uint64_t hi,
						uint32_t flags)
{
	return (struct mbox_filter){ .lo = lo, .hi = hi, .flags = flags };
}

static bool is_full(const struct mbox_filter *filter)
{
	return filter->lo == 1 && filter->hi == MBOX_TYPE_MAX;
}

static bool is_valid(const struct mbox_filter *filter)
{
	const uint32_t known = MBOX_FILTER_LOWEST | MBOX_FILTER_EXCEPT;

	if (filter->lo < 1 || filter->lo > filter->hi ||
	    filter->hi > MBOX_TYPE_MAX)
		return false;
	if (filter->flags & ~known || filter->reserved)
		return false;
	return !(filter->flags & MBOX_FILTER_EXCEPT && is_full(filter));
}

static bool skip_prefix(const char **text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(*text, prefix, len))
		return false;
	*text += len;
	return true;
}

/* Digits alone, no sign, space or leading zero: strtoull() takes too much. */
static bool read_type(const char **text, __u64 *type)
{
	__u64 value = 0;

	if (**text == '0')
		return false;
	for (; **text >= '0' && **text <= '9'; ++*text) {
		value = value * 10 + (__u64)(**text - '0');
		if (value > MBOX_TYPE_MAX)
			return false;
	}
	*type = value;
	return value;
}

static bool read_range(const char **text, struct mbox_filter *filter)
{
	if (skip_prefix(text, "any")) {
		filter->lo = 1;
		filter->hi = MBOX_TYPE_MAX;
		return true;
	}
	if (!read_type(text, &filter->lo))
		return false;
	if (!skip_prefix(text, "-")) {
		filter->hi = filter->lo;
		return true;
	}
	return read_type(text, &filter->hi);
}

static bool read_filter(const char **text, struct mbox_filter *filter)
{
	if (skip_prefix(text, "<=")) {
		filter->lo = 1;
		filter->flags = MBOX_FILTER_LOWEST;
		return read_type(text, &filter->hi);
	}
	if (skip_prefix(text, LOWEST_PREFIX))
		filter->flags |= MBOX_FILTER_LOWEST;
	if (skip_prefix(text, "!"))
		filter->flags |= MBOX_FILTER_EXCEPT;
	return read_range(text, filter);
}

MBX_EXPORT int mbox_filter_parse(const char *spec, struct mbox_filter *filter)
{
	struct mbox_filter parsed = { 0 };

	if (!read_filter(&spec, &parsed) || *spec || !is_valid(&parsed))
		return -EINVAL;
	*filter = parsed;
	return 0;
}

static int print_range(char *buf, size_t size, const char *prefix,
		       const struct mbox_filter *filter)
{
	if (is_full(filter))
		return snprintf(buf, size, "%sany", prefix);
	if (filter->lo == filter->hi)
		return snprintf(buf, size, "%s%" PRIu64, prefix,
				(uint64_t)filter->lo);
	return snprintf(buf, size, "%s%" PRIu64 "-%" PRIu64, prefix,
			(uint64_t)filter->lo, (uint64_t)filter->hi);
}

static int print_filter(char *buf, size_t size,
			const struct mbox_filter *filter)
{
	switch (filter->flags) {
	case 0:
		return print_range(buf, size, "", filter);
	case MBOX_FILTER_EXCEPT:
		return print_range(buf, size, "!", filter);
	case MBOX_FILTER_EXCEPT | MBOX_FILTER_LOWEST:
		return print_range(buf, size, LOWEST_PREFIX "!", filter);
	}
	if (filter->lo > 1)
		return print_range(buf, size, LOWEST_PREFIX, filter);
	return snprintf(buf, size, "<=%" PRIu64, (uint64_t)filter->hi);
}

MBX_EXPORT int mbox_filter_format(const struct mbox_filter *filter, char *buf,
				  size_t size)
{
	int len;

	if (!is_valid(filter))
		return -EINVAL;
	len = print_filter(buf, size, filter);
	return len < 0 || (size_t)len >= size ? -ENOSPC : 0;
}
