// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fd.h"
#include "loopback.h"
#include "socket.h"

struct sockaddr_in loopback_address(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
}

const char *loopback_absent(void)
{
	struct sockaddr_in address = loopback_address(0);
	int fd = socket_bound(SOCK_DGRAM, (struct sockaddr *)&address, sizeof(address));

	if (fd < 0)
		return "there is no address 127.0.0.1: ip link set lo up";
	close(fd);
	return NULL;
}

int loopback_publish(struct lane *lane, int fd, struct in_addr host)
{
	struct sockaddr_in bound;
	socklen_t len = sizeof(bound);

	if (getsockname(fd, (struct sockaddr *)&bound, &len))
		return -errno;
	snprintf(lane->address, sizeof(lane->address), "%s:%u", inet_ntoa(host),
		 ntohs(bound.sin_port));
	return 0;
}

struct sockaddr_in loopback_parse(const char *address)
{
	struct sockaddr_in parsed = { .sin_family = AF_INET };
	char host[INET_ADDRSTRLEN];
	unsigned short port;

	if (sscanf(address, "%15[0-9.]:%hu", host, &port) != 2 ||
	    !inet_aton(host, &parsed.sin_addr))
		return (struct sockaddr_in){ .sin_family = AF_UNSPEC };
	parsed.sin_port = htons(port);
	return parsed;
}
