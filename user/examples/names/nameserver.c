// SPDX-License-Identifier: GPL-2.0-only
/*
 * nameserver - services register by name, clients look up which mailbox it is
 *
 * The kernel tells who sends a question, so that nobody can register another's
 * mailbox, or have the answer go there. Who may use a service is not decided
 * here but by the mode of its mailbox, when a client opens it. The name server
 * holds a sending handle on each mailbox: when the service has died, however
 * that was, the handle polls POLLHUP, and the name is forgotten.
 *
 * It serves for as long as COMMAND runs.
 *
 * Rows: 14, 15, 17
 *
 *	$ examples/names/nameserver sh
 *	$ examples/names/service upper sh
 *	$ examples/names/client upper 'some words'
 */
#include "../check.h"
#include "parts/services.h"

static struct answer register_service(const struct mbox_header *header,
				      const struct question *question)
{
	int ret;

	if (!*question->name)
		return refusal("cannot register", "", "a name has at least one letter");
	ret = add_service(question->name, header->uid, header->pid, question->mailbox);
	if (ret == -EEXIST)
		return refusal("cannot register", question->name, "the name is taken");
	if (ret < 0)
		return refusal("cannot register", question->name, strerror(-ret));
	printf("nameserver: process %u offers '%s'\n", header->pid, question->name);
	return (struct answer) { .ok = 1 };
}

static struct answer look_up(const struct mbox_header *header,
			     const struct question *question)
{
	const struct service *service = find_service(question->name);

	printf("nameserver: process %u asks for '%s'\n", header->pid, question->name);
	if (!service)
		return refusal("no service", question->name, "nobody has registered it");
	return (struct answer) { .ok = 1, .mailbox = service->id };
}

static void answer_question(struct mbox *mbox)
{
	struct mbox_header header;
	struct question question;
	struct answer answer;

	if (!receive_question(mbox, &header, &question))
		return;
	if (header.type == REGISTER)
		answer = register_service(&header, &question);
	else if (header.type == LOOK_UP)
		answer = look_up(&header, &question);
	else
		answer = refusal("cannot do", question.name, "unknown verb");
	send_answer(&header, &question, &answer);
}

/*
 * poll() looks at one after the other, the services last: if a question was asked,
 * or the command ended, after a service's death, then that is seen as well.
 */
static int serve(struct mbox *mbox, int command)
{
	struct pollfd pollfds[2 + SERVICES_MAX] = {
		{ .fd = mbox_fd(mbox), .events = POLLIN },
		{ .fd = command, .events = POLLIN },
	};

	for (;;) {
		int services = watch_services(pollfds + 2);

		check_sys(poll(pollfds, 2 + services, -1), "poll");
		forget_the_dead(pollfds + 2);
		if (pollfds[0].revents)
			answer_question(mbox);
		else if (pollfds[1].revents)
			return end_of_command(command);
	}
}

int main(int argc, char **argv)
{
	/* Everybody may ask, we alone receive. */
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL,
		.rights = MBOX_RIGHT_RECV,
		.mode = 0622,
	};
	struct mbox *mbox;
	int status;

	if (argc < 2) {
		fprintf(stderr, "Usage: nameserver COMMAND [ARGUMENT...]\n");
		return EXIT_FAILURE;
	}
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	check(mbox_open(&mbox, NAME_SERVER, &options), "make the mailbox '" NAME_SERVER "'");
	status = serve(mbox, start_command(argv + 1));
	forget_all();
	mbox_close(mbox);
	return status;
}
