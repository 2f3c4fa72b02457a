// SPDX-License-Identifier: GPL-2.0-only
/*
 * everything - one wait for a signal, a timer, a child, a socket, a pipe, a mailbox
 *
 * As descriptors.c, with a mailbox among the sources: its handle is a descriptor
 * like any other. Unlike the others it can be choosy: it wakes the loop only for
 * the types that its filter takes, so not for the child's first message.
 *
 * Rows: 90, 148
 *
 *	$ examples/wait/everything
 */
#include <signal.h>
#include <sys/socket.h>
#include <mbox.h>

#include "../check.h"
#include "parts/loop.h"

/* How the child finds the mailbox. */
static uint64_t mailbox_id;

static bool mailbox_ready(struct source *source)
{
	struct mbox_header header;
	struct mbox_stat stat;
	char text[64];

	check(mbox_recv(source->mbox, &header, text, sizeof(text), 0), "receive");
	check(mbox_info(source->mbox, &stat, NULL), "mailbox state");
	printf("mailbox: type %ju from process %u: %.*s; %u not for us\n",
	       (uintmax_t)header.type, header.pid, (int)header.len, text, stat.msgs);
	return true;
}

static struct source mailbox_source(void)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox_filter filter = mbox_filter_range(1, 9, 0);
	struct source source = { .ready = mailbox_ready };
	struct mbox_stat stat;

	check(mbox_open(&source.mbox, NULL, &options), "make a mailbox");
	check(mbox_set_filter(source.mbox, &filter), "set the filter");
	check(mbox_info(source.mbox, &stat, NULL), "mailbox state");
	mailbox_id = stat.id;
	source.fd = mbox_fd(source.mbox);
	return source;
}

/* A handle signs with the process that opened it, so we open our own. */
static void send_messages(void)
{
	static const struct mbox_open_options options = { .rights = MBOX_RIGHT_SEND };
	struct mbox *mbox;

	check(mbox_open_id(&mbox, mailbox_id, &options), "open by id");
	check(mbox_send(mbox, 99, "wrong type", 10, MBOX_FOREVER), "send");
	check(mbox_send(mbox, 5, "right type", 10, MBOX_FOREVER), "send");
	mbox_close(mbox);
}

static void act(const struct peer *peer)
{
	check_sys(write(peer->peer_pipe, "some bytes", 10), "write");
	await_turn(peer);
	check_sys(send(peer->peer_socket, "some more", 9, MSG_NOSIGNAL), "send");
	await_turn(peer);
	send_messages();
	await_turn(peer);
	check_sys(kill(getppid(), SIGUSR1), "kill");
	/* Two events: the signal, and the timer that it starts. */
	await_turn(peer);
	await_turn(peer);
}

int main(void)
{
	struct source mailbox = mailbox_source();
	struct source timer = timer_source();
	struct source signal = signal_source(&timer);
	struct peer peer;

	connect_peer(&peer);
	start_peer(&peer, act);

	struct source sources[] = {
		mailbox, timer, signal, socket_source(&peer), pipe_source(&peer),
		child_source(&peer),
	};

	/* The socket, the pipe and the child come to an end. */
	wait_for_sources(sources, sizeof(sources) / sizeof(*sources), 3, &peer);
	mbox_close(mailbox.mbox);
	return 0;
}
