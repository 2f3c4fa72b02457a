// SPDX-License-Identifier: GPL-2.0-only
/*
 * unix-dgram - whole messages to a socket with a path, without a connection
 *
 * Nothing is lost, unlike with UDP: a sender waits while the receiver's queue is
 * full. That queue is short. Its length, the sysctl net.unix.max_dgram_qlen, is
 * for root to set; so is how much a sender may have on the way, which SO_SNDBUF
 * can raise up to net.core.wmem_max.
 */
#include "fd.h"
#include "socket.h"
#include "unix_socket.h"

#define QUEUE_LIMIT	"/proc/sys/net/unix/max_dgram_qlen"
#define QUEUE_DEFAULT	10

/* A queue is full when it has more than the limit. */
static size_t queue_length(void)
{
	return limit_read(QUEUE_LIMIT, QUEUE_DEFAULT) + 1;
}

static int open_dgram(struct lane *lane)
{
	if (lane->depth > queue_length())
		return -EPERM;
	return unix_open(lane, SOCK_DGRAM);
}

static int join_dgram(struct end *end)
{
	return unix_join(end, SOCK_DGRAM);
}

const struct mechanism mech_unix_dgram = {
	.name = "unix-dgram",
	.title = "UNIX datagram",
	.group = "socket",
	.max_size = unix_max_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_dgram,
	.close = unix_close,
	.release = socket_release,
	.join = join_dgram,
	.leave = socket_leave,
	.send = socket_send,
	.recv = datagram_recv,
	.poll_fd = socket_poll_fd,
	.peek = socket_peek,
	.sender = unix_sender,
	.forge = unix_forge,
	.send_fd = unix_send_fd,
	.recv_fd = unix_recv_fd,
	.remains = path_remains,
};
