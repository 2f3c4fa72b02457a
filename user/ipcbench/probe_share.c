// SPDX-License-Identifier: GPL-2.0-only
/* More than two processes, and more than bytes. */
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"

static void tell_all(struct stage *stage, struct end *end)
{
	stage->notes->results[7] = end->lane->how->send(end, 1, "to all  ", 8, LONG_NS);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_RECEIVER_DEAD, LONG_NS);
}

static void hear(struct stage *stage, struct end *end)
{
	char buf[64] = "";
	long ret = end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS);

	stage->notes->results[end->index] = ret == 8 && !memcmp(buf, "to all  ", 8);
}

void probe_broadcast(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, hear, false },
		{ ROLE_RECEIVER, 1, hear, false },
		{ ROLE_SENDER, 0, tell_all, false },
	};
	struct stage stage = { .lane.receivers = 2, .lane.broadcast = true };
	int ret = stage_play(&stage, how, parts, 3);

	if (ret == -EOPNOTSUPP)
		answer(found, ANSWER_NO, "a message goes to one receiver");
	else if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[0] && stage.notes->results[1])
		answer(found, ANSWER_YES, "one send reached two receivers");
	else
		answer(found, ANSWER_NO, "one send reached %ld of two receivers",
		       stage.notes->results[0] + stage.notes->results[1]);
	stage_free(&stage);
}

static void hand_out(struct stage *stage, struct end *end)
{
	for (uint64_t i = 0; i < STAGE_MESSAGES; i++)
		if (end->lane->how->send(end, 1, &i, sizeof(i), LONG_NS) < 0)
			break;
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

/* Take until nothing comes any more; who gets how many is the scheduler's affair. */
static void take_share(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	uint64_t number;

	for (;;) {
		long ret = end->lane->how->recv(end, 0, &number, sizeof(number), SHORT_NS);

		if (ret != sizeof(number) || number >= STAGE_MESSAGES)
			break;
		atomic_fetch_add(&notes->seen[number], 1);
		atomic_fetch_add(&notes->results[end->index], 1);
	}
	if (atomic_fetch_add(&notes->results[2], 1) == 1)
		stage_reach(stage, STEP_DONE);
}

static void judge_sharing(const struct notes *notes, struct answer *found)
{
	unsigned int missing = 0, twice = 0;

	for (size_t i = 0; i < STAGE_MESSAGES; i++) {
		missing += !notes->seen[i];
		twice += notes->seen[i] > 1;
	}
	if (missing || twice)
		answer(found, ANSWER_NO, "of %d messages %u came twice, %u not at all",
		       STAGE_MESSAGES, twice, missing);
	else
		answer(found, ANSWER_YES, "%d messages to two readers, each came once",
		       STAGE_MESSAGES);
}

void probe_sharing(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_share, false },
		{ ROLE_RECEIVER, 1, take_share, false },
		{ ROLE_SENDER, 0, hand_out, false },
	};
	struct stage stage = { .lane = { .size = 8, .receivers = 2 } };
	int ret;

	if (!how->shared_max) {
		answer(found, ANSWER_NO, "each reader needs a connection of its own");
		return;
	}
	ret = stage_play(&stage, how, parts, 3);
	if (ret)
		answer_failed(found, ret);
	else
		judge_sharing(stage.notes, found);
	stage_free(&stage);
}

/* The other side writes to a pipe that only we had. */
static void pass_pipe(struct stage *stage, struct end *end)
{
	char byte = 0;
	int fds[2];

	if (pipe(fds) < 0)
		return;
	stage->notes->results[0] = end->lane->how->send_fd(end, fds[1]);
	close(fds[1]);
	if (!stage->notes->results[0] && read(fds[0], &byte, 1) == 1)
		stage->notes->results[1] = byte == '!';
	close(fds[0]);
}

static void use_pipe(struct stage *stage, struct end *end)
{
	int fd = end->lane->how->recv_fd(end);

	stage->notes->results[2] = fd;
	if (fd < 0)
		return;
	stage->notes->results[3] = write(fd, "!", 1);
	close(fd);
}

void probe_descriptor(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, use_pipe, false },
		{ ROLE_SENDER, 0, pass_pipe, false },
	};
	struct stage stage = { 0 };
	int ret;

	if (!how->send_fd) {
		answer(found, ANSWER_NO, "bytes only");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[1])
		answer(found, ANSWER_YES, "the end of a pipe was passed on and written to");
	else
		answer(found, ANSWER_NO, "%s", strerror(-(stage.notes->results[0] ?
							   stage.notes->results[0] :
							   stage.notes->results[2])));
	stage_free(&stage);
}

static void write_in_place(struct stage *stage, struct end *end)
{
	char *place = end->lane->how->in_place(end);

	if (place)
		memcpy(place, "in place", 8);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void read_in_place(struct stage *stage, struct end *end)
{
	const char *place = end->lane->how->in_place(end);

	stage_await(stage, STEP_SENT, LONG_NS);
	stage->notes->results[0] = place && !memcmp(place, "in place", 8);
	stage_reach(stage, STEP_DONE);
}

void probe_in_place(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, read_in_place, false },
		{ ROLE_SENDER, 0, write_in_place, false },
	};
	struct stage stage = { 0 };
	int ret;

	if (!how->in_place) {
		answer(found, ANSWER_NO, "a message is copied at least once");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[0])
		answer(found, ANSWER_YES, "what the sender wrote in place was read in place");
	else
		answer(found, ANSWER_NO, "what the sender wrote in place was not to be seen");
	stage_free(&stage);
}
