// SPDX-License-Identifier: GPL-2.0-only
/*
 * unbuffered - a send that returns when the receiver has taken the value
 *
 * As an unbuffered channel of Go: one-way and yet synchronous. The memory that
 * both processes share counts the sends that have returned; the mailbox tells who
 * is blocked. How a mailbox does it is in parts/chan.c.
 *
 * Rows: 10, 11
 *
 *	$ examples/channel/unbuffered
 */
#include <sys/mman.h>

#include "../check.h"
#include "parts/chan.h"

#define VALUES	3

/* How many sends of the child have returned. */
static volatile int *returned;

static void share_counter(void)
{
	void *memory = mmap(NULL, sizeof(*returned), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		fail("mmap", errno);
	returned = memory;
}

static void try_to_send(struct chan *chan, const char *when)
{
	int ret = chan_send(chan, 0, 0);

	printf("%s: a send that must not wait: %s\n", when,
	       ret ? strerror(-ret) : "the value was taken");
}

static void send_values(struct chan *chan)
{
	chan_close_receiver(chan);
	for (int i = 1; i <= VALUES; i++) {
		check(chan_send(chan, 10 * i, MBOX_FOREVER), "send");
		*returned = i;
	}
	exit(EXIT_SUCCESS);
}

/* Each time the sender is blocked before its value is taken. */
static void sender_waits(struct chan *chan)
{
	pid_t sender = start_child();
	int value;

	if (!sender)
		send_values(chan);
	for (int i = 0; i < VALUES; i++) {
		chan_await_blocked(chan, 1, 0);
		printf("sender waits: %d sends have returned", *returned);
		check(chan_recv(chan, &value, MBOX_FOREVER), "receive");
		printf("; we take %d\n", value);
	}
	end_child(sender);
	printf("all taken: %d sends have returned\n", *returned);
}

static void receive_value(struct chan *chan)
{
	int value;

	chan_close_sender(chan);
	if (!check(chan_recv(chan, &value, MBOX_FOREVER), "receive"))
		fail("the channel is closed", EPIPE);
	exit(EXIT_SUCCESS);
}

static void receiver_waits(struct chan *chan)
{
	pid_t receiver = start_child();

	if (!receiver)
		receive_value(chan);
	chan_await_blocked(chan, 0, 1);
	try_to_send(chan, "receiver waits");
	end_child(receiver);
}

int main(void)
{
	struct chan chan;

	share_counter();
	chan_make(&chan, 0);
	try_to_send(&chan, "nobody waits");
	sender_waits(&chan);
	receiver_waits(&chan);
	chan_close_sender(&chan);
	chan_close_receiver(&chan);
	return 0;
}
