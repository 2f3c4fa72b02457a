// SPDX-License-Identifier: GPL-2.0-only
/* Timeouts: relative ones become absolute ones without overflow. */
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "internal.h"
#include "tap.h"

#define MSEC	INT64_C(1000000)
#define SEC	INT64_C(1000000000)

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SEC + ts.tv_nsec;
}

static void test_arithmetic(void)
{
	is_int(mbx_deadline(1000, 1), 1001, "a sum");
	is_int(mbx_deadline(0, INT64_MAX), INT64_MAX, "it just fits");
	is_int(mbx_deadline(1, INT64_MAX), INT64_MAX, "one too many");
	is_int(mbx_deadline(INT64_MAX, INT64_MAX), INT64_MAX, "far too many");
	is_int(mbx_deadline(INT64_MAX - 5, 6), INT64_MAX, "close to the end");
	is_int(mbx_deadline(INT64_MAX - 5, 4), INT64_MAX - 1, "closer still");
}

static void test_special_values(void)
{
	struct mbx_wait wait;

	is_int(mbx_wait_init(&wait, 0), 0, "0 is taken");
	ok(wait.nowait && !wait.deadline, "0 does not wait");
	is_int(mbx_wait_init(&wait, MBOX_FOREVER), 0, "FOREVER is taken");
	ok(!wait.nowait && !wait.deadline, "FOREVER has no deadline");
	is_int(mbx_wait_init(&wait, -2), -EINVAL, "-2 is refused");
	is_int(mbx_wait_init(&wait, INT64_MIN), -EINVAL, "INT64_MIN is refused");
	is_int(mbx_wait_init(&wait, INT64_MAX), 0, "INT64_MAX is taken");
	is_int(wait.deadline, INT64_MAX, "and is the end of time");
	ok(!wait.nowait, "and waits");
}

static void test_deadline_is_monotonic_time(void)
{
	int64_t before = now();
	struct mbx_wait wait;
	int64_t after;

	mbx_wait_init(&wait, 5 * SEC);
	after = now();
	ok(wait.deadline >= before + 5 * SEC, "not too early");
	ok(wait.deadline <= after + 5 * SEC, "not too late");
}

static void test_wait_for_nothing(int fd)
{
	int64_t start = now();
	struct mbx_wait wait;

	mbx_wait_init(&wait, 0);
	is_int(mbx_wait_fd(&wait, fd), -EAGAIN, "0: EAGAIN");
	mbx_wait_init(&wait, 20 * MSEC);
	is_int(mbx_wait_fd(&wait, fd), -ETIMEDOUT, "20 ms: ETIMEDOUT");
	ok(now() - start >= 20 * MSEC, "not before its time");
	is_int(mbx_wait_fd(&wait, fd), -ETIMEDOUT, "past: ETIMEDOUT");
}

static void test_wait_for_something(int fd)
{
	struct mbx_wait wait;

	mbx_wait_init(&wait, MBOX_FOREVER);
	is_int(mbx_wait_fd(&wait, fd), 0, "FOREVER: readable");
	mbx_wait_init(&wait, INT64_MAX);
	is_int(mbx_wait_fd(&wait, fd), 0, "INT64_MAX: readable");
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void test_signal(int fd)
{
	const struct sigaction action = {
		.sa_handler = on_alarm,
		.sa_flags = SA_RESTART,
	};
	const struct itimerval soon = { .it_value.tv_usec = 20000 };
	struct mbx_wait wait;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	mbx_wait_init(&wait, MBOX_FOREVER);
	is_int(mbx_wait_fd(&wait, fd), -EINTR, "a signal ends the wait");
}

int main(void)
{
	int fds[2];

	test_arithmetic();
	test_special_values();
	test_deadline_is_monotonic_time();
	if (pipe(fds))
		return 1;
	test_wait_for_nothing(fds[0]);
	test_signal(fds[0]);
	if (write(fds[1], "", 1) != 1)
		return 1;
	test_wait_for_something(fds[0]);
	return tap_done();
}
