// SPDX-License-Identifier: GPL-2.0-only
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "features_report.h"
#include "html.h"

#define NAME_WIDTH	15

/**
 * struct table - what is to be shown
 * @lines: the mechanisms
 * @count: how many
 * @wanted: which features
 */
struct table {
	const struct feature_line *lines;
	size_t count;
	const bool *wanted;
};

static const char *mark(enum answer_kind kind)
{
	static const char *const marks[] = { "?", ".", "~", "Y" };

	return marks[kind];
}

/* From top to bottom, or they would be wider than the page. */
static void print_numbers(unsigned int count)
{
	printf("\n%-*s", NAME_WIDTH, "");
	for (unsigned int i = 1; count > 9 && i <= count; i++)
		printf("%*.0u", 2, i / 10);
	printf("%s%-*s", count > 9 ? "\n" : "", count > 9 ? NAME_WIDTH : 0, "");
	for (unsigned int i = 1; i <= count; i++)
		printf(" %u", i % 10);
	putchar('\n');
}

static void print_head(const struct table *table)
{
	unsigned int number = 0;

	printf("Y yes   ~ partly   . no   ? the probe failed\n\n");
	for (size_t i = 0; features[i].name; i++)
		if (table->wanted[i])
			printf("%2u  %-26s%s\n", ++number, features[i].title, features[i].question);
	print_numbers(number);
}

static void print_line(const struct table *table, const struct feature_line *line)
{
	printf("%-*s", NAME_WIDTH, line->how->name);
	for (size_t i = 0; !line->absent && features[i].name; i++)
		if (table->wanted[i])
			printf("%2s", mark(line->answers[i].kind));
	printf("%s\n", line->absent ? "  absent" : "");
}

static void print_absent(const struct table *table)
{
	bool any = false;

	for (size_t i = 0; i < table->count; i++) {
		if (!table->lines[i].absent)
			continue;
		printf("%s  %s: %s\n", any ? "" : "\nAbsent\n", table->lines[i].how->name,
		       table->lines[i].absent);
		any = true;
	}
}

static void print_remarks(const struct table *table, enum answer_kind kind, const char *head)
{
	bool any = false;

	for (size_t i = 0; i < table->count; i++) {
		for (size_t f = 0; !table->lines[i].absent && features[f].name; f++) {
			const struct answer *found = &table->lines[i].answers[f];

			if (!table->wanted[f] || found->kind != kind)
				continue;
			printf("%s  %s, %s:\n    %s\n", any ? "" : head, table->lines[i].how->name,
			       features[f].title, found->remark);
			any = true;
		}
	}
}

static void print_table(const struct table *table)
{
	print_head(table);
	for (size_t i = 0; i < table->count; i++)
		print_line(table, &table->lines[i]);
	print_absent(table);
	print_remarks(table, ANSWER_PARTLY, "\nPartly\n");
	print_remarks(table, ANSWER_FAILED, "\nFailed\n");
}

static size_t count_failed(const struct table *table)
{
	size_t failed = 0;

	for (size_t i = 0; i < table->count; i++)
		for (size_t f = 0; !table->lines[i].absent && features[f].name; f++)
			failed += table->wanted[f] &&
				  table->lines[i].answers[f].kind == ANSWER_FAILED;
	return failed;
}

static json_t *json_of_line(const struct table *table, const struct feature_line *line)
{
	json_t *answers = json_object();

	for (size_t f = 0; !line->absent && features[f].name; f++)
		if (table->wanted[f])
			json_object_set_new(answers, features[f].name,
					    json_pack("{s:s, s:s}", "answer",
						      answer_name(line->answers[f].kind), "seen",
						      line->answers[f].remark));
	return json_pack("{s:s, s:s, s:s?, s:o}", "mechanism", line->how->name, "title",
			 line->how->title, "absent", line->absent, "features", answers);
}

