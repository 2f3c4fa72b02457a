// SPDX-License-Identifier: GPL-2.0-only
/*
 * signalfd - signals that are read from a descriptor
 *
 * The signals are blocked, and a descriptor becomes readable when one is pending.
 * So one poll() waits for signals and for anything else, here a pipe; and nothing
 * is interrupted.
 *
 * Rows: 50
 *
 *	$ examples/signal/signalfd
 */
#include <poll.h>
#include <sys/signalfd.h>

#include "action.h"
#include "../process/wait.h"

static int data[2];

static int open_signals(void)
{
	sigset_t set;

	/* A parent that ignores the ends of its children is not told of them. */
	default_action(SIGCHLD);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	return check_sys(signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
}

static void be_child(void)
{
	check_sys(write(data[1], "data", 4), "write");
	check_sys(kill(getppid(), SIGUSR1), "kill");
	exit(5);
}

static void wait_for(int fd, int signals)
{
	struct pollfd polled[] = {
		{ .fd = signals, .events = POLLIN }, { .fd = data[0], .events = POLLIN },
	};

	do
		check_sys(poll(polled, 2, -1), "poll");
	while (!(polled[fd == data[0]].revents & POLLIN));
}

static struct signalfd_siginfo take_signal(int signals)
{
	struct signalfd_siginfo info;

	wait_for(signals, signals);
	check_sys(read(signals, &info, sizeof(info)), "read");
	return info;
}

int main(void)
{
	struct signalfd_siginfo info;
	int signals, status;
	char text[8];
	pid_t child;

	signals = open_signals();
	make_pipe(data);
	child = start_child();
	if (!child)
		be_child();
	wait_for(data[0], signals);
	printf("pipe: %.*s\n", check_sys(read(data[0], text, sizeof(text)), "read"), text);
	info = take_signal(signals);
	printf("signal %u, from the child: %s\n", info.ssi_signo,
	       (pid_t)info.ssi_pid == child ? "yes" : "no");
	info = take_signal(signals);
	printf("signal %u, the child has ended with %d\n", info.ssi_signo, info.ssi_status);
	check_sys(waitpid(child, &status, 0), "waitpid");
	close(signals);
	return 0;
}
