// SPDX-License-Identifier: GPL-2.0-only
/* The reports of ipcbench: what is written can be read back, and is all there. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "../ipcbench/report.h"
#include "../lab/array.h"
#include "tap.h"

static const struct mechanism_info infos[] = {
	{ .name = "pipe", .title = "pipe", .group = "pipe", .note = "a \"note\", <with> signs" },
	{ .name = "spin-shm", .title = "spinning", .group = "memory", .busy = true },
	{ .name = "rabbitmq", .title = "RabbitMQ", .group = "library",
	  .absent = "no rabbitmq-server", .server = true },
};

static void add_row(struct results *results, const char *mechanism, size_t size, double ns)
{
	struct row *row = results_add_row(results);

	strcpy(row->mechanism, mechanism);
	strcpy(row->workload, "pingpong");
	row->size = size;
	row->senders = 1;
	row->receivers = 1;
	row->lanes = 2;
	row->place = PLACED_ACROSS;
	row->rounds = 5;
	row->messages = 500;
	row->ns = (struct spread){ ns, ns / 2, ns * 2 };
	row->cpu_ns = row->ns;
	row->switches = (struct spread){ 2, 1.5, 2.25 };
	row->syscalls = NAN;
	row->trips = (struct quantiles){ 500, ns, ns * 3, NAN, ns * 9 };
	for (size_t i = 0; i < CURVE_POINTS; i++)
		row->curve[i] = ns + i;
}

static struct results *make_results(void)
{
	struct results *results = calloc(1, sizeof(*results));

	strcpy(results->date, "2026-01-01T00:00:00Z");
	strcpy(results->command, "run --quick");
	results->orders = 5;
	strcpy(results->machine.kernel, "Linux 6.1.0");
	strcpy(results->machine.cpu, "a processor");
	results->machine.cpus = 2;
	strcpy(results->machine.unit, "ns");
	strcpy(results->machine.limits[0], "msgmax 8192");
	results->mechanisms = malloc(sizeof(infos));
	memcpy(results->mechanisms, infos, sizeof(infos));
	results->mechanism_count = 3;
	add_row(results, "pipe", 64, 1234);
	add_row(results, "pipe", 4096, 56789);
	add_row(results, "spin-shm", 64, 3450);
	results->rows[2].busy = true;
	results->rows[2].lost = 7;
	add_row(results, "spin-shm", 4096, 1);
	results->rows[3].state = ROW_REFUSED;
	strcpy(results->rows[3].why, "too big, they say");
	return results;
}

static char *written(const struct results *results,
		     int (*write)(const struct results *results, FILE *out))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	is_int(write(results, out), 0, "it is written");
	fclose(out);
	return text;
}

static struct results *read_text(char *text)
{
	FILE *in = fmemopen(text, strlen(text), "r");
	struct results *results = results_read_json(in, "test");

	fclose(in);
	return results;
}

static void test_round_trip(void)
{
	struct results *results = make_results(), *again;
	char *first = written(results, results_write_json), *second;

	again = read_text(first);
	ok(again, "JSON: what was written is read");
	if (!again)
		return;
	second = written(again, results_write_json);
	is_str(second, first, "JSON: reading loses nothing");
	ok(isnan(again->rows[0].syscalls), "JSON: what is not known stays so");
	is_int(again->rows[3].state, ROW_REFUSED, "JSON: state");
	is_int(again->rows[0].place, PLACED_ACROSS, "JSON: place");
	is_str(again->rows[3].why, "too big, they say", "JSON: reason");
	ok(again->rows[2].curve[63] == 3450 + 63, "JSON: curve");
	free(first);
	free(second);
	results_free(results);
	results_free(again);
}

/* Every member must be there: each is renamed once. */
static void test_incomplete(void)
{
	static const char *const members[] = {
		"\"date\"", "\"machine\"", "\"kernel\"", "\"limits\"", "\"mechanisms\"",
		"\"absent\"", "\"rows\"", "\"ns_median\"", "\"place\"", "\"state\"",
		"\"trip_p99.9\"", "\"curve\"", "\"lost\"",
	};
	struct results *results = make_results();

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		char *text = written(results, results_write_json);
		char *at = strstr(text, members[i]);

		if (at)
			at[1] = '#';
		ok(at && !read_text(text), members[i]);
		free(text);
	}
	results_free(results);
}

static void test_no_json(void)
{
	char broken[] = "{ \"date\": ", other[] = "[1, 2]";

	ok(!read_text(broken), "JSON that breaks off is refused");
	ok(!read_text(other), "JSON of something else is refused");
}

static size_t longest_line(const char *text)
{
	size_t longest = 0, len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		longest = len > longest ? len : longest;
	}
	return longest;
}

static void test_text(void)
{
	struct results *results = make_results();
	char *text = written(results, report_text);

	ok(longest_line(text) <= 80, "text: 80 columns");
	ok(strstr(text, "pipe                 1.23      56.8\n"), "text: medians in microseconds");
	ok(strstr(text, "spin-shm           3.45*!         -\n"), "text: marks");
	ok(strstr(text, "spin-shm: lost 7 of 500 (pingpong, 64 B, across)"), "text: losses");
	ok(strstr(text, "spin-shm: too big, they say (pingpong, 4 KiB"), "text: refusals");
	ok(strstr(text, "rabbitmq: no rabbitmq-server"), "text: absent mechanisms");
	free(text);
	strcpy(results->machine.unit, "instructions");
	text = written(results, report_text);
	ok(strstr(text, "pipe                 1234     56789\n"), "text: instructions");
	free(text);
	results_free(results);
}

static unsigned int count(const char *text, char wanted)
{
	unsigned int found = 0;

	for (; *text; text++)
		found += *text == wanted;
	return found;
}

static void test_csv(void)
{
	struct results *results = make_results();
	char *text = written(results, report_csv);

	is_int(count(text, '\n'), 5, "CSV: a head and a line for each row");
	ok(strstr(text, ",\"too big, they say\","), "CSV: a comma is quoted");
	ok(strstr(text, "\npipe,pingpong,64,0,1,1,2,across,done,,no,no,5,500,1234,617,2468,"),
	   "CSV: values");
	ok(strstr(text, ",2,1.5,2.25,,500,"), "CSV: what is not known is empty");
	free(text);
	results_free(results);
}

static void test_html(void)
{
	struct results *results = make_results();
	char *text = written(results, report_html);

	ok(strstr(text, "</html>"), "HTML: complete");
	ok(strstr(text, "a &quot;note&quot;, &lt;with&gt; signs"), "HTML: signs are escaped");
	ok(strstr(text, "src=\"data:image/svg+xml;base64,PD94bWwg"), "HTML: pictures are inside");
	ok(!strstr(text, "src=\"http") && !strstr(text, "href=\"http"), "HTML: nothing is outside");
	ok(strstr(text, "id=\"pingpong-across\""), "HTML: a section for each workload and place");
	free(text);
	results_free(results);
}

int main(void)
{
	test_round_trip();
	test_incomplete();
	test_no_json();
	test_text();
	test_csv();
	test_html();
	return tap_done();
}
