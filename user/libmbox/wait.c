// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <poll.h>
#include <time.h>
#include "internal.h"

#define NSEC_PER_SEC	INT64_C(1000000000)

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* The end of time is as good as never, and zero would mean never, too. */
int64_t mbx_deadline(int64_t now, int64_t timeout)
{
	int64_t sum;

	if (__builtin_add_overflow(now, timeout, &sum))
		return INT64_MAX;
	return sum;
}

int mbx_wait_init(struct mbx_wait *wait, int64_t timeout)
{
	*wait = (struct mbx_wait){ .nowait = timeout == 0 };
	if (timeout == 0 || timeout == MBOX_FOREVER)
		return 0;
	if (timeout < 0)
		return -EINVAL;
	wait->deadline = mbx_deadline(now_ns(), timeout);
	return 0;
}

/* Of a wait with a deadline: has it passed? */
bool mbx_wait_over(const struct mbx_wait *wait)
{
	return now_ns() >= wait->deadline;
}

/* False when the deadline has passed. */
static bool time_left(const struct mbx_wait *wait, struct timespec *left)
{
	int64_t ns = wait->deadline - now_ns();

	if (ns <= 0)
		return false;
	left->tv_sec = ns / NSEC_PER_SEC;
	left->tv_nsec = ns % NSEC_PER_SEC;
	return true;
}

/* Returns 0 when @fd is readable or has an error to tell. */
int mbx_wait_fd(const struct mbx_wait *wait, int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct timespec left;
	int ret;

	if (wait->nowait)
		return -EAGAIN;
	if (wait->deadline && !time_left(wait, &left))
		return -ETIMEDOUT;
	ret = ppoll(&pfd, 1, wait->deadline ? &left : NULL, NULL);
	if (ret < 0)
		return -errno;
	return ret ? 0 : -ETIMEDOUT;
}
