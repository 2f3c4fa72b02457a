/* SPDX-License-Identifier: GPL-2.0-only */
/* Ports of 127.0.0.1, and the streams and sends that the TCP examples share. */
#ifndef EXAMPLES_NET_H
#define EXAMPLES_NET_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "../check.h"

#define DEFAULT_PORT	2016

static inline struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static inline void bind_port(int fd, uint16_t port)
{
	struct sockaddr_in address = loopback(port);

	check_sys(bind(fd, (struct sockaddr *)&address, sizeof(address)), "bind");
}

static inline uint16_t port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t size = sizeof(address);

	check_sys(getsockname(fd, (struct sockaddr *)&address, &size), "getsockname");
	return ntohs(address.sin_port);
}

/* The option -p, and nothing else. */
static inline uint16_t port_option(int argc, char **argv, const char *usage)
{
	long port = DEFAULT_PORT;
	char *end = "";
	int option;

	while ((option = getopt(argc, argv, "p:")) == 'p')
		port = strtol(optarg, &end, 10);
	if (option == -1 && !*end && port >= 0 && port <= UINT16_MAX)
		return port;
	fprintf(stderr, "Usage: %s\n", usage);
	exit(2);
}

/* A send may take less than it was given; without MSG_NOSIGNAL it may kill us. */
static inline void send_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = check_sys(send(fd, data, len, MSG_NOSIGNAL), "send");

		data += n;
		len -= n;
	}
}

#endif /* EXAMPLES_NET_H */
