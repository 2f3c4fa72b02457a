// SPDX-License-Identifier: GPL-2.0-only
/* What "mbox top" makes of two readings: rates, an order, a picture. */
#include <locale.h>
#include <stdlib.h>
#include <mbox.h>
#include "tap.h"
#include "top.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define SECOND		INT64_C(1000000000)

/* ---- rates ---------------------------------------------------------------- */

static const struct rate_case {
	uint64_t now;
	uint64_t before;
	int64_t ns;
	int thousandths;
	const char *name;
} rate_cases[] = {
	{ 30, 10, 2 * SECOND, 10000, "twenty in two seconds" },
	{ 11, 10, 10 * SECOND, 100, "one in ten seconds" },
	{ 10, 10, SECOND, 0, "none" },
	{ 9, 10, SECOND, 0, "a counter that went back" },
	{ 0, UINT64_MAX, SECOND, 0, "a counter that wrapped" },
	{ UINT64_MAX, UINT64_MAX - 5, SECOND, 5000, "a counter near its end" },
	{ 10, 0, 0, 0, "no time" },
	{ 10, 0, -SECOND, 0, "a time that went back" },
};

static void test_rates(void)
{
	for (size_t i = 0; i < COUNT(rate_cases); i++) {
		const struct rate_case *c = &rate_cases[i];

		is_int(top_rate(c->now, c->before, c->ns) * 1000, c->thousandths, c->name);
	}
}

static const struct number_case {
	double number;
	const char *count;
	const char *rate;
} number_cases[] = {
	{ 0, "0", "0" },
	{ 1, "1", "1.0" },
	{ 12, "12", "12" },
	{ 99999, "99999", "99999" },
	{ 100000, "97K", "100k" },
	{ 1048576, "1024K", "1049k" },
	{ 10238976, "9999K", "10M" },
	{ 10239999, "9999K", "10M" },
	{ 10240000, "9M", "10M" },
	{ 268435456, "256M", "268M" },
	{ 1099511627776, "1024G", "1100G" },
};

static void test_numbers(void)
{
	char text[TOP_NUMBER_MAX];

	for (size_t i = 0; i < COUNT(number_cases); i++) {
		const struct number_case *c = &number_cases[i];

		is_str(top_number(c->number, text), c->count, c->count);
		is_str(top_rate_text(c->number, text), c->rate, c->rate);
	}
	is_str(top_number(UINT64_MAX, text), "15E", "the largest number");
	is_str(top_rate_text(0.01, text), "<0.1", "a rate that is nearly nothing");
	is_str(top_rate_text(0.06, text), "0.1", "a low rate");
	is_str(top_rate_text(9.96, text), "10", "a rate that is rounded");
}

/* ---- readings --------------------------------------------------------------- */

static struct mbox_stat old_list[] = {
	{ .id = 1, .name = "still", .sent = 100, .received = 90, .lost = 10 },
	{ .id = 2, .name = "gone", .sent = 5 },
	{ .id = 4, .name = "busy", .sent = 1000, .received = 1000 },
	{ .id = 7, .name = "back", .sent = 8, .received = 8, .leased = 3 },
};

static struct mbox_stat new_list[] = {
	{ .id = 1, .name = "still", .sent = 100, .received = 90, .lost = 10 },
	{ .id = 4, .name = "busy", .sent = 1200, .received = 1100, .lost = 50, .msgs = 50,
	  .limits = { .max_msgs = 100, .max_bytes = 1000 } },
	{ .id = 7, .name = "back", .sent = 8, .received = 6, .calls = 2 },
	{ .id = 9, .name = "new", .sent = 40, .msgs = 40, .bytes = 750,
	  .limits = { .max_msgs = 1000, .max_bytes = 1000 } },
};

static const struct top_reading none;
static const struct top_reading old = { old_list, COUNT(old_list), 5 * SECOND };
static const struct top_reading new = { new_list, COUNT(new_list), 7 * SECOND };

/* Rates as integers, "sent received lost". */
static void is_row(const struct top_row *row, const char *want)
{
	char got[512];

	snprintf(got, sizeof(got), "%s %d %d %d", row->stat->name, (int)row->sent,
		 (int)row->received, (int)row->lost);
	is_str(got, want, want);
}

