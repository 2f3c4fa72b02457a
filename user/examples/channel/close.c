// SPDX-License-Identifier: GPL-2.0-only
/*
 * close - the end of a channel, for its receivers and for its senders
 *
 * What was sent before the close is still received; then a receive tells the end,
 * so that a loop such as Go's "range" over a channel ends. The channel is closed
 * when its last sender has closed it, or has died, which Go does not have; a send
 * to a channel that no receiver is left of fails, for which Go would wait for ever.
 *
 * Rows: 10, 11
 *
 *	$ examples/channel/close
 */
#include <signal.h>

#include "../check.h"
#include "parts/chan.h"

#define VALUES	3

static void send_squares(struct chan *chan, bool dies)
{
	chan_close_receiver(chan);
	for (int i = 1; i <= VALUES; i++)
		check(chan_send(chan, i * i, MBOX_FOREVER), "send");
	if (dies)
		raise(SIGKILL);
	chan_close_sender(chan);
	exit(EXIT_SUCCESS);
}

static void await_sender(pid_t sender, bool dies)
{
	int status;

	if (!dies) {
		end_child(sender);
		return;
	}
	check_sys(waitpid(sender, &status, 0), "waitpid");
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail("the sender should have been killed", EPROTO);
}

static void receive_all(unsigned int capacity, bool dies)
{
	struct chan chan;
	pid_t sender;
	int value;

	chan_make(&chan, capacity);
	sender = start_child();
	if (!sender)
		send_squares(&chan, dies);
	/* While we held the sending end ourselves, the end would never come. */
	chan_close_sender(&chan);
	printf("capacity %u:", capacity);
	while (check(chan_recv(&chan, &value, MBOX_FOREVER), "receive"))
		printf(" %d", value);
	printf(", closed: the sender %s\n", dies ? "was killed" : "has closed it");
	chan_close_receiver(&chan);
	await_sender(sender, dies);
}

/* A sender that is waiting when the last receiver goes is told, too. */
static void lose_receiver(unsigned int capacity)
{
	struct chan chan;
	pid_t receiver;
	int ret;

	chan_make(&chan, capacity);
	receiver = start_child();
	if (!receiver) {
		chan_close_sender(&chan);
		chan_await_blocked(&chan, 1, 0);
		exit(EXIT_SUCCESS);
	}
	chan_close_receiver(&chan);
	do
		ret = chan_send(&chan, 0, MBOX_FOREVER);
	while (!ret);
	printf("capacity %u: a send without a receiver: %s\n", capacity, strerror(-ret));
	end_child(receiver);
	chan_close_sender(&chan);
}

int main(void)
{
	receive_all(0, false);
	receive_all(2, false);
	receive_all(2, true);
	lose_receiver(0);
	lose_receiver(2);
	return 0;
}
