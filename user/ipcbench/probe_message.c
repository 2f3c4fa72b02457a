// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of a message: its bounds, its type, its rank. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"

#define UNIT	8

/* How long a message lives, and a wait that it does not outlive. */
#define LIFE_NS		(50 * 1000000LL)
#define AFTERWARDS_US	200000

static void send_text(struct stage *stage, struct end *end, uint64_t type, const char *text)
{
	long ret = end->lane->how->send(end, type, text, strlen(text), LONG_NS);

	if (ret < 0)
		atomic_store(&stage->notes->results[7], ret);
}

/* What a mechanism that waits for the receiver cannot do first is done meanwhile. */
static void await_sent(struct stage *stage)
{
	if (!(stage->lane.how->flags & MECHANISM_RENDEZVOUS))
		stage_await(stage, STEP_SENT, LONG_NS);
}

static long receive(struct end *end, uint64_t type, char *buf, size_t size)
{
	memset(buf, 0, size);
	return end->lane->how->recv(end, type, buf, size, LONG_NS);
}

static void send_two(struct stage *stage, struct end *end)
{
	send_text(stage, end, 1, "AAAAAAAA");
	send_text(stage, end, 1, "BBBBBBBB");
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void take_two(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	char second[64];

	await_sent(stage);
	notes->results[0] = receive(end, 0, notes->text, sizeof(second));
	notes->results[1] = notes->results[0] == UNIT ? receive(end, 0, second, sizeof(second)) : 0;
	notes->results[2] = !memcmp(notes->text, "AAAAAAAA", UNIT) &&
			    !memcmp(second, "BBBBBBBB", UNIT);
	stage_reach(stage, STEP_DONE);
}

void probe_boundaries(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_two, false },
		{ ROLE_SENDER, 0, send_two, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[0] == 2 * UNIT)
		answer(found, ANSWER_NO, "two messages of 8 bytes came as 16 bytes at once");
	else if (stage.notes->results[0] == UNIT && stage.notes->results[2])
		answer(found, ANSWER_YES, "two messages came as two, though there was room");
	else
		answer(found, ANSWER_FAILED, "the first receive returned %ld",
		       stage.notes->results[0]);
	stage_free(&stage);
}

static void send_nothing(struct stage *stage, struct end *end)
{
	stage->notes->results[0] = end->lane->how->send(end, 1, "", 0, LONG_NS);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void take_nothing(struct stage *stage, struct end *end)
{
	char buf[64];

	await_sent(stage);
	stage->notes->results[1] = end->lane->how->recv(end, 0, buf, sizeof(buf), SHORT_NS);
	stage_reach(stage, STEP_DONE);
	/* Now the end itself: where there is one, it must look different. */
	if (stage->notes->results[1] == 0 && stage_await(stage, STEP_SENDER_DEAD, LONG_NS))
		stage->notes->results[2] = end->lane->how->recv(end, 0, buf, sizeof(buf), SHORT_NS);
}

static void judge_empty(const struct notes *notes, struct answer *found)
{
	if (notes->results[0] < 0)
		answer(found, ANSWER_NO, "an empty message is refused: %s",
		       strerror(-notes->results[0]));
	else if (notes->results[1] == -ETIMEDOUT || notes->results[1] == -EAGAIN)
		answer(found, ANSWER_NO, "an empty message never arrives");
	else if (notes->results[1] == RECV_END)
		answer(found, ANSWER_NO, "an empty message looks like the end");
	else if (notes->results[1] < 0)
		answer(found, ANSWER_FAILED, "receive: %s", strerror(-notes->results[1]));
	else if (notes->results[1] > 0)
		answer(found, ANSWER_NO, "an empty message came with %ld bytes", notes->results[1]);
	else if (notes->results[2] == 0)
		answer(found, ANSWER_NO, "the end looks like an empty message");
	else
		answer(found, ANSWER_YES, "an empty message came as 0 bytes, the end did not");
}

void probe_empty(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_nothing, false },
		{ ROLE_SENDER, 0, send_nothing, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret)
		answer_failed(found, ret);
	else
		judge_empty(stage.notes, found);
	stage_free(&stage);
}

static void send_types(struct stage *stage, struct end *end)
{
	send_text(stage, end, 1, "type  1 ");
	send_text(stage, end, 2, "type  2 ");
	send_text(stage, end, 3, "type  3 ");
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void take_types(struct stage *stage, struct end *end)
{
	static const uint64_t order[] = { 3, 1, 2 };
	char buf[64];

	await_sent(stage);
	for (size_t i = 0; i < 3; i++)
		if (receive(end, order[i], buf, sizeof(buf)) == UNIT)
			stage->notes->results[i] = buf[6] - '0';
	stage_reach(stage, STEP_DONE);
}

void probe_types(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_types, false },
		{ ROLE_SENDER, 0, send_types, false },
	};
	struct stage stage = { 0 };
	int ret;

	if (!(how->flags & MECHANISM_TYPES)) {
		answer(found, ANSWER_NO, "a receive takes whatever is next");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[0] == 3 && stage.notes->results[1] == 1 &&
		 stage.notes->results[2] == 2)
		answer(found, ANSWER_YES, "types 1, 2, 3 were sent and taken as 3, 1, 2");
	else
		answer(found, ANSWER_NO, "types 3, 1, 2 were asked for, %ld, %ld, %ld came",
		       stage.notes->results[0], stage.notes->results[1], stage.notes->results[2]);
	stage_free(&stage);
}

