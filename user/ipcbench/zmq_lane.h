/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two ZeroMQ mechanisms have in common. Each receiver binds an endpoint
 * of its own and pulls; each sender connects to all of them and pushes, in turn.
 * For a broadcast it is the sender that binds and publishes. Calls have sockets of
 * their own kind.
 */
#ifndef IPCBENCH_ZMQ_LANE_H
#define IPCBENCH_ZMQ_LANE_H

#include "mechanism.h"

#define ZMQ_ENDPOINT_MAX	160

/**
 * struct zmq_end - an end's @own
 * @context: ZeroMQ's threads
 * @socket: to send to or to receive from
 */
struct zmq_end {
	void *context;
	void *socket;
};

/* The endpoint number @index of a lane, "ipc://..." or "tcp://...". */
typedef void (*zmq_endpoint)(const struct lane *lane, unsigned int index, char *endpoint);

/* @fds: sockets that are bound already, by index; NULL if there are none. */
int zmq_join(struct end *end, zmq_endpoint endpoint, const int *fds);
void zmq_leave(struct end *end);
int zmq_lane_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait);
ssize_t zmq_lane_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait);
ssize_t zmq_lane_call(struct end *end, const void *data, size_t len, void *reply, size_t size,
		      int64_t wait);
int zmq_lane_reply(struct end *end, const void *data, size_t len);
int zmq_poll_fd(struct end *end);

#endif /* IPCBENCH_ZMQ_LANE_H */
