// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lab/array.h"
#include "view.h"

static const struct workload_words workloads[] = {
	{ "pingpong", "Ping-pong", "a round trip between two processes", false },
	{ "request", "Request and reply", "a round trip of one of 4 clients to 1 server", false },
	{ "oneway", "One way", "a message to another process, and its answer of 8 bytes", false },
	{ "stream", "Stream", "a message from one sender to one receiver", false },
	{ "fanin", "Fan-in", "a message from 4 senders to 1 receiver", false },
	{ "fanout", "Fan-out", "a message from 1 sender to one of 4 receivers", false },
	{ "mixed", "Mixed types at depth", "a message chosen by its type among those that wait",
	  true },
	{ "slow", "Slow reader", "a message, with a reader that is slower than the sender",
	  false },
};

static size_t column_of(const struct view *view, const struct row *row)
{
	return view->words->by_depth ? row->depth : row->size;
}

static bool is_of(const struct view *view, const struct row *row)
{
	return row->place == view->place && !strcmp(row->workload, view->words->name);
}

static int compare_columns(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static bool has_column(const struct view *view, size_t column)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->columns[i] == column)
			return true;
	return false;
}

/* A row for a mechanism that is absent stands for all columns and has none. */
static void find_columns(struct view *view)
{
	view->count = 0;
	for (size_t i = 0; i < view->results->row_count; i++) {
		const struct row *row = &view->results->rows[i];
		size_t column = column_of(view, row);

		if (is_of(view, row) && row->state != ROW_ABSENT && !has_column(view, column) &&
		    view->count < VIEW_COLUMNS_MAX)
			view->columns[view->count++] = column;
	}
	qsort(view->columns, view->count, sizeof(view->columns[0]), compare_columns);
}

/* The next one that was run, from the workload and place in @view on. */
static bool settle_on(struct view *view)
{
	for (; view->words < workloads + ARRAY_SIZE(workloads); view->words++) {
		for (; view->place <= PLACED_FREE; view->place++) {
			find_columns(view);
			if (view->count)
				return true;
		}
		view->place = PLACED_SAME;
	}
	return false;
}

bool view_first(struct view *view, const struct results *results)
{
	*view = (struct view){ .results = results, .words = workloads };
	return settle_on(view);
}

bool view_next(struct view *view)
{
	view->place++;
	return settle_on(view);
}

bool view_find(struct view *view, const struct results *results, const char *workload,
	       enum placement place)
{
	for (bool found = view_first(view, results); found; found = view_next(view))
		if (view->place == place && !strcmp(view->words->name, workload))
			return true;
	return false;
}

const struct row *view_row(const struct view *view, const char *mechanism, size_t column)
{
	for (size_t i = 0; i < view->results->row_count; i++) {
		const struct row *row = &view->results->rows[i];

		if (is_of(view, row) && column_of(view, row) == column &&
		    !strcmp(row->mechanism, mechanism))
			return row;
	}
	return NULL;
}

size_t view_column(const struct view *view, size_t size)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->columns[i] >= size)
			return view->columns[i];
	return view->columns[view->count - 1];
}

const char *placement_words(enum placement place)
{
	switch (place) {
	case PLACED_SAME:
		return "all processes on one processor";
	case PLACED_ACROSS:
		return "senders and receivers on different processors";
	default:
		return "placed by the scheduler";
	}
}

void size_words(size_t size, char *text)
{
	if (size >= 1 << 20 && size % (1 << 20) == 0)
		snprintf(text, 24, "%zu MiB", size >> 20);
	else if (size >= 1 << 10 && size % (1 << 10) == 0)
		snprintf(text, 24, "%zu KiB", size >> 10);
	else
		snprintf(text, 24, "%zu B", size);
}

void column_words(const struct view *view, size_t column, char *text)
{
	if (view->words->by_depth)
		snprintf(text, 24, "%zu", column);
	else
		size_words(column, text);
}

bool counts_instructions(const struct results *results)
{
	return !strcmp(results->machine.unit, "instructions");
}

static void number_words(double number, char *text)
{
	if (number < 10)
		snprintf(text, 16, "%.2f", number);
	else if (number < 100)
		snprintf(text, 16, "%.1f", number);
	else
		snprintf(text, 16, "%.0f", number);
}

void time_words(const struct results *results, double ns, char *text)
{
	if (!isfinite(ns))
		snprintf(text, 16, "-");
	else if (!counts_instructions(results))
		number_words(ns / 1e3, text);
	else if (ns < 1e7)
		snprintf(text, 16, "%.0f", ns);
	else
		snprintf(text, 16, "%.1fM", ns / 1e6);
}

bool row_is_faulty(const struct row *row)
{
	return row->lost || row->reordered || row->corrupt || row->duplicated;
}

static int add_fault(char *text, int at, const char *fault, uint64_t count)
{
	if (!count)
		return at;
	return at + snprintf(text + at, TEXT_MAX - at, "%s%s %ju", at ? ", " : "", fault,
			     (uintmax_t)count);
}

void fault_words(const struct row *row, char *text)
{
	int at = 0;

	*text = '\0';
	at = add_fault(text, at, "lost", row->lost);
	at = add_fault(text, at, "reordered", row->reordered);
	at = add_fault(text, at, "corrupt", row->corrupt);
	add_fault(text, at, "duplicated", row->duplicated);
}
