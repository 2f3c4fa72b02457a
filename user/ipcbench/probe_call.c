// SPDX-License-Identifier: GPL-2.0-only
/* Whether a reply belongs to its request. */
#include <stdatomic.h>
#include <string.h>

#include "stage.h"

#define UNIT	8

/* Shorter than the server takes for its first reply. */
#define PATIENCE_NS	(100 * 1000000LL)

/* Give up, and ask for something else: which reply comes? */
static void ask_twice(struct stage *stage, struct end *end)
{
	const struct mechanism *how = end->lane->how;
	struct notes *notes = stage->notes;
	char reply[64] = "";

	notes->results[0] = how->call(end, "first  ?", UNIT, reply, sizeof(reply), PATIENCE_NS);
	stage_reach(stage, STEP_BLOCKING);
	notes->results[1] = how->call(end, "second ?", UNIT, reply, sizeof(reply), 2 * LONG_NS);
	memcpy(notes->text, reply, UNIT);
	stage_reach(stage, STEP_DONE);
}

static long take_request(struct end *end, char *request)
{
	return end->lane->how->recv(end, 0, request, UNIT, LONG_NS);
}

/* A reply repeats its request, with another end. The first one comes too late. */
static void reply_late(struct stage *stage, struct end *end)
{
	const struct mechanism *how = end->lane->how;
	char text[UNIT];

	if (take_request(end, text) == UNIT) {
		stage_await(stage, STEP_BLOCKING, LONG_NS);
		text[UNIT - 1] = '!';
		how->reply(end, text, UNIT);
	}
	if (take_request(end, text) == UNIT) {
		text[UNIT - 1] = '!';
		stage->notes->results[2] = how->reply(end, text, UNIT);
	}
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void judge_call(const struct notes *notes, struct answer *found)
{
	if (notes->results[0] != -ETIMEDOUT)
		answer(found, ANSWER_FAILED, "a call without a reply returned %ld",
		       notes->results[0]);
	else if (notes->results[1] != UNIT)
		answer(found, ANSWER_FAILED, "the second call returned %ld", notes->results[1]);
	else if (memcmp(notes->text, "second !", UNIT))
		answer(found, ANSWER_NO, "a call got the late reply to the one before: %.8s",
		       notes->text);
	else
		answer(found, ANSWER_YES, "the call after one that timed out got its own reply");
}

void probe_call(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, reply_late, false },
		{ ROLE_SENDER, 0, ask_twice, false },
	};
	struct stage stage = { .lane.calls = true };
	int ret;

	if (!how->call) {
		answer(found, ANSWER_NO, "nothing ties a reply to its request");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else
		judge_call(stage.notes, found);
	stage_free(&stage);
}
