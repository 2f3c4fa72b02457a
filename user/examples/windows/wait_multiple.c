// SPDX-License-Identifier: GPL-2.0-only
/*
 * wait_multiple - WaitForMultipleObjects() for a process, a timer, an event, a mailbox
 *
 * On Linux each of them has a descriptor, and poll() waits until any can be read. To
 * wait for all takes a loop: those that are ready are left out of the next poll(), and
 * at the end all are looked at once more. What Windows does by itself to an object
 * that was waited for, an auto-reset event or a timer, is a read() here. Windows
 * resets either all or none of them; here another process that waits for the same
 * event may be faster between the last look and the read.
 *
 * Rows: 148
 *
 *	$ examples/windows/wait_multiple
 */
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include <mbox.h>

#include "../check.h"

#define COUNT		4
#define TIMED_OUT	COUNT

/**
 * struct object - something to wait for
 * @name: for the output
 * @fd: readable when the object is signalled
 * @resets: the wait resets it
 */
struct object {
	const char *name;
	int fd;
	bool resets;
};

static void reset(const struct object *object)
{
	uint64_t count;

	if (object->resets)
		check_sys(read(object->fd, &count, sizeof(count)), "reset");
}

/* Which are signalled, as bits; waits until any of @wanted is, @timeout in ms. */
static unsigned int look(const struct object *objects, unsigned int wanted, int timeout)
{
	struct pollfd polled[COUNT];
	unsigned int ready = 0;

	for (int i = 0; i < COUNT; i++)
		polled[i] = (struct pollfd){
			.fd = wanted & 1U << i ? objects[i].fd : -1,
			.events = POLLIN,
		};
	check_sys(poll(polled, COUNT, timeout), "poll");
	for (int i = 0; i < COUNT; i++)
		if (polled[i].revents)
			ready |= 1U << i;
	return ready;
}

/* The first that is signalled, or TIMED_OUT. */
static int wait_any(const struct object *objects, unsigned int wanted, int timeout)
{
	unsigned int ready = look(objects, wanted, timeout);

	for (int i = 0; i < COUNT; i++)
		if (ready & 1U << i) {
			reset(&objects[i]);
			return i;
		}
	return TIMED_OUT;
}

/* 0, when all were signalled at one moment, or TIMED_OUT. Each poll() may take @timeout. */
static int wait_all(const struct object *objects, int timeout)
{
	const unsigned int all = (1U << COUNT) - 1;
	unsigned int ready = 0, now;

	while (ready != all) {
		now = look(objects, all & ~ready, timeout);
		if (!now)
			return TIMED_OUT;
		ready |= now;
		if (ready == all)
			ready = look(objects, all, 0);
	}
	for (int i = 0; i < COUNT; i++)
		reset(&objects[i]);
	return 0;
}

static void say(const char *what, const struct object *objects, int which)
{
	printf("%-29s %s\n", what, which == TIMED_OUT ? "timed out" : objects[which].name);
}

/* OpenProcess(): of a child that leaves when @gate is closed. */
static int make_process(int gate[2])
{
	pid_t pid;
	char byte;

	check_sys(pipe(gate), "pipe");
	pid = start_child();
	if (!pid) {
		close(gate[1]);
		_exit(read(gate[0], &byte, 1) ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	close(gate[0]);
	return check_sys(syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
}

static void set_timer(int fd)
{
	const struct itimerspec soon = { .it_value.tv_nsec = 1000000 };

	check_sys(timerfd_settime(fd, 0, &soon, NULL), "timerfd_settime");
}

static void set_event(int fd)
{
	check_sys(eventfd_write(fd, 1), "eventfd_write");
}

enum { PROCESS, TIMER, EVENT, MAILBOX };

int main(void)
{
	const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox *mailbox;
	int gate[2];

	check(mbox_open(&mailbox, NULL, &options), "make a mailbox");

	const struct object objects[COUNT] = {
		[PROCESS] = { "process", make_process(gate), false },
		[TIMER] = { "timer", check_sys(timerfd_create(CLOCK_MONOTONIC, 0), "timer"), true },
		[EVENT] = { "event", check_sys(eventfd(0, 0), "event"), true },
		[MAILBOX] = { "mailbox", mbox_fd(mailbox), false },
	};
	const unsigned int all = (1U << COUNT) - 1;

	say("any, nothing has happened:", objects, wait_any(objects, all, 0));
	set_event(objects[EVENT].fd);
	say("any, the event was set:", objects, wait_any(objects, all, -1));
	say("any, it was reset by that:", objects, wait_any(objects, all, 0));
	check(mbox_send(mailbox, 1, "news", 4, 0), "send");
	say("any, a message was sent:", objects, wait_any(objects, all, -1));
	close(gate[1]);
	say("the process alone:", objects, wait_any(objects, 1U << PROCESS, -1));
	set_timer(objects[TIMER].fd);
	say("all, the event is not set:", objects, wait_all(objects, 10));
	set_event(objects[EVENT].fd);
	printf("%-29s %s\n", "all, the event is set, too:",
	       wait_all(objects, -1) == TIMED_OUT ? "timed out" : "all four");
	mbox_close(mailbox);
	return 0;
}
