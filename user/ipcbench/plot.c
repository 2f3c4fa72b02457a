// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lab/array.h"
#include "plot.h"

#define EXIT_NO_PROGRAM	127

/* Mechanisms of one group have one hue, and each its own point. */
static const struct {
	const char *group;
	const char *colors[6];
} palette[] = {
	{ "pipe", { "#08519c", "#3182bd", "#6baed6", "#9ecae1", "#2171b5", "#4292c6" } },
	{ "socket", { "#00441b", "#238b45", "#41ae76", "#66c2a4", "#99d8c9", "#006d2c" } },
	{ "queue", { "#b35806", "#e08214", "#fdb863", "#7f3b08", "#b35806", "#e08214" } },
	{ "memory", { "#3f007d", "#6a51a3", "#807dba", "#9e9ac8", "#54278f", "#bcbddc" } },
	{ "signal", { "#8c6d31", "#bd9e39", "#8c6d31", "#bd9e39", "#8c6d31", "#bd9e39" } },
	{ "process", { "#252525", "#737373", "#252525", "#737373", "#252525", "#737373" } },
	{ "library", { "#ae017e", "#f768a1", "#dd3497", "#7a0177", "#fa9fb5", "#ae017e" } },
	{ "mbox", { "#e31a1c", "#fb6a4a", "#a50f15", "#e31a1c", "#fb6a4a", "#a50f15" } },
};

/* Which of its group a mechanism is. */
static unsigned int rank_in_group(const struct results *results, size_t at)
{
	unsigned int rank = 0;

	for (size_t i = 0; i < at; i++)
		if (!strcmp(results->mechanisms[i].group, results->mechanisms[at].group))
			rank++;
	return rank;
}

static const char *color_of(const struct results *results, size_t at)
{
	for (size_t i = 0; i < ARRAY_SIZE(palette); i++)
		if (!strcmp(palette[i].group, results->mechanisms[at].group))
			return palette[i].colors[rank_in_group(results, at) % 6];
	return "#000000";
}

/* Time in the unit of the picture, which is that of time_words(). */
static double time_value(const struct results *results, double ns)
{
	return counts_instructions(results) ? ns : ns / 1e3;
}

static bool put_over_columns(enum plot_kind kind, const struct view *view, const char *mechanism,
			     FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < view->count; i++) {
		const struct row *row = view_row(view, mechanism, view->columns[i]);
		double y;

		if (!row || row->state != ROW_DONE || !(row->ns.median > 0))
			continue;
		y = time_value(view->results, row->ns.median);
		if (kind == PLOT_THROUGHPUT)
			y = row->size / y;
		fprintf(out, "%zu %.9g\n", view->columns[i], y);
		any = true;
	}
	return any;
}

/* Point i of a curve is the quantile 1 - 10^(-4 i / 63). */
static bool put_curve(const struct view *view, const char *mechanism, size_t column, FILE *out)
{
	const struct row *row = view_row(view, mechanism, column);

	if (!row || row->state != ROW_DONE || !row->trips.count)
		return false;
	for (size_t i = 0; i < CURVE_POINTS; i++) {
		double beyond = pow(10, 4.0 * i / (CURVE_POINTS - 1));

		if (beyond <= row->trips.count && isfinite(row->curve[i]))
			fprintf(out, "%.9g %.9g\n", beyond,
				time_value(view->results, row->curve[i]));
	}
	return true;
}

/* The data of every mechanism that has some, as $d0, $d1, ...; how many have. */
static size_t put_data(enum plot_kind kind, const struct view *view, size_t column, FILE *out,
		       bool *has)
{
	size_t count = 0;

	for (size_t i = 0; i < view->results->mechanism_count; i++) {
		const char *name = view->results->mechanisms[i].name;

		fprintf(out, "$d%zu << END\n", i);
		has[i] = kind == PLOT_DISTRIBUTION ? put_curve(view, name, column, out) :
						     put_over_columns(kind, view, name, out);
		fprintf(out, "END\n");
		count += has[i];
	}
	return count;
}

