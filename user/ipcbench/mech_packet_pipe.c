// SPDX-License-Identifier: GPL-2.0-only
/*
 * packet-pipe - a pipe in which each write stays a packet (O_DIRECT)
 *
 * Each packet has a page of its own, however small it is, and a read takes one
 * packet; what of it does not fit into the buffer is lost. A write of more than
 * PIPE_BUF bytes makes several packets, so that is the largest message. An empty
 * packet cannot be sent: such a write does nothing.
 */
#include <fcntl.h>
#include <limits.h>

#include "fd.h"
#include "pipe_end.h"

static size_t packet_max(void)
{
	return PIPE_BUF;
}

static int open_packets(struct lane *lane)
{
	if (lane->size > PIPE_BUF)
		return -EMSGSIZE;
	return pipe_open(lane, O_DIRECT, (size_t)lane->depth * PIPE_BUF);
}

/* Packets are made by the writer: its own opened pipe must have the flag. */
static int join_packets(struct end *end)
{
	struct pipe_end *pipe;
	int ret = pipe_join(end);

	if (ret)
		return ret;
	pipe = end->own;
	if (!fcntl(pipe->fd, F_SETFL, O_DIRECT) &&
	    !fcntl(pipe->now, F_SETFL, O_DIRECT | O_NONBLOCK))
		return 0;
	ret = -errno;
	pipe_leave(end);
	return ret;
}

const struct mechanism mech_packet_pipe = {
	.name = "packet-pipe",
	.title = "packet pipe",
	.group = "pipe",
	.note = "O_DIRECT; messages of up to PIPE_BUF bytes",
	.max_size = packet_max,
	.shared_max = PIPE_BUF,
	.open = open_packets,
	.close = pipe_close,
	.release = pipe_release,
	.join = join_packets,
	.leave = pipe_leave,
	.send = pipe_send,
	.recv = pipe_recv,
	.poll_fd = pipe_poll_fd,
	.peek = pipe_peek,
	.remains = path_remains,
};