static void test_compare(void)
{
	struct top_rows rows;

	is_int(top_compare(&rows, &new, &old, NULL), 0, "two readings");
	ok(rows.rates && rows.count == 4, "give rates of all that is there now");
	is_row(&rows.rows[0], "still 0 0 0");
	is_row(&rows.rows[1], "busy 100 50 25");
	is_row(&rows.rows[2], "back 0 0 0");
	is_row(&rows.rows[3], "new 20 0 0");
	free(rows.rows);
	is_int(top_compare(&rows, &new, &none, NULL), 0, "one reading");
	ok(!rows.rates && rows.count == 4, "gives no rates");
	is_row(&rows.rows[1], "busy 0 0 0");
	free(rows.rows);
	is_int(top_compare(&rows, &none, &old, NULL), 0, "nothing left");
	ok(!rows.count, "gives no rows");
	free(rows.rows);
}

static void test_names(void)
{
	char *names[] = { "new", "missing", "still", NULL };
	struct top_rows rows;

	top_compare(&rows, &new, &old, names);
	is_int(rows.count, 2, "those of a name alone");
	is_row(&rows.rows[0], "still 0 0 0");
	is_row(&rows.rows[1], "new 20 0 0");
	free(rows.rows);
}

static void test_bounds(void)
{
	struct mbox_stat topic = new_list[1];

	is_int(top_use(&new_list[1]) * 100, 50, "half of the messages");
	is_int(top_use(&new_list[3]) * 100, 75, "most of the bytes");
	is_int(top_use(&new_list[0]) * 100, 0, "no bounds known");
	topic.kind = MBOX_KIND_TOPIC;
	ok(top_use(&topic) < 0, "a topic has no bounds of its own");
	is_int(top_owed(&old_list[3]), 3, "leased messages are owed");
	is_int(top_owed(&new_list[2]), 2, "calls are owed");
}

/* ---- order ------------------------------------------------------------------ */

static const struct sort_case {
	const char *name;
	const char *order;
} sort_cases[] = {
	{ "busy", "busy new still back" },
	{ "name", "back busy new still" },
	{ "msgs", "busy new still back" },
	{ "use", "new busy still back" },
	{ "bytes", "new busy still back" },
	{ "sent", "busy new still back" },
	{ "recv", "busy new still back" },
	{ "lost", "busy new still back" },
	{ "rwait", "busy new still back" },
	{ "swait", "still busy new back" },
	{ "owed", "back busy new still" },
};

static void check_sort(struct top_rows *rows, const struct sort_case *c)
{
	char order[64] = "";

	top_sort(rows, top_sort_find(c->name));
	for (size_t i = 0; i < rows->count; i++) {
		strcat(order, *order ? " " : "");
		strcat(order, rows->rows[i].stat->name);
	}
	is_str(order, c->order, c->name);
}

static void test_sort(void)
{
	struct top_rows rows;

	new_list[0].waiting_senders = 1;
	top_compare(&rows, &new, &old, NULL);
	for (size_t i = 0; i < COUNT(sort_cases); i++) {
		check_sort(&rows, &sort_cases[i]);
		is_str(top_sort_name(i), sort_cases[i].name, "its word");
	}
	is_int(COUNT(sort_cases), TOP_SORTS, "no other order");
	is_int(top_sort_find("bus"), TOP_SORTS, "no abbreviated orders");
	free(rows.rows);
	new_list[0].waiting_senders = 0;
}

/* ---- pictures --------------------------------------------------------------- */

static char *printed;
static size_t printed_len;

static void draw(const struct top_reading *now, const struct top_reading *before,
		 const struct top_picture *picture)
{
	struct top_rows rows;
	FILE *out = open_memstream(&printed, &printed_len);

	top_compare(&rows, now, before, NULL);
	top_sort(&rows, picture->sort);
	top_draw(out, &rows, picture);
	free(rows.rows);
	fclose(out);
}

static void expect(const char *want, const char *name)
{
	is_str(printed, want, name);
	free(printed);
}

#define HEADINGS \
	"KIND  F  MSGS  USE BYTES SENT/s RECV/s LOST/s RWAIT SWAIT  OWED"

static struct mbox_stat odd_list[] = {
	{ .id = 1, .name = "a \033[2J\xff", .frozen = true, .msgs = 1 << 20,
	  .bytes = 1 << 28, .waiting_receivers = 123456, .waiting_senders = 2, .leased = 3,
	  .limits = { .max_msgs = 1000, .max_bytes = 1 << 28 } },
	{ .id = 2, .name = "", .kind = MBOX_KIND_TOPIC },
	{ .id = 3, .name = "a-name-of-more-than-sixteen" },
	{ .id = 4, .name = "\xc3\xa9\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
	  "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad" },
};

static const struct top_reading odd = { odd_list, COUNT(odd_list), 7 * SECOND };

