// SPDX-License-Identifier: GPL-2.0-only
/*
 * sigio - a signal says that a descriptor has become readable
 *
 * F_SETOWN names who gets the signal, O_ASYNC switches it on, and F_SETSIG makes
 * the kernel say which descriptor it is. The handler takes a note; the program
 * reads. While it does something else, SIGIO is blocked.
 *
 * The lecture's handler prints, which no handler should do.
 *
 * Rows: 65
 *
 *	$ examples/signal/sigio
 */
#include "action.h"
#include "../process/wait.h"

static volatile sig_atomic_t readable = -1;

static void on_io(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	readable = info->si_fd;
}

static void want_signal(int fd)
{
	struct sigaction action = { .sa_sigaction = on_io, .sa_flags = SA_SIGINFO };

	check_sys(sigaction(SIGIO, &action, NULL), "sigaction");
	check_sys(fcntl(fd, F_SETOWN, getpid()), "F_SETOWN");
	check_sys(fcntl(fd, F_SETSIG, SIGIO), "F_SETSIG");
	check_sys(fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK), "F_SETFL");
}

int main(void)
{
	sigset_t set, old;
	char text[16];
	int news[2];
	pid_t child;

	default_action(SIGIO);
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	check_sys(sigprocmask(SIG_BLOCK, &set, &old), "sigprocmask");
	make_pipe(news);
	want_signal(news[0]);
	child = start_child();
	if (!child) {
		check_sys(write(news[1], "news", 4), "write");
		return 0;
	}
	close(news[1]);
	while (readable < 0)
		sigsuspend(&old);
	printf("SIGIO: descriptor %s\n", readable == news[0] ? "of the pipe" : "unknown");
	printf("read: %.*s\n", check_sys(read(news[0], text, sizeof(text)), "read"), text);
	end_child(child);
	return 0;
}
