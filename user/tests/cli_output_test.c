// SPDX-License-Identifier: GPL-2.0-only
/* What the command prints: safe text, JSON, tables, messages, times. */
#include <stdlib.h>
#include <time.h>
#include <mbox.h>
#include "field.h"
#include "format.h"
#include "output.h"
#include "table.h"
#include "tap.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static char *printed;
static size_t printed_len;

static FILE *start(void)
{
	return open_memstream(&printed, &printed_len);
}

static void expect(FILE *out, const char *want, const char *name)
{
	fclose(out);
	is_str(printed, want, name);
	free(printed);
}

/* ---- UTF-8 ------------------------------------------------------------------ */

static const struct utf8_case {
	const char *data;
	size_t len;
	bool valid;
	const char *name;
} utf8_cases[] = {
	{ "", 0, true, "nothing" },
	{ "a\0b", 3, true, "a NUL" },
	{ "\xc3\xa9", 2, true, "two bytes" },
	{ "\xe2\x82\xac", 3, true, "three bytes" },
	{ "\xf0\x9f\x98\x80", 4, true, "four bytes" },
	{ "\xf4\x8f\xbf\xbf", 4, true, "the last code point" },
	{ "\xf4\x90\x80\x80", 4, false, "one beyond the last" },
	{ "\xf5\x80\x80\x80", 4, false, "a first byte that is none" },
	{ "\xc0\x80", 2, false, "an over-long NUL" },
	{ "\xc1\xbf", 2, false, "an over-long letter" },
	{ "\xe0\x9f\xbf", 3, false, "three over-long bytes" },
	{ "\xf0\x8f\xbf\xbf", 4, false, "four over-long bytes" },
	{ "\xed\xa0\x80", 3, false, "a surrogate" },
	{ "\x80", 1, false, "a byte that continues nothing" },
	{ "\xc3", 1, false, "a cut sequence" },
	{ "\xe2\x82", 2, false, "a longer cut sequence" },
	{ "\xc3(", 2, false, "a broken sequence" },
	{ "\xff", 1, false, "a byte that is never there" },
};

static void test_utf8(void)
{
	for (size_t i = 0; i < COUNT(utf8_cases); i++) {
		const struct utf8_case *c = &utf8_cases[i];

		is_int(utf8_valid(c->data, c->len), c->valid, c->name);
	}
}

static void test_escapes(void)
{
	char buf[ESCAPED_NAME_MAX];
	FILE *out = start();

	put_escaped(out, "a\033[0m\n\t\\ \xc2\x9b\xff\x7f\xc3\xa9", 15,
		    KEEP_LAYOUT | KEEP_BLANKS);
	expect(out, "a\\x1b[0m\n\t\\ \\xc2\\x9b\\xff\\x7f\xc3\xa9",
	       "nothing that controls a terminal is left");
	is_str(escaped_name("jobs", buf), "jobs", "a plain name");
	is_str(escaped_name("", buf), "-", "an anonymous mailbox");
	is_str(escaped_name("-", buf), "\\x2d", "a mailbox that is called -");
	is_str(escaped_name("a b\\c\xff", buf), "a\\x20b\\x5cc\\xff", "a name is one word");
}

static void test_long_name(void)
{
	char name[MBOX_NAME_MAX + 1], buf[ESCAPED_NAME_MAX];

	memset(name, '\xff', MBOX_NAME_MAX);
	name[MBOX_NAME_MAX] = '\0';
	is_int(strlen(escaped_name(name, buf)), 4 * MBOX_NAME_MAX,
	       "the longest name fits");
}

/* ---- base64, hex, JSON -------------------------------------------------------- */

