// SPDX-License-Identifier: GPL-2.0-only
/* How one waits for a message, or for room. */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "stage.h"

#define MS		1000000LL
#define TIME_LIMIT	(50 * MS)

/* What a clock of milliseconds may be early by. */
#define EARLY		(2 * MS)

/* "Never waits" allows for a machine that has other things to do. */
#define AT_ONCE		(30 * MS)

#define FLOOD_BYTES	(16 << 20)
#define FLOOD_MESSAGES	131072

/* Sends one message when the receiver is ready for it. */
static void send_later(struct stage *stage, struct end *end)
{
	stage_await(stage, STEP_BLOCKING, LONG_NS);
	await_sleep(stage->notes->pids[0]);
	atomic_store(&stage->notes->elapsed, now_ns());
	stage->notes->results[7] = end->lane->how->send(end, 1, "at last ", 8, LONG_NS);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static int wait_readable(int epoll, int milliseconds)
{
	struct epoll_event event;
	int ret = epoll_wait(epoll, &event, 1, milliseconds);

	return ret < 0 ? -errno : ret;
}

static int watch(struct end *end)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, end->lane->how->poll_fd(end), &event) < 0)
		return -errno;
	return epoll;
}

/* Nothing before, something after, nothing again once it is taken. */
static void poll_and_take(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	char buf[64];
	int epoll = watch(end);

	notes->results[0] = epoll;
	if (epoll >= 0)
		notes->results[1] = wait_readable(epoll, 20);
	stage_reach(stage, STEP_BLOCKING);
	if (epoll >= 0) {
		notes->results[2] = wait_readable(epoll, 3000);
		notes->results[3] = end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS);
		notes->results[4] = wait_readable(epoll, 20);
		close(epoll);
	}
	stage_reach(stage, STEP_DONE);
}

static void judge_poll(const struct notes *notes, struct answer *found)
{
	if (notes->results[0] < 0)
		answer(found, ANSWER_NO, "epoll refuses it: %s", strerror(-notes->results[0]));
	else if (notes->results[2] != 1)
		answer(found, ANSWER_NO, "epoll did not report the message");
	else if (notes->results[1] || notes->results[4])
		answer(found, ANSWER_PARTLY, "epoll also reported it when nothing was there");
	else
		answer(found, ANSWER_YES, "epoll reported the message, and nothing else");
}

void probe_poll(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, poll_and_take, false },
		{ ROLE_SENDER, 0, send_later, false },
	};
	struct stage stage = { 0 };
	int ret;

	if (!how->poll_fd) {
		answer(found, ANSWER_NO, "there is no descriptor to poll");
		return;
	}
	ret = stage_play(&stage, how, parts, 2);
	if (ret)
		answer_failed(found, ret);
	else
		judge_poll(stage.notes, found);
	stage_free(&stage);
}

/* A sender that is there and silent. */
static void be_silent(struct stage *stage, struct end *end)
{
	(void)end;
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void time_empty(struct stage *stage, struct end *end, int64_t wait)
{
	char buf[64];
	int64_t start;

	stage_await(stage, STEP_SENDERS, LONG_NS);
	start = now_ns();
	stage->notes->results[0] = end->lane->how->recv(end, 0, buf, sizeof(buf), wait);
	stage->notes->elapsed = now_ns() - start;
}

static void wait_limited(struct stage *stage, struct end *end)
{
	time_empty(stage, end, TIME_LIMIT);
	stage_reach(stage, STEP_DONE);
}

void probe_timeout(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, wait_limited, false },
		{ ROLE_SENDER, 0, be_silent, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);
	long elapsed = ret ? 0 : stage.notes->elapsed / MS;

	if (ret)
		answer_failed(found, ret);
	else if (stage.notes->results[0] == -EOPNOTSUPP)
		answer(found, ANSWER_NO, "a receive has no time limit");
	else if (how->flags & MECHANISM_TIMER)
		answer(found, ANSWER_PARTLY, "only the signal of a timer ends a receive");
	else if (stage.notes->results[0] == -ETIMEDOUT &&
		 stage.notes->elapsed >= TIME_LIMIT - EARLY)
		answer(found, ANSWER_YES, "a receive with a limit of 50 ms ended by it");
	else
		answer(found, ANSWER_NO, "a limit of 50 ms: after %ld ms: %s", elapsed,
		       strerror(-stage.notes->results[0]));
	stage_free(&stage);
}

