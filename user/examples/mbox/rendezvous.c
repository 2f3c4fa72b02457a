// SPDX-License-Identifier: GPL-2.0-only
/*
 * rendezvous - a send that returns when a receiver has the message
 *
 * A plain send returns when the mailbox has the message. With "sync" it waits for the
 * receiver, and has the message in its hand meanwhile: if nobody comes in time, it
 * is taken back, and has never been sent. The memory that both processes share tells
 * whether the send has returned.
 *
 * Rows: 10, 11
 *
 *	$ examples/mbox/rendezvous
 */
#include <stdatomic.h>
#include <sys/mman.h>
#include <mbox.h>

#include "../check.h"

#define TEN_MS	10000000

static atomic_bool *returned;

static void share_flag(void)
{
	returned = mmap(NULL, sizeof(*returned), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (returned == MAP_FAILED)
		fail("mmap", errno);
}

static int send_sync(struct mbox *mbox, const char *text, int64_t timeout)
{
	static const struct mbox_send_options options = { .sync = true };

	return mbox_send_with(mbox, 1, text, strlen(text), &options, timeout);
}

static void print_counters(struct mbox *mbox)
{
	struct mbox_stat stat;

	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	printf("%ju sent, %ju withdrawn, %u waits\n", (uintmax_t)stat.sent,
	       (uintmax_t)stat.withdrawn, stat.msgs);
}

static void await_messages(struct mbox *mbox, unsigned int count)
{
	struct mbox_stat stat;

	do {
		usleep(1000);
		check(mbox_info(mbox, &stat, NULL), "mailbox state");
	} while (stat.msgs != count);
}

/* Takes both; says all that it has to say before the sender goes on. */
static void receive_two(struct mbox *mbox)
{
	char text[64];
	int len;

	await_messages(mbox, 2);
	for (int i = 0; i < 2; i++) {
		struct mbox_header header;

		check(mbox_recv_filter(mbox, NULL, MBOX_RECV_PEEK, &header, text,
				       sizeof(text), 0), "look");
		len = header.len;
		printf("receiver: a sender %s, I take '%.*s'\n",
		       *returned ? "has gone on" : "waits", len, text);
		fflush(stdout);
		check(mbox_recv(mbox, NULL, text, sizeof(text), 0), "receive");
	}
}

int main(void)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox *mbox;
	pid_t child;

	share_flag();
	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	check(mbox_send(mbox, 1, "plain", 5, 0), "send");
	printf("a plain send: sent, and nobody has it\n");
	printf("SYNC, not to wait: %s\n", strerror(-send_sync(mbox, "now", 0)));
	printf("SYNC, for 10 ms: %s\n", strerror(-send_sync(mbox, "soon", TEN_MS)));
	print_counters(mbox);
	child = start_child();
	if (!child) {
		receive_two(mbox);
		return 0;
	}
	check(send_sync(mbox, "in person", MBOX_FOREVER), "send");
	*returned = true;
	end_child(child);
	printf("sender: the receiver has it\n");
	mbox_close(mbox);
	return 0;
}
