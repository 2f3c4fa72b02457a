/* SPDX-License-Identifier: GPL-2.0-only */
/* What is shown on standard error while a run goes on. */
#ifndef IPCBENCH_PROGRESS_H
#define IPCBENCH_PROGRESS_H

#include "engine.h"
#include "round.h"

/**
 * struct progress - how far it is
 * @show: what is shown
 * @total: trials there will be
 * @done: those that are over
 * @begin_ns: when it began
 * @shown_ns: when it was shown last
 */
struct progress {
	enum show show;
	uint64_t total;
	uint64_t done;
	int64_t begin_ns;
	int64_t shown_ns;
};

void progress_begin(struct progress *progress, enum show show, uint64_t total);

/* The next trial begins. */
void progress_at(struct progress *progress, const struct trial *trial);

void progress_result(const struct progress *progress, const struct trial *trial,
		     const struct outcome *outcome);
void progress_end(struct progress *progress);

#endif /* IPCBENCH_PROGRESS_H */
