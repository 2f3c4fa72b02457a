// SPDX-License-Identifier: GPL-2.0-only
/*
 * Real-time signals: they are queued, carry one word, and name their sender.
 * The number of the signal is the type of the message.
 */
#include <sched.h>
#include <signal.h>
#include <sys/signalfd.h>

#include "compare.h"

#define TYPES	4

static int number_of(const struct channel *channel, uint64_t type)
{
	return SIGRTMIN + channel->number * TYPES + (int)type - 1;
}

static void numbers_of(const struct channel *channel, uint64_t type, sigset_t *set)
{
	sigemptyset(set);
	for (uint64_t i = 1; i <= TYPES; i++)
		if (!type || type == i)
			sigaddset(set, number_of(channel, i));
}

static void open_signal(struct channel *channel)
{
	sigset_t set;

	numbers_of(channel, 0, &set);
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "signal: block");
	channel->in = check_sys(signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
}

/* The queue of signals has a limit, and a sender cannot wait for room. */
static void send_signal(struct channel *channel, uint64_t type, const void *data,
			size_t len)
{
	union sigval value = { 0 };

	memcpy(&value, data, len < sizeof(value) ? len : sizeof(value));
	while (sigqueue(channel->receiver, number_of(channel, type), value)) {
		if (errno != EAGAIN)
			fail("sigqueue", errno);
		sched_yield();
	}
}

static ssize_t recv_signal(struct channel *channel, uint64_t type, void *buf, size_t size,
			   pid_t *sender)
{
	siginfo_t info;
	sigset_t set;

	numbers_of(channel, type, &set);
	if (sigwaitinfo(&set, &info) < 0)
		return -errno;
	if (size > sizeof(info.si_value))
		size = sizeof(info.si_value);
	memcpy(buf, &info.si_value, size);
	if (sender)
		*sender = info.si_pid;
	return size;
}

/* What nobody took would stay pending for the next channel. */
static void close_signal(struct channel *channel)
{
	static const struct timespec at_once;
	sigset_t set;

	numbers_of(channel, 0, &set);
	while (sigtimedwait(&set, NULL, &at_once) > 0)
		;
	close(channel->in);
}

const struct mechanism signal_mechanism = {
	.name = "signal",
	.note = "real-time signals: one word of 8 bytes each; polled by a signalfd",
	.payload = sizeof(union sigval),
	.open = open_signal,
	.close = close_signal,
	.send = send_signal,
	.recv = recv_signal,
	.poll_fd = in_fd,
};
