// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "progress.h"

#define COLUMNS		79
#define BAR_WIDTH	20
#define PERIOD		(100 * NS_PER_MS)

void progress_begin(struct progress *progress, enum show show, uint64_t total)
{
	*progress = (struct progress){
		.show = show,
		.total = total,
		.begin_ns = clock_ns(),
	};
}

static void what_words(const struct trial *trial, char *text, size_t room)
{
	int at = snprintf(text, room, "%s %s %zu", trial->how->name, trial->workload->name,
			  trial->size);

	if (trial->depth)
		at += snprintf(text + at, room - at, " x%u", trial->depth);
	snprintf(text + at, room - at, " %s", placement_name(trial->place));
}

static void left_words(const struct progress *progress, int64_t now, char *text, size_t room)
{
	uint64_t left = progress->total - progress->done + 1;
	int64_t seconds;

	*text = '\0';
	if (progress->done < 2)
		return;
	seconds = (now - progress->begin_ns) / (int64_t)(progress->done - 1) * left / NS_PER_S;
	snprintf(text, room, "%jd:%02jd left", (intmax_t)seconds / 60, (intmax_t)seconds % 60);
}

static void draw(const struct progress *progress, const struct trial *trial, int64_t now)
{
	unsigned int full = BAR_WIDTH * (progress->done - 1) / progress->total;
	char bar[BAR_WIDTH + 1], what[80], left[32], line[256];

	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', full);
	bar[BAR_WIDTH] = '\0';
	what_words(trial, what, sizeof(what));
	left_words(progress, now, left, sizeof(left));
	snprintf(line, sizeof(line), "[%s] %ju/%ju %-36s %s", bar, (uintmax_t)progress->done,
		 (uintmax_t)progress->total, what, left);
	fprintf(stderr, "\r%-*.*s", COLUMNS, COLUMNS, line);
	fflush(stderr);
}

void progress_at(struct progress *progress, const struct trial *trial)
{
	int64_t now;

	progress->done++;
	if (progress->show != SHOW_BAR)
		return;
	now = clock_ns();
	if (progress->shown_ns && now - progress->shown_ns < PERIOD)
		return;
	progress->shown_ns = now;
	draw(progress, trial, now);
}

void progress_result(const struct progress *progress, const struct trial *trial,
		     const struct outcome *outcome)
{
	char what[80];

	if (progress->show != SHOW_LINES)
		return;
	what_words(trial, what, sizeof(what));
	fprintf(stderr, "%ju/%ju %s: ", (uintmax_t)progress->done, (uintmax_t)progress->total,
		what);
	if (outcome->state == ROW_DONE)
		fprintf(stderr, "%.3f us, %ju messages\n", outcome->ns / 1e3,
			(uintmax_t)outcome->count);
	else
		fprintf(stderr, "%s: %s\n", row_state_name(outcome->state), outcome->why);
}

void progress_end(struct progress *progress)
{
	if (progress->show == SHOW_BAR)
		fprintf(stderr, "\r%*s\r", COLUMNS, "");
}
