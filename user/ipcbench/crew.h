/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes of a round, seen from the one that started them: they are given
 * orders, and watched while they carry them out.
 */
#ifndef IPCBENCH_CREW_H
#define IPCBENCH_CREW_H

#include "result.h"
#include "workload.h"

/* How an order ended. */
enum crew_end {
	CREW_DONE,	/* carried out */
	CREW_CUT,	/* all was sent, not all came: the part was ended */
	CREW_STUCK,	/* nothing moved any more */
	CREW_FAILED,	/* one of them met an error */
	CREW_DIED,	/* one of them ended */
};

/**
 * struct crew - the processes
 * @plan: what they play
 * @memory: what they share with us
 * @place: where they run
 * @count_calls: their system calls are to be counted
 * @stuck_ms: how long nothing may move
 * @quiet_ms: with nothing left to send, who sleeps so long waits for what was lost
 * @pids: their process ids, 0 once they have been waited for
 * @pidfds: by which their end is seen
 * @count: how many were started
 * @alarm: by which they say that they are done
 * @number: of the last order
 * @order: the last order
 * @lost: messages that are not waited for any more, where who receives does not
 *	  know how many to expect
 * @killed: some were killed when the part was cut: no order can follow
 */
struct crew {
	const struct plan *plan;
	const struct memory *memory;
	enum placement place;
	bool count_calls;
	unsigned int stuck_ms;
	unsigned int quiet_ms;
	pid_t pids[WORKERS_MAX];
	int pidfds[WORKERS_MAX];
	unsigned int count;
	int alarm;
	uint32_t number;
	enum order order;
	uint64_t lost;
	bool killed;
};

/* Start them; 0 or a negative errno. crew_dismiss() must follow in any case. */
int crew_start(struct crew *crew);

/* Kill who is left, and wait for all. */
void crew_dismiss(struct crew *crew);

/* Have an order carried out; @kind and @count are those of the part. */
enum crew_end crew_do(struct crew *crew, enum order order, enum part_kind kind,
		      uint64_t count);

/* Who takes what comes is to come to an end; those who do not hear it are killed. */
void crew_stop(struct crew *crew);

/* Whether one has carried out the last order. */
bool crew_has_done(const struct crew *crew, unsigned int number);

/* Number of who failed first, or died, with CREW_FAILED or CREW_DIED. */
unsigned int crew_culprit(const struct crew *crew);

#endif /* IPCBENCH_CREW_H */