static void put_lines(enum plot_kind kind, const struct results *results, const bool *has,
		      FILE *out)
{
	const char *separator = "plot ";

	for (size_t i = 0; i < results->mechanism_count; i++) {
		const struct mechanism_info *info = &results->mechanisms[i];
		bool ours = !strcmp(info->group, "mbox");

		if (!has[i])
			continue;
		fprintf(out, "%s$d%zu using 1:2 with %s lw %s lc rgb '%s' dt %s", separator, i,
			kind == PLOT_DISTRIBUTION ? "lines" : "linespoints", ours ? "4" : "1.6",
			color_of(results, i), info->busy ? "2" : "1");
		if (kind != PLOT_DISTRIBUTION)
			fprintf(out, " pt %u ps 0.6", rank_in_group(results, i) * 2 + 4);
		fprintf(out, " title '%s%s'", info->name, info->busy ? " *" : "");
		separator = ", \\\n";
	}
	fputc('\n', out);
}

/* A tick for each column that was run, in the words of the tables. */
static void put_column_ticks(const struct view *view, FILE *out)
{
	char text[24];

	fprintf(out, "set xtics (");
	for (size_t i = 0; i < view->count; i++) {
		column_words(view, view->columns[i], text);
		fprintf(out, "%s'%s' %zu", i ? ", " : "", text, view->columns[i]);
	}
	fprintf(out, ")\n");
}

static void put_axes(enum plot_kind kind, const struct view *view, FILE *out)
{
	const bool instructions = counts_instructions(view->results);

	if (kind == PLOT_DISTRIBUTION) {
		fprintf(out, "set xlabel 'share of the round trips that were faster'\n"
			"set xtics ('0' 1, '50%%%%' 2, '90%%%%' 10, '99%%%%' 100, '99.9%%%%' 1000, "
			"'99.99%%%%' 10000)\n");
	} else {
		fprintf(out, "set xlabel '%s'\n", view->words->by_depth ?
			"messages that wait" : "size of a message");
		put_column_ticks(view, out);
	}
	if (kind == PLOT_THROUGHPUT)
		fprintf(out, "set ylabel '%s'\n", instructions ? "bytes an instruction" :
								 "megabytes a second");
	else
		fprintf(out, "set ylabel '%s'\n", instructions ? "instructions" : "microseconds");
}

static void put_head(enum plot_kind kind, const struct view *view, FILE *out)
{
	fprintf(out, "set terminal svg size 960,600 noenhanced font 'sans-serif,13' "
		"background '#ffffff'\n"
		"set logscale xy\n"
		"set grid lc rgb '#dddddd'\n"
		"set autoscale xfix\n"
		"set border 3 lc rgb '#888888'\n"
		"set tics nomirror\n"
		"set key outside right top samplen 2\n");
	put_axes(kind, view, out);
}

static int wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NO_PROGRAM ? -ENOENT : -EIO;
}

/* Files and not pipes: neither side can wait for the other. */
static int run_gnuplot(FILE *script, FILE *picture)
{
	pid_t pid;

	fflush(NULL);
	rewind(script);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid)
		return wait_for(pid);
	dup2(fileno(script), STDIN_FILENO);
	dup2(fileno(picture), STDOUT_FILENO);
	execlp("gnuplot", "gnuplot", (char *)NULL);
	_exit(EXIT_NO_PROGRAM);
}

static void copy(FILE *from, FILE *to)
{
	char buf[4096];
	size_t len;

	rewind(from);
	while ((len = fread(buf, 1, sizeof(buf), from)) > 0)
		fwrite(buf, 1, len, to);
}

static int put_script(enum plot_kind kind, const struct view *view, size_t column, FILE *script)
{
	bool *has = calloc(view->results->mechanism_count, sizeof(*has));
	size_t count;

	if (!has)
		return -ENOMEM;
	put_head(kind, view, script);
	count = put_data(kind, view, column, script, has);
	if (count)
		put_lines(kind, view->results, has, script);
	free(has);
	return count ? 0 : -ENODATA;
}

int plot_write(enum plot_kind kind, const struct view *view, size_t column, FILE *out)
{
	FILE *script = tmpfile(), *picture = tmpfile();
	int ret = -EIO;

	if (script && picture)
		ret = put_script(kind, view, column, script);
	if (!ret)
		ret = run_gnuplot(script, picture);
	if (!ret)
		copy(picture, out);
	if (script)
		fclose(script);
	if (picture)
		fclose(picture);
	return ret;
}
