// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lab/array.h"
#include "cell.h"
#include "engine.h"
#include "message.h"
#include "place.h"
#include "progress.h"

/* Counting system calls needs no precise time. */
#define CALLS_COUNT_MAX	200

/* How long to wait for lost messages, of a mechanism that is not known to lose any. */
#define QUIET_MS	300
#define QUIET_MS_LOSSY	50

/**
 * struct engine - a run that is going on
 * @bench: what is run
 * @mechanisms: those of them that are not absent
 * @mechanism_count: how many
 * @cells: what becomes rows: side by side those that differ in the mechanism alone
 * @cell_count: how many
 * @server_error: of the server whose pass it is
 * @memory: shared with the processes of a round
 * @progress: what is shown
 */
struct engine {
	const struct bench *bench;
	const struct mechanism **mechanisms;
	size_t mechanism_count;
	struct cell *cells;
	size_t cell_count;
	int server_error;
	struct memory memory;
	struct progress progress;
};

/* ---- what there is to do ------------------------------------------------ */

static int add_cell(struct engine *engine, const struct trial *trial)
{
	size_t count = engine->cell_count + 1;
	struct cell *cells = reallocarray(engine->cells, count, sizeof(*cells));
	struct cell *cell;
	struct outcome outcome;
	int err;

	if (!cells)
		return -ENOMEM;
	engine->cells = cells;
	cell = &cells[engine->cell_count];
	*cell = (struct cell){ .trial = *trial };
	err = cell_init(cell, engine->bench->rounds);
	if (err)
		return err;
	engine->cell_count = count;
	if (round_is_refused(trial, &outcome))
		err = cell_take(cell, &outcome, &engine->memory);
	return err;
}

/* One workload at one size, depth and place: every mechanism. */
static int add_group(struct engine *engine, struct trial *trial)
{
	int err = 0;

	for (size_t i = 0; i < engine->mechanism_count && !err; i++) {
		trial->how = engine->mechanisms[i];
		err = add_cell(engine, trial);
	}
	return err;
}

/* What the scheduler makes of it is nearly the same at each size: two will do. */
static bool is_enough(enum placement place, size_t size)
{
	return place != PLACED_FREE || size == two_sizes[0] || size == two_sizes[1];
}

static bool is_wanted(const struct bench *bench, const struct trial *trial)
{
	enum placement usual = place_refusal(PLACED_ACROSS) ? PLACED_SAME : PLACED_ACROSS;
	enum placement place = trial->place;

	for (size_t i = 0; i < bench->place_count; i++)
		if (bench->places[i] == place)
			return true;
	if (bench->place_count)
		return false;
	if (place_processors() == 1)
		return place == PLACED_SAME;
	if (trial->workload->every_place)
		return bench->sizes || is_enough(place, trial->size);
	return place == usual;
}

static int add_places(struct engine *engine, struct trial *trial)
{
	static const enum placement places[] = { PLACED_SAME, PLACED_ACROSS, PLACED_FREE };
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(places) && !err; i++) {
		trial->place = places[i];
		if (is_wanted(engine->bench, trial))
			err = add_group(engine, trial);
	}
	return err;
}

static int add_depths(struct engine *engine, struct trial *trial)
{
	static const unsigned int none[] = { 0 };
	const unsigned int *depth = trial->workload->by_depth ? engine->bench->depths : none;
	int err = 0;

	do {
		trial->depth = *depth;
		err = add_places(engine, trial);
	} while (!err && *depth && *++depth);
	return err;
}

static int add_sizes(struct engine *engine, struct trial *trial)
{
	const struct bench *bench = engine->bench;
	const size_t *sizes = bench->sizes ? bench->sizes : trial->workload->sizes;
	int err = 0;

	if (bench->few_sizes && sizes == every_size)
		sizes = two_sizes;
	for (; *sizes && !err; sizes++) {
		trial->size = *sizes;
		err = add_depths(engine, trial);
	}
	return err;
}

static int add_workloads(struct engine *engine)
{
	const struct bench *bench = engine->bench;
	int err = 0;

	for (const struct workload *const *w = bench->workloads; *w && !err; w++) {
		struct trial trial = {
			.workload = *w,
			.time_ns = bench->time_ns,
			.count = bench->count,
			.stuck_ms = bench->stuck_ms,
			.quiet_ms = QUIET_MS,
		};

		err = add_sizes(engine, &trial);
	}
	return err;
}

