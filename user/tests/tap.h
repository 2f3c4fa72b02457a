/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TAP for host tests. The plan comes last, so that a test that ends early is
 * found out by run.sh.
 */
#ifndef MBOX_TESTS_TAP_H
#define MBOX_TESTS_TAP_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int tap_count;
static int tap_failures;

static inline void tap_result(int passed, const char *file, int line,
			      const char *name)
{
	printf("%sok %d - %s\n", passed ? "" : "not ", ++tap_count, name);
	if (!passed) {
		tap_failures++;
		printf("# at %s:%d\n", file, line);
	}
	fflush(stdout);
}

static inline void tap_int(intmax_t got, intmax_t want, const char *file,
			   int line, const char *name)
{
	tap_result(got == want, file, line, name);
	if (got != want)
		printf("# got %jd, want %jd\n", got, want);
}

static inline void tap_str(const char *got, const char *want, const char *file,
			   int line, const char *name)
{
	tap_result(!strcmp(got, want), file, line, name);
	if (strcmp(got, want))
		printf("# got '%s', want '%s'\n", got, want);
}

/* For a row of a table: the name of the test is the row's. */
#define ok(cond, name)	tap_result(!!(cond), __FILE__, __LINE__, name)
#define is_int(got, want, name) \
	tap_int((intmax_t)(got), (intmax_t)(want), __FILE__, __LINE__, name)
#define is_str(got, want, name) \
	tap_str(got, want, __FILE__, __LINE__, name)

static inline void tap_skip(const char *name, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, name, why);
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures ? 1 : 0;
}

#endif /* MBOX_TESTS_TAP_H */
