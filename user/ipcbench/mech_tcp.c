// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcp - bytes in order over a connection to the same machine
 *
 * All that TCP does for a far peer, it does for a near one, too. TCP_NODELAY keeps
 * it from waiting for more to send with a small message.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fd.h"
#include "loopback.h"
#include "socket.h"

static int open_tcp(struct lane *lane)
{
	struct sockaddr_in address = loopback_address(0);
	int fd, ret;

	if (!connection_fits(lane))
		return -EOPNOTSUPP;
	fd = socket_bound(SOCK_STREAM | SOCK_NONBLOCK, (struct sockaddr *)&address,
			  sizeof(address));
	ret = socket_own(lane, fd);
	if (ret)
		return ret;
	ret = or_errno(listen(fd, 1));
	if (!ret)
		ret = loopback_publish(lane, fd, address.sin_addr);
	if (ret)
		socket_close(lane);
	return ret;
}

static int join_sender(struct end *end)
{
	struct sockaddr_in address = loopback_parse(end->lane->address);
	int fd = or_errno(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int yes = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	fd = socket_connect(end->lane, fd, (struct sockaddr *)&address, sizeof(address));
	return socket_attach(end, fd);
}

static int join_tcp(struct end *end)
{
	if (end->role == ROLE_SENDER)
		return join_sender(end);
	return socket_attach_listener(end, socket_take(end->lane));
}

/* Nobody remains who would take a connection. */
static bool remains(const char *lane_address)
{
	struct sockaddr_in address = loopback_parse(lane_address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool taken = fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address));

	fd_close(&fd);
	return taken;
}

const struct mechanism mech_tcp = {
	.name = "tcp",
	.title = "TCP, loopback",
	.group = "socket",
	.flags = MECHANISM_STREAM,
	.absent = loopback_absent,
	.max_size = any_size,
	.open = open_tcp,
	.close = socket_close,
	.release = socket_release,
	.join = join_tcp,
	.leave = socket_leave,
	.send = socket_send,
	.recv = connection_recv,
	.poll_fd = socket_poll_fd,
	.peek = socket_peek,
	.remains = remains,
};
