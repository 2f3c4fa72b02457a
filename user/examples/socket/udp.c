// SPDX-License-Identifier: GPL-2.0-only
/*
 * udp - a server learns from each datagram who sent it, and answers there
 *
 * There is no connection: one socket serves all clients. recvfrom() tells the
 * address that a datagram came from, sendto() sends the answer to it. A client
 * that calls connect() fixes whom it talks to, and hears nobody else.
 *
 * On its way a datagram may be lost: whoever waits for an answer needs a time
 * limit (here only as a last resort, as nothing gets lost inside one machine
 * unless a buffer is full; see datagram_loss).
 *
 * Rows: 94, 100
 *
 *	$ examples/socket/udp
 */
#include <ctype.h>
#include <sys/time.h>

#include "net.h"

#define REQUESTS	3

static int bound_socket(void)
{
	int fd = check_sys(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
	struct timeval limit = { .tv_sec = 20 };

	check_sys(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)), "setsockopt");
	bind_port(fd, 0);
	return fd;
}

static void serve(int server)
{
	for (int i = 0; i < REQUESTS; i++) {
		struct sockaddr_in client;
		socklen_t size = sizeof(client);
		char text[64];
		ssize_t len = check_sys(recvfrom(server, text, sizeof(text), 0,
						 (struct sockaddr *)&client, &size), "recvfrom");

		for (ssize_t j = 0; j < len; j++)
			text[j] = toupper((unsigned char)text[j]);
		check_sys(sendto(server, text, len, 0, (struct sockaddr *)&client, size),
			  "sendto");
	}
}

static int new_client(uint16_t server_port)
{
	struct sockaddr_in server = loopback(server_port);
	int fd = bound_socket();

	check_sys(connect(fd, (struct sockaddr *)&server, sizeof(server)), "connect");
	return fd;
}

static void ask(const char *name, int client, const char *question)
{
	char text[64];
	ssize_t len;

	check_sys(send(client, question, strlen(question), 0), "send");
	len = check_sys(recv(client, text, sizeof(text), 0), "recv");
	printf("%s, port %u: asked '%s', was answered '%.*s'\n", name, port_of(client),
	       question, (int)len, text);
}

int main(void)
{
	int server = bound_socket(), ann, bob;
	pid_t child = start_child();

	if (!child) {
		serve(server);
		return 0;
	}
	ann = new_client(port_of(server));
	bob = new_client(port_of(server));
	ask("Ann", ann, "hello");
	ask("Bob", bob, "who is there?");
	ask("Ann", ann, "me again");
	end_child(child);
	close(ann);
	close(bob);
	close(server);
	return 0;
}
