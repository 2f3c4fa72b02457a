// SPDX-License-Identifier: GPL-2.0-only
/* What a process's death means to its message, to its peer and to the system. */
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage.h"

/* Messages whose senders die, before we believe that they all arrive. */
#define WILLS	10

#define JOBS	2

static void send_hello(struct stage *stage, struct end *end)
{
	stage->notes->results[7] = end->lane->how->send(end, 1, "hello   ", 8, LONG_NS);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void take_hello(struct stage *stage, struct end *end)
{
	char buf[64] = "";
	long ret = end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS);

	stage->notes->results[0] = ret > 0 && memcmp(buf, "hello   ", 8) ? -EBADMSG : ret;
	stage_reach(stage, STEP_DONE);
}

void probe_unrelated(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_hello, false },
		{ ROLE_SENDER, 0, send_hello, true },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret == -EOPNOTSUPP)
		answer(found, ANSWER_NO, "who has not inherited it has no way to it");
	else if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[0] == 8)
		answer(found, ANSWER_YES, "a process that had inherited nothing sent to %.60s",
		       stage.lane.address);
	else
		answer(found, ANSWER_NO, "%s", strerror(-stage.notes->results[0]));
	stage_free(&stage);
}

static _Noreturn void die(void)
{
	kill(getpid(), SIGKILL);
	_exit(1);
}

static _Noreturn void send_and_die(struct stage *stage, struct end *end)
{
	/* Where a send waits for its receiver, death comes while it does. */
	int64_t wait = end->lane->how->flags & MECHANISM_RENDEZVOUS ? SHORT_NS : LONG_NS;

	stage->notes->results[0] = end->lane->how->send(end, 1, "my will ", 8, wait);
	die();
}

static void take_will(struct stage *stage, struct end *end)
{
	char buf[64] = "";
	long ret;

	stage_await(stage, STEP_SENDER_DEAD, LONG_NS);
	ret = end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS);
	stage->notes->results[1] = ret > 0 && memcmp(buf, "my will ", 8) ? -EBADMSG : ret;
}

static const char *words(long error)
{
	return error == RECV_END ? "the end" : strerror(-error);
}

/* True if the will came; else @found says what came instead. */
static bool will_comes(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_will, false },
		{ ROLE_SENDER, 0, send_and_die, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);
	bool came = !ret && stage.notes->results[1] == 8;

	if (ret)
		answer_failed(found, ret);
	else if (!came)
		answer(found, ANSWER_NO, "after its sender was killed: %s",
		       words(stage.notes->results[1]));
	stage_free(&stage);
	return came;
}

/* What survives by luck is lost before long. */
void probe_survives(const struct mechanism *how, struct answer *found)
{
	for (int i = 0; i < WILLS; i++)
		if (!will_comes(how, found))
			return;
	answer(found, ANSWER_YES, "%d times a message came although its sender had been killed",
	       WILLS);
}

static _Noreturn void only_die(struct stage *stage, struct end *end)
{
	(void)end;
	stage_await(stage, STEP_BLOCKING, LONG_NS);
	die();
}

/* Told is who learns of it before a time limit that is long enough. */
static void await_end_of_sender(struct stage *stage, struct end *end)
{
	char buf[64];

	stage_await(stage, STEP_SENDERS, LONG_NS);
	stage_reach(stage, STEP_BLOCKING);
	stage_await(stage, STEP_SENDER_DEAD, LONG_NS);
	stage->notes->results[0] = end->lane->how->recv(end, 0, buf, sizeof(buf), 2 * SHORT_NS);
}

static bool means_nothing(long ret)
{
	return ret == -EINTR || ret == -ETIMEDOUT || ret == -EAGAIN;
}

void probe_reader_learns(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, await_end_of_sender, false },
		{ ROLE_SENDER, 0, only_die, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret)
		answer_failed(found, ret);
	else if (means_nothing(stage.notes->results[0]) || stage.notes->results[0] >= 0)
		answer(found, ANSWER_NO, "a reader went on waiting for a sender that was killed");
	else
		answer(found, ANSWER_YES, "a reader was told: %s", words(stage.notes->results[0]));
	stage_free(&stage);
}

/* A first message may still be taken for a receiver that is gone. */
static void send_to_dead(struct stage *stage, struct end *end)
{
	stage_reach(stage, STEP_BLOCKING);
	stage_await(stage, STEP_RECEIVER_DEAD, LONG_NS);
	for (int i = 0; i < 3; i++) {
		long ret = end->lane->how->send(end, 1, "anyone? ", 8, SHORT_NS);

		stage->notes->results[0] = ret;
		if (ret < 0)
			break;
	}
}

