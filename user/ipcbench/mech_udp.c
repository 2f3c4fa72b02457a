// SPDX-License-Identifier: GPL-2.0-only
/*
 * udp - whole messages to a port, which may be lost
 *
 * A datagram that finds the receiver's buffer full is gone, and the sender is not
 * told, even on one machine: whoever wants all messages must not send faster than
 * they are received. With a multicast address one datagram goes to all who have
 * joined the group.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fd.h"
#include "loopback.h"
#include "socket.h"

/* The largest packet of IP, less its header and that of UDP. */
#define DATAGRAM_MAX	(65535 - 20 - 8)

/* A group for the use of one organization; ours never leaves the machine. */
#define GROUP		"239.255.77.1"

static size_t datagram_max(void)
{
	return DATAGRAM_MAX;
}

/* Both ends of a group must be told which interface it is on. */
static struct ip_mreqn group_on_loopback(void)
{
	return (struct ip_mreqn){
		.imr_multiaddr = { inet_addr(GROUP) },
		.imr_ifindex = if_nametoindex("lo"),
	};
}

static struct sockaddr_in new_address(const struct lane *lane)
{
	struct sockaddr_in address = loopback_address(0);

	if (lane->broadcast)
		address.sin_addr.s_addr = inet_addr(GROUP);
	return address;
}

/* Set only once we have a port that nobody else has: then others may have it, too. */
static int share_port(int fd)
{
	int yes = 1;

	return or_errno(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)));
}

static int open_udp(struct lane *lane)
{
	struct sockaddr_in address = new_address(lane);
	int fd = socket_bound(SOCK_DGRAM, (struct sockaddr *)&address, sizeof(address));
	int ret = socket_own(lane, fd);

	if (ret)
		return ret;
	ret = socket_deepen(fd, SO_RCVBUF, socket_depth_bytes(lane));
	if (!ret && lane->broadcast)
		ret = share_port(fd);
	if (!ret)
		ret = loopback_publish(lane, fd, address.sin_addr);
	if (ret)
		socket_close(lane);
	return ret;
}

/* Each member of the group has a socket, and a buffer, of its own. */
static int join_group(const struct lane *lane)
{
	struct sockaddr_in address = loopback_parse(lane->address);
	struct ip_mreqn group = group_on_loopback();
	int fd = or_errno(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	int ret;

	if (fd < 0)
		return fd;
	ret = share_port(fd);
	if (!ret)
		ret = or_errno(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	if (!ret)
		ret = or_errno(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group,
					  sizeof(group)));
	if (!ret)
		ret = socket_deepen(fd, SO_RCVBUF, socket_depth_bytes(lane));
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

static int join_sender(struct end *end)
{
	struct sockaddr_in address = loopback_parse(end->lane->address);
	struct ip_mreqn group = group_on_loopback();
	int fd = or_errno(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof(group));
	fd = socket_connect(end->lane, fd, (struct sockaddr *)&address, sizeof(address));
	return socket_attach(end, fd);
}

static int join_udp(struct end *end)
{
	if (end->role == ROLE_SENDER)
		return join_sender(end);
	if (!end->lane->broadcast)
		return socket_attach(end, socket_take(end->lane));
	if (end->lane->own)
		socket_release(end->lane);
	return socket_attach(end, join_group(end->lane));
}

const struct mechanism mech_udp = {
	.name = "udp",
	.title = "UDP, loopback",
	.group = "socket",
	.note = "loses messages that find the receiver's buffer full",
	.absent = loopback_absent,
	.max_size = datagram_max,
	.shared_max = LANE_SIZE_MAX,
	.open = open_udp,
	.close = socket_close,
	.release = socket_release,
	.join = join_udp,
	.leave = socket_leave,
	.send = socket_send,
	.recv = datagram_recv,
	.poll_fd = socket_poll_fd,
	.peek = socket_peek,
};
