// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcp_server - a server on 127.0.0.1:2016 that prints what one client sends
 *
 * socket() makes one end, bind() gives it our address, listen() lets others
 * connect, accept() makes a descriptor for one of them. A stream keeps no
 * boundaries, so the two agree that a line is a message; the answer says how many
 * came. With -p 0 the kernel chooses a port that is free, which is printed.
 *
 * SO_REUSEADDR: otherwise the port could not be had for a minute after a server's
 * end, while the kernel waits for late segments of its connections.
 *
 * Rows: 94, 97, 98
 *
 *	$ examples/socket/tcp_server & examples/socket/tcp_client Hello 'any answer?'
 */
#include "net.h"

static int listen_on(uint16_t port)
{
	int fd = check_sys(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
	int on = 1;

	check_sys(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), "setsockopt");
	bind_port(fd, port);
	check_sys(listen(fd, 1), "listen");
	return fd;
}

/* Lines up to the end of file, which comes when the client will send no more. */
static int print_lines(int client)
{
	FILE *stream = fdopen(check_sys(dup(client), "dup"), "r");
	char *line = NULL;
	size_t size = 0;
	int lines = 0;

	if (!stream)
		fail("fdopen", errno);
	while (getline(&line, &size, stream) > 0)
		printf("message %d: %s", ++lines, line);
	if (ferror(stream))
		fail("read", errno);
	free(line);
	fclose(stream);
	return lines;
}

int main(int argc, char **argv)
{
	uint16_t port = port_option(argc, argv, "tcp_server [-p PORT]");
	int server = listen_on(port), client, len;
	char answer[64];

	printf("port %u\n", port_of(server));
	fflush(stdout);
	client = check_sys(accept4(server, NULL, NULL, SOCK_CLOEXEC), "accept");
	len = snprintf(answer, sizeof(answer), "I got %d messages\n", print_lines(client));
	send_all(client, answer, len);
	close(client);
	close(server);
	return 0;
}
