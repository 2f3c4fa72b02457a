// SPDX-License-Identifier: GPL-2.0-only
/* The values of the command's options: what is read, and what is refused. */
#include <errno.h>
#include <mbox.h>
#include "parse.h"
#include "tap.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define UNTOUCHED	77

struct number_case {
	const char *text;
	int result;
	uint64_t value;
};

static const struct number_case numbers[] = {
	{ "1", 0, 1 },
	{ "9223372036854775807", 0, INT64_MAX },
	{ "0", -ERANGE, 0 },
	{ "9223372036854775808", -ERANGE, 0 },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "99999999999999999999999999", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ "0x10", -EINVAL, 0 },
	{ "1.5", -EINVAL, 0 },
	{ "5K", -EINVAL, 0 },
};

static const struct number_case sizes[] = {
	{ "1", 0, 1 },
	{ "64K", 0, 65536 },
	{ "1M", 0, 1 << 20 },
	{ "1G", 0, 1 << 30 },
	{ "1073741824", 0, 1 << 30 },
	{ "0", -ERANGE, 0 },
	{ "0K", -ERANGE, 0 },
	{ "2G", -ERANGE, 0 },
	{ "1073741825", -ERANGE, 0 },
	{ "17179869184G", -ERANGE, 0 },
	{ "1k", -EINVAL, 0 },
	{ "1KB", -EINVAL, 0 },
	{ "1T", -EINVAL, 0 },
	{ "K", -EINVAL, 0 },
	{ "", -EINVAL, 0 },
	{ "1.5K", -EINVAL, 0 },
};

static const struct number_case durations[] = {
	{ "0", 0, 0 },
	{ "2", 0, 2000000000 },
	{ "2s", 0, 2000000000 },
	{ "500ms", 0, 500000000 },
	{ "1.5", 0, 1500000000 },
	{ "1.5m", 0, 90000000000 },
	{ "0.25s", 0, 250000000 },
	{ "1m", 0, 60000000000 },
	{ "2h", 0, 7200000000000 },
	{ "10us", 0, 10000 },
	{ "7ns", 0, 7 },
	{ "0.000000001", 0, 1 },
	{ "0.0000000019", 0, 1 },
	{ "9223372036", 0, 9223372036000000000 },
	{ "9223372037", -ERANGE, 0 },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "2562048h", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "s", -EINVAL, 0 },
	{ ".5", -EINVAL, 0 },
	{ "1.", -EINVAL, 0 },
	{ "1.s", -EINVAL, 0 },
	{ "1.5.5", -EINVAL, 0 },
	{ "1 s", -EINVAL, 0 },
	{ "-1s", -EINVAL, 0 },
	{ "1e3", -EINVAL, 0 },
	{ "1min", -EINVAL, 0 },
	{ "1S", -EINVAL, 0 },
	{ "1m30s", -EINVAL, 0 },
	{ "inf", -EINVAL, 0 },
};

static const struct number_case modes[] = {
	{ "0", 0, 0 },
	{ "600", 0, 0600 },
	{ "0660", 0, 0660 },
	{ "666", 0, 0666 },
	{ "00666", 0, 0666 },
	{ "667", -ERANGE, 0 },
	{ "700", -ERANGE, 0 },
	{ "1600", -ERANGE, 0 },
	{ "40000000660", -ERANGE, 0 },
	{ "7777777777777777777777777", -ERANGE, 0 },
	{ "680", -EINVAL, 0 },
	{ "rw-", -EINVAL, 0 },
	{ "", -EINVAL, 0 },
	{ "0660x", -EINVAL, 0 },
};

static void check_case(const struct number_case *c, int result, uint64_t value)
{
	uint64_t want = c->result ? UNTOUCHED : c->value;
	char name[128];

	snprintf(name, sizeof(name), "'%s'", c->text);
	ok(result == c->result && value == want, name);
	if (result != c->result || value != want)
		printf("# got %d, %ju\n", result, (uintmax_t)value);
}

