// SPDX-License-Identifier: GPL-2.0-only
/*
 * dead_or_slow - what a client can know about a server that does not answer
 *
 * A server is stopped, or killed before it has the request, or killed with the
 * request in its hands. Over a named mailbox, as over a network, the three look
 * alike: there is no answer, and somebody else may come and give it. Within one
 * machine the kernel knows who has gone: an anonymous mailbox tells the death of
 * its only receiver or sender. Even so nobody knows how far a server has come
 * with a request that it took; that a client learns of its successor, if at all.
 *
 * Rows: 12
 *
 *	$ examples/retry/dead_or_slow
 */
#include <signal.h>
#include <mbox.h>

#include "../check.h"

#define MS		INT64_C(1000000)
#define PATIENCE	(50 * MS)

enum fate {
	STOPPED,
	KILLED,
	KILLED_AT_WORK,
};

/**
 * struct line - one way from a sender to a receiver
 * @sender: its end
 * @receiver: the other
 */
struct line {
	struct mbox *sender;
	struct mbox *receiver;
};

static struct line make_line(const char *name)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
	};
	struct line line;
	struct mbox *both;

	check(mbox_open(&both, name, &options), "make a mailbox");
	check(mbox_grant(both, MBOX_RIGHT_SEND, &line.sender), "grant sending");
	check(mbox_grant(both, MBOX_RIGHT_RECV, &line.receiver), "grant receiving");
	mbox_close(both);
	return line;
}

/* Takes a request; what would come then we shall not see. */
static pid_t start_server(struct line *requests, struct line *answers)
{
	pid_t server = start_child();
	char byte;

	if (!server) {
		mbox_close(requests->sender);
		mbox_close(answers->receiver);
		check(mbox_recv(requests->receiver, NULL, &byte, 1, MBOX_FOREVER), "receive");
		raise(SIGKILL);
	}
	requests->receiver = mbox_close(requests->receiver);
	answers->sender = mbox_close(answers->sender);
	return server;
}

static void await_end(pid_t server, int how)
{
	siginfo_t info;

	check_sys(waitid(P_PID, server, &info, how), "waitid");
	if (info.si_code == CLD_EXITED)
		fail("the server has failed", ECHILD);
}

static void strike(pid_t server, enum fate fate)
{
	check_sys(kill(server, fate == STOPPED ? SIGSTOP : SIGKILL), "kill");
	await_end(server, fate == STOPPED ? WSTOPPED | WEXITED : WEXITED);
}

static const char *await_answer(struct mbox *answers)
{
	char byte;
	int ret = mbox_recv(answers, NULL, &byte, 1, PATIENCE);

	if (ret == -ETIMEDOUT)
		return "no answer in time";
	if (check(ret, "receive"))
		fail("there should be no answer", EPROTO);
	return "it has gone with the request";
}

static const char *call(struct mbox *requests, struct mbox *answers, pid_t server,
			enum fate fate)
{
	int ret = mbox_send(requests, 1, "?", 1, PATIENCE);

	if (ret == -EPIPE)
		return "it has gone without the request";
	check(ret, "send");
	if (fate == KILLED_AT_WORK)
		await_end(server, WEXITED);
	return await_answer(answers);
}

static const char *observe(enum fate fate, const char *request_name, const char *answer_name)
{
	struct line requests = make_line(request_name), answers = make_line(answer_name);
	pid_t server = start_server(&requests, &answers);
	const char *seen;

	if (fate != KILLED_AT_WORK)
		strike(server, fate);
	seen = call(requests.sender, answers.receiver, server, fate);
	if (fate == STOPPED)
		strike(server, KILLED);
	mbox_close(requests.sender);
	mbox_close(answers.receiver);
	return seen;
}

int main(void)
{
	static const char *const what[] = { "is stopped", "was killed", "is killed at work" };

	printf("the server         named mailbox      anonymous mailbox\n");
	for (enum fate fate = STOPPED; fate <= KILLED_AT_WORK; fate++)
		printf("%-17s  %-17s  %s\n", what[fate],
		       observe(fate, "retry-example-request", "retry-example-answer"),
		       observe(fate, NULL, NULL));
	return 0;
}
