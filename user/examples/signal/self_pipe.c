// SPDX-License-Identifier: GPL-2.0-only
/*
 * self_pipe - a handler that makes of a signal something to poll for
 *
 * The handler writes the signal's number into a pipe of the same process. The main
 * loop polls that pipe together with all else, and deals with the signal in order,
 * like with any input. Works on every Unix; signalfd does the same on Linux.
 *
 * The pipe does not block: a handler must not wait for the program it interrupts.
 *
 * Rows: 42
 *
 *	$ examples/signal/self_pipe
 */
#include <poll.h>

#include "action.h"
#include "../process/wait.h"

static int self[2], data[2];

static void on_signal(int number)
{
	unsigned char byte = number;
	int saved = errno;

	/* If it is full there is enough in it to wake the program. */
	if (write(self[1], &byte, 1) < 0 && errno != EAGAIN)
		_exit(EXIT_FAILURE);
	errno = saved;
}

static void be_child(void)
{
	check_sys(kill(getppid(), SIGUSR1), "kill");
	check_sys(write(data[1], "d", 1), "write");
	exit(EXIT_SUCCESS);
}

/* poll() is never restarted: it is interrupted by the very signal it waits for. */
static void poll_again(struct pollfd *polled)
{
	while (poll(polled, 2, -1) < 0)
		if (errno != EINTR)
			fail("poll", errno);
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	int signals = 0, bytes = 0;
	char byte;
	pid_t child;

	make_pipe(data);
	check_sys(pipe2(self, O_CLOEXEC | O_NONBLOCK), "pipe2");
	default_action(SIGUSR1);
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	child = start_child();
	if (!child)
		be_child();
	while (!signals || !bytes) {
		struct pollfd polled[] = {
			{ .fd = self[0], .events = POLLIN }, { .fd = data[0], .events = POLLIN },
		};

		poll_again(polled);
		if (polled[0].revents & POLLIN)
			signals += read_byte(self[0], &byte);
		if (polled[1].revents & POLLIN)
			bytes += read_byte(data[0], &byte);
	}
	end_child(child);
	printf("one loop took %d signal and %d byte of data\n", signals, bytes);
	return 0;
}