static int write_json(const struct table *table, FILE *out)
{
	json_t *questions = json_object(), *rows = json_array(), *top;
	int ret;

	for (size_t f = 0; features[f].name; f++)
		if (table->wanted[f])
			json_object_set_new(questions, features[f].name,
					    json_string(features[f].question));
	for (size_t i = 0; i < table->count; i++)
		json_array_append_new(rows, json_of_line(table, &table->lines[i]));
	top = json_pack("{s:o, s:o}", "features", questions, "mechanisms", rows);
	ret = top ? json_dumpf(top, out, JSON_INDENT(1)) : -1;
	json_decref(top);
	fputc('\n', out);
	return ret;
}

static size_t count_wanted(const struct table *table)
{
	size_t count = 0;

	for (size_t f = 0; features[f].name; f++)
		count += table->wanted[f];
	return count;
}

static void put_answer(const struct answer *found, FILE *out)
{
	static const char *const signs[] = { "?", "–", "◐", "●" };

	fprintf(out, "<td class=\"%s\" title=\"", answer_name(found->kind));
	html_text(out, found->remark);
	fprintf(out, "\">%s<span hidden> %s</span></td>", signs[found->kind],
		answer_name(found->kind));
}

static void put_line(const struct table *table, const struct feature_line *line, FILE *out)
{
	fprintf(out, "<tr class=\"%s\"><th scope=\"row\">", line->how->group);
	html_text(out, line->how->title);
	fprintf(out, "</th>");
	if (line->absent) {
		fprintf(out, "<td colspan=\"%zu\">absent: ", count_wanted(table));
		html_text(out, line->absent);
		fprintf(out, "</td>");
	}
	for (size_t f = 0; !line->absent && features[f].name; f++)
		if (table->wanted[f])
			put_answer(&line->answers[f], out);
	fprintf(out, "</tr>\n");
}

static void put_seen(const struct table *table, const struct feature_line *line, FILE *out)
{
	if (line->absent)
		return;
	fprintf(out, "<details><summary>");
	html_text(out, line->how->title);
	fprintf(out, "</summary><ul>\n");
	for (size_t f = 0; features[f].name; f++) {
		if (!table->wanted[f])
			continue;
		fprintf(out, "<li><b>%s</b>: %s: ", features[f].title,
			answer_name(line->answers[f].kind));
		html_text(out, line->answers[f].remark);
		fprintf(out, "</li>\n");
	}
	fprintf(out, "</ul></details>\n");
}

static int write_html(const struct table *table, FILE *out)
{
	html_begin(out, "ipcbench features");
	fprintf(out, "<h1>What mechanisms of inter-process communication can do</h1>\n"
		"<p>● yes, ◐ partly, – no, ? the probe failed. Every answer was found by "
		"trying; point at it to see what happened.</p>\n"
		"<div class=\"wide\"><table class=\"features\">\n<tr><th></th>");
	for (size_t f = 0; features[f].name; f++)
		if (table->wanted[f])
			fprintf(out, "<th scope=\"col\" class=\"upright\" title=\"%s\"><span>%s"
				"</span></th>", features[f].question, features[f].title);
	fprintf(out, "</tr>\n");
	for (size_t i = 0; i < table->count; i++)
		put_line(table, &table->lines[i], out);
	fprintf(out, "</table></div>\n<h2>What was seen</h2>\n");
	for (size_t i = 0; i < table->count; i++)
		put_seen(table, &table->lines[i], out);
	html_end(out);
	return 0;
}

static int write_file(const struct table *table, const char *path,
		      int (*write)(const struct table *table, FILE *out))
{
	FILE *out;
	int ret;

	if (!path)
		return 0;
	out = fopen(path, "we");
	ret = out ? write(table, out) : -1;
	if (out && (ferror(out) | fclose(out)))
		ret = -1;
	if (ret)
		fprintf(stderr, "ipcbench: %s: %s\n", path, strerror(errno));
	return ret;
}

int features_output(const struct feature_line *lines, size_t count, const bool *wanted,
		    const char *json, const char *html)
{
	const struct table table = { lines, count, wanted };
	size_t failed = count_failed(&table);
	int ret;

	print_table(&table);
	ret = write_file(&table, json, write_json);
	if (write_file(&table, html, write_html) < 0)
		ret = -1;
	if (failed)
		fprintf(stderr, "ipcbench: %zu probes failed\n", failed);
	return failed ? -1 : ret;
}
