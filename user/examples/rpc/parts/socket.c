// SPDX-License-Identifier: GPL-2.0-only
/* A pair of UNIX sockets that keep the boundaries of messages. */
#include <poll.h>
#include <sys/socket.h>

#include "../../check.h"
#include "carrier.h"

static int send_socket(struct carrier *carrier, const void *data, size_t len)
{
	return send(carrier->fd, data, len, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static ssize_t recv_socket(struct carrier *carrier, void *buf, size_t size, int64_t timeout)
{
	struct pollfd pollfd = { .fd = carrier->fd, .events = POLLIN };
	ssize_t len;
	int ready;

	ready = poll(&pollfd, 1, timeout < 0 ? -1 : (int)(timeout / 1000000));
	if (ready <= 0)
		return ready ? -errno : -ETIMEDOUT;
	/* MSG_TRUNC tells the length of a message that was cut, too. */
	len = recv(carrier->fd, buf, size, MSG_TRUNC);
	if (len < 0)
		return -errno;
	return len > (ssize_t)size ? -EMSGSIZE : len;
}

static void close_socket(struct carrier *carrier)
{
	close(carrier->fd);
}

static const struct carrier over_socket = {
	.name = "a socket",
	.send = send_socket,
	.recv = recv_socket,
	.close = close_socket,
};

void connect_socket(struct carrier *client, struct carrier *server)
{
	int sockets[2];

	check_sys(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets),
		  "socketpair");
	*client = over_socket;
	*server = over_socket;
	client->fd = sockets[0];
	server->fd = sockets[1];
}
