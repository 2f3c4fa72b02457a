// SPDX-License-Identifier: GPL-2.0-only
/*
 * zmq-ipc - ZeroMQ over UNIX sockets
 *
 * A library, not a server: each process has a thread that moves messages between
 * queues and sockets. Messages are whole, and a sender may have several
 * receivers, to each of whom it gives in turn.
 */
#include <stdio.h>
#include <unistd.h>

#include "fd.h"
#include "zmq_lane.h"

static void endpoint_of(const struct lane *lane, unsigned int index, char *endpoint)
{
	snprintf(endpoint, ZMQ_ENDPOINT_MAX, "ipc://%s-%u", lane->address, index);
}

static int open_zmq(struct lane *lane)
{
	return path_choose(lane);
}

/* The library removes its sockets when it is asked to end; a killed one is not. */
static void close_zmq(struct lane *lane)
{
	char path[ZMQ_ENDPOINT_MAX];

	for (unsigned int i = 0; i < lane->receivers; i++) {
		snprintf(path, sizeof(path), "%s-%u", lane->address, i);
		unlink(path);
	}
}

static int join_zmq(struct end *end)
{
	return zmq_join(end, endpoint_of, NULL);
}

static bool remains(const char *address)
{
	char path[ZMQ_ENDPOINT_MAX];

	snprintf(path, sizeof(path), "%s-0", address);
	return path_remains(path);
}

const struct mechanism mech_zmq_ipc = {
	.name = "zmq-ipc",
	.title = "ZeroMQ, ipc://",
	.group = "library",
	.note = "a thread in each process moves the messages",
	.max_size = any_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_zmq,
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
