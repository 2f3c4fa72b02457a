// SPDX-License-Identifier: GPL-2.0-only
/*
 * unix-seqpacket - whole messages in order over a connection
 *
 * A connection tells each side when the other one has gone, as a stream does. An
 * empty message looks like that end to whoever does not ask for its sender.
 */
#include "fd.h"
#include "socket.h"
#include "unix_socket.h"

static int open_seqpacket(struct lane *lane)
{
	return unix_open(lane, SOCK_SEQPACKET);
}

static int join_seqpacket(struct end *end)
{
	return unix_join(end, SOCK_SEQPACKET);
}

const struct mechanism mech_unix_seqpacket = {
	.name = "unix-seqpacket",
	.title = "UNIX seqpacket",
	.group = "socket",
	.max_size = unix_max_size,
	.open = open_seqpacket,
	.close = unix_close,
	.release = socket_release,
	.join = join_seqpacket,
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