void probe_writer_learns(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, only_die, false },
		{ ROLE_SENDER, 0, send_to_dead, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret)
		answer_failed(found, ret);
	else if (means_nothing(stage.notes->results[0]))
		answer(found, ANSWER_NO, "a writer went on waiting for a reader that was killed");
	else if (stage.notes->results[0] >= 0)
		answer(found, ANSWER_NO, "three messages to a reader that was killed were taken");
	else
		answer(found, ANSWER_YES, "a writer was told: %s",
		       strerror(-stage.notes->results[0]));
	stage_free(&stage);
}

/* Two: where they are shared out beforehand, each reader has one. */
static void send_jobs(struct stage *stage, struct end *end)
{
	for (uint64_t i = 0; i < JOBS; i++)
		if (end->lane->how->send(end, 1, &i, sizeof(i), LONG_NS) < 0)
			break;
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void take_and_die(struct stage *stage, struct end *end)
{
	uint64_t job;

	stage_await(stage, STEP_SENT, LONG_NS);
	stage->notes->results[0] = end->lane->how->recv(end, 0, &job, sizeof(job), LONG_NS);
	die();
}

/* All that comes, once the other one is dead. */
static void take_rest(struct stage *stage, struct end *end)
{
	const struct mechanism *how = end->lane->how;
	struct notes *notes = stage->notes;
	uint64_t job;

	stage_await(stage, STEP_RECEIVER_DEAD, LONG_NS);
	while (notes->results[1] < JOBS &&
	       how->recv(end, 0, &job, sizeof(job), 2 * SHORT_NS) == sizeof(job)) {
		notes->results[1]++;
		if (end->lane->acknowledge)
			how->ack(end);
	}
	stage_reach(stage, STEP_DONE);
}

static void judge_redelivery(const struct notes *notes, struct answer *found)
{
	if (notes->results[0] != sizeof(uint64_t))
		answer(found, ANSWER_FAILED, "the first reader got nothing: %s",
		       words(notes->results[0]));
	else if (notes->results[1] < JOBS)
		answer(found, ANSWER_NO, "what a killed reader had taken was lost");
	else
		answer(found, ANSWER_YES, "what a killed reader had taken came to another");
}

void probe_redelivery(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, take_and_die, false },
		{ ROLE_RECEIVER, 1, take_rest, false },
		{ ROLE_SENDER, 0, send_jobs, false },
	};
	struct stage stage = {
		.lane = { .size = sizeof(uint64_t), .receivers = 2, .acknowledge = how->ack },
	};
	int ret;

	if (!how->shared_max) {
		answer(found, ANSWER_NO, "each reader needs a connection of its own");
		return;
	}
	ret = stage_play(&stage, how, parts, 3);
	if (ret)
		answer_failed(found, ret);
	else
		judge_redelivery(stage.notes, found);
	stage_free(&stage);
}

/* A whole application that is killed: it opens, sends, and is gone. */
static _Noreturn void live_and_die(const struct mechanism *how, struct lane *shared)
{
	struct lane lane = { .how = how, .size = shared->size, .senders = 1, .receivers = 1 };
	struct end receiver = { .lane = &lane, .role = ROLE_RECEIVER };
	struct end sender = { .lane = &lane, .role = ROLE_SENDER };

	if (!how->open(&lane)) {
		*shared = lane;
		if (!how->join(&receiver) && !how->join(&sender) &&
		    !(how->flags & MECHANISM_RENDEZVOUS))
			how->send(&sender, 1, "left    ", 8, WAIT_NEVER);
	}
	die();
}

void probe_residue(const struct mechanism *how, struct answer *found)
{
	struct lane *lane;
	pid_t pid;

	if (!how->remains) {
		answer(found, ANSWER_NO, "nothing of it has a name");
		return;
	}
	lane = stage_shared_lane();
	if (!lane) {
		answer_failed(found, -ENOMEM);
		return;
	}
	lane->size = how->max_size() < 64 ? how->max_size() : 64;
	pid = fork();
	if (!pid)
		live_and_die(how, lane);
	waitpid(pid, NULL, 0);
	if (!lane->address[0])
		answer(found, ANSWER_FAILED, "the lane did not open");
	else if (how->remains(lane->address))
		answer(found, ANSWER_YES, "%.60s was still there after all had been killed",
		       lane->address);
	else
		answer(found, ANSWER_NO, "nothing was left after all had been killed");
	munmap(lane, sizeof(*lane));
}
