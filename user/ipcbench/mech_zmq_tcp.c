// SPDX-License-Identifier: GPL-2.0-only
/*
 * zmq-tcp - ZeroMQ over TCP on the loopback interface
 *
 * The same as zmq-ipc with another transport; the program changes by one word.
 * The ports are bound before any other process exists, so that no one else gets
 * them meanwhile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fd.h"
#include "loopback.h"
#include "zmq_lane.h"

#define RECEIVERS_MAX	8

/**
 * struct ports - a lane's @own
 * @fds: listening sockets, by index
 */
struct ports {
	int fds[RECEIVERS_MAX];
};

/* The address is the ports, with commas between. */
static void endpoint_of(const struct lane *lane, unsigned int index, char *endpoint)
{
	const char *port = lane->address;

	while (index-- && port)
		port = strchr(port, ',') ? strchr(port, ',') + 1 : NULL;
	snprintf(endpoint, ZMQ_ENDPOINT_MAX, "tcp://127.0.0.1:%d", port ? atoi(port) : 0);
}

static int listen_anywhere(uint16_t *port)
{
	struct sockaddr_in address = loopback_address(0);
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, len) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)&address, &len)) {
		int ret = -errno;

		fd_close(&fd);
		return ret;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

static void release_zmq(struct lane *lane)
{
	struct ports *own = lane->own;

	for (size_t i = 0; i < RECEIVERS_MAX; i++)
		fd_close(&own->fds[i]);
}

static void close_zmq(struct lane *lane)
{
	release_zmq(lane);
	free(lane->own);
	lane->own = NULL;
}

static int open_ports(struct lane *lane, struct ports *own)
{
	size_t used = 0;
	uint16_t port = 0;

	for (unsigned int i = 0; i < lane->receivers; i++) {
		own->fds[i] = listen_anywhere(&port);
		if (own->fds[i] < 0)
			return own->fds[i];
		used += snprintf(lane->address + used, sizeof(lane->address) - used, "%s%u",
				 i ? "," : "", port);
	}
	return 0;
}

static int open_zmq(struct lane *lane)
{
	int ret;

	if (lane->receivers > RECEIVERS_MAX)
		return -EOPNOTSUPP;
	ret = own_alloc(&lane->own, sizeof(struct ports));
	if (ret)
		return ret;
	memset(lane->own, -1, sizeof(struct ports));
	ret = open_ports(lane, lane->own);
	if (ret)
		close_zmq(lane);
	return ret;
}

/* Who binds needs the socket that the first process holds the port with. */
static int join_zmq(struct end *end)
{
	struct ports *own = end->lane->own;
	bool binds = (end->role == ROLE_SENDER) == end->lane->broadcast;

	if (binds && !own)
		return -EOPNOTSUPP;
	return zmq_join(end, endpoint_of, own ? own->fds : NULL);
}

static bool remains(const char *address)
{
	struct sockaddr_in peer = loopback_address(atoi(address));
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool taken = fd >= 0 && !connect(fd, (struct sockaddr *)&peer, sizeof(peer));

	fd_close(&fd);
	return taken;
}

const struct mechanism mech_zmq_tcp = {
	.name = "zmq-tcp",
	.title = "ZeroMQ, tcp://",
	.group = "library",
	.note = "a thread in each process moves the messages",
	.absent = loopback_absent,
	.max_size = any_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_zmq,
	.release = release_zmq,
	.close = close_zmq,
	.join = join_zmq,
	.leave = zmq_leave,
	.send = zmq_lane_send,
	.recv = zmq_lane_recv,
	.call = zmq_lane_call,
	.reply = zmq_lane_reply,
	.poll_fd = zmq_poll_fd,
	.remains = remains,
};
