// SPDX-License-Identifier: GPL-2.0-only
#include "arg.h"
#include "cli.h"
#include "parse.h"
#include "report.h"

static void bad_value(const char *option, const char *text, const char *what)
{
	usage_error("%s: '%s' is %s", option, text, what);
}

uint64_t arg_number(const char *option, const char *text, uint64_t min, uint64_t max)
{
	uint64_t value = 0;

	if (parse_number(text, min, max, &value))
		usage_error("%s: '%s' is not a number from %llu to %llu", option,
			    text, (unsigned long long)min, (unsigned long long)max);
	return value;
}

uint64_t arg_size(const char *option, const char *text, uint64_t max)
{
	uint64_t value = 0;

	if (parse_size(text, max, &value))
		usage_error("%s: '%s' is not a number from 1 to %llu (K, M, G allowed)",
			    option, text, (unsigned long long)max);
	return value;
}

uint64_t arg_type(const char *text)
{
	return arg_number("--type", text, 1, MBOX_TYPE_MAX);
}

int64_t arg_duration(const char *option, const char *text)
{
	int64_t ns = 0;

	if (parse_duration(text, &ns))
		bad_value(option, text, "no time such as 500ms, 2s, 1.5 or 1m");
	return ns;
}

struct mbox_filter arg_filter(const char *text)
{
	struct mbox_filter filter = mbox_filter_any();

	if (mbox_filter_parse(text, &filter))
		bad_value("--type", text, "none of any, 5, 3-9, !5, !3-9, <=4, lowest:3-9");
	return filter;
}

static uint32_t arg_mode(const char *text)
{
	uint32_t mode = 0;

	if (parse_mode(text, &mode))
		bad_value("--mode", text, "no octal mode from 0 to 0666");
	return mode;
}

static uint32_t arg_policy(const char *text)
{
	uint32_t policy = 0;

	if (parse_policy(text, &policy))
		bad_value("--policy", text, "none of block, drop-oldest, drop-newest");
	return policy;
}

static uint32_t arg_user(const char *text)
{
	uint32_t uid = 0;

	if (parse_user(text, &uid))
		bad_value("--owner", text, "no name or number of a user");
	return uid;
}

static uint32_t arg_group(const char *text)
{
	uint32_t gid = 0;

	if (parse_group(text, &gid))
		bad_value("--group", text, "no name or number of a group");
	return gid;
}

static uint32_t take_setting(struct mbox_settings *settings, int key, const char *text)
{
	struct mbox_limits *limits = &settings->limits;

	switch (key) {
	case CLI_MODE:
		settings->mode = arg_mode(text);
		return MBOX_SET_MODE;
	case CLI_OWNER:
		settings->uid = arg_user(text);
		return MBOX_SET_UID;
	case CLI_GROUP:
		settings->gid = arg_group(text);
		return MBOX_SET_GID;
	case CLI_POLICY:
		limits->policy = arg_policy(text);
		return MBOX_SET_POLICY;
	case CLI_MAX_MSGS:
		limits->max_msgs = arg_size("--max-msgs", text, MBOX_MSGS_MAX);
		return MBOX_SET_MAX_MSGS;
	case CLI_MAX_BYTES:
		limits->max_bytes = arg_size("--max-bytes", text, MBOX_BYTES_MAX);
		return MBOX_SET_MAX_BYTES;
	case CLI_MAX_SIZE:
		limits->max_size = arg_size("--max-size", text, MBOX_SIZE_MAX);
		return MBOX_SET_MAX_SIZE;
	case CLI_MAX_DELIVERIES:
		limits->max_deliveries = arg_number("--max-deliveries", text, 0, UINT32_MAX);
		return MBOX_SET_MAX_DELIVERIES;
	}
	return 0;
}

bool arg_setting(struct mbox_settings *settings, int key, const char *text)
{
	uint32_t which = take_setting(settings, key, text);

	settings->which |= which;
	return which;
}
