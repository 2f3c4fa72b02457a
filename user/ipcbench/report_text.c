// SPDX-License-Identifier: GPL-2.0-only
/* The results as tables of 80 columns. */
#include <math.h>
#include <string.h>

#include "report.h"
#include "view.h"

#define NAME_WIDTH	15
#define MATRIX_WIDTH	10
#define DETAIL_SIZE	64
#define LINE_WIDTH	80

/* Put @text, with @gap before it, on the line if it fits there, else on a new one. */
static void put_folded(FILE *out, size_t *column, const char *gap, const char *text, size_t len)
{
	if (*column && *column + strlen(gap) + len > LINE_WIDTH) {
		fputs("\n   ", out);
		*column = 3;
		gap = " ";
	}
	fprintf(out, "%s%.*s", gap, (int)len, text);
	*column += strlen(gap) + len;
}

/* A line of words, and more lines if it is too long. */
static void put_words(FILE *out, const char *gap, const char *words)
{
	size_t column = 0;

	while (*words) {
		size_t len = strcspn(words, " ");

		put_folded(out, &column, column ? " " : gap, words, len);
		words += len + strspn(words + len, " ");
	}
	fputc('\n', out);
}

static void print_limits(const struct machine *machine, FILE *out)
{
	size_t column = 0;

	for (size_t i = 0; machine->limits[i][0]; i++)
		put_folded(out, &column, i ? "   " : "    ", machine->limits[i],
			   strlen(machine->limits[i]));
	fputs("\n\n", out);
}

static void print_machine(const struct results *results, FILE *out)
{
	const struct machine *machine = &results->machine;
	char command[TEXT_MAX + 16];

	fprintf(out, "%s  %s\n", results->date, machine->kernel);
	fprintf(out, "%s, %u processors%s%s\n", machine->cpu, machine->cpus,
		*machine->virtual ? ", under " : "", machine->virtual);
	snprintf(command, sizeof(command), "ipcbench %s", results->command);
	put_words(out, "", command);
	fputc('\n', out);
	print_limits(machine, out);
	fprintf(out, "Times are medians over the rounds, in %s.\n",
		counts_instructions(results) ? "instructions" : "microseconds");
	fprintf(out, "* waits by asking again and again    s the reader sorts by itself\n");
	fprintf(out, "! messages went wrong, see below     - not possible, see below\n");
}

/* The time and the marks that tell how to read it. */
static void cell_words(const struct view *view, const struct row *row, char *text)
{
	char time[16] = "-";

	if (row && row->state == ROW_DONE)
		time_words(view->results, row->ns.median, time);
	snprintf(text, 24, "%s%s%s%s", time, row && row->busy ? "*" : "",
		 row && row->sorted_by_reader ? "s" : "", row && row_is_faulty(row) ? "!" : "");
}

static void print_matrix_line(const struct view *view, const struct mechanism_info *info,
			      FILE *out)
{
	char text[24];

	fprintf(out, "%-*s", NAME_WIDTH, info->name);
	for (size_t i = 0; i < view->count; i++) {
		cell_words(view, view_row(view, info->name, view->columns[i]), text);
		fprintf(out, "%*s", MATRIX_WIDTH, text);
	}
	fputc('\n', out);
}

static void print_matrix(const struct view *view, FILE *out)
{
	char text[24];

	fprintf(out, "\n%-*s", NAME_WIDTH, view->words->by_depth ? "depth" : "size");
	for (size_t i = 0; i < view->count; i++) {
		column_words(view, view->columns[i], text);
		fprintf(out, "%*s", MATRIX_WIDTH, text);
	}
	fputc('\n', out);
	for (size_t i = 0; i < view->results->mechanism_count; i++)
		if (!view->results->mechanisms[i].absent[0])
			print_matrix_line(view, &view->results->mechanisms[i], out);
}

static void print_time(const struct results *results, double ns, FILE *out)
{
	char text[16];

	time_words(results, ns, text);
	fprintf(out, "%7s", text);
}

static void print_count(double count, FILE *out)
{
	if (isfinite(count))
		fprintf(out, "%7.2f", count);
	else
		fprintf(out, "%7s", "-");
}

static void print_detail_line(const struct results *results, const struct row *row, FILE *out)
{
	const bool trips = row->trips.count;

	fprintf(out, "%-*s", NAME_WIDTH, row->mechanism);
	print_time(results, row->ns.min, out);
	print_time(results, row->ns.median, out);
	print_time(results, row->ns.max, out);
	print_time(results, trips ? row->trips.p50 : NAN, out);
	print_time(results, trips ? row->trips.p99 : NAN, out);
	print_time(results, trips ? row->trips.p999 : NAN, out);
	print_time(results, row->cpu_ns.median, out);
	print_count(row->switches.median, out);
	print_count(row->syscalls, out);
	fputc('\n', out);
}

