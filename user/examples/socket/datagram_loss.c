// SPDX-License-Identifier: GPL-2.0-only
/*
 * datagram_loss - datagrams over IP get lost, those of a UNIX socket do not
 *
 * Nobody reads while many are sent. UDP takes them all and drops those for which
 * the receiver has no room; no call says so, to nobody. A UNIX socket of the same
 * type refuses what it has no room for (or blocks), and keeps the order.
 *
 * A lecture calls datagrams unordered and unreliable. That is what the type
 * SOCK_DGRAM promises, and what UDP keeps; AF_UNIX on Linux does better, unix(7).
 *
 * Rows: 96, 100
 *
 *	$ examples/socket/datagram_loss
 */
#include <stdbool.h>

#include "net.h"

#define COUNT	1000

struct datagram {
	int number;
	char filling[1000];
};

static int send_many(int fd)
{
	struct datagram datagram = { .number = 0 };

	for (int i = 0; i < COUNT; i++) {
		datagram.number = i;
		if (send(fd, &datagram, sizeof(datagram), MSG_DONTWAIT) >= 0)
			continue;
		if (errno != EAGAIN)
			fail("send", errno);
		return i;
	}
	return COUNT;
}

/* How many are there; they must be in order, with or without gaps. */
static int receive_all(int fd)
{
	struct datagram datagram;
	int count = 0, last = -1;

	while (recv(fd, &datagram, sizeof(datagram), MSG_DONTWAIT) >= 0) {
		if (datagram.number <= last)
			fail("out of order", EPROTO);
		last = datagram.number;
		count++;
	}
	if (errno != EAGAIN)
		fail("recv", errno);
	return count;
}

static void report(const char *name, int from, int to)
{
	int accepted = send_many(from), received = receive_all(to);

	printf("%s: %d of %d were accepted%s\n", name, accepted, COUNT,
	       accepted < COUNT ? ", then the sender was told to wait" : "");
	if (received < accepted)
		printf("%s: %d were received, the others are lost\n", name, received);
	else
		printf("%s: %d were received, none is lost\n", name, received);
	close(from);
	close(to);
}

static void make_udp(int ends[2])
{
	struct sockaddr_in address;
	int small = 1;

	for (int i = 0; i < 2; i++)
		ends[i] = check_sys(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
	/* As small as the kernel lets it be, for two or three datagrams. */
	check_sys(setsockopt(ends[1], SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)),
		  "setsockopt");
	bind_port(ends[1], 0);
	address = loopback(port_of(ends[1]));
	check_sys(connect(ends[0], (struct sockaddr *)&address, sizeof(address)), "connect");
}

int main(void)
{
	int ends[2];

	make_udp(ends);
	report("UDP ", ends[0], ends[1]);
	check_sys(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), "socketpair");
	report("UNIX", ends[0], ends[1]);
	return 0;
}
