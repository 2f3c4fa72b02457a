// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll_server - one process serves two clients at once, whoever speaks first
 *
 * accept() and recv() would block on one client while the other waits. poll()
 * waits for all of them, and tells which descriptor has something: the listening
 * one a new connection, a client's a message or its end.
 *
 * The clients take turns, so that the order of what is printed is known. The name
 * of the socket is one that the kernel chooses and that stands in no folder.
 *
 * Rows: 90, 97, 101
 *
 *	$ examples/socket/poll_server
 */
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../process/wait.h"

#define CLIENTS	2

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static socklen_t address_size = sizeof(address);

static int new_socket(void)
{
	return check_sys(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), "socket");
}

static int listen_anywhere(void)
{
	int fd = new_socket();

	/* An address without a name asks the kernel for one. */
	check_sys(bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)), "bind");
	check_sys(getsockname(fd, (struct sockaddr *)&address, &address_size), "getsockname");
	check_sys(listen(fd, CLIENTS), "listen");
	return fd;
}

static void say(int fd, const char *text)
{
	char answer;

	check_sys(send(fd, text, strlen(text), MSG_NOSIGNAL), "send");
	check_sys(recv(fd, &answer, 1, 0), "recv");
}

static void be_client(const char *name, int my_turn, int your_turn)
{
	char text[64];
	int fd;

	hear(my_turn);
	fd = new_socket();
	check_sys(connect(fd, (struct sockaddr *)&address, address_size), "connect");
	snprintf(text, sizeof(text), "hello from %s", name);
	say(fd, text);
	tell(your_turn);
	hear(my_turn);
	snprintf(text, sizeof(text), "bye from %s", name);
	say(fd, text);
	close(fd);
	tell(your_turn);
}

/* A child for each, with the end of the pipe that the other one tells it by. */
static void start_clients(pid_t children[CLIENTS])
{
	static const char *const names[] = { "Ann", "Bob" };
	int turns[CLIENTS][2];

	for (int i = 0; i < CLIENTS; i++)
		make_pipe(turns[i]);
	for (int i = 0; i < CLIENTS; i++) {
		children[i] = start_child();
		if (children[i])
			continue;
		close(turns[!i][0]);
		close(turns[i][1]);
		be_client(names[i], turns[i][0], turns[!i][1]);
		exit(EXIT_SUCCESS);
	}
	tell(turns[0][1]);
	/* The other ends we keep: whose turn is last tells somebody who has left. */
	for (int i = 0; i < CLIENTS; i++)
		close(turns[i][1]);
}

static void serve_client(struct pollfd *client, int number)
{
	char text[64];
	ssize_t len = check_sys(recv(client->fd, text, sizeof(text), 0), "recv");

	if (len) {
		printf("client %d: %.*s\n", number, (int)len, text);
		check_sys(send(client->fd, "", 1, MSG_NOSIGNAL), "send");
		return;
	}
	printf("client %d: end\n", number);
	close(client->fd);
	/* poll() skips what is negative. */
	client->fd = -1;
}

static void serve(int server)
{
	struct pollfd fds[1 + CLIENTS] = { { .fd = server, .events = POLLIN } };
	int count = 1, ended = 0;

	while (ended < CLIENTS) {
		check_sys(poll(fds, count, -1), "poll");
		for (int i = 1; i < count; i++) {
			if (!fds[i].revents)
				continue;
			serve_client(&fds[i], i);
			ended += fds[i].fd < 0;
		}
		if (!fds[0].revents)
			continue;
		fds[count].fd = check_sys(accept4(server, NULL, NULL, SOCK_CLOEXEC), "accept");
		fds[count].events = POLLIN;
		printf("client %d: connected\n", count++);
	}
}

int main(void)
{
	int server = listen_anywhere();
	pid_t children[CLIENTS];

	start_clients(children);
	serve(server);
	for (int i = 0; i < CLIENTS; i++)
		end_child(children[i]);
	close(server);
	return 0;
}
