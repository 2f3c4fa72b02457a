// SPDX-License-Identifier: GPL-2.0-only
/* The results as one page that needs no other file. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "plot.h"
#include "report.h"
#include "view.h"

#define DETAIL_SIZE	64

static void put_facts(const struct results *results, FILE *out)
{
	const struct machine *machine = &results->machine;

	fprintf(out, "<dl class=\"facts\">\n");
	html_fact(out, "Date", results->date);
	html_fact(out, "Kernel", machine->kernel);
	html_fact(out, "Processor", machine->cpu);
	fprintf(out, "<dt>Processors</dt><dd>%u</dd>\n", machine->cpus);
	if (*machine->virtual)
		html_fact(out, "Under", machine->virtual);
	html_fact(out, "Command", results->command);
	fprintf(out, "<dt>Limits</dt><dd>");
	for (size_t i = 0; machine->limits[i][0]; i++) {
		fputs(i ? "; " : "", out);
		html_text(out, machine->limits[i]);
	}
	fprintf(out, "</dd>\n</dl>\n");
}

static void put_legend(const struct results *results, FILE *out)
{
	fprintf(out, "<p>Times are medians over the rounds, in %s. ",
		counts_instructions(results) ? "instructions" : "microseconds");
	fputs("<b>*</b> waits by asking again and again and so takes a processor. "
	      "<b>s</b> the mechanism has no types: the reader sorts by itself. "
	      "<b>!</b> messages were lost, out of order or damaged: see "
	      "<a href=\"#remarks\">the remarks</a>. <b>–</b> not possible there.</p>\n", out);
}

static int put_picture(enum plot_kind kind, const struct view *view, size_t column,
		       const char *title, FILE *out)
{
	char *svg = NULL;
	size_t len = 0;
	FILE *memory = open_memstream(&svg, &len);
	int ret;

	if (!memory)
		return -errno;
	ret = plot_write(kind, view, column, memory);
	fclose(memory);
	if (!ret)
		html_picture(out, title, placement_words(view->place), svg, len);
	free(svg);
	return ret == -ENODATA ? 0 : ret;
}

static int put_pictures_of(const struct view *view, FILE *out)
{
	const char *name = view->words->name;
	char title[96], size[24];
	int ret;

	if (!strcmp(name, "slow"))
		return 0;
	snprintf(title, sizeof(title), "%s: time", view->words->title);
	ret = view->count > 1 ? put_picture(PLOT_TIME, view, 0, title, out) : 0;
	if (!ret && !strcmp(name, "stream") && view->count > 1)
		ret = put_picture(PLOT_THROUGHPUT, view, 0, "Stream: throughput", out);
	if (!ret && !strcmp(name, "pingpong")) {
		size_words(view_column(view, DETAIL_SIZE), size);
		snprintf(title, sizeof(title), "Ping-pong: distribution of the round trips, %s",
			 size);
		ret = put_picture(PLOT_DISTRIBUTION, view, view_column(view, DETAIL_SIZE), title,
				  out);
	}
	return ret;
}

static void put_cell(const struct view *view, const struct row *row, FILE *out)
{
	char time[16], faults[TEXT_MAX];

	if (!row || row->state != ROW_DONE) {
		fprintf(out, "<td title=\"");
		html_text(out, row ? row->why : "not run");
		fprintf(out, "\">–</td>");
		return;
	}
	time_words(view->results, row->ns.median, time);
	fault_words(row, faults);
	fprintf(out, "<td title=\"%s\">%s%s%s%s</td>", faults, time, row->busy ? "*" : "",
		row->sorted_by_reader ? "s" : "", *faults ? "!" : "");
}

static void put_name(const struct mechanism_info *info, FILE *out)
{
	fprintf(out, "<tr class=\"%s\"><th scope=\"row\" title=\"", info->group);
	html_text(out, info->note);
	fprintf(out, "\">");
	html_text(out, info->title);
	fprintf(out, "</th>");
}

static void put_matrix(const struct view *view, FILE *out)
{
	char text[24];

	fprintf(out, "<div class=\"wide\"><table>\n<tr><th>%s</th>",
		view->words->by_depth ? "depth" : "size");
	for (size_t c = 0; c < view->count; c++) {
		column_words(view, view->columns[c], text);
		fprintf(out, "<th scope=\"col\">%s</th>", text);
	}
	fprintf(out, "</tr>\n");
	for (size_t i = 0; i < view->results->mechanism_count; i++) {
		const struct mechanism_info *info = &view->results->mechanisms[i];

		if (info->absent[0])
			continue;
		put_name(info, out);
		for (size_t c = 0; c < view->count; c++)
			put_cell(view, view_row(view, info->name, view->columns[c]), out);
		fprintf(out, "</tr>\n");
	}
	fprintf(out, "</table></div>\n");
}

static void put_time(const struct results *results, double ns, FILE *out)
{
	char text[16];

	time_words(results, ns, text);
	fprintf(out, "<td>%s</td>", strcmp(text, "-") ? text : "–");
}

static void put_count(double count, FILE *out)
{
	if (isfinite(count))
		fprintf(out, "<td>%.2f</td>", count);
	else
		fprintf(out, "<td>–</td>");
}

static void put_detail(const struct results *results, const struct row *row, FILE *out)
{
	const bool trips = row->trips.count;

	put_time(results, row->ns.min, out);
	put_time(results, row->ns.median, out);
	put_time(results, row->ns.max, out);
	put_time(results, trips ? row->trips.p50 : NAN, out);
	put_time(results, trips ? row->trips.p99 : NAN, out);
	put_time(results, trips ? row->trips.p999 : NAN, out);
	put_time(results, row->cpu_ns.median, out);
	put_count(row->switches.median, out);
	put_count(row->syscalls, out);
	put_time(results, row->stall_ns, out);
	fprintf(out, "<td>%ju</td><td>%ju</td></tr>\n", (uintmax_t)row->ahead,
		(uintmax_t)row->lost);
}

static void put_details(const struct view *view, size_t column, FILE *out)
{
	char text[24];

	column_words(view, column, text);
	fprintf(out, "<details><summary>%s %s in full</summary>"
		"<div class=\"wide\"><table>\n<tr><th></th><th>min</th><th>median</th>"
		"<th>max</th><th>p50</th><th>p99</th><th>p99.9</th><th>processor</th>"
		"<th>switches</th><th>system calls</th><th>longest send</th><th>ahead</th>"
		"<th>lost</th></tr>\n", view->words->by_depth ? "Depth" : "Size", text);
	for (size_t i = 0; i < view->results->mechanism_count; i++) {
		const struct mechanism_info *info = &view->results->mechanisms[i];
		const struct row *row = view_row(view, info->name, column);

		if (!row || row->state != ROW_DONE)
			continue;
		put_name(info, out);
		put_detail(view->results, row, out);
	}
	fprintf(out, "</table></div></details>\n");
}

static int put_view(const struct view *view, FILE *out)
{
	int ret;

	fprintf(out, "<section id=\"%s-%s\">\n<h2>%s, %s</h2>\n<p>The time of %s.</p>\n",
		view->words->name, placement_name(view->place), view->words->title,
		placement_words(view->place), view->words->figure);
	ret = put_pictures_of(view, out);
	put_matrix(view, out);
	for (size_t c = 0; c < view->count; c++)
		put_details(view, view->columns[c], out);
	fprintf(out, "</section>\n");
	return ret;
}

static void put_contents(const struct results *results, FILE *out)
{
	struct view view;

	fprintf(out, "<nav><ul>\n");
	for (bool found = view_first(&view, results); found; found = view_next(&view))
		fprintf(out, "<li><a href=\"#%s-%s\">%s, %s</a></li>\n", view.words->name,
			placement_name(view.place), view.words->title,
			placement_words(view.place));
	fprintf(out, "<li><a href=\"#remarks\">Remarks</a></li>\n</ul></nav>\n");
}

/* The same words about the same mechanism once. */
static bool is_new_remark(const struct results *results, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(results->rows[i].why, results->rows[at].why) &&
		    !strcmp(results->rows[i].mechanism, results->rows[at].mechanism))
			return false;
	return true;
}

