// SPDX-License-Identifier: GPL-2.0-only
/*
 * client - looks up a service by its name and asks it
 *
 * The name server tells which mailbox it is; to open it for sending is to ask
 * the kernel for that right. A privileged user may send to all, so there is -u
 * to be another one.
 *
 * Rows: 15, 17
 *
 *	$ examples/names/client upper 'some words'
 *	# examples/names/client -u 1000 upper 'some words'
 */
#include <grp.h>

#include "../check.h"
#include "parts/names.h"

/* The device remembers who opened it, so this comes before everything else. */
static void become(const char *number)
{
	uid_t uid = strtoul(number, NULL, 10);

	check_sys(setgroups(0, NULL), "setgroups");
	check_sys(setresgid(uid, uid, uid), "setresgid");
	check_sys(setresuid(uid, uid, uid), "setresuid");
}

static uint64_t look_up(const char *name)
{
	struct question question = { 0 };
	struct answer answer;

	strncpy(question.name, name, NAME_SIZE - 1);
	answer = ask_name_server(LOOK_UP, &question);
	if (!answer.ok) {
		fprintf(stderr, "client: %s\n", answer.text);
		exit(EXIT_FAILURE);
	}
	return answer.mailbox;
}

static struct answer use_service(const char *name, const char *text)
{
	static const struct mbox_open_options options = { .rights = MBOX_RIGHT_SEND };
	struct question question = { 0 };
	struct mbox_stat stat;
	struct answer answer;
	struct mbox *mbox;
	int ret;

	ret = mbox_open_id(&mbox, look_up(name), &options);
	if (ret < 0) {
		fprintf(stderr, "client: may not send to '%s': %s\n", name, strerror(-ret));
		exit(EXIT_FAILURE);
	}
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	strncpy(question.name, name, NAME_SIZE - 1);
	strncpy(question.text, text, TEXT_SIZE - 1);
	answer = ask(mbox, USE, &question, stat.uid);
	mbox_close(mbox);
	return answer;
}

int main(int argc, char **argv)
{
	struct answer answer;

	if (argc > 3 && !strcmp(argv[1], "-u")) {
		become(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (argc != 3) {
		fprintf(stderr, "Usage: client [-u USER-ID] NAME TEXT\n");
		return EXIT_FAILURE;
	}
	answer = use_service(argv[1], argv[2]);
	printf("client: '%s' answers: %s\n", argv[1], answer.text);
	return answer.ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
