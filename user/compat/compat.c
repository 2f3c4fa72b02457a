// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which of the older queues this process has served. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"

/* The environment was read. */
#define KNOWN	(1U << 31)

static const struct {
	const char *word;
	unsigned int option;
} words[] = {
	{ "sysv", COMPAT_SYSV },
	{ "trace", COMPAT_TRACE },
};

static unsigned int option_of(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i].word) == len && !memcmp(words[i].word, word, len))
			return words[i].option;
	return 0;
}

static unsigned int read_environment(void)
{
	const char *list = getenv(COMPAT_VARIABLE);
	unsigned int options = 0;

	if (!list)
		return COMPAT_SYSV;
	while (*list) {
		size_t len = strcspn(list, ",");

		options |= option_of(list, len);
		list += len;
		list += *list == ',';
	}
	return options;
}

bool compat_has(unsigned int option)
{
	static atomic_uint known;
	unsigned int options = atomic_load_explicit(&known, memory_order_relaxed);

	/* Whoever else reads it at the same time finds the same. */
	if (!options) {
		options = read_environment() | KNOWN;
		atomic_store_explicit(&known, options, memory_order_relaxed);
	}
	return options & option;
}

long compat_fail(long err)
{
	if (err >= 0)
		return err;
	errno = (int)-err;
	return -1;
}
