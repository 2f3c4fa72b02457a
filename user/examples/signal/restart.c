// SPDX-License-Identifier: GPL-2.0-only
/*
 * restart - what a signal does to a system call that waits
 *
 * The call is interrupted so that the handler can run. Then it fails with EINTR;
 * or, if the handler was installed with SA_RESTART, it goes on as if nothing had
 * been. Some calls fail in any case: poll, select, nanosleep, msgrcv and others
 * that signal(7) lists. So a program has to expect EINTR even with SA_RESTART.
 *
 * Rows: 58
 *
 *	$ examples/signal/restart
 */
#include <poll.h>

#include "action.h"
#include "../process/wait.h"

static int data[2], handled[2], ready[2];

static void on_signal(int number)
{
	int saved = errno;

	(void)number;
	if (write(handled[1], "", 1) < 0)
		_exit(EXIT_FAILURE);
	errno = saved;
}

static int call_read(void)
{
	char text[8];

	return read(data[0], text, sizeof(text));
}

static int call_poll(void)
{
	struct pollfd polled = { .fd = data[0], .events = POLLIN };

	return poll(&polled, 1, -1);
}

static void be_child(int (*call)(void), int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };
	int ret;

	close(data[1]);
	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	tell(ready[1]);
	ret = call();
	if (ret < 0)
		printf("%s\n", strerror(errno));
	else
		printf("returned %d\n", ret);
	exit(EXIT_SUCCESS);
}

static void show(const char *name, int (*call)(void), int flags)
{
	pid_t child;

	make_pipe(data);
	printf("%s: ", name);
	child = start_child();
	if (!child)
		be_child(call, flags);
	hear(ready[0]);
	wait_for_state(child, 'S');
	check_sys(kill(child, SIGUSR1), "kill");
	hear(handled[0]);
	/* Who still waits for data gets them now. */
	check_sys(write(data[1], "data", 4), "write");
	end_child(child);
	close(data[0]);
	close(data[1]);
}

int main(void)
{
	default_action(SIGUSR1);
	make_pipe(handled);
	make_pipe(ready);
	show("read", call_read, 0);
	show("read, SA_RESTART", call_read, SA_RESTART);
	show("poll", call_poll, 0);
	show("poll, SA_RESTART", call_poll, SA_RESTART);
	return 0;
}
