/* SPDX-License-Identifier: GPL-2.0-only */
/* Channels as in Go, made of a mailbox. */
#ifndef EXAMPLES_CHAN_H
#define EXAMPLES_CHAN_H

#include <mbox.h>

/**
 * struct chan - a channel
 * @sender: the end to send to, or NULL
 * @receiver: the end to receive from, or NULL
 * @unbuffered: it keeps no values
 *
 * Made before the fork; each process closes the end that it does not use.
 */
struct chan {
	struct mbox *sender;
	struct mbox *receiver;
	bool unbuffered;
};

/*
 * A channel for @capacity values. With 0 a send returns when a receiver has taken
 * the value: the two meet.
 */
void chan_make(struct chan *chan, unsigned int capacity);

/*
 * Sends one value. With a @timeout of 0 it is not to wait: Go's "select" with a
 * "default". Returns 0; -EAGAIN or -ETIMEDOUT, and the value was not and will not
 * be taken; -EPIPE if no receiver is left.
 */
int chan_send(struct chan *chan, int value, int64_t timeout);

/* Returns 1, or 0 if the channel is closed and empty, or a negative errno. */
int chan_recv(struct chan *chan, int *value, int64_t timeout);

/* The channel is closed when the last sender has done this, or has ended. */
void chan_close_sender(struct chan *chan);
void chan_close_receiver(struct chan *chan);

/* Returns when as many senders, and as many receivers, are blocked. */
void chan_await_blocked(struct chan *chan, unsigned int senders, unsigned int receivers);

#endif /* EXAMPLES_CHAN_H */
