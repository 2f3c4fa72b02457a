// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <zmq.h>

#include "fd.h"
#include "zmq_lane.h"

/* How long a process that leaves goes on sending what it has queued. */
#define LINGER_MS	2000

#define MS		1000000

static int set_option(struct zmq_end *own, int option, int value)
{
	return zmq_setsockopt(own->socket, option, &value, sizeof(value)) ? -zmq_errno() : 0;
}

static int socket_type(const struct end *end)
{
	bool sends = end->role == ROLE_SENDER;

	if (end->lane->broadcast)
		return sends ? ZMQ_XPUB : ZMQ_SUB;
	if (end->lane->calls)
		return sends ? ZMQ_REQ : ZMQ_REP;
	return sends ? ZMQ_PUSH : ZMQ_PULL;
}

/* Of itself a socket whose call has timed out can make no other one. */
static int number_calls(struct zmq_end *own)
{
	int ret = set_option(own, ZMQ_REQ_RELAXED, 1);

	return ret ? ret : set_option(own, ZMQ_REQ_CORRELATE, 1);
}

/* As many messages as the lane is to hold; ZeroMQ counts them on both sides. */
static int set_options(struct end *end)
{
	struct zmq_end *own = end->own;
	int depth = end->lane->depth;
	int ret = set_option(own, ZMQ_LINGER, LINGER_MS);

	if (!ret && depth)
		ret = set_option(own, ZMQ_SNDHWM, depth);
	if (!ret && depth)
		ret = set_option(own, ZMQ_RCVHWM, depth);
	/* Else only the first subscription of several equal ones would be seen. */
	if (!ret && socket_type(end) == ZMQ_XPUB)
		ret = set_option(own, ZMQ_XPUB_VERBOSE, 1);
	if (!ret && socket_type(end) == ZMQ_SUB)
		ret = zmq_setsockopt(own->socket, ZMQ_SUBSCRIBE, "", 0) ? -zmq_errno() : 0;
	if (!ret && socket_type(end) == ZMQ_REQ)
		ret = number_calls(own);
	return ret;
}

/* A socket can be ours from the start, so that no other process has its port. */
static int bind_endpoint(struct end *end, zmq_endpoint endpoint, const int *fds)
{
	struct zmq_end *own = end->own;
	char text[ZMQ_ENDPOINT_MAX];
	int ret = fds ? set_option(own, ZMQ_USE_FD, fds[end->index]) : 0;

	endpoint(end->lane, end->index, text);
	if (!ret && zmq_bind(own->socket, text))
		ret = -zmq_errno();
	return ret;
}

static int connect_endpoints(struct end *end, zmq_endpoint endpoint, unsigned int count)
{
	struct zmq_end *own = end->own;
	char text[ZMQ_ENDPOINT_MAX];

	for (unsigned int i = 0; i < count; i++) {
		endpoint(end->lane, i, text);
		if (zmq_connect(own->socket, text))
			return -zmq_errno();
	}
	return 0;
}

/* What is published before a subscription has come in is lost. */
static int await_subscribers(struct end *end)
{
	struct zmq_end *own = end->own;
	char byte;

	for (unsigned int i = 0; i < end->lane->receivers; i++)
		if (zmq_recv(own->socket, &byte, 1, 0) < 0)
			return -zmq_errno();
	return 0;
}

static int attach(struct end *end, zmq_endpoint endpoint, const int *fds)
{
	bool sends = end->role == ROLE_SENDER;
	int ret;

	if (end->lane->broadcast != sends)
		return connect_endpoints(end, endpoint, sends ? end->lane->receivers : 1);
	ret = bind_endpoint(end, endpoint, fds);
	return !ret && sends ? await_subscribers(end) : ret;
}

int zmq_join(struct end *end, zmq_endpoint endpoint, const int *fds)
{
	struct zmq_end *own;
	int ret = own_alloc(&end->own, sizeof(*own));

	if (ret)
		return ret;
	own = end->own;
	own->context = zmq_ctx_new();
	own->socket = own->context ? zmq_socket(own->context, socket_type(end)) : NULL;
	if (!own->socket)
		ret = -zmq_errno();
	if (!ret)
		ret = set_options(end);
	if (!ret)
		ret = attach(end, endpoint, fds);
	if (ret)
		zmq_leave(end);
	return ret;
}

void zmq_leave(struct end *end)
{
	struct zmq_end *own = end->own;

	if (own->socket)
		zmq_close(own->socket);
	if (own->context)
		zmq_ctx_term(own->context);
	free(own);
	end->own = NULL;
}

/* A time limit is an option of the socket, kept until it is set anew. */
static int limit_wait(struct zmq_end *own, int option, int64_t wait)
{
	return set_option(own, option, wait > 0 ? (int)((wait + MS - 1) / MS) : -1);
}

static int wait_error(int64_t wait)
{
	if (zmq_errno() == EAGAIN && wait > 0)
		return -ETIMEDOUT;
	return -zmq_errno();
}

int zmq_lane_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	struct zmq_end *own = end->own;
	int ret = wait > 0 ? limit_wait(own, ZMQ_SNDTIMEO, wait) : 0;

	(void)type;
	if (ret)
		return ret;
	if (zmq_send(own->socket, data, len, wait == WAIT_NEVER ? ZMQ_DONTWAIT : 0) < 0)
		ret = wait_error(wait);
	if (wait > 0)
		limit_wait(own, ZMQ_SNDTIMEO, WAIT_FOREVER);
	return ret;
}

ssize_t zmq_lane_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	struct zmq_end *own = end->own;
	ssize_t ret = wait > 0 ? limit_wait(own, ZMQ_RCVTIMEO, wait) : 0;

	(void)type;
	if (ret)
		return ret;
	ret = zmq_recv(own->socket, buf, size, wait == WAIT_NEVER ? ZMQ_DONTWAIT : 0);
	if (ret < 0)
		ret = wait_error(wait);
	if (wait > 0)
		limit_wait(own, ZMQ_RCVTIMEO, WAIT_FOREVER);
	return ret;
}

ssize_t zmq_lane_call(struct end *end, const void *data, size_t len, void *reply, size_t size,
		      int64_t wait)
{
	int ret = zmq_lane_send(end, 1, data, len, wait);

	return ret ? ret : zmq_lane_recv(end, 0, reply, size, wait);
}

/* The socket knows whom it has heard last. */
int zmq_lane_reply(struct end *end, const void *data, size_t len)
{
	return zmq_lane_send(end, 1, data, len, WAIT_FOREVER);
}

/* It polls readable when something has changed, which need not be a message. */
int zmq_poll_fd(struct end *end)
{
	struct zmq_end *own = end->own;
	size_t size = sizeof(int);
	int fd;

	return zmq_getsockopt(own->socket, ZMQ_FD, &fd, &size) ? -zmq_errno() : fd;
}
