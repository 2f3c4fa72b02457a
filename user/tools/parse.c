// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>

#include <mbox.h>

#include "parse.h"

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit time_units[] = {
	{ "", 1000000000 },
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", 1000000000 },
	{ "m", 60000000000 },
	{ "h", 3600000000000 },
	{ NULL, 0 }
};

static const struct unit size_units[] = {
	{ "", 1 },
	{ "K", 1 << 10 },
	{ "M", 1 << 20 },
	{ "G", 1 << 30 },
	{ NULL, 0 }
};

static const char *const policy_names[] = {
	[MBOX_POLICY_BLOCK] = "block",
	[MBOX_POLICY_DROP_OLDEST] = "drop-oldest",
	[MBOX_POLICY_DROP_NEWEST] = "drop-newest",
};

static const char *const kind_names[] = {
	[MBOX_KIND_QUEUE] = "queue",
	[MBOX_KIND_TOPIC] = "topic",
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads the digits at *@text and moves it past them. */
static int take_digits(const char **text, unsigned int base, uint64_t *value)
{
	const char *p = *text;
	uint64_t sum = 0;

	if (!is_digit(*p))
		return -EINVAL;
	for (; is_digit(*p); p++) {
		unsigned int digit = *p - '0';

		if (digit >= base)
			return -EINVAL;
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return -ERANGE;
	}
	*text = p;
	*value = sum;
	return 0;
}

static uint64_t find_unit(const struct unit *units, const char *name)
{
	for (; units->name; units++)
		if (!strcmp(units->name, name))
			return units->factor;
	return 0;
}

int parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	uint64_t sum;
	int err = take_digits(&text, 10, &sum);

	if (err)
		return err;
	if (*text)
		return -EINVAL;
	if (sum < min || sum > max)
		return -ERANGE;
	*value = sum;
	return 0;
}

int parse_size(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t factor, sum;
	int err = take_digits(&text, 10, &sum);

	if (err)
		return err;
	factor = find_unit(size_units, text);
	if (!factor)
		return -EINVAL;
	if (__builtin_mul_overflow(sum, factor, &sum) || sum < 1 || sum > max)
		return -ERANGE;
	*value = sum;
	return 0;
}

static const char *skip_digits(const char *text)
{
	while (is_digit(*text))
		text++;
	return text;
}

/* What the digits at @text are worth behind a decimal point. */
static uint64_t fraction_of(const char *text, uint64_t unit)
{
	uint64_t sum = 0;

	for (; is_digit(*text); text++) {
		unit /= 10;
		sum += (*text - '0') * unit;
	}
	return sum;
}

int parse_duration(const char *text, int64_t *ns)
{
	const char *fraction = "";
	uint64_t sum, unit;
	int err = take_digits(&text, 10, &sum);

	if (err)
		return err;
	if (*text == '.') {
		fraction = text + 1;
		text = skip_digits(fraction);
		if (text == fraction)
			return -EINVAL;
	}
	unit = find_unit(time_units, text);
	if (!unit)
		return -EINVAL;
	if (__builtin_mul_overflow(sum, unit, &sum) ||
	    __builtin_add_overflow(sum, fraction_of(fraction, unit), &sum) ||
	    sum > INT64_MAX)
		return -ERANGE;
	*ns = sum;
	return 0;
}

int parse_mode(const char *text, uint32_t *mode)
{
	uint64_t bits;
	int err = take_digits(&text, 8, &bits);

	if (err)
		return err;
	if (*text)
		return -EINVAL;
	if (bits & ~(uint64_t)0666)
		return -ERANGE;
	*mode = bits;
	return 0;
}

static int find_word(const char *const *words, size_t count, const char *text,
		     uint32_t *index)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], text))
			continue;
		*index = i;
		return 0;
	}
	return -EINVAL;
}

int parse_policy(const char *text, uint32_t *policy)
{
	return find_word(policy_names, COUNT(policy_names), text, policy);
}

int parse_kind(const char *text, uint32_t *kind)
{
	return find_word(kind_names, COUNT(kind_names), text, kind);
}

const char *policy_name(uint32_t policy)
{
	return policy < COUNT(policy_names) ? policy_names[policy] : "unknown";
}

const char *kind_name(uint32_t kind)
{
	return kind < COUNT(kind_names) ? kind_names[kind] : "unknown";
}

/* The last number stands for "no change" in chown(2) and its kin. */
static int parse_id(const char *text, uint32_t *id)
{
	uint64_t value;
	int err = parse_number(text, 0, UINT32_MAX - 1, &value);

	if (!err)
		*id = value;
	return err;
}

int parse_user(const char *text, uint32_t *uid)
{
	const struct passwd *entry;

	if (is_digit(*text))
		return parse_id(text, uid);
	entry = getpwnam(text);
	if (!entry)
		return -ENOENT;
	*uid = entry->pw_uid;
	return 0;
}

int parse_group(const char *text, uint32_t *gid)
{
	const struct group *entry;

	if (is_digit(*text))
		return parse_id(text, gid);
	entry = getgrnam(text);
	if (!entry)
		return -ENOENT;
	*gid = entry->gr_gid;
	return 0;
}

const char *name_error(const char *name)
{
	if (!*name)
		return "is empty";
	if (strlen(name) > MBOX_NAME_MAX)
		return "is longer than 255 bytes";
	if (strchr(name, '/'))
		return "has a '/' in it";
	for (; *name; name++)
		if ((unsigned char)*name < 0x20 || *name == 0x7f)
			return "has a control byte in it";
	return NULL;
}
