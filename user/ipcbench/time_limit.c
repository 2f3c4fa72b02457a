// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "time_limit.h"

#define NSEC_PER_SEC	1000000000LL
#define AGAIN_NS	1000000

/* One that nobody else has a use for. */
#define SIGNAL_NUMBER	SIGVTALRM

static volatile sig_atomic_t reached;

static void on_timer(int number)
{
	(void)number;
	reached = 1;
}

/*
 * The first signal may come when the call is still to begin. Those that follow
 * it every millisecond make sure that one comes later.
 */
int time_limit_start(struct time_limit *limit, int64_t wait)
{
	const struct sigaction action = { .sa_handler = on_timer };
	const struct itimerspec when = {
		.it_value = { wait / NSEC_PER_SEC, wait % NSEC_PER_SEC },
		.it_interval = { 0, AGAIN_NS },
	};
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGNAL_NUMBER };

	reached = 0;
	if (timer_create(CLOCK_MONOTONIC, &event, &limit->timer))
		return -errno;
	sigaction(SIGNAL_NUMBER, &action, &limit->before);
	timer_settime(limit->timer, 0, &when, NULL);
	return 0;
}

/* What was sent before the end arrives at the latest in this call. */
bool time_limit_stop(struct time_limit *limit)
{
	timer_delete(limit->timer);
	sigaction(SIGNAL_NUMBER, &limit->before, NULL);
	return reached;
}
