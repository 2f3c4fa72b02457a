// SPDX-License-Identifier: GPL-2.0-only
/* The loop, and the child that gives it something to wait for. */
#include <sys/epoll.h>
#include <sys/socket.h>

#include "../../check.h"
#include "loop.h"

static void add_sources(int epoll, struct source *sources, int count)
{
	for (int i = 0; i < count; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &sources[i] };

		check_sys(epoll_ctl(epoll, EPOLL_CTL_ADD, sources[i].fd, &event),
			  "epoll_ctl");
	}
}

/* A child that has gone needs no turn; its end is an event of its own. */
static void give_turn(const struct peer *peer)
{
	if (send(peer->socket, "", 1, MSG_NOSIGNAL) < 0 && errno != EPIPE)
		fail("send", errno);
}

void wait_for_sources(struct source *sources, int count, int ends, const struct peer *peer)
{
	int epoll = check_sys(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	struct epoll_event event;

	add_sources(epoll, sources, count);
	while (ends) {
		struct source *source;

		check_sys(epoll_wait(epoll, &event, 1, -1), "epoll_wait");
		source = event.data.ptr;
		if (!source->ready(source)) {
			check_sys(epoll_ctl(epoll, EPOLL_CTL_DEL, source->fd, NULL),
				  "epoll_ctl");
			ends--;
		}
		give_turn(peer);
	}
	close(epoll);
}

void connect_peer(struct peer *peer)
{
	int sockets[2], ends[2];

	check_sys(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), "socketpair");
	check_sys(pipe(ends), "pipe");
	peer->socket = sockets[0];
	peer->peer_socket = sockets[1];
	peer->pipe = ends[0];
	peer->peer_pipe = ends[1];
}

void await_turn(const struct peer *peer)
{
	char byte;

	if (check_sys(recv(peer->peer_socket, &byte, 1, 0), "recv") != 1)
		fail("the parent has gone", EPIPE);
}

static void end_connections(const struct peer *peer)
{
	close(peer->peer_pipe);
	await_turn(peer);
	check_sys(shutdown(peer->peer_socket, SHUT_WR), "shutdown");
	await_turn(peer);
}

void start_peer(struct peer *peer, void (*act)(const struct peer *peer))
{
	peer->pid = start_child();
	if (!peer->pid) {
		close(peer->socket);
		close(peer->pipe);
		act(peer);
		end_connections(peer);
		_exit(7);
	}
	/* While we held them ourselves, their end would never come. */
	close(peer->peer_socket);
	close(peer->peer_pipe);
}
