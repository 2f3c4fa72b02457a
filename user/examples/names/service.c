// SPDX-License-Identifier: GPL-2.0-only
/*
 * service - registers a name with the name server and answers in capitals
 *
 * Its mailbox is anonymous: without the name server nobody knows which it is.
 * The mode says who may send to it: 0622 everybody, 0600 none but the owner.
 * It serves for as long as COMMAND runs.
 *
 * Rows: 15, 17
 *
 *	$ examples/names/nameserver examples/names/service upper sh
 *	$ examples/names/nameserver examples/names/service -m 0600 upper sh
 */
#include <ctype.h>
#include <poll.h>

#include "../check.h"
#include "parts/names.h"

static void answer_question(struct mbox *mbox)
{
	struct answer answer = { .ok = 1 };
	struct mbox_header header;
	struct question question;

	if (!receive_question(mbox, &header, &question))
		return;
	for (int i = 0; question.text[i]; i++)
		answer.text[i] = toupper((unsigned char)question.text[i]);
	send_answer(&header, &question, &answer);
}

static int serve(struct mbox *mbox, int command)
{
	struct pollfd pollfds[2] = {
		{ .fd = mbox_fd(mbox), .events = POLLIN },
		{ .fd = command, .events = POLLIN },
	};

	for (;;) {
		check_sys(poll(pollfds, 2, -1), "poll");
		if (pollfds[0].revents)
			answer_question(mbox);
		else
			return end_of_command(command);
	}
}

static bool register_name(const char *name, uint64_t mailbox)
{
	struct question question = { .mailbox = mailbox };
	struct answer answer;

	strncpy(question.name, name, NAME_SIZE - 1);
	answer = ask_name_server(REGISTER, &question);
	if (!answer.ok)
		fprintf(stderr, "service: %s\n", answer.text);
	return answer.ok;
}

int main(int argc, char **argv)
{
	unsigned int mode = 0622;
	int status = EXIT_FAILURE;
	struct mbox *mbox;
	uint64_t id;

	if (argc > 3 && !strcmp(argv[1], "-m")) {
		mode = strtoul(argv[2], NULL, 8);
		argc -= 2;
		argv += 2;
	}
	if (argc < 3) {
		fprintf(stderr, "Usage: service [-m MODE] NAME COMMAND [ARGUMENT...]\n");
		return EXIT_FAILURE;
	}
	mbox = own_mailbox(mode, &id);
	if (register_name(argv[1], id))
		status = serve(mbox, start_command(argv + 2));
	mbox_close(mbox);
	return status;
}
