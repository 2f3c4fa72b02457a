// SPDX-License-Identifier: GPL-2.0-only
/*
 * A channel without a buffer is a mailbox to which all is sent by rendezvous: the
 * send returns when its value was taken. If the receiver is there first, the value
 * goes straight to it.
 */
#include <sched.h>

#include "../../check.h"
#include "chan.h"

#define VALUE	1

void chan_make(struct chan *chan, unsigned int capacity)
{
	const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
		.limits = { .max_msgs = capacity ? capacity : 1 },
	};
	struct mbox *both;

	check(mbox_open(&both, NULL, &options), "make a mailbox");
	check(mbox_grant(both, MBOX_RIGHT_SEND, &chan->sender), "grant sending");
	check(mbox_grant(both, MBOX_RIGHT_RECV, &chan->receiver), "grant receiving");
	chan->unbuffered = !capacity;
	mbox_close(both);
}

int chan_send(struct chan *chan, int value, int64_t timeout)
{
	const struct mbox_send_options options = { .sync = chan->unbuffered };

	return mbox_send_with(chan->sender, VALUE, &value, sizeof(value), &options, timeout);
}

int chan_recv(struct chan *chan, int *value, int64_t timeout)
{
	return mbox_recv(chan->receiver, NULL, value, sizeof(*value), timeout);
}

void chan_close_sender(struct chan *chan)
{
	chan->sender = mbox_close(chan->sender);
}

void chan_close_receiver(struct chan *chan)
{
	chan->receiver = mbox_close(chan->receiver);
}

void chan_await_blocked(struct chan *chan, unsigned int senders, unsigned int receivers)
{
	struct mbox *mbox = chan->sender ? chan->sender : chan->receiver;
	struct mbox_stat stat;

	do {
		sched_yield();
		check(mbox_info(mbox, &stat, NULL), "state of the channel");
	} while (stat.waiting_senders != senders || stat.waiting_receivers != receivers);
}
