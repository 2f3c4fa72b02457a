// SPDX-License-Identifier: GPL-2.0-only
/*
 * raw - a raw socket sends and sees packets below TCP and UDP
 *
 * The protocol is the caller's own (253, which is kept free for experiments), and
 * what is received begins with the header of IP. There are no ports: every raw
 * socket of the protocol gets every packet of it. Hence CAP_NET_RAW is needed.
 *
 * Rows: 100
 *
 *	# examples/socket/raw
 */
#include <netinet/ip.h>

#include "net.h"

#define PROTOCOL	253

int main(void)
{
	struct sockaddr_in address = loopback(0);
	struct iphdr header;
	char packet[128], from[INET_ADDRSTRLEN];
	ssize_t len;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, PROTOCOL), offset;

	if (fd < 0)
		fail("a raw socket (needs CAP_NET_RAW)", errno);
	check_sys(sendto(fd, "hello", 5, 0, (struct sockaddr *)&address, sizeof(address)),
		  "sendto");
	len = check_sys(recv(fd, packet, sizeof(packet), 0), "recv");
	memcpy(&header, packet, sizeof(header));
	offset = header.ihl * 4;
	printf("sent 5 bytes, received %zd: a header of %d and '%.*s'\n", len, offset,
	       (int)len - offset, packet + offset);
	printf("the header says: IP version %u, protocol %u, from %s\n", header.version,
	       header.protocol, inet_ntop(AF_INET, &header.saddr, from, sizeof(from)));
	close(fd);
	return 0;
}