/* First a receive that must not wait, then one that must. */
static void try_and_wait(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	char buf[64];

	time_empty(stage, end, WAIT_NEVER);
	notes->results[1] = notes->elapsed < AT_ONCE;
	stage_reach(stage, STEP_BLOCKING);
	notes->results[2] = end->lane->how->recv(end, 0, buf, sizeof(buf), WAIT_FOREVER);
	/* The sender waited until we slept before it took the time. */
	notes->results[3] = stage_await(stage, STEP_SENT, LONG_NS);
	stage_reach(stage, STEP_DONE);
}

static void judge_nonblocking(const struct mechanism *how, const struct notes *notes,
			      struct answer *found)
{
	if (notes->results[2] < 0)
		answer(found, ANSWER_NO, "a blocking receive ended: %s",
		       strerror(-notes->results[2]));
	else if (notes->results[0] == -EOPNOTSUPP)
		answer(found, ANSWER_NO, "a receive always waits");
	else if (notes->results[0] != -EAGAIN || !notes->results[1])
		answer(found, ANSWER_NO, "a receive that must not wait: %s",
		       strerror(-notes->results[0]));
	else if (how->flags & MECHANISM_BUSY)
		answer(found, ANSWER_PARTLY, "it waits by asking again and again");
	else
		answer(found, ANSWER_YES, "one receive waited for the message, another did not");
}

void probe_nonblocking(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, try_and_wait, false },
		{ ROLE_SENDER, 0, send_later, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret)
		answer_failed(found, ret);
	else
		judge_nonblocking(how, stage.notes, found);
	stage_free(&stage);
}

static volatile sig_atomic_t handled;

static void handle(int number)
{
	(void)number;
	handled = 1;
}

/* A first message has passed: whatever the two do once is done. */
static void wait_through_signal(struct stage *stage, struct end *end)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
	char buf[64];

	sigaction(SIGUSR2, &action, NULL);
	end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS);
	stage_reach(stage, STEP_BLOCKING);
	stage->notes->results[0] = end->lane->how->recv(end, 0, buf, sizeof(buf), WAIT_FOREVER);
	stage->notes->results[1] = handled;
	stage_reach(stage, STEP_DONE);
}

static void disturb_and_send(struct stage *stage, struct end *end)
{
	pid_t receiver = stage->notes->pids[0];

	end->lane->how->send(end, 1, "at first", 8, LONG_NS);
	stage_await(stage, STEP_BLOCKING, LONG_NS);
	await_sleep(receiver);
	kill(receiver, SIGUSR2);
	await_sleep(receiver);
	if (!stage_await(stage, STEP_DONE, 20 * MS))
		end->lane->how->send(end, 1, "at last ", 8, LONG_NS);
	stage_await(stage, STEP_DONE, LONG_NS);
}

void probe_restart(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, wait_through_signal, false },
		{ ROLE_SENDER, 0, disturb_and_send, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret)
		answer_failed(found, ret);
	else if (!stage.notes->results[1])
		answer(found, ANSWER_FAILED, "the signal was not handled");
	else if (stage.notes->results[0] == -EINTR)
		answer(found, ANSWER_NO, "EINTR, in spite of SA_RESTART");
	else if (stage.notes->results[0] < 0)
		answer(found, ANSWER_NO, "%s", strerror(-stage.notes->results[0]));
	else
		answer(found, ANSWER_YES, "the receive went on after a handler with SA_RESTART");
	stage_free(&stage);
}

