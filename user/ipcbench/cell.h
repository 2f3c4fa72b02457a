/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes a row: one trial and what came of its rounds. */
#ifndef IPCBENCH_CELL_H
#define IPCBENCH_CELL_H

#include "round.h"

/**
 * struct cell - a row that is being made
 * @trial: what is tried
 * @row: the row; its sums are kept up to date, its figures are not
 * @rounds: how many there will be
 * @ns: of each round so far, likewise the two below
 * @cpu_ns: processor time
 * @switches: context switches
 * @samples: of all rounds
 * @sample_count: how many
 */
struct cell {
	struct trial trial;
	struct row row;
	unsigned int rounds;
	double *ns;
	double *cpu_ns;
	double *switches;
	uint32_t *samples;
	size_t sample_count;
};

/* For @rounds rounds; @cell->trial is set. 0 or -ENOMEM. */
int cell_init(struct cell *cell, unsigned int rounds);
void cell_free(struct cell *cell);

/* No round can add anything: it was refused, or it failed. */
bool cell_is_over(const struct cell *cell);

/* Take what came of a round, and its samples; 0 or -ENOMEM. */
int cell_take(struct cell *cell, const struct outcome *outcome, const struct memory *memory);

/* Make the figures of the row out of those of the rounds. */
void cell_finish(struct cell *cell);

#endif /* IPCBENCH_CELL_H */
