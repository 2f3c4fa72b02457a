// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Calls that end descriptors. They do what they always do, to ours as to others: a
 * program that closes all it finds is right to. But the number may be another file
 * afterwards.
 */
#include <limits.h>
#include <unistd.h>

#include "compat.h"
#include "forget.h"
#include "real.h"

COMPAT_EXPORT int close(int fd)
{
	forget_descriptors(fd, fd);
	return REAL(close)(fd);
}

COMPAT_EXPORT int dup2(int from, int to)
{
	if (from != to)
		forget_descriptors(to, to);
	return REAL(dup2)(from, to);
}

COMPAT_EXPORT int dup3(int from, int to, int flags)
{
	if (from != to)
		forget_descriptors(to, to);
	return REAL(dup3)(from, to, flags);
}

/* With CLOSE_RANGE_CLOEXEC nothing is closed yet: what is forgotten is opened anew. */
COMPAT_EXPORT int close_range(unsigned int first, unsigned int last, int flags)
{
	forget_descriptors(first, last);
	return REAL(close_range)(first, last, flags);
}

COMPAT_EXPORT void closefrom(int first)
{
	forget_descriptors(first < 0 ? 0 : first, INT_MAX);
	REAL(closefrom)(first);
}
