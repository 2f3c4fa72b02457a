// SPDX-License-Identifier: GPL-2.0-only
/*
 * buffered - sends that return at once, as long as there is room
 *
 * The same channel with a capacity of 3: it is asynchronous. What was sent stays
 * there, also when the sender has ended before anybody receives; a send waits only
 * when the channel is full.
 *
 * Rows: 10, 11
 *
 *	$ examples/channel/buffered
 */
#include "../check.h"
#include "parts/chan.h"

#define CAPACITY	3

static int try_to_send(struct chan *chan, int value)
{
	int ret = chan_send(chan, value, 0);

	printf("child: send of %d: %s\n", value, ret ? strerror(-ret) : "returned at once");
	return ret;
}

/* As many as there is room for, and one more. */
static void send_values(struct chan *chan)
{
	for (int value = 1; value <= CAPACITY + 1; value++)
		try_to_send(chan, value);
	exit(EXIT_SUCCESS);
}

static void receive_value(struct chan *chan)
{
	int value;

	if (!check(chan_recv(chan, &value, MBOX_FOREVER), "receive"))
		fail("the channel is closed", EPIPE);
	printf("parent: receives %d\n", value);
}

static void send_one_more(struct chan *chan)
{
	check(chan_send(chan, CAPACITY + 1, MBOX_FOREVER), "send");
	exit(EXIT_SUCCESS);
}

int main(void)
{
	struct chan chan;
	pid_t child;

	chan_make(&chan, CAPACITY);
	child = start_child();
	if (!child)
		send_values(&chan);
	end_child(child);
	printf("parent: the sender has ended, nobody has received yet\n");
	child = start_child();
	if (!child)
		send_one_more(&chan);
	chan_await_blocked(&chan, 1, 0);
	printf("parent: another sender waits for room\n");
	for (int i = 0; i <= CAPACITY; i++)
		receive_value(&chan);
	end_child(child);
	chan_close_sender(&chan);
	chan_close_receiver(&chan);
	return 0;
}
