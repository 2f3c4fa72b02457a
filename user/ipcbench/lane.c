// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdlib.h>

#include "lane.h"

bool channel_is_shared(const struct mechanism *how, size_t size, unsigned int senders,
		       unsigned int receivers)
{
	return (senders == 1 && receivers == 1) || size <= how->shared_max;
}

static int open_lane(struct lane *lane, const struct lane *model)
{
	*lane = *model;
	return model->how->open(lane);
}

int channel_open(struct channel *channel, const struct mechanism *how, size_t size,
		 unsigned int depth)
{
	size_t own_size = channel->size ? channel->size : size;
	bool shared = channel_is_shared(how, own_size, channel->senders, channel->receivers);
	unsigned int wanted = shared ? 1 : channel->senders * channel->receivers;
	const struct lane model = {
		.how = how,
		.size = own_size,
		.depth = depth,
		.senders = shared ? channel->senders : 1,
		.receivers = shared ? channel->receivers : 1,
	};
	int err = 0;

	channel->count = 0;
	channel->lanes = calloc(wanted, sizeof(*channel->lanes));
	if (!channel->lanes)
		return -ENOMEM;
	while (!err && channel->count < wanted) {
		err = open_lane(&channel->lanes[channel->count], &model);
		if (!err)
			channel->count++;
	}
	if (err)
		channel_close(channel);
	return err;
}

void channel_close(struct channel *channel)
{
	while (channel->count) {
		struct lane *lane = &channel->lanes[--channel->count];

		lane->how->close(lane);
	}
	free(channel->lanes);
	channel->lanes = NULL;
}

void channel_release(struct channel *channel)
{
	for (unsigned int i = 0; i < channel->count; i++)
		if (channel->lanes[i].how->release)
			channel->lanes[i].how->release(&channel->lanes[i]);
}

static struct lane *lane_of(struct channel *channel, enum role role, unsigned int index,
			    unsigned int peer)
{
	unsigned int sender = role == ROLE_SENDER ? index : peer;
	unsigned int receiver = role == ROLE_SENDER ? peer : index;

	if (channel->count == 1)
		return channel->lanes;
	return &channel->lanes[sender * channel->receivers + receiver];
}

int port_join(struct port *port, struct channel *channel, enum role role, unsigned int index)
{
	unsigned int peers = role == ROLE_SENDER ? channel->receivers : channel->senders;
	bool shared = channel->count == 1;
	int err = 0;

	port->count = shared ? 1 : peers;
	port->ends = calloc(port->count, sizeof(*port->ends));
	if (!port->ends)
		return -ENOMEM;
	while (!err && port->joined < port->count) {
		struct end *end = &port->ends[port->joined];

		end->lane = lane_of(channel, role, index, port->joined);
		end->role = role;
		end->index = shared ? index : 0;
		err = end->lane->how->join(end);
		if (!err)
			port->joined++;
	}
	return err;
}

void port_leave(struct port *port)
{
	while (port->joined) {
		struct end *end = &port->ends[--port->joined];

		end->lane->how->leave(end);
	}
	free(port->ends);
	port->ends = NULL;
}

static void next_turn(struct port *port)
{
	if (++port->turn == port->count)
		port->turn = 0;
}

int port_send(struct port *port, uint64_t type, const void *data, int64_t wait)
{
	struct end *end = &port->ends[port->turn];
	int err = end->lane->how->send(end, type, data, end->lane->size, wait);

	if (!err)
		next_turn(port);
	return err;
}

/* A stream that has nothing left and does not say so would be asked for ever. */
static ssize_t receive_rest(struct port *port, struct end *end, char *buffer)
{
	size_t size = end->lane->size;

	while (port->have < size) {
		ssize_t len = end->lane->how->recv(end, 0, buffer + port->have,
						   size - port->have, WAIT_FOREVER);

		if (len <= 0)
			return len ? len : RECV_END;
		port->have += len;
	}
	port->have = 0;
	return size;
}

ssize_t port_receive(struct port *port, uint64_t type, void *buffer)
{
	struct end *end = &port->ends[port->turn];
	const struct mechanism *how = end->lane->how;
	ssize_t len;

	if (how->flags & MECHANISM_STREAM)
		len = receive_rest(port, end, buffer);
	else
		len = how->recv(end, type, buffer, end->lane->size, WAIT_FOREVER);
	if (len >= 0)
		next_turn(port);
	return len;
}

ssize_t port_receive_at(struct port *port, uint64_t type, const void **at)
{
	struct end *end = &port->ends[port->turn];
	ssize_t len = end->lane->how->recv_at(end, type, at, WAIT_FOREVER);

	if (len >= 0)
		next_turn(port);
	return len;
}

/* Who calls or sends many at a time shares one lane with all others. */
static struct end *only_end(struct port *port)
{
	assert(port->count == 1);
	return port->ends;
}

ssize_t port_call(struct port *port, const void *data, void *reply)
{
	struct end *end = only_end(port);
	size_t size = end->lane->size;

	return end->lane->how->call(end, data, size, reply, size, WAIT_FOREVER);
}

int port_reply(struct port *port, const void *data)
{
	struct end *end = only_end(port);

	return end->lane->how->reply(end, data, end->lane->size);
}

ssize_t port_reply_receive(struct port *port, const void *data, void *buffer)
{
	struct end *end = only_end(port);
	size_t size = end->lane->size;

	return end->lane->how->reply_recv(end, data, size, buffer, size, WAIT_FOREVER);
}

int port_send_batch(struct port *port, const struct iovec *vec, unsigned int count)
{
	struct end *end = only_end(port);

	return end->lane->how->send_batch(end, vec, count, WAIT_FOREVER);
}

int port_receive_batch(struct port *port, struct iovec *vec, unsigned int count)
{
	struct end *end = only_end(port);

	return end->lane->how->recv_batch(end, vec, count, WAIT_FOREVER);
}
