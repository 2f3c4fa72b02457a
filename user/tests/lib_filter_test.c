// SPDX-License-Identifier: GPL-2.0-only
/* Filters as text: what is read, what is refused, and the way back. */
#include <errno.h>
#include <stdlib.h>
#include "mbox.h"
#include "tap.h"

#define MAX	MBOX_TYPE_MAX
#define MAX_TEXT	"9223372036854775807"
#define LOWEST	MBOX_FILTER_LOWEST
#define EXCEPT	MBOX_FILTER_EXCEPT
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* @canonical: what it is written as; NULL for the same. */
static const struct good {
	const char *text;
	uint64_t lo;
	uint64_t hi;
	uint32_t flags;
	const char *canonical;
} good[] = {
	{ "any", 1, MAX, 0, NULL },
	{ "1", 1, 1, 0, NULL },
	{ "5", 5, 5, 0, NULL },
	{ MAX_TEXT, MAX, MAX, 0, NULL },
	{ "3-9", 3, 9, 0, NULL },
	{ "7-7", 7, 7, 0, "7" },
	{ "1-" MAX_TEXT, 1, MAX, 0, "any" },
	{ "2-" MAX_TEXT, 2, MAX, 0, NULL },
	{ "<=4", 1, 4, LOWEST, NULL },
	{ "<=1", 1, 1, LOWEST, NULL },
	{ "<=" MAX_TEXT, 1, MAX, LOWEST, NULL },
	{ "lowest:any", 1, MAX, LOWEST, "<=" MAX_TEXT },
	{ "lowest:1-4", 1, 4, LOWEST, "<=4" },
	{ "lowest:3-9", 3, 9, LOWEST, NULL },
	{ "lowest:6", 6, 6, LOWEST, NULL },
	{ "!5", 5, 5, EXCEPT, NULL },
	{ "!3-9", 3, 9, EXCEPT, NULL },
	{ "!2-" MAX_TEXT, 2, MAX, EXCEPT, NULL },
	{ "lowest:!5", 5, 5, EXCEPT | LOWEST, NULL },
	{ "lowest:!3-9", 3, 9, EXCEPT | LOWEST, NULL },
};

static const char * const bad[] = {
	"", " ", "0", "-1", "+1", "00", "01", "1-", "-", "-9", "9-3", "0-3",
	"3-0", "3--9", "3-9-12", "3 - 9", " 5", "5 ", "5x", "x", "0x5", "1e3",
	"9223372036854775808", "18446744073709551616",
	"99999999999999999999999999999999", "1-9223372036854775808",
	"<4", "<=", "<=0", "<=-1", "<= 4", "<=3-9", "<=!4", "=<4", "<=any",
	"!", "!0", "!any", ("!1-" MAX_TEXT), "!!5", "!<=4", "!lowest:5",
	"lowest:", "lowest", "lowest:0", "lowest:<=4", "lowest:!any",
	"lowest:lowest:5", "Any", "ANY", "anyx", "any ", "any-5", "5-any",
};

static const struct mbox_filter invalid[] = {
	{ .lo = 0, .hi = 5 },
	{ .lo = 0, .hi = 0 },
	{ .lo = 6, .hi = 5 },
	{ .lo = 1, .hi = MAX + 1 },
	{ .lo = MAX + 1, .hi = MAX + 1 },
	{ .lo = 1, .hi = 5, .flags = 4 },
	{ .lo = 1, .hi = 5, .flags = 1U << 31 },
	{ .lo = 1, .hi = 5, .reserved = 1 },
	{ .lo = 1, .hi = MAX, .flags = EXCEPT },
	{ .lo = 1, .hi = MAX, .flags = EXCEPT | LOWEST },
};

static int same(const struct mbox_filter *a, const struct mbox_filter *b)
{
	return a->lo == b->lo && a->hi == b->hi && a->flags == b->flags &&
	       a->reserved == b->reserved;
}

static void test_good(const struct good *row)
{
	const struct mbox_filter want = {
		.lo = row->lo, .hi = row->hi, .flags = row->flags,
	};
	struct mbox_filter filter = { .reserved = 77 };
	char text[MBOX_FILTER_TEXT_MAX];

	is_int(mbox_filter_parse(row->text, &filter), 0, row->text);
	ok(same(&filter, &want), row->text);
	is_int(mbox_filter_format(&want, text, sizeof(text)), 0, row->text);
	is_str(text, row->canonical ? row->canonical : row->text, row->text);
}

