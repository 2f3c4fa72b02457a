// SPDX-License-Identifier: GPL-2.0-only
/*
 * unix-stream - bytes in order over a connection, as in a pipe with two ends each
 *
 * The receiver listens at a path, the sender connects to it, and both go on with
 * a connection of their own.
 */
#include "fd.h"
#include "socket.h"
#include "unix_socket.h"

static int open_stream(struct lane *lane)
{
	return unix_open(lane, SOCK_STREAM);
}

static int join_stream(struct end *end)
{
	return unix_join(end, SOCK_STREAM);
}

const struct mechanism mech_unix_stream = {
	.name = "unix-stream",
	.title = "UNIX stream",
	.group = "socket",
	.flags = MECHANISM_STREAM,
	.max_size = any_size,
	.open = open_stream,
	.close = unix_close,
	.release = socket_release,
	.join = join_stream,
	.leave = socket_leave,
	.send = socket_send,
	.recv = connection_recv,
	.poll_fd = socket_poll_fd,
	.peek = socket_peek,
	.sender = unix_sender,
	.forge = unix_forge,
	.send_fd = unix_send_fd,
	.recv_fd = unix_recv_fd,
	.remains = path_remains,
};
