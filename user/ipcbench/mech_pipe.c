// SPDX-License-Identifier: GPL-2.0-only
/*
 * pipe - bytes in order, between processes that have inherited its ends
 *
 * A pipe knows no messages: small writes lie in its pages without a mark between
 * them. But what is written with one call of up to PIPE_BUF bytes is never mixed
 * with that of others, and Linux puts it in and takes it out under one lock. So
 * while all messages of a pipe have one size, several processes may read, too,
 * and each reads whole messages.
 */
#include <limits.h>

#include "fd.h"
#include "pipe_end.h"

static int open_pipe(struct lane *lane)
{
	return pipe_open(lane, 0, pipe_depth_bytes(lane));
}

const struct mechanism mech_pipe = {
	.name = "pipe",
	.title = "pipe",
	.group = "pipe",
	.flags = MECHANISM_STREAM,
	.max_size = any_size,
	.shared_max = PIPE_BUF,
	.open = open_pipe,
	.close = pipe_close,
	.release = pipe_release,
	.join = pipe_join,
	.leave = pipe_leave,
	.send = pipe_send,
	.recv = pipe_recv,
	.poll_fd = pipe_poll_fd,
	.peek = pipe_peek,
	.remains = path_remains,
};
