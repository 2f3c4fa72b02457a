/* SPDX-License-Identifier: GPL-2.0-only */
/* One round of one mechanism in one workload, with fresh processes. */
#ifndef IPCBENCH_ROUND_H
#define IPCBENCH_ROUND_H

#include "arena.h"
#include "result.h"
#include "workload.h"

/**
 * struct trial - what is tried
 * @workload: workload
 * @how: mechanism
 * @size: bytes a message
 * @depth: messages that wait, or 0
 * @place: where the processes run
 * @time_ns: how long the round should take
 * @count: messages, 0: as many as there is time for
 * @guessed: the count was found in an earlier round; less will do if it takes too
 *	     long now
 * @stuck_ms: how long nothing may move
 * @quiet_ms: how long to wait for what may have been lost
 * @count_calls: count system calls, which takes its time
 */
struct trial {
	const struct workload *workload;
	const struct mechanism *how;
	size_t size;
	unsigned int depth;
	enum placement place;
	int64_t time_ns;
	uint64_t count;
	bool guessed;
	unsigned int stuck_ms;
	unsigned int quiet_ms;
	bool count_calls;
};

/**
 * struct outcome - what came of it
 * @state: as of a row; the others are figures only with ROW_DONE
 * @why: as of a row
 * @count: messages of the measured part
 * @guessed: the count was found in this round: the next ones are to have it, too
 * @ns: time a message
 * @cpu_ns: processor time a message
 * @switches: context switches a message
 * @calls: system calls a message
 * @lanes: as of a row; these are always right
 * @sorted: by the reader
 * @lost: of the measured part
 * @reordered: of all parts, and the two below
 * @corrupt: their sum was wrong
 * @duplicated: they came again
 * @ahead: as of a row
 * @stall_ns: as of a row
 */
struct outcome {
	enum row_state state;
	char why[TEXT_MAX];
	uint64_t count;
	bool guessed;
	double ns;
	double cpu_ns;
	double switches;
	double calls;
	unsigned int lanes;
	bool sorted;
	uint64_t lost;
	uint64_t reordered;
	uint64_t corrupt;
	uint64_t duplicated;
	uint64_t ahead;
	int64_t stall_ns;
};

/*
 * Try it. The samples stay in @memory until the next round: as many as each post
 * says.
 */
void round_run(const struct trial *trial, struct memory *memory, struct outcome *outcome);

/* Why it need not be tried: false, or true with state and words of the outcome. */
bool round_is_refused(const struct trial *trial, struct outcome *outcome);

#endif /* IPCBENCH_ROUND_H */
