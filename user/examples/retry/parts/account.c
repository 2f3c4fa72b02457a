// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>

#include "../../check.h"
#include "account.h"

static struct answer deposit(const struct request *request)
{
	static struct answer account;

	if (request->amount) {
		account.balance += request->amount;
		account.deposits++;
	}
	return account;
}

/*
 * The numbers of a client's requests rise, so the last answer is all there is to
 * remember of it; the message's header tells which client it is. Here is one.
 */
static void serve(struct mbox *requests, struct mbox *answers, bool remembers)
{
	struct answer last_answer = { 0 };
	struct mbox_header header;
	struct request request;
	uint64_t last = 0;

	while (check(mbox_recv(requests, &header, &request, sizeof(request), MBOX_FOREVER),
		     "receive a request")) {
		if (!remembers || header.type > last)
			last_answer = deposit(&request);
		last = header.type;
		check(mbox_send(answers, header.type, &last_answer, sizeof(last_answer),
				MBOX_FOREVER), "answer");
	}
}

static void make_one_way(struct mbox **sender, struct mbox **receiver)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox *both;

	check(mbox_open(&both, NULL, &options), "make a mailbox");
	check(mbox_grant(both, MBOX_RIGHT_SEND, sender), "grant sending");
	check(mbox_grant(both, MBOX_RIGHT_RECV, receiver), "grant receiving");
	mbox_close(both);
}

void server_start(struct server *server, bool remembers)
{
	struct mbox *requests, *answers;

	make_one_way(&server->requests, &requests);
	make_one_way(&answers, &server->answers);
	server->pid = start_child();
	if (!server->pid) {
		mbox_close(server->requests);
		mbox_close(server->answers);
		serve(requests, answers, remembers);
		exit(EXIT_SUCCESS);
	}
	mbox_close(requests);
	mbox_close(answers);
}

void server_stop(const struct server *server)
{
	siginfo_t info;

	check_sys(kill(server->pid, SIGSTOP), "kill");
	check_sys(waitid(P_PID, server->pid, &info, WSTOPPED | WEXITED), "waitid");
	if (info.si_code != CLD_STOPPED)
		fail("the server has ended", ECHILD);
}

void server_continue(const struct server *server)
{
	check_sys(kill(server->pid, SIGCONT), "kill");
}

void server_end(struct server *server)
{
	server->requests = mbox_close(server->requests);
	end_child(server->pid);
	server->answers = mbox_close(server->answers);
}