static void print_details(const struct view *view, FILE *out)
{
	size_t column = view->words->by_depth ? view->columns[view->count - 1] :
						view_column(view, DETAIL_SIZE);
	char text[24];

	column_words(view, column, text);
	fprintf(out, "\n%-*s%7s%7s%7s%7s%7s%7s%7s%7s%7s\n", NAME_WIDTH, text, "min", "median",
		"max", "p50", "p99", "p99.9", "cpu", "switch", "syscal");
	for (size_t i = 0; i < view->results->mechanism_count; i++) {
		const struct row *row = view_row(view, view->results->mechanisms[i].name, column);

		if (row && row->state == ROW_DONE)
			print_detail_line(view->results, row, out);
	}
}

static void print_slow_line(const struct results *results, const struct row *row, FILE *out)
{
	char stall[16], size[24];

	time_words(results, row->stall_ns, stall);
	size_words(row->size, size);
	fprintf(out, "%-*s%10s%12ju%14s%10ju of %ju\n", NAME_WIDTH, row->mechanism, size,
		(uintmax_t)row->ahead, stall, (uintmax_t)row->lost,
		(uintmax_t)row->messages);
}

static void print_slow(const struct view *view, FILE *out)
{
	fprintf(out, "\n%-*s%10s%12s%14s%10s\n", NAME_WIDTH, "", "size", "got ahead",
		"longest send", "lost");
	for (size_t i = 0; i < view->results->mechanism_count; i++) {
		for (size_t c = 0; c < view->count; c++) {
			const char *name = view->results->mechanisms[i].name;
			const struct row *row = view_row(view, name, view->columns[c]);

			if (row && row->state == ROW_DONE)
				print_slow_line(view->results, row, out);
		}
	}
}

static void print_view(const struct view *view, FILE *out)
{
	fprintf(out, "\n%s, %s\n%s\n", view->words->title, placement_words(view->place),
		view->words->figure);
	if (!strcmp(view->words->name, "slow")) {
		print_slow(view, out);
		return;
	}
	print_matrix(view, out);
	print_details(view, out);
}

/* The same remark about the same mechanism, not said yet. */
static bool is_new_remark(const struct results *results, size_t at)
{
	const struct row *row = &results->rows[at];

	for (size_t i = 0; i < at; i++)
		if (!strcmp(results->rows[i].why, row->why) &&
		    !strcmp(results->rows[i].mechanism, row->mechanism))
			return false;
	return true;
}

static void print_remark(const struct row *row, FILE *out)
{
	char text[2 * TEXT_MAX + 64], size[24], depth[24] = "";

	size_words(row->size, size);
	if (row->depth)
		snprintf(depth, sizeof(depth), ", depth %u", row->depth);
	snprintf(text, sizeof(text), "%s: %s (%s, %s%s)", row->mechanism, row->why, row->workload,
		 size, depth);
	put_words(out, "  ", text);
}

static void print_faults(const struct results *results, FILE *out)
{
	bool any = false;
	char text[TEXT_MAX], size[24];

	for (size_t i = 0; i < results->row_count; i++) {
		const struct row *row = &results->rows[i];

		if (!row_is_faulty(row))
			continue;
		fault_words(row, text);
		size_words(row->size, size);
		fprintf(out, "%s  %s: %s of %ju (%s, %s, %s)\n",
			any ? "" : "\nMessages that did not arrive as they were sent\n",
			row->mechanism, text, (uintmax_t)row->messages,
			row->workload, size, placement_name(row->place));
		any = true;
	}
	if (!any)
		fprintf(out, "\nEvery message of every row arrived once, whole and in order.\n");
}

static void print_remarks(const struct results *results, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < results->row_count; i++) {
		const struct row *row = &results->rows[i];

		if (row->state == ROW_ABSENT || !row->why[0] || !is_new_remark(results, i))
			continue;
		fprintf(out, "%s", any ? "" : "\nRemarks (the first place where each was met)\n");
		print_remark(row, out);
		any = true;
	}
}

static void print_absent(const struct results *results, FILE *out)
{
	char text[2 * TEXT_MAX];
	bool any = false;

	for (size_t i = 0; i < results->mechanism_count; i++) {
		const struct mechanism_info *info = &results->mechanisms[i];

		if (!info->absent[0])
			continue;
		fputs(any ? "" : "\nAbsent\n", out);
		snprintf(text, sizeof(text), "%s: %s", info->name, info->absent);
		put_words(out, "  ", text);
		any = true;
	}
}

int report_text(const struct results *results, FILE *out)
{
	struct view view;

	print_machine(results, out);
	for (bool found = view_first(&view, results); found; found = view_next(&view))
		print_view(&view, out);
	print_faults(results, out);
	print_remarks(results, out);
	print_absent(results, out);
	return 0;
}
