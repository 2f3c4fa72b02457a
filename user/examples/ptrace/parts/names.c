// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names of system calls, ioctl requests and flags. The tables are made when
 * this is built, from the headers that define the numbers; see rules.mk.
 */
#include <linux/audit.h>
#include <linux/mbox.h>
#include <string.h>

#include "strace.h"

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

static const char *const calls_64[] = {
#include "calls_64.h"
};

static const char *const calls_32[] = {
#include "calls_32.h"
};

static const struct name requests[] = {
#include "ioctls.h"
};

static const struct name flag_names[] = {
#include "flags.h"
};

/* NULL for a number that the headers do not know. */
const char *call_name(const struct call *call)
{
	if (call->arch == AUDIT_ARCH_X86_64)
		return call->nr < COUNT(calls_64) ? calls_64[call->nr] : NULL;
	if (call->arch == AUDIT_ARCH_I386)
		return call->nr < COUNT(calls_32) ? calls_32[call->nr] : NULL;
	return NULL;
}

void print_request(FILE *out, uint64_t request)
{
	for (size_t i = 0; i < COUNT(requests); i++) {
		if (requests[i].number == request) {
			fputs(requests[i].name, out);
			return;
		}
	}
	fprintf(out, "%#jx", (uintmax_t)request);
}

static const char *flag_name(const char *prefix, uint64_t bit)
{
	for (size_t i = 0; i < COUNT(flag_names); i++)
		if (flag_names[i].number == bit &&
		    !strncmp(flag_names[i].name, prefix, strlen(prefix)))
			return flag_names[i].name;
	return NULL;
}

/* The bits whose names begin with @prefix by name, the rest as a number. */
void print_flags(FILE *out, const char *prefix, uint64_t flags)
{
	const char *separator = "";

	for (uint64_t bit = 1; bit && bit <= flags; bit <<= 1) {
		const char *name = flags & bit ? flag_name(prefix, bit) : NULL;

		if (!name)
			continue;
		fprintf(out, "%s%s", separator, name);
		separator = "|";
		flags &= ~bit;
	}
	if (flags || !*separator)
		fprintf(out, "%s%#jx", separator, (uintmax_t)flags);
}