static void send_ranks(struct stage *stage, struct end *end)
{
	static const unsigned int ranks[] = { 1, 9, 5 };
	char text[UNIT + 1];

	for (size_t i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "rank  %u ", ranks[i]);
		end->lane->how->send_priority(end, ranks[i], text, UNIT);
	}
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void take_ranks(struct stage *stage, struct end *end)
{
	char buf[64] = "";

	await_sent(stage);
	for (size_t i = 0; i < 3; i++)
		if (end->lane->how->recv_priority(end, buf, sizeof(buf)) == UNIT)
			stage->notes->results[i] = buf[6] - '0';
	stage_reach(stage, STEP_DONE);
}

void probe_priority(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_ranks, false },
		{ ROLE_SENDER, 0, send_ranks, false },
	};
	struct stage stage = { 0 };
	int ret;

	if (!how->send_priority) {
		answer(found, ANSWER_NO, "no message is more urgent than another");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[0] == 9 && stage.notes->results[1] == 5 &&
		 stage.notes->results[2] == 1)
		answer(found, ANSWER_YES, "sent as 1, 9, 5, received as 9, 5, 1");
	else
		answer(found, ANSWER_NO, "sent as 1, 9, 5, received as %ld, %ld, %ld",
		       stage.notes->results[0], stage.notes->results[1], stage.notes->results[2]);
	stage_free(&stage);
}

static void send_one(struct stage *stage, struct end *end)
{
	send_text(stage, end, 1, "look at ");
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

/* Seen, and still there. A message may need a moment to come: ask again. */
static void look_and_take(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	int64_t limit = now_ns() + LONG_NS;
	char buf[64] = "";

	await_sent(stage);
	do
		notes->results[0] = end->lane->how->peek(end, buf, sizeof(buf));
	while (notes->results[0] == -EAGAIN && now_ns() < limit);
	notes->results[2] = !memcmp(buf, "look at ", UNIT);
	notes->results[1] = receive(end, 0, buf, sizeof(buf));
	notes->results[2] &= !memcmp(buf, "look at ", UNIT);
	stage_reach(stage, STEP_DONE);
}

void probe_peek(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, look_and_take, false },
		{ ROLE_SENDER, 0, send_one, false },
	};
	struct stage stage = { 0 };
	int ret;

	if (!how->peek) {
		answer(found, ANSWER_NO, "to see a message is to take it");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[0] == UNIT && stage.notes->results[1] == UNIT &&
		 stage.notes->results[2])
		answer(found, ANSWER_YES, "a message was seen and then received");
	else if (stage.notes->results[0] < 0)
		answer(found, ANSWER_NO, "refused: %s", strerror(-stage.notes->results[0]));
	else
		answer(found, ANSWER_NO, "seen %ld bytes, then received %ld",
		       stage.notes->results[0], stage.notes->results[1]);
	stage_free(&stage);
}

/* The first one keeps a receiver busy to which messages are pushed. */
static void send_ages(struct stage *stage, struct end *end)
{
	const struct mechanism *how = end->lane->how;
	struct notes *notes = stage->notes;

	notes->results[0] = how->send_ttl(end, 0, "first   ", UNIT);
	if (!notes->results[0])
		notes->results[0] = how->send_ttl(end, LIFE_NS, "fleeting", UNIT);
	if (!notes->results[0])
		notes->results[0] = how->send_ttl(end, 0, "lasting ", UNIT);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void take_after_a_while(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	char buf[64];

	await_sent(stage);
	notes->results[1] = receive(end, 0, buf, sizeof(buf));
	usleep(AFTERWARDS_US);
	if (end->lane->acknowledge)
		end->lane->how->ack(end);
	notes->results[2] = receive(end, 0, buf, sizeof(buf));
	memcpy(notes->text, buf, UNIT);
	stage_reach(stage, STEP_DONE);
}

static void judge_expiry(const struct notes *notes, struct answer *found)
{
	if (notes->results[0] < 0)
		answer(found, ANSWER_FAILED, "send: %s", strerror(-notes->results[0]));
	else if (notes->results[1] != UNIT || notes->results[2] != UNIT)
		answer(found, ANSWER_FAILED, "the receives returned %ld and %ld",
		       notes->results[1], notes->results[2]);
	else if (memcmp(notes->text, "lasting ", UNIT))
		answer(found, ANSWER_NO, "a message came after its time: %.8s", notes->text);
	else
		answer(found, ANSWER_YES, "a message with 50 ms to live was left out after 200");
}

void probe_expiry(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_after_a_while, false },
		{ ROLE_SENDER, 0, send_ages, false },
	};
	struct stage stage = { .lane.acknowledge = how->ack };
	int ret;

	if (!how->send_ttl) {
		answer(found, ANSWER_NO, "a message waits as long as it has to");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else
		judge_expiry(stage.notes, found);
	stage_free(&stage);
}