static void test_bad(const char *text)
{
	const struct mbox_filter before = { .lo = 77, .hi = 88, .flags = 99 };
	struct mbox_filter filter = before;
	char name[80];

	snprintf(name, sizeof(name), "refused: '%s'", text);
	is_int(mbox_filter_parse(text, &filter), -EINVAL, name);
	ok(same(&filter, &before), "and the filter is as it was");
}

static void test_invalid(const struct mbox_filter *filter)
{
	char text[MBOX_FILTER_TEXT_MAX] = "as it was";

	is_int(mbox_filter_format(filter, text, sizeof(text)), -EINVAL,
	       "format refuses what the device would refuse");
	is_str(text, "as it was", "and the buffer is as it was");
}

static void test_size(void)
{
	const struct mbox_filter longest = {
		.lo = MAX - 1, .hi = MAX, .flags = EXCEPT | LOWEST,
	};
	char text[MBOX_FILTER_TEXT_MAX];
	size_t len;

	is_int(mbox_filter_format(&longest, text, sizeof(text)), 0,
	       "MBOX_FILTER_TEXT_MAX suffices for the longest");
	len = strlen(text);
	is_int(mbox_filter_format(&longest, text, len + 1), 0, "it just fits");
	is_int(mbox_filter_format(&longest, text, len), -ENOSPC,
	       "no room for the NUL");
	is_int(mbox_filter_format(&longest, text, 0), -ENOSPC, "no room");
}

static void test_constructors(void)
{
	const struct mbox_filter any = mbox_filter_any();
	const struct mbox_filter range = mbox_filter_range(3, 9, EXCEPT);
	const struct mbox_filter want = { .lo = 3, .hi = 9, .flags = EXCEPT };
	const struct mbox_filter all = { .lo = 1, .hi = MAX };

	ok(same(&any, &all), "any takes all types");
	ok(same(&range, &want), "range is what it was asked for");
}

static uint64_t random_type(void)
{
	uint64_t bits = (uint64_t)random() << 40 ^ (uint64_t)random() << 20 ^
			(uint64_t)random();

	return 1 + (bits >> random() % 63) % MAX;
}

static struct mbox_filter random_filter(void)
{
	uint64_t a = random_type();
	uint64_t b = random() % 4 ? random_type() : a;

	return mbox_filter_range(a < b ? a : b, a < b ? b : a,
				 (uint32_t)random() % 4);
}

static int survives_round_trip(const struct mbox_filter *filter)
{
	char text[MBOX_FILTER_TEXT_MAX];
	struct mbox_filter back;

	if (mbox_filter_format(filter, text, sizeof(text)))
		return filter->lo == 1 && filter->hi == MAX &&
		       filter->flags & EXCEPT;
	if (!mbox_filter_parse(text, &back) && same(filter, &back))
		return 1;
	printf("# %s\n", text);
	return 0;
}

static void test_random_round_trip(void)
{
	int failures = 0;

	srandom(1);
	for (int i = 0; i < 200000; i++) {
		const struct mbox_filter filter = random_filter();

		failures += !survives_round_trip(&filter);
	}
	is_int(failures, 0, "200000 random filters survive the round trip");
}

/* What is taken must be valid, and be written and read as the same. */
static void test_random_text(void)
{
	static const char * const words[] = {
		"any", "lowest:", "!", "<=", "-", "0", "1", "5", "19", MAX_TEXT,
	};
	int failures = 0;
	int taken = 0;

	for (int i = 0; i < 200000; i++) {
		struct mbox_filter filter;
		char text[128] = "";

		for (long n = random() % 5; n >= 0; n--)
			strcat(text, words[random() % (long)COUNT(words)]);
		if (mbox_filter_parse(text, &filter))
			continue;
		taken++;
		failures += !survives_round_trip(&filter);
	}
	is_int(failures, 0, "random text that is taken survives the round trip");
	ok(taken > 1000 && taken < 199000, "some of it is taken and some not");
}

int main(void)
{
	for (size_t i = 0; i < COUNT(good); i++)
		test_good(&good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		test_bad(bad[i]);
	for (size_t i = 0; i < COUNT(invalid); i++)
		test_invalid(&invalid[i]);
	test_constructors();
	test_size();
	test_random_round_trip();
	test_random_text();
	return tap_done();
}
