// SPDX-License-Identifier: GPL-2.0-only
/*
 * rt-signal - real-time signals with a value, waited for
 *
 * sigqueue() sends a number of 8 bytes along. The receiver blocks the signal and
 * waits with sigwaitinfo(): no handler runs, and nothing is lost or merged as
 * standard signals are.
 */
#include "limit.h"
#include "signal_lane.h"

static ssize_t unpack(struct end *end, const siginfo_t *info, void *buf, size_t size)
{
	return signal_unpack(end, info->si_pid, info->si_errno, &info->si_value, buf, size);
}

static ssize_t recv_within(struct end *end, void *buf, size_t size, int64_t wait)
{
	const struct signal_end *own = end->own;
	const struct timespec span = limit_time(wait);
	siginfo_t info;

	if (sigtimedwait(&own->set, &info, &span) >= 0)
		return unpack(end, &info, buf, size);
	return errno == EAGAIN && wait != WAIT_NEVER ? -ETIMEDOUT : -errno;
}

static ssize_t recv_signal(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	const struct signal_end *own = end->own;
	siginfo_t info;

	(void)type;
	if (wait != WAIT_FOREVER)
		return recv_within(end, buf, size, wait);
	if (sigwaitinfo(&own->set, &info) < 0)
		return -errno;
	return unpack(end, &info, buf, size);
}

static ssize_t recv_urgent(struct end *end, void *buf, size_t size)
{
	const struct signal_end *own = end->own;
	siginfo_t info;

	if (sigwaitinfo(&own->urgent, &info) < 0)
		return -errno;
	return unpack(end, &info, buf, size);
}

const struct mechanism mech_rt_signal = {
	.name = "rt-signal",
	.title = "real-time signal",
	.group = "signal",
	.note = "8 bytes; a sender asks again and again while RLIMIT_SIGPENDING is reached",
	.max_size = signal_max_size,
	.open = signal_open,
	.close = signal_close,
	.join = signal_join,
	.leave = signal_leave,
	.send = signal_send,
	.recv = recv_signal,
	.sender = signal_sender,
	.forge = signal_forge,
	.send_priority = signal_send_priority,
	.recv_priority = recv_urgent,
};