static const char *const base64_cases[][2] = {
	{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	{ "\xff\xfe\xfd", "//79" }, { "\xfb\xef\xbe", "++++" },
};

static void test_base64(void)
{
	for (size_t i = 0; i < COUNT(base64_cases); i++) {
		FILE *out = start();

		put_base64(out, base64_cases[i][0], strlen(base64_cases[i][0]));
		expect(out, base64_cases[i][1], base64_cases[i][1]);
	}
}

static void test_hex(void)
{
	FILE *out = start();

	put_hex(out, "0123456789abcdef\n\xff", 18);
	expect(out,
	       "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
	       "00000010  0a ff                                             |..|\n"
	       "00000012\n", "a dump of two lines");
	out = start();
	put_hex(out, NULL, 0);
	expect(out, "00000000\n", "a dump of nothing");
}

static void test_json_text(void)
{
	FILE *out = start();
	struct json json = { .out = out };

	json_open(&json, NULL, '[');
	json_string(&json, NULL, "a\"\\\n\t\r\x01\x7f\xc2\x9b\xc3\xa9");
	json_bytes(&json, NULL, "\0", 1);
	json_close(&json, ']');
	expect(out, "[\"a\\\"\\\\\\n\\t\\u000d\\u0001\\u007f\\u009b\xc3\xa9\", \"\\u0000\"]",
	       "text in JSON");
	out = start();
	json = (struct json) { .out = out };
	json_bytes(&json, "raw", "a\xff", 2);
	expect(out, "\"raw_base64\": \"Yf8=\"", "bytes that are no text");
}

static void test_json(void)
{
	FILE *out = start();
	struct json json = { .out = out };

	json_open(&json, NULL, '{');
	json_number(&json, "low", INT64_MIN);
	json_unsigned(&json, "high", UINT64_MAX);
	json_close(&json, '}');
	expect(out, "{\"low\": -9223372036854775808, \"high\": 18446744073709551615}",
	       "numbers in JSON");
	out = start();
	json = (struct json) { .out = out };
	json_open(&json, NULL, '{');
	json_open(&json, "list", '[');
	json_bool(&json, NULL, true);
	json_null(&json, NULL);
	json_open(&json, NULL, '{');
	json_close(&json, '}');
	json_close(&json, ']');
	json_bool(&json, "more", false);
	json_close(&json, '}');
	expect(out, "{\"list\": [true, null, {}], \"more\": false}", "nesting in JSON");
}

/* ---- tables and fields -------------------------------------------------------- */

static void fill(struct table *table, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		table_add(table, cells[i]);
}

static void test_table(void)
{
	static const char *const cells[] = {
		"NAME", "MSGS", "LAST", "\xc3\xa9", "12345", "x", "jobs", "1", "long"
	};
	struct table table = { .columns = 3, .right = { false, true, false } };
	FILE *out = start();

	fill(&table, cells, COUNT(cells));
	table_print(&table, out);
	table_free(&table);
	expect(out, "NAME  MSGS LAST\n\xc3\xa9    12345 x\njobs     1 long\n",
	       "columns as wide as their characters");
}

static const struct mbox_stat sample = {
	.id = 1ULL << 40, .name = "a b", .persist = true, .mode = 0640, .uid = 4000001,
	.gid = 4000002, .limits = { .max_msgs = 3, .max_size = 4, .max_bytes = 5ULL << 40,
	.policy = MBOX_POLICY_DROP_OLDEST, .max_deliveries = 25 }, .msgs = 6, .peak_msgs = 7,
	.bytes = 8ULL << 40, .peak_bytes = 9ULL << 40, .sent = 10ULL << 40,
	.received = 11ULL << 40, .lost = 12ULL << 40, .withdrawn = 20ULL << 40,
	.expired = 21ULL << 40, .leased = 22ULL << 40, .calls = 23, .frozen = true,
	.dead_letter = 24ULL << 40, .receivers = 13, .senders = 14,
	.waiting_receivers = 15, .waiting_senders = 16, .created = 1751371994123456789,
	.changed = 1751371994000000000, .last_sent = 1751371995000000000,
	.last_received = 0, .last_sender = 27, .last_receiver = 28,
	.creator_uid = 4000003, .creator_gid = 4000004,
};

static const struct field_case {
	const char *name;
	const char *json;
	const char *text;
} field_cases[] = {
	{ "id", "1099511627776", "1099511627776" },
	{ "name", "\"a b\"", "a\\x20b" },
	{ "kind", "\"queue\"", "queue" },
	{ "persist", "true", "yes" },
	{ "retain", "false", "no" },
	{ "frozen", "true", "yes" },
	{ "mode", "\"0640\"", "0640" },
	{ "owner", "\"4000001\"", "4000001" },
	{ "group", "\"4000002\"", "4000002" },
	{ "uid", "4000001", "4000001" },
	{ "gid", "4000002", "4000002" },
	{ "policy", "\"drop-oldest\"", "drop-oldest" },
	{ "max_msgs", "3", "3" },
	{ "max_bytes", "5497558138880", "5497558138880" },
	{ "max_size", "4", "4" },
	{ "max_deliveries", "25", "25" },
	{ "dead_letter", "26388279066624", "26388279066624" },
	{ "msgs", "6", "6" },
	{ "peak_msgs", "7", "7" },
	{ "bytes", "8796093022208", "8796093022208" },
	{ "peak_bytes", "9895604649984", "9895604649984" },
	{ "sent", "10995116277760", "10995116277760" },
	{ "received", "12094627905536", "12094627905536" },
	{ "lost", "13194139533312", "13194139533312" },
	{ "withdrawn", "21990232555520", "21990232555520" },
	{ "expired", "23089744183296", "23089744183296" },
	{ "leased", "24189255811072", "24189255811072" },
	{ "calls", "23", "23" },
	{ "receivers", "13", "13" },
	{ "senders", "14", "14" },
	{ "waiting_receivers", "15", "15" },
	{ "waiting_senders", "16", "16" },
	{ "created", "\"2025-07-01T12:13:14.123456+00:00\"",
	  "2025-07-01T12:13:14.123456+00:00" },
	{ "changed", "\"2025-07-01T12:13:14.000000+00:00\"",
	  "2025-07-01T12:13:14.000000+00:00" },
	{ "last_sent", "\"2025-07-01T12:13:15.000000+00:00\"",
	  "2025-07-01T12:13:15.000000+00:00" },
	{ "last_received", "\"never\"", "never" },
	{ "last_sender", "27", "27" },
	{ "last_receiver", "28", "28" },
	{ "creator_uid", "4000003", "4000003" },
	{ "creator_gid", "4000004", "4000004" },
};

/* Every field is there, in this order, and has a value of its own. */
static void test_field_values(void)
{
	char text[FIELD_TEXT_MAX], want[128];

	for (size_t i = 0; i < COUNT(field_cases); i++) {
		const struct field_case *c = &field_cases[i];
		FILE *out = start();
		struct json json = { .out = out };

		field_json(&fields[i], &sample, &json);
		snprintf(want, sizeof(want), "\"%s\": %s", c->name, c->json);
		expect(out, want, c->name);
		field_text(&fields[i], &sample, text);
		is_str(text, c->text, c->name);
	}
	ok(!fields[COUNT(field_cases)].name, "no other field");
}

static void test_fields(void)
{
	const struct mbox_stat anonymous = { .id = 1 };
	char text[FIELD_TEXT_MAX];
	FILE *out = start();
	struct json json = { .out = out };

	field_json(field_find("name", 4), &anonymous, &json);
	expect(out, "\"name\": null", "an anonymous mailbox in JSON");
	ok(field_find("MAX-msgs,x", 8) == field_find("max_msgs", 8), "any case and dash");
	ok(!field_find("max", 3) && !field_find("", 0), "no abbreviated columns");
	field_heading(field_find("max_msgs", 8), text);
	is_str(text, "MAX-MSGS", "a heading");
}

/* ---- messages ------------------------------------------------------------------ */

static const struct mbox_header header = {
	.type = 5, .len = 2, .seq = 42, .time = 123, .sender = 9, .lost = 3,
	.pid = 100, .uid = 1000, .gid = 1001,
};

static void check_style(const struct style *style, const char *payload, size_t len,
			const char *want, const char *name)
{
	struct mbox_header one = header;
	FILE *out = start();

	one.len = len;
	print_message(out, style, &one, payload);
	expect(out, want, name);
}

static void test_formats(void)
{
	const struct style all = { .format = "%t %s %p %P %u %l %L %%\\t\\\\\\n" };
	const struct style bare = { .format = "%P\\c %s" };
	const struct style safe = { .format = "%P", .escape = true };
	const struct style open = { .format = "\\n%t" };
	const struct style empty = { .format = "" };

	check_style(&all, "hi", 2, "5 42 100 hi 1000 2 3 %\t\\\n", "all sequences");
	check_style(&bare, "hi", 2, "hi", "nothing after \\c");
	check_style(&safe, "\033", 1, "\\x1b\n", "an escape byte on a terminal");
	check_style(&safe, "hi\n", 3, "hi\n", "a payload that ends the line");
	check_style(&open, "hi", 2, "\n5\n", "a line feed before the end");
	check_style(&empty, "hi", 2, "\n", "an empty format");
	ok(!format_error("%t%s%p%P%u%T%l%L%%\\n\\t\\\\\\c plain"), "good format");
	is_str(format_error("%t %x"), "%x", "an unknown sequence");
	is_str(format_error("a%"), "%", "a lone %");
	is_str(format_error("\\x"), "\\x", "an unknown escape");
	is_str(format_error("a\\"), "\\", "a lone backslash");
}

static void test_plain(void)
{
	const struct style plain = { .json = false };
	const struct style safe = { .escape = true };
	const struct style hex = { .hex = true };

	check_style(&plain, "hi", 2, "hi\n", "a payload");
	check_style(&plain, "hi\n", 3, "hi\n", "a payload that ends its line");
	check_style(&plain, "", 0, "\n", "an empty payload");
	check_style(&plain, "\033c", 2, "\033c\n", "raw into a file");
	check_style(&safe, "\033c", 2, "\\x1bc\n", "safe on a terminal");
	check_style(&hex, "", 0, "00000000\n", "an empty dump");
}

static void test_null(void)
{
	const struct style plain = { .null = true };
	struct mbox_header one = header;
	FILE *out = start();

	one.len = 3;
	print_message(out, &plain, &one, "a\0\n");
	print_message(out, &plain, &header, "hi");
	fclose(out);
	ok(printed_len == 7 && !memcmp(printed, "a\0\n\0hi", 7), "NUL ends records");
	free(printed);
}

/* The time differs from run to run. */
static void test_message_json(void)
{
	const struct style style = { .json = true };
	FILE *out = start();
	char *time;

	print_message(out, &style, &header, "hi");
	fclose(out);
	time = strstr(printed, "\"time\": \"");
	ok(time && time[9 + 4] == '-' && time[9 + 32] == '"', "a time in the object");
	ok(strstr(printed, "{\"type\": 5, \"seq\": 42, "), "which message");
	ok(strstr(printed, "\"pid\": 100, \"uid\": 1000, \"gid\": 1001, \"sender\": 9, "),
	   "who sent it");
	ok(strstr(printed, "\"monotonic\": 123, \"lost\": 3, \"len\": 2, "), "when");
	ok(strstr(printed, "\"payload\": \"hi\"}\n"), "what");
	free(printed);
}

static void test_times(void)
{
	char buf[TIME_TEXT_MAX];
	int64_t now = time_of_day(0);

	is_str(format_time(1751371994123456789, buf),
	       "2025-07-01T12:13:14.123456+00:00", "a time for programs");
	is_str(format_time_short(1751371994123456789, buf),
	       "2025-07-01 12:13:14.123", "a time for people");
	ok(now - time_of_day(time_now()) < 1000000000, "now is now");
	setenv("TZ", "XXX-05:30", 1);
	tzset();
	is_str(format_time(0, buf), "1970-01-01T05:30:00.000000+05:30", "a time zone");
}

int main(void)
{
	setenv("TZ", "UTC0", 1);
	test_utf8();
	test_escapes();
	test_long_name();
	test_base64();
	test_hex();
	test_json();
	test_json_text();
	test_table();
	test_field_values();
	test_fields();
	test_formats();
	test_plain();
	test_null();
	test_message_json();
	test_times();
	return tap_done();
}
