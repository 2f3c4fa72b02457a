/* SPDX-License-Identifier: GPL-2.0-only */
/* A run: every mechanism in every workload, round after round. */
#ifndef IPCBENCH_ENGINE_H
#define IPCBENCH_ENGINE_H

#include "result.h"
#include "workload.h"

#define COUNT_MAX	1000000
#define DEPTH_MAX	10000

/* What is shown on standard error while it goes on. */
enum show {
	SHOW_NOTHING,
	SHOW_BAR,	/* a bar on a terminal */
	SHOW_LINES,	/* a line for each that was run */
};

/**
 * struct bench - what is to be run
 * @mechanisms: in the order of the tables; ends with NULL
 * @workloads: likewise
 * @sizes: ends with 0; NULL: each workload's own
 * @few_sizes: where a workload has every size of its own, two will do
 * @depths: ends with 0
 * @places: where
 * @place_count: how many, 0: what the workload has and the machine allows
 * @rounds: rounds
 * @orders: in how many orders the mechanisms are gone through
 * @count: messages in a round, 0: as many as there is time for
 * @time_ns: how long a round should take
 * @stuck_ms: how long nothing may move
 * @count_calls: count system calls, in one round more
 * @show: what is shown
 */
struct bench {
	const struct mechanism *const *mechanisms;
	const struct workload *const *workloads;
	const size_t *sizes;
	bool few_sizes;
	const unsigned int *depths;
	const enum placement *places;
	size_t place_count;
	unsigned int rounds;
	unsigned int orders;
	uint64_t count;
	int64_t time_ns;
	unsigned int stuck_ms;
	bool count_calls;
	enum show show;
};

/*
 * Run it: adds the rows and the mechanisms to @results. Returns 0 or a negative
 * errno; a mechanism that fails has rows that say so.
 */
int bench_run(const struct bench *bench, struct results *results);

#endif /* IPCBENCH_ENGINE_H */
