/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A time limit for system calls that have none: the signal of a timer ends them
 * with EINTR.
 */
#ifndef IPCBENCH_TIME_LIMIT_H
#define IPCBENCH_TIME_LIMIT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/**
 * struct time_limit - one that is running; in a process one at a time
 * @timer: its timer
 * @before: what the signal did before
 */
struct time_limit {
	timer_t timer;
	struct sigaction before;
};

/* @wait is above 0, nanoseconds. Returns 0 or a negative errno. */
int time_limit_start(struct time_limit *limit, int64_t wait);

/* True if the limit was reached. */
bool time_limit_stop(struct time_limit *limit);

#endif /* IPCBENCH_TIME_LIMIT_H */
