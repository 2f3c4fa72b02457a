// SPDX-License-Identifier: GPL-2.0-only
/*
 * address - answers in one mailbox, each for one of its receivers
 *
 * Requests and answers go through the same mailbox. The header of a request has the
 * number of the handle that sent it, put there by the kernel; a message with that
 * number in "to" is received by that handle alone. The server can even tell that a
 * client has gone. (To ask and wait for the answer there is mbox_call().)
 *
 * Rows: 13, 134
 *
 *	$ examples/mbox/address
 */
#include <mbox.h>

#include "../check.h"

enum { REQUEST = 1, ANSWER = 2 };

#define CLIENTS	2

static void be_client(uint64_t id, int number, const char *question)
{
	const struct mbox_filter answers = mbox_filter_range(ANSWER, ANSWER, 0);
	const struct mbox_open_options options = { .filter = &answers };
	struct mbox_header header;
	struct mbox *mbox;
	char text[64];

	check(mbox_open_id(&mbox, id, &options), "open by id");
	check(mbox_send(mbox, REQUEST, question, strlen(question), MBOX_FOREVER), "ask");
	check(mbox_recv(mbox, &header, text, sizeof(text), MBOX_FOREVER), "receive");
	printf("client %d: %s squared is %.*s\n", number, question, (int)header.len, text);
	mbox_close(mbox);
}

static pid_t start_client(uint64_t id, int number, const char *question)
{
	pid_t child = start_child();

	if (child)
		return child;
	be_client(id, number, question);
	exit(EXIT_SUCCESS);
}

/* The number of the handle that asks. */
static uint64_t take_request(struct mbox *mbox)
{
	const struct mbox_filter requests = mbox_filter_range(REQUEST, REQUEST, 0);
	struct mbox_header header;
	char text[64];

	check(mbox_recv_filter(mbox, &requests, 0, &header, text, sizeof(text),
			       MBOX_FOREVER), "receive");
	return header.sender;
}

static int answer(struct mbox *mbox, uint64_t client, const char *text)
{
	const struct mbox_send_options options = { .to = client };

	return mbox_send_with(mbox, ANSWER, text, strlen(text), &options, MBOX_FOREVER);
}

/* They ask in turn, so that we know who is who, and are answered in reverse. */
static void serve(struct mbox *mbox, uint64_t id)
{
	static const char *const questions[CLIENTS] = { "3", "4" };
	static const char *const answers[CLIENTS] = { "9", "16" };
	uint64_t clients[CLIENTS];
	pid_t children[CLIENTS];

	for (int i = 0; i < CLIENTS; i++) {
		children[i] = start_client(id, i + 1, questions[i]);
		clients[i] = take_request(mbox);
	}
	printf("server: both have asked\n");
	fflush(stdout);
	for (int i = CLIENTS - 1; i >= 0; i--) {
		check(answer(mbox, clients[i], answers[i]), "answer");
		end_child(children[i]);
	}
	printf("server: one more for client 1: %s\n",
	       strerror(-answer(mbox, clients[0], "never mind")));
}

int main(void)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox_stat stat;
	struct mbox *mbox;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	serve(mbox, stat.id);
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	printf("%ju sent, %ju received, %ju lost\n", (uintmax_t)stat.sent,
	       (uintmax_t)stat.received, (uintmax_t)stat.lost);
	mbox_close(mbox);
	return 0;
}
