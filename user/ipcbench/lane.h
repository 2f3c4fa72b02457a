/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A channel is what a workload sends through: one lane that all its processes
 * share, or one for each pair of them where the mechanism cannot do that. A port
 * is one process's end of it.
 */
#ifndef IPCBENCH_LANE_H
#define IPCBENCH_LANE_H

#include "mechanism.h"

/**
 * struct channel - one or more lanes
 * @lanes: sender by sender, for each its receivers
 * @count: how many
 * @senders: processes that send
 * @receivers: processes that receive
 * @size: of its messages, bytes; 0: as those of the plan
 */
struct channel {
	struct lane *lanes;
	unsigned int count;
	unsigned int senders;
	unsigned int receivers;
	size_t size;
};

/**
 * struct port - one process's ends of a channel
 * @ends: which are used in turn
 * @count: how many
 * @joined: how many of them have joined
 * @turn: whose turn it is
 * @have: bytes of the next message that are there, of a stream
 */
struct port {
	struct end *ends;
	unsigned int count;
	unsigned int joined;
	unsigned int turn;
	size_t have;
};

/* Each process shares the one lane; else they are joined in pairs. */
bool channel_is_shared(const struct mechanism *how, size_t size, unsigned int senders,
		       unsigned int receivers);

/* @channel->senders and @receivers are set; 0 or a negative errno. */
int channel_open(struct channel *channel, const struct mechanism *how, size_t size,
		 unsigned int depth);
void channel_close(struct channel *channel);

/* All processes have joined: give up what was held for them. */
void channel_release(struct channel *channel);

int port_join(struct port *port, struct channel *channel, enum role role, unsigned int index);
void port_leave(struct port *port);

/* As the mechanism's send() of a message of the channel's size. */
int port_send(struct port *port, uint64_t type, const void *data, int64_t wait);

/*
 * Receive a whole message, however many pieces it comes in, and wait for it as
 * long as it takes. Returns its length or a negative errno; after -EINTR the next
 * call goes on where this one was.
 */
ssize_t port_receive(struct port *port, uint64_t type, void *buffer);

/* The same without a copy, where the mechanism has recv_at(). */
ssize_t port_receive_at(struct port *port, uint64_t type, const void **at);

/* As the mechanism's functions of these names, for messages of the channel's size. */
ssize_t port_call(struct port *port, const void *data, void *reply);
int port_reply(struct port *port, const void *data);
ssize_t port_reply_receive(struct port *port, const void *data, void *buffer);
int port_send_batch(struct port *port, const struct iovec *vec, unsigned int count);
int port_receive_batch(struct port *port, struct iovec *vec, unsigned int count);

#endif /* IPCBENCH_LANE_H */