static void test_plain(void)
{
	const struct top_picture plain = { .time = "12:34:56", .delay = "2s" };

	draw(&new, &old, &plain);
	expect("12:34:56  4 mailboxes, 90 msgs, 750 bytes; sent 120/s, recv 50/s, lost 25/s\n"
	       "NAME             " HEADINGS "\n"
	       "busy             queue -    50  50%     0    100     50     25     0     0     0\n"
	       "new              queue -    40  75%   750     20      0      0     0     0     0\n"
	       "still            queue -     0   0%     0      0      0      0     0     0     0\n"
	       "back             queue -     0   0%     0      0      0      0     0     0     2\n",
	       "a table");
	draw(&none, &old, &plain);
	expect("12:34:56  0 mailboxes, 0 msgs, 0 bytes; sent 0/s, recv 0/s, lost 0/s\n"
	       "NAME             " HEADINGS "\n", "a table of nothing");
}

static void test_plain_names(void)
{
	const struct top_picture plain = { .time = "12:34:56", .sort = TOP_RWAIT };

	draw(&odd, &none, &plain);
	expect("12:34:56  4 mailboxes, 1024K msgs, 256M bytes\n"
	       "NAME                        " HEADINGS "\n"
	       "a\\x20\\x1b[2J\\xff            queue F 1024K 999%  256M      -      -      -  120K     2     3\n"
	       "-                           topic -     0    -     0      -      -      -     0     0     0\n"
	       "a-name-of-more-than-sixteen queue -     0   0%     0      -      -      -     0     0     0\n"
	       "\xc3\xa9\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
	       "\xe4\xb8\xad\xe4\xb8\xad           queue -     0   0%     0      -      -      -     0     0     0\n",
	       "odd names in full, and no rates yet");
}

static void test_live(void)
{
	const struct top_picture live = {
		.live = true, .width = 80, .height = 24, .time = "12:34:56",
		.delay = "2s", .sort = TOP_RWAIT,
	};

	draw(&odd, &none, &live);
	expect("\033[H\033[K12:34:56  4 mailboxes, 1024K msgs, 256M bytes"
	       "\r\n\033[Kevery 2s, order: rwait (s and S change it, space refreshes, q quits)"
	       "\r\n\033[K\033[7mNAME             " HEADINGS "\033[m"
	       "\r\n\033[Ka\\x20\\x1b[2J\\xff queue F 1024K 999%  256M      -      -      -  120K     2     3"
	       "\r\n\033[K-                topic -     0    -     0      -      -      -     0     0     0"
	       "\r\n\033[Ka-name-of-more-+ queue -     0   0%     0      -      -      -     0     0     0"
	       "\r\n\033[K\xc3\xa9\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
	       "\xe4\xb8\xad\xe4\xb8\xad+ queue -     0   0%     0      -      -      -     0     0     0"
	       "\r\n\033[J", "a picture of eighty columns");
}

/* What it takes to draw the same again in another size. */
static void draw_sized(int width, int height)
{
	const struct top_picture live = {
		.live = true, .width = width, .height = height, .time = "12:34:56",
		.delay = "2s",
	};

	draw(&new, &none, &live);
}

static void test_sizes(void)
{
	draw_sized(20, 6);
	expect("\033[H\033[K12:34:56  4 mailboxe"
	       "\r\n\033[Kevery 2s, order: bus"
	       "\r\n\033[K\033[7mNAME             KIN\033[m"
	       "\r\n\033[Kbusy             que"
	       "\r\n\033[Knew              que"
	       "\r\n\033[Kand 2 more", "as much as there is room for");
	draw_sized(20, 4);
	expect("\033[H\033[K12:34:56  4 mailboxe"
	       "\r\n\033[Kevery 2s, order: bus"
	       "\r\n\033[K\033[7mNAME             KIN\033[m"
	       "\r\n\033[Kand 4 more", "no room for a mailbox");
	draw_sized(3, 1);
	expect("\033[H\033[K12:", "no room for more than a line");
}

/* All lines are full, and none is said to be missing. */
static void test_exact_height(void)
{
	draw_sized(20, 7);
	ok(!strstr(printed, "more"), "room for all");
	ok(!strstr(printed, "\033[J"), "nothing to clear behind the last line");
	free(printed);
	draw_sized(100, 24);
	ok(strstr(printed, "\033[7mNAME                                 " HEADINGS),
	   "what is wider has more room for names");
	free(printed);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	test_rates();
	test_numbers();
	test_compare();
	test_names();
	test_bounds();
	test_sort();
	test_plain();
	test_plain_names();
	test_live();
	test_sizes();
	test_exact_height();
	return tap_done();
}
