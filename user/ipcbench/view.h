/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The results cut into tables: one view for each workload and place that were
 * run, a line for each mechanism, a column for each size, or each depth.
 */
#ifndef IPCBENCH_VIEW_H
#define IPCBENCH_VIEW_H

#include "result.h"

#define VIEW_COLUMNS_MAX	12

/**
 * struct workload_words - how the reports speak of a workload
 * @name: as in struct row
 * @title: heading
 * @figure: what the time of a row is the time of
 * @by_depth: the columns are depths, not sizes
 */
struct workload_words {
	const char *name;
	const char *title;
	const char *figure;
	bool by_depth;
};

/**
 * struct view - one table
 * @results: of which results
 * @words: the workload
 * @place: where its processes ran
 * @columns: sizes or depths, smallest first
 * @count: how many
 */
struct view {
	const struct results *results;
	const struct workload_words *words;
	enum placement place;
	size_t columns[VIEW_COLUMNS_MAX];
	size_t count;
};

/* The first view, or the one after @view; false if there is no more. */
bool view_first(struct view *view, const struct results *results);
bool view_next(struct view *view);

/* The view of a workload and place; false if it was not run. */
bool view_find(struct view *view, const struct results *results, const char *workload,
	       enum placement place);

/* The cell, NULL if it was not run. */
const struct row *view_row(const struct view *view, const char *mechanism, size_t column);

/* The column of @size, or the one nearest above it; the last if all are below. */
size_t view_column(const struct view *view, size_t size);

/* "all processes on one processor", ... */
const char *placement_words(enum placement place);

/* "64 B", "4 KiB", or the depth as it is; @text has room for 24 bytes. */
void column_words(const struct view *view, size_t column, char *text);
void size_words(size_t size, char *text);

/* The figures are instructions, not nanoseconds. */
bool counts_instructions(const struct results *results);

/*
 * A time in few characters: microseconds, or instructions. @text has room for 16
 * bytes. "-" for NAN.
 */
void time_words(const struct results *results, double ns, char *text);

/* Messages that did not arrive as they were sent. */
bool row_is_faulty(const struct row *row);

/* "lost 3, reordered 1"; @text has room for TEXT_MAX bytes. */
void fault_words(const struct row *row, char *text);

#endif /* IPCBENCH_VIEW_H */
