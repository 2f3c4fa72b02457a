/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of a round that did not come to its end, or not to a good one. */
#ifndef IPCBENCH_VERDICT_H
#define IPCBENCH_VERDICT_H

#include "crew.h"
#include "round.h"

void verdict_say(struct outcome *outcome, enum row_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* @doing something gave the negative errno @err. */
void verdict_error(struct outcome *outcome, const char *doing, int err);

/* The lane could not be opened. */
void verdict_closed(struct outcome *outcome, const struct plan *plan, int err);

/* The crew's last order, of a part of that kind, ended so. */
void verdict_end(struct outcome *outcome, const struct crew *crew, enum crew_end end,
		 enum part_kind kind);

/*
 * Messages that were not received as they were sent: those that are missing from
 * the last part, or from all if the plan fills, and the others from all parts.
 */
void verdict_faults(struct outcome *outcome, const struct plan *plan,
		    const struct memory *memory);

/* Messages that all processes have sent, and received. */
uint64_t verdict_sent(const struct plan *plan, const struct memory *memory);
uint64_t verdict_received(const struct plan *plan, const struct memory *memory);

#endif /* IPCBENCH_VERDICT_H */