static void test_numbers(void)
{
	for (size_t i = 0; i < COUNT(numbers); i++) {
		uint64_t value = UNTOUCHED;
		int result = parse_number(numbers[i].text, 1, INT64_MAX, &value);

		check_case(&numbers[i], result, value);
	}
}

static void test_sizes(void)
{
	for (size_t i = 0; i < COUNT(sizes); i++) {
		uint64_t value = UNTOUCHED;
		int result = parse_size(sizes[i].text, 1 << 30, &value);

		check_case(&sizes[i], result, value);
	}
}

static void test_durations(void)
{
	for (size_t i = 0; i < COUNT(durations); i++) {
		int64_t value = UNTOUCHED;
		int result = parse_duration(durations[i].text, &value);

		check_case(&durations[i], result, value);
	}
}

static void test_modes(void)
{
	for (size_t i = 0; i < COUNT(modes); i++) {
		uint32_t value = UNTOUCHED;
		int result = parse_mode(modes[i].text, &value);

		check_case(&modes[i], result, value);
	}
}

static void test_words(void)
{
	uint32_t value = UNTOUCHED;

	ok(!parse_policy("drop-newest", &value) && value == MBOX_POLICY_DROP_NEWEST,
	   "drop-newest");
	ok(!parse_policy("drop-oldest", &value) && value == MBOX_POLICY_DROP_OLDEST,
	   "drop-oldest");
	ok(!parse_policy("block", &value) && value == MBOX_POLICY_BLOCK, "block");
	is_int(parse_policy("drop", &value), -EINVAL, "an abbreviated policy");
	is_int(parse_policy("", &value), -EINVAL, "no policy");
	is_int(parse_kind("queue", &value), 0, "queue");
	ok(!parse_kind("topic", &value) && value == MBOX_KIND_TOPIC, "topic");
	is_int(parse_kind("stack", &value), -EINVAL, "a kind that is not there");
	is_str(policy_name(MBOX_POLICY_DROP_OLDEST), "drop-oldest", "a policy's name");
	is_str(policy_name(99), "unknown", "the name of no policy");
	is_str(kind_name(99), "unknown", "the name of no kind");
}

static void test_users(void)
{
	uint32_t value = UNTOUCHED;

	ok(!parse_user("root", &value) && !value, "a user by name");
	ok(!parse_user("1000", &value) && value == 1000, "a user by number");
	ok(!parse_group("root", &value) && !value, "a group by name");
	ok(!parse_group("4294967294", &value) && value == UINT32_MAX - 1,
	   "the last group");
	is_int(parse_user("4294967295", &value), -ERANGE, "the user that is none");
	is_int(parse_user("no such user", &value), -ENOENT, "a user who is not there");
	is_int(parse_group("no such group", &value), -ENOENT,
	       "a group that is not there");
	is_int(parse_user("", &value), -ENOENT, "a user without a name");
	is_int(parse_user("12x", &value), -EINVAL, "a number with more behind it");
}

static void test_names(void)
{
	char name[MBOX_NAME_MAX + 2];

	memset(name, 'n', sizeof(name));
	name[MBOX_NAME_MAX + 1] = '\0';
	ok(name_error(name), "a name of 256 bytes");
	name[MBOX_NAME_MAX] = '\0';
	ok(!name_error(name), "a name of 255 bytes");
	ok(!name_error("a b"), "a name with a blank");
	ok(!name_error("\xff\x80"), "a name that is no UTF-8");
	ok(name_error(""), "an empty name");
	ok(name_error("a/b"), "a name with a slash");
	ok(name_error("a\n"), "a name with a line feed");
	ok(name_error("a\x7f"), "a name with DEL");
	ok(name_error("\x1f"), "a name with the last control byte");
}

int main(void)
{
	test_numbers();
	test_sizes();
	test_durations();
	test_modes();
	test_words();
	test_users();
	test_names();
	return tap_done();
}
