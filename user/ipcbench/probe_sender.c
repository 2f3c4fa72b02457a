// SPDX-License-Identifier: GPL-2.0-only
/* Whether the receiver learns who has sent, and can rely on it. */
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"

#define NOBODY	65534

static void send_plainly(struct stage *stage, struct end *end)
{
	end->lane->how->send(end, 1, "from me ", 8, LONG_NS);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void ask_for_sender(struct stage *stage, struct end *end)
{
	char buf[64];
	pid_t pid = 0;

	stage->notes->results[0] = end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS);
	stage->notes->results[1] = end->lane->how->sender(end, &pid);
	stage->notes->results[2] = pid;
	stage_reach(stage, STEP_DONE);
}

void probe_sender(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, ask_for_sender, false },
		{ ROLE_SENDER, 0, send_plainly, false },
	};
	struct stage stage = { 0 };
	int ret;

	if (!how->sender) {
		answer(found, ANSWER_NO, "a message does not say who has sent it");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[1] < 0)
		answer(found, ANSWER_NO, "%s", strerror(-stage.notes->results[1]));
	else if (stage.notes->results[2] == stage.notes->pids[1])
		answer(found, ANSWER_YES, "the message named the process that had sent it");
	else
		answer(found, ANSWER_NO, "the message named process %ld, not its sender",
		       stage.notes->results[2]);
	stage_free(&stage);
}

/* The superuser may claim to be anyone; what counts is what others may. */
static bool be_nobody(void)
{
	return getuid() || (!setresgid(NOBODY, NOBODY, NOBODY) &&
			    !setresuid(NOBODY, NOBODY, NOBODY));
}

/* A plain send first: a forgery must not fail for another reason. */
static void claim_other(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;

	stage_await(stage, STEP_BLOCKING, LONG_NS);
	notes->results[0] = be_nobody() ? end->lane->how->send(end, 1, "from me ", 8, LONG_NS) :
					  -errno;
	if (!notes->results[0] && stage_await(stage, STEP_RECEIVED, LONG_NS))
		notes->results[1] = end->lane->how->forge(end, getppid(), "from you", 8);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void be_deceived(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	char buf[64];
	pid_t pid = 0;

	be_nobody();
	stage_reach(stage, STEP_BLOCKING);
	end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS);
	stage_reach(stage, STEP_RECEIVED);
	stage_await(stage, STEP_SENT, LONG_NS);
	if (!notes->results[1] && end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS) > 0 &&
	    !end->lane->how->sender(end, &pid))
		notes->results[2] = pid;
	stage_reach(stage, STEP_DONE);
}

static void judge_forgery(const struct notes *notes, struct answer *found)
{
	if (notes->results[0] < 0)
		answer(found, ANSWER_FAILED, "a plain send failed: %s",
		       strerror(-notes->results[0]));
	else if (notes->results[1] < 0)
		answer(found, ANSWER_YES, "a claim to be another process was refused: %s",
		       strerror(-notes->results[1]));
	else if (notes->results[2] == notes->pids[1])
		answer(found, ANSWER_YES, "a claim to be another process was not heeded");
	else
		answer(found, ANSWER_NO, "an unprivileged process passed for another one");
}

void probe_unforgeable(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, be_deceived, false },
		{ ROLE_SENDER, 0, claim_other, false },
	};
	struct stage stage = { 0 };
	int ret;

	if (!how->sender) {
		answer(found, ANSWER_NO, "nothing but what the message itself says");
		return;
	}
	if (!how->forge) {
		answer(found, ANSWER_YES, "there is no call with which to claim another sender");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else
		judge_forgery(stage.notes, found);
	stage_free(&stage);
}