/* ---- mechanisms --------------------------------------------------------- */

static void describe(struct mechanism_info *info, const struct mechanism *how, const char *absent)
{
	snprintf(info->name, sizeof(info->name), "%s", how->name);
	snprintf(info->title, sizeof(info->title), "%s", how->title);
	snprintf(info->group, sizeof(info->group), "%s", how->group);
	snprintf(info->note, sizeof(info->note), "%s", how->note ? how->note : "");
	snprintf(info->absent, sizeof(info->absent), "%s", absent ? absent : "");
	info->busy = how->flags & MECHANISM_BUSY;
	info->server = how->start;
	info->rendezvous = how->flags & MECHANISM_RENDEZVOUS;
}

/* A mechanism that is not here has one row for all that it does not do. */
static int add_absent_row(struct results *results, const struct mechanism_info *info)
{
	struct row *row = results_add_row(results);

	if (!row)
		return -ENOMEM;
	row->state = ROW_ABSENT;
	memcpy(row->mechanism, info->name, sizeof(row->mechanism));
	memcpy(row->why, info->absent, sizeof(row->why));
	return 0;
}

static int sort_out(struct engine *engine, struct results *results)
{
	int err = 0;

	for (const struct mechanism *const *m = engine->bench->mechanisms; *m && !err; m++) {
		struct mechanism_info *info = &results->mechanisms[results->mechanism_count++];
		const char *absent = (*m)->absent ? (*m)->absent() : NULL;

		describe(info, *m, absent);
		if (absent)
			err = add_absent_row(results, info);
		else
			engine->mechanisms[engine->mechanism_count++] = *m;
	}
	return err;
}

static int find_mechanisms(struct engine *engine, struct results *results)
{
	size_t count = 0;

	while (engine->bench->mechanisms[count])
		count++;
	results->mechanisms = calloc(count + 1, sizeof(*results->mechanisms));
	engine->mechanisms = calloc(count + 1, sizeof(const struct mechanism *));
	if (!results->mechanisms || !engine->mechanisms)
		return -ENOMEM;
	return sort_out(engine, results);
}

/* ---- rounds ------------------------------------------------------------- */

static void start_failed(struct outcome *outcome, int err)
{
	*outcome = (struct outcome){ .state = ROW_FAILED };
	snprintf(outcome->why, sizeof(outcome->why), "start its server: %s (%s)", strerror(-err),
		 strerrorname_np(-err) ? strerrorname_np(-err) : "?");
}

/* It loses messages: what is missing need not be waited for so long. */
static void note_lossy(struct engine *engine, const struct mechanism *how)
{
	for (size_t i = 0; i < engine->cell_count; i++)
		if (engine->cells[i].trial.how == how)
			engine->cells[i].trial.quiet_ms = QUIET_MS_LOSSY;
}

static int run_cell(struct engine *engine, struct cell *cell)
{
	struct outcome outcome;

	progress_at(&engine->progress, &cell->trial);
	if (cell_is_over(cell))
		return 0;
	if (engine->server_error)
		start_failed(&outcome, engine->server_error);
	else
		round_run(&cell->trial, &engine->memory, &outcome);
	progress_result(&engine->progress, &cell->trial, &outcome);
	if (outcome.lost && cell->trial.quiet_ms == QUIET_MS)
		note_lossy(engine, cell->trial.how);
	return cell_take(cell, &outcome, &engine->memory);
}

static bool is_of_pass(const struct cell *cell, const struct mechanism *server)
{
	const struct mechanism *how = cell->trial.how;

	return server ? how == server : !how->start;
}

/* Each order begins with another mechanism. */
static int run_group(struct engine *engine, struct cell *cells, const struct mechanism *server,
		     unsigned int round)
{
	size_t count = engine->mechanism_count;
	size_t first = round % engine->bench->orders * count / engine->bench->orders;
	int err = 0;

	for (size_t i = 0; i < count && !err; i++) {
		struct cell *cell = &cells[(first + i) % count];

		if (is_of_pass(cell, server))
			err = run_cell(engine, cell);
	}
	return err;
}

static int run_round(struct engine *engine, const struct mechanism *server, unsigned int round)
{
	int err = 0;

	for (size_t i = 0; i < engine->cell_count && !err; i += engine->mechanism_count)
		err = run_group(engine, &engine->cells[i], server, round);
	return err;
}

