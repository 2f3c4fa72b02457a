// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cell.h"
#include "stats.h"

int cell_init(struct cell *cell, unsigned int rounds)
{
	const struct trial *trial = &cell->trial;
	struct row *row = &cell->row;

	*row = (struct row){
		.size = trial->size,
		.depth = trial->depth,
		.senders = trial->workload->senders,
		.receivers = trial->workload->receivers,
		.place = trial->place,
		.busy = trial->how->flags & MECHANISM_BUSY,
		.syscalls = NAN,
	};
	snprintf(row->mechanism, sizeof(row->mechanism), "%s", trial->how->name);
	snprintf(row->workload, sizeof(row->workload), "%s", trial->workload->name);
	cell->rounds = rounds;
	cell->ns = calloc(3 * (size_t)rounds, sizeof(*cell->ns));
	if (!cell->ns)
		return -ENOMEM;
	cell->cpu_ns = cell->ns + rounds;
	cell->switches = cell->cpu_ns + rounds;
	return 0;
}

void cell_free(struct cell *cell)
{
	free(cell->ns);
	if (cell->samples)
		munmap(cell->samples, cell->sample_count * sizeof(*cell->samples));
}

bool cell_is_over(const struct cell *cell)
{
	return cell->row.state != ROW_DONE;
}

/* Processes that are forked need not have them: they are many in the end. */
static void *more_room(void *at, size_t old, size_t new)
{
	if (at)
		return mremap(at, old, new, MREMAP_MAYMOVE);
	at = mmap(NULL, new, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at != MAP_FAILED)
		madvise(at, new, MADV_DONTFORK);
	return at;
}

static int take_samples(struct cell *cell, const uint32_t *samples, size_t count)
{
	size_t old = cell->sample_count * sizeof(*samples);
	void *at;

	if (!count)
		return 0;
	at = more_room(cell->samples, old, old + count * sizeof(*samples));
	if (at == MAP_FAILED)
		return -ENOMEM;
	cell->samples = at;
	memcpy(cell->samples + cell->sample_count, samples, count * sizeof(*samples));
	cell->sample_count += count;
	return 0;
}

static int take_all_samples(struct cell *cell, const struct memory *memory)
{
	int err = 0;

	for (unsigned int i = 0; i < WORKERS_MAX && !err; i++)
		err = take_samples(cell, memory_samples(memory, i),
				   memory->arena->posts[i].samples);
	return err;
}

static void take_sums(struct row *row, const struct outcome *outcome)
{
	row->lanes = outcome->lanes;
	row->sorted_by_reader = outcome->sorted;
	row->reordered += outcome->reordered;
	row->corrupt += outcome->corrupt;
	row->duplicated += outcome->duplicated;
	if (outcome->ahead > row->ahead)
		row->ahead = outcome->ahead;
	if (outcome->stall_ns > row->stall_ns)
		row->stall_ns = outcome->stall_ns;
}

int cell_take(struct cell *cell, const struct outcome *outcome, const struct memory *memory)
{
	struct row *row = &cell->row;
	unsigned int round = row->rounds;

	take_sums(row, outcome);
	row->state = outcome->state;
	memcpy(row->why, outcome->why, sizeof(row->why));
	if (cell->trial.count_calls) {
		row->syscalls = outcome->calls;
		return 0;
	}
	row->lost += outcome->lost;
	if (outcome->state != ROW_DONE)
		return 0;
	cell->ns[round] = outcome->ns;
	cell->cpu_ns[round] = outcome->cpu_ns;
	cell->switches[round] = outcome->switches;
	row->rounds++;
	row->messages += outcome->count;
	if (outcome->guessed) {
		cell->trial.count = outcome->count;
		cell->trial.guessed = true;
	}
	return take_all_samples(cell, memory);
}

/* A row that is not done has no figures, whatever its first rounds gave. */
static void forget_figures(struct cell *cell)
{
	cell->row.rounds = 0;
	cell->row.messages = 0;
	cell->row.ahead = 0;
	cell->row.stall_ns = 0;
	cell->row.syscalls = NAN;
}

void cell_finish(struct cell *cell)
{
	struct row *row = &cell->row;

	if (row->state != ROW_DONE) {
		forget_figures(cell);
		return;
	}
	row->ns = spread_of(cell->ns, row->rounds);
	row->cpu_ns = spread_of(cell->cpu_ns, row->rounds);
	row->switches = spread_of(cell->switches, row->rounds);
	sort_samples(cell->samples, cell->sample_count);
	row->trips = quantiles_of(cell->samples, cell->sample_count);
	curve_of(cell->samples, cell->sample_count, row->curve);
}
