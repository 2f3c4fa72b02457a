// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcp_client - sends its arguments to the server on 127.0.0.1:2016
 *
 * connect() names the server's address; our own the kernel chooses. shutdown()
 * says that no more will come, and leaves the other direction open for the
 * answer: close() would close both.
 *
 * Rows: 97, 98
 *
 *	$ examples/socket/tcp_client [-p PORT] WORD...
 */
#include "net.h"

static int connect_to(uint16_t port)
{
	int fd = check_sys(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
	struct sockaddr_in address = loopback(port);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail("no server answers: start examples/socket/tcp_server", errno);
	return fd;
}

static void print_answer(int fd)
{
	char text[64];
	ssize_t len;

	while ((len = check_sys(recv(fd, text, sizeof(text), 0), "recv")))
		printf("the server says: %.*s", (int)len, text);
}

int main(int argc, char **argv)
{
	uint16_t port = port_option(argc, argv, "tcp_client [-p PORT] WORD...");
	int fd = connect_to(port);

	for (char **word = argv + optind; *word; word++) {
		send_all(fd, *word, strlen(*word));
		send_all(fd, "\n", 1);
	}
	check_sys(shutdown(fd, SHUT_WR), "shutdown");
	print_answer(fd);
	close(fd);
	return 0;
}