static void put_remark(const struct row *row, const char *words, FILE *out)
{
	char size[24];

	size_words(row->size, size);
	fprintf(out, "<li><b>%s</b>: ", row->mechanism);
	html_text(out, words);
	fprintf(out, " (%s, %s, %s)</li>\n", row->workload, size, placement_name(row->place));
}

static void put_row_remarks(const struct results *results, FILE *out)
{
	char faults[TEXT_MAX];

	for (size_t i = 0; i < results->row_count; i++) {
		const struct row *row = &results->rows[i];

		fault_words(row, faults);
		if (*faults)
			put_remark(row, faults, out);
		if (row->why[0] && row->state != ROW_ABSENT && is_new_remark(results, i))
			put_remark(row, row->why, out);
	}
}

static void put_remarks(const struct results *results, FILE *out)
{
	fprintf(out, "<section id=\"remarks\">\n<h2>Remarks</h2>\n"
		"<p>A message that is not named here arrived once, whole and in order.</p>\n<ul>\n");
	for (size_t i = 0; i < results->mechanism_count; i++) {
		const struct mechanism_info *info = &results->mechanisms[i];

		if (!info->absent[0] && !info->note[0])
			continue;
		fprintf(out, "<li><b>%s</b>: ", info->name);
		html_text(out, info->absent[0] ? "absent: " : "");
		html_text(out, info->absent[0] ? info->absent : info->note);
		fprintf(out, "</li>\n");
	}
	put_row_remarks(results, out);
	fprintf(out, "</ul>\n</section>\n");
}

int report_html(const struct results *results, FILE *out)
{
	struct view view;
	int ret = 0;

	html_begin(out, "ipcbench");
	fprintf(out, "<h1>How mechanisms of inter-process communication compare</h1>\n");
	put_facts(results, out);
	put_legend(results, out);
	put_contents(results, out);
	for (bool found = view_first(&view, results); found && !ret; found = view_next(&view))
		ret = put_view(&view, out);
	put_remarks(results, out);
	html_end(out);
	return ret;
}
