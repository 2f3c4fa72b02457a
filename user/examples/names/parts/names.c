// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <sys/pidfd.h>

#include "../../check.h"
#include "names.h"

struct mbox *own_mailbox(unsigned int mode, uint64_t *id)
{
	const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
		.mode = mode,
	};
	struct mbox_stat stat;
	struct mbox *mbox;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	*id = stat.id;
	return mbox;
}

int open_mailbox_of(uint32_t uid, uint64_t id, struct mbox **out)
{
	static const struct mbox_open_options options = { .rights = MBOX_RIGHT_SEND };
	struct mbox_stat stat;
	struct mbox *mbox;
	int ret;

	*out = NULL;
	ret = mbox_open_id(&mbox, id, &options);
	if (ret < 0)
		return ret;
	ret = mbox_info(mbox, &stat, NULL);
	if (!ret && stat.uid != uid)
		ret = -EPERM;
	if (ret)
		mbox_close(mbox);
	else
		*out = mbox;
	return ret;
}

/* What others send may have no end, and what a terminal takes for commands. */
static void make_printable(char *text, size_t size)
{
	text[size - 1] = 0;
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			*text = '?';
}

bool receive_question(struct mbox *mbox, struct mbox_header *header,
		      struct question *question)
{
	int ret = mbox_recv_filter(mbox, NULL, MBOX_RECV_TRUNC, header, question,
				   sizeof(*question), MBOX_FOREVER);

	check(ret, "receive a question");
	if (header->len != sizeof(*question))
		return false;
	make_printable(question->name, NAME_SIZE);
	make_printable(question->text, TEXT_SIZE);
	return true;
}

void send_answer(const struct mbox_header *header, const struct question *question,
		 const struct answer *answer)
{
	struct mbox *mbox;

	if (open_mailbox_of(header->uid, question->answer_to, &mbox) < 0)
		return;
	mbox_send(mbox, 1, answer, sizeof(*answer), 0);
	mbox_close(mbox);
}

struct answer refusal(const char *what, const char *name, const char *why)
{
	struct answer answer = { 0 };

	snprintf(answer.text, TEXT_SIZE, "%s '%s': %s", what, name, why);
	return answer;
}

struct answer ask(struct mbox *mbox, enum verb verb, struct question *question, uint32_t uid)
{
	struct mbox *own = own_mailbox(0622, &question->answer_to);
	struct mbox_header header;
	struct answer answer;
	int ret;

	ret = mbox_send(mbox, verb, question, sizeof(*question), PATIENCE);
	/* Anyone may send to our mailbox; only one is asked. */
	while (!ret) {
		ret = mbox_recv_filter(own, NULL, MBOX_RECV_TRUNC, &header, &answer,
				       sizeof(answer), PATIENCE);
		if (ret > 0)
			ret = header.uid == uid && header.len == sizeof(answer);
	}
	mbox_close(own);
	if (ret < 0)
		return refusal("no answer about", question->name, strerror(-ret));
	make_printable(answer.text, TEXT_SIZE);
	return answer;
}

struct answer ask_name_server(enum verb verb, struct question *question)
{
	static const struct mbox_open_options options = { .rights = MBOX_RIGHT_SEND };
	struct mbox_stat stat;
	struct answer answer;
	struct mbox *mbox;
	int ret;

	ret = mbox_open(&mbox, NAME_SERVER, &options);
	if (ret < 0)
		return refusal("no name server", NAME_SERVER, strerror(-ret));
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	answer = ask(mbox, verb, question, stat.uid);
	mbox_close(mbox);
	return answer;
}

int start_command(char **argv)
{
	pid_t child = start_child();

	if (!child) {
		execvp(*argv, argv);
		fail(*argv, errno);
	}
	return check_sys(pidfd_open(child, 0), "pidfd_open");
}

int end_of_command(int pidfd)
{
	siginfo_t info;

	check_sys(waitid(P_PIDFD, pidfd, &info, WEXITED), "waitid");
	close(pidfd);
	return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}