/* ---- passes ------------------------------------------------------------- */

/* The server of one whose rows are all refused, or failed, is not needed. */
static bool is_worth_a_start(const struct engine *engine, const struct mechanism *server)
{
	for (size_t i = 0; i < engine->cell_count; i++)
		if (is_of_pass(&engine->cells[i], server) && !cell_is_over(&engine->cells[i]))
			return true;
	return false;
}

/* @server: whose pass it is; NULL: of all that have none. */
static int run_pass(struct engine *engine, const struct mechanism *server, unsigned int rounds)
{
	bool start = server && is_worth_a_start(engine, server);
	int err = 0;

	engine->server_error = start ? server->start() : 0;
	for (unsigned int round = 0; round < rounds && !err; round++)
		err = run_round(engine, server, round);
	if (start && !engine->server_error && server->stop)
		server->stop();
	return err;
}

/*
 * A server takes time from what runs beside it, and leaves a machine behind that
 * is not quite the same each time. So all that have none go first, and then each
 * server by itself, in the order of the table.
 */
static int run_passes(struct engine *engine, unsigned int rounds)
{
	int err = run_pass(engine, NULL, rounds);

	for (size_t i = 0; i < engine->mechanism_count && !err; i++)
		if (engine->mechanisms[i]->start)
			err = run_pass(engine, engine->mechanisms[i], rounds);
	return err;
}

/*
 * To begin or end counting changes the kernel's code while it runs, which an
 * emulated machine of several processors may not survive. So that is done once
 * for all, while there is no other process of ours.
 */
static int run_calls_round(struct engine *engine)
{
	struct call_counter held;
	int err = calls_open(&held, 0);

	if (err)
		return err;
	for (size_t i = 0; i < engine->cell_count; i++) {
		struct trial *trial = &engine->cells[i].trial;

		trial->count_calls = true;
		if (trial->count > CALLS_COUNT_MAX)
			trial->count = CALLS_COUNT_MAX;
	}
	err = run_passes(engine, 1);
	calls_close(&held);
	return err;
}

static int run_rounds(struct engine *engine)
{
	const struct bench *bench = engine->bench;
	bool count_calls = bench->count_calls && calls_can_be_counted();
	int err;

	progress_begin(&engine->progress, bench->show,
		       engine->cell_count * (bench->rounds + count_calls));
	err = run_passes(engine, bench->rounds);
	if (!err && count_calls)
		err = run_calls_round(engine);
	progress_end(&engine->progress);
	return err;
}

static int add_rows(struct engine *engine, struct results *results)
{
	for (size_t i = 0; i < engine->cell_count; i++) {
		struct row *row = results_add_row(results);

		if (!row)
			return -ENOMEM;
		cell_finish(&engine->cells[i]);
		*row = engine->cells[i].row;
	}
	return 0;
}

/* ---- a run -------------------------------------------------------------- */

static unsigned int greatest_depth(const struct bench *bench)
{
	unsigned int most = 0;

	for (const unsigned int *depth = bench->depths; depth && *depth; depth++)
		if (*depth > most)
			most = *depth;
	return most;
}

/* Parts that warm up have less messages than what is measured; they settle, too. */
static int make_memory(struct engine *engine)
{
	uint64_t count = engine->bench->count;

	if (count < ROUND_COUNT_MAX)
		count = ROUND_COUNT_MAX;
	engine->memory.samples_max = count;
	engine->memory.sequence_max = 4 * (count + greatest_depth(engine->bench)) + 1000;
	return memory_make(&engine->memory);
}

static void free_engine(struct engine *engine)
{
	for (size_t i = 0; i < engine->cell_count; i++)
		cell_free(&engine->cells[i]);
	free(engine->cells);
	free(engine->mechanisms);
	memory_free(&engine->memory);
}

int bench_run(const struct bench *bench, struct results *results)
{
	struct engine engine = { .bench = bench };
	int err = make_memory(&engine);

	results->orders = bench->orders;
	if (!err)
		err = find_mechanisms(&engine, results);
	if (!err)
		err = add_workloads(&engine);
	if (!err)
		err = run_rounds(&engine);
	if (!err)
		err = add_rows(&engine, results);
	free_engine(&engine);
	return err;
}
