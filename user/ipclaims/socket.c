// SPDX-License-Identifier: GPL-2.0-only
/* Claims on sockets. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "claim.h"
#include "finding.h"
#include "proc.h"

#define DATAGRAMS	1000
#define DATAGRAM_SIZE	1024

/* How "ab" and "cde" arrive: the lengths of the first two reads. */
static void exchange(int type, long lengths[2])
{
	char buf[16];
	int ends[2];

	need(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends), "socketpair");
	must(send(ends[0], "ab", 2, 0), "send");
	must(send(ends[0], "cde", 3, 0), "send");
	must(shutdown(ends[0], SHUT_WR), "shutdown");
	for (int i = 0; i < 2; i++)
		lengths[i] = recv(ends[1], buf, sizeof(buf), MSG_DONTWAIT);
	close(ends[0]);
	close(ends[1]);
}

static void check_raw(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);

	if (fd >= 0)
		observe("A raw socket can be had by this privileged process.");
	else
		part(errno == EPERM || errno == EACCES || errno == EAFNOSUPPORT,
		     "A raw socket needs privilege: %s.", strerror(errno));
}

static void check_types(void)
{
	long lengths[2];

	exchange(SOCK_STREAM, lengths);
	part(lengths[0] == 5 && lengths[1] == 0, "Sends of 2 and 3 bytes arrive over a stream "
	     "as %ld, and then comes the end;", lengths[0]);
	exchange(SOCK_DGRAM, lengths);
	part(lengths[0] == 2 && lengths[1] == 3, "as datagrams as %ld and %ld;", lengths[0],
	     lengths[1]);
	exchange(SOCK_SEQPACKET, lengths);
	part(lengths[0] == 2 && lengths[1] == 3, "as sequenced packets as %ld and %ld.",
	     lengths[0], lengths[1]);
	check_raw();
	conclude_parts();
}

/* Blocks whenever the receiver is behind. */
static _Noreturn void send_numbers(int fd)
{
	char datagram[DATAGRAM_SIZE] = "";

	for (int number = 0; number < DATAGRAMS; number++) {
		memcpy(datagram, &number, sizeof(number));
		must(send(fd, datagram, sizeof(datagram), 0), "send");
	}
	_exit(0);
}

/* How many datagrams arrive in the order in which they were sent. */
static int receive_numbers(int fd)
{
	char datagram[DATAGRAM_SIZE];
	int number, expected = 0;

	while (expected < DATAGRAMS) {
		if (must(recv(fd, datagram, sizeof(datagram), 0), "recv") != DATAGRAM_SIZE)
			break;
		memcpy(&number, datagram, sizeof(number));
		if (number != expected)
			break;
		expected++;
	}
	return expected;
}

static int count_unix(void)
{
	int ends[2], count;
	pid_t child;

	need(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), "socketpair");
	child = start();
	if (!child)
		send_numbers(ends[0]);
	observe("A sender whose datagrams are not taken %s.",
		sleeps(child) ? "sleeps until there is room" : "does not wait");
	count = receive_numbers(ends[1]);
	if (count == DATAGRAMS)
		ends_well(child);
	else
		end_now(child);
	return count;
}

/* A UDP socket of ours on the loopback device, connected to itself; or -1. */
static int open_udp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    getsockname(fd, (struct sockaddr *)&address, &length) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return fd;
}

/* To compare: what UDP does when nobody takes the datagrams. */
static void observe_udp(void)
{
	char datagram[DATAGRAM_SIZE] = "";
	int fd = open_udp(), sent = 0, received = 0;

	if (fd < 0)
		return;
	while (sent < DATAGRAMS && send(fd, datagram, sizeof(datagram), 0) > 0)
		sent++;
	while (recv(fd, datagram, sizeof(datagram), MSG_DONTWAIT) > 0)
		received++;
	observe("To compare: over UDP on the loopback device, %d of %d arrive if they are not "
		"taken at once.", received, sent);
}

static void check_datagrams(void)
{
	int count = count_unix();

	observe("Over a UNIX socket %d of %d datagrams arrive, in order.", count, DATAGRAMS);
	observe_udp();
	if (count == DATAGRAMS)
		conclude("none lost");
	else
		conclude("lost");
}

const struct claim socket_claims[] = {
	{
		.row = "100",
		.lectures = "S2",
		.text = "four types of sockets",
		.says = "Streams, datagrams, sequenced packets and raw sockets.",
		.page = "socket(2), unix(7)",
		.check = check_types,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A2.13",
		.lectures = "S2",
		.text = "datagrams are unreliable",
		.says = "Datagrams are like mail: without order and unreliable.",
		.page = "unix(7)",
		.check = check_datagrams,
		.outcomes = { { "lost", VERDICT_TRUE }, { "none lost", VERDICT_OUTDATED } },
	},
	{ 0 }
};
