// SPDX-License-Identifier: GPL-2.0-only
/* Claims on system calls that a signal interrupts. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <time.h>

#include "claim.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"
#include "queue.h"

/**
 * struct attempt - a system call that is interrupted, in shared memory
 * @handled: the signal's handler has run
 * @error: errno with which the call ended
 */
struct attempt {
	volatile int handled;
	volatile int error;
};

static struct attempt *attempt;

static void note_signal(int number)
{
	(void)number;
	attempt->handled = 1;
}

static long read_nothing(void)
{
	int ends[2];
	char byte;

	make_pipe(ends, 0);
	return read(ends[0], &byte, 1);
}

static long write_into_full(void)
{
	static const char data[1 << 20];
	int ends[2];

	make_pipe(ends, O_NONBLOCK);
	must(write(ends[1], data, sizeof(data)), "write");
	must(fcntl(ends[1], F_SETFL, 0), "fcntl");
	return write(ends[1], data, 1);
}

static long wait_for_child(void)
{
	pid_t child = start();

	if (!child)
		for (;;)
			pause();
	return waitpid(child, NULL, 0);
}

static long poll_nothing(void)
{
	return poll(NULL, 0, -1);
}

static long epoll_nothing(void)
{
	struct epoll_event event;

	return epoll_wait(need(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"), &event, 1, -1);
}

static long sleep_long(void)
{
	struct timespec day = { .tv_sec = 86400 };

	return nanosleep(&day, NULL);
}

static long pause_long(void)
{
	return pause();
}

static int queue;

static long receive_nothing(void)
{
	struct message message;

	return msgrcv(queue, &message, sizeof(message.text), 0, 0);
}

static long send_into_full(void)
{
	struct message message = { .type = 1 };

	while (!msgsnd(queue, &message, 1024, IPC_NOWAIT))
		;
	return msgsnd(queue, &message, 1024, 0);
}

static pid_t start_call(long (*call)(void), int flags)
{
	pid_t child = start();

	if (child)
		return child;
	handle(SIGUSR1, note_signal, flags);
	attempt->error = call() < 0 ? errno : 0;
	_exit(0);
}

/*
 * The error with which a call ends that a signal interrupts, or 0 if it goes on.
 * The child runs when it has handled the signal: if it sleeps again, then in the
 * same call.
 */
static int interrupt(long (*call)(void), int flags)
{
	pid_t child;

	attempt->handled = 0;
	attempt->error = 0;
	child = start_call(call, flags);
	if (!sleeps(child)) {
		ends_well(child);
		fault("a call that should wait ended at once: %s", strerror(attempt->error));
	}
	must(kill(child, SIGUSR1), "kill");
	until(&attempt->handled, 1);
	if (sleeps(child))
		attempt->error = 0;
	end_now(child);
	return attempt->error;
}

static const struct {
	const char *name;
	long (*call)(void);
	bool restarts;
} calls[] = {
	{ "read()", read_nothing, true },
	{ "write()", write_into_full, true },
	{ "waitpid()", wait_for_child, true },
	{ "poll()", poll_nothing, false },
	{ "epoll_wait()", epoll_nothing, false },
	{ "nanosleep()", sleep_long, false },
	{ "pause()", pause_long, false },
};

static void check_calls(void)
{
	int error;

	attempt = shared_memory(sizeof(*attempt));
	observe("With SA_RESTART:");
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		error = interrupt(calls[i].call, SA_RESTART);
		part(error == (calls[i].restarts ? 0 : EINTR), "%s: %s%c", calls[i].name,
		     error ? error_name(error) : "goes on",
		     i + 1 < ARRAY_SIZE(calls) ? ',' : '.');
	}
	error = interrupt(read_nothing, 0);
	part(error == EINTR, "Without it read(): %s.", error ? error_name(error) : "goes on");
	conclude_parts();
}

static void check_queue(void)
{
	int receive, transmit;

	attempt = shared_memory(sizeof(*attempt));
	queue = make_queue();
	receive = interrupt(receive_nothing, SA_RESTART);
	transmit = interrupt(send_into_full, SA_RESTART);
	observe("Interrupted by a handler with SA_RESTART, msgrcv(): %s, msgsnd(): %s.",
		receive ? error_name(receive) : "goes on",
		transmit ? error_name(transmit) : "goes on");
	if (receive == EINTR && transmit == EINTR)
		conclude_as("EINTR", "always EINTR");
	else if (!receive && !transmit)
		conclude("restarts");
	else
		conclude("neither");
}

const struct claim restart_claims[] = {
	{
		.row = "58",
		.lectures = "S1",
		.text = "some interrupted calls restart, some do not",
		.says = "A signal interrupts a system call with EINTR; many calls are "
			"restarted, some are not.",
		.page = "signal(7)",
		.check = check_calls,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A2.21",
		.lectures = "S1",
		.text = "msgrcv restarts",
		.says = "The lecture does not say which calls restart; one might think that "
			"msgrcv() is like read().",
		.page = "signal(7), msgop(2)",
		.check = check_queue,
		.outcomes = { { "restarts", VERDICT_TRUE }, { "EINTR", VERDICT_OUTDATED } },
		.note = "The program itself has to call them again.",
	},
	{ 0 }
};
