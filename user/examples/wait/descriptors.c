// SPDX-License-Identifier: GPL-2.0-only
/*
 * descriptors - one wait for a signal, a timer, a child, a socket and a pipe
 *
 * On Windows all of these are handles, and one call waits for any of them. On
 * Linux each has a descriptor by now, also what once had none: signals have
 * signalfd, timers timerfd, processes pidfd. One epoll_wait() waits for them all;
 * select(), with which the lectures wait for several pipes, could, too.
 *
 * The parent waits; the child does one thing after the other, and after each
 * waits until the parent has seen it.
 *
 * Rows: 90, 148
 *
 *	$ examples/wait/descriptors
 */
#include <signal.h>
#include <sys/socket.h>

#include "../check.h"
#include "parts/loop.h"

static void act(const struct peer *peer)
{
	check_sys(write(peer->peer_pipe, "some bytes", 10), "write");
	await_turn(peer);
	check_sys(send(peer->peer_socket, "some more", 9, MSG_NOSIGNAL), "send");
	await_turn(peer);
	check_sys(kill(getppid(), SIGUSR1), "kill");
	/* Two events: the signal, and the timer that it starts. */
	await_turn(peer);
	await_turn(peer);
}

int main(void)
{
	struct source timer = timer_source();
	struct source signal = signal_source(&timer);
	struct peer peer;

	connect_peer(&peer);
	start_peer(&peer, act);

	struct source sources[] = {
		timer, signal, socket_source(&peer), pipe_source(&peer), child_source(&peer),
	};

	/* The socket, the pipe and the child come to an end. */
	wait_for_sources(sources, sizeof(sources) / sizeof(*sources), 3, &peer);
	return 0;
}