/* Send without waiting until that is refused; the first bytes are the number. */
static void flood(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	size_t size = end->lane->size;
	char *data = calloc(1, size);
	int64_t limit = now_ns() + LONG_NS;
	long sent = 0, ret = 0;

	while (data && sent < FLOOD_MESSAGES && sent * size < FLOOD_BYTES && now_ns() < limit) {
		uint64_t number = sent;

		memcpy(data, &number, size < sizeof(number) ? size : sizeof(number));
		ret = end->lane->how->send(end, 1, data, size, WAIT_NEVER);
		if (ret < 0)
			break;
		sent++;
	}
	free(data);
	notes->results[0] = sent;
	notes->results[1] = ret;
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

/* Count what comes, by bytes: a stream has no messages to count. */
static void drain(struct stage *stage, struct end *end)
{
	size_t size = end->lane->size, bytes = 0, due;
	char *data = calloc(1, size);
	long ret;

	stage_await(stage, STEP_SENT, 2 * LONG_NS);
	due = stage->notes->results[0] * size;
	while (data && bytes < due) {
		ret = end->lane->how->recv(end, 0, data, size, SHORT_NS);
		if (ret <= 0)
			break;
		bytes += ret;
	}
	free(data);
	stage->notes->results[2] = bytes / size;
	stage_reach(stage, STEP_DONE);
}

static void judge_bounded(const struct notes *notes, struct answer *found)
{
	long sent = notes->results[0], came = notes->results[2];

	if (came < sent)
		answer(found, ANSWER_NO, "%ld messages were taken, %ld came: silent loss",
		       sent, came);
	else if (!notes->results[1])
		answer(found, ANSWER_NO, "%ld messages were taken and no end was in sight", sent);
	else if (notes->results[1] != -EAGAIN)
		answer(found, ANSWER_NO, "after %ld messages: %s", sent,
		       strerror(-notes->results[1]));
	else
		answer(found, ANSWER_YES, "after %ld messages the sender had to wait", sent);
}

void probe_bounded(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, drain, false },
		{ ROLE_SENDER, 0, flood, false },
	};
	struct stage stage = { .lane.size = 1024 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret)
		answer_failed(found, ret);
	else
		judge_bounded(stage.notes, found);
	stage_free(&stage);
}

/* Whether it returned before the receiver moved is what counts. */
static void send_in_person(struct stage *stage, struct end *end)
{
	const struct mechanism *how = end->lane->how;

	stage->notes->results[0] = how->send_sync ?
		how->send_sync(end, "in hand ", 8, LONG_NS) :
		how->send(end, 1, "in hand ", 8, LONG_NS);
	stage_reach(stage, STEP_SENT);
	stage_await(stage, STEP_DONE, LONG_NS);
}

static void come_late(struct stage *stage, struct end *end)
{
	struct notes *notes = stage->notes;
	char buf[64];

	stage_await(stage, STEP_SENDERS, LONG_NS);
	notes->results[1] = stage_await(stage, STEP_SENT, SHORT_NS);
	notes->results[2] = end->lane->how->recv(end, 0, buf, sizeof(buf), LONG_NS);
	notes->results[3] = stage_await(stage, STEP_SENT, LONG_NS);
	stage_reach(stage, STEP_DONE);
}

static void judge_rendezvous(const struct notes *notes, struct answer *found)
{
	if (notes->results[2] < 0)
		answer(found, ANSWER_FAILED, "receive: %s", strerror(-notes->results[2]));
	else if (notes->results[0] < 0)
		answer(found, ANSWER_FAILED, "send: %s", strerror(-notes->results[0]));
	else if (notes->results[1])
		answer(found, ANSWER_NO, "a send returned while nobody had its message");
	else if (!notes->results[3])
		answer(found, ANSWER_NO, "a send did not return when its message was taken");
	else
		answer(found, ANSWER_YES, "a send returned when its message was taken");
}

void probe_rendezvous(const struct mechanism *how, struct answer *found)
{
	static const struct part parts[] = {
		{ ROLE_RECEIVER, 0, come_late, false },
		{ ROLE_SENDER, 0, send_in_person, false },
	};
	struct stage stage = { 0 };
	int ret = stage_play(&stage, how, parts, 2);

	if (ret)
		answer_failed(found, ret);
	else
		judge_rendezvous(stage.notes, found);
	stage_free(&stage);
}
