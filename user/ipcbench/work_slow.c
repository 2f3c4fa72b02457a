// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader that is slower than the sender. It does not read at all until the
 * sender is held up, or gives up to get there: so far the sender gets ahead. Then
 * it waits a little after each message: so long a send is held up. At last it
 * reads what is left as fast as it can.
 */
#include <sys/prctl.h>
#include <unistd.h>

#include "flow.h"

#define PAUSE_US	100
#define LOOK_US		1000

/* The sender is held up if it has sent nothing between so many looks. */
#define LOOKS		10

/* A sender that is not held up gives up after so many times what a round takes. */
#define PATIENCE	3

#define BYTES_MAX	(32 << 20)

/* ---- the sender --------------------------------------------------------- */

static const struct post *receiver_post(const struct worker *worker)
{
	return &worker->memory->arena->posts[1];
}

static void note_ahead(struct worker *worker)
{
	struct post *post = worker->post;
	uint64_t received = receiver_post(worker)->received, ahead = post->sent - received;

	/* The receiver may have been faster than the noting of what was sent. */
	if (post->sent > received && ahead > post->ahead)
		post->ahead = ahead;
}

/* Being held up counts from when the reader has begun to read. */
static void note_stall(struct worker *worker, int64_t from, int64_t to)
{
	int64_t slow = worker->memory->arena->slow_ns;

	if (!slow || slow > to)
		return;
	from = from > slow ? from : slow;
	if (to - from > worker->post->stall_ns)
		worker->post->stall_ns = to - from;
}

static int send_one(struct worker *worker)
{
	int64_t from = clock_ns(), to;
	int err = worker_send(worker, 0, 1);

	if (err)
		return err;
	to = clock_ns();
	worker_sample(worker, to - from);
	note_ahead(worker);
	note_stall(worker, from, to);
	return 0;
}

static bool is_enough(const struct worker *worker)
{
	const struct arena *arena = worker->memory->arena;

	if (arena->slow_ns)
		return arena->enough;
	return clock_ns() - worker->post->begin_ns > PATIENCE * worker->plan->time_ns;
}

/* The last one is announced before it is sent, so that its reader knows it. */
static int send_ahead(struct worker *worker)
{
	struct arena *arena = worker->memory->arena;
	uint64_t left = worker->count;
	int err = 0;

	worker_begins(worker);
	while (left-- && !err) {
		if (is_enough(worker))
			left = 0;
		if (!left)
			atomic_store(&arena->final, worker->post->sent + 1);
		err = send_one(worker);
	}
	return err;
}

static int sender(struct worker *worker)
{
	return worker->kind == PART_RUN ? send_ahead(worker) : flow_send(worker);
}

/* ---- the receiver ------------------------------------------------------- */

static void await_holdup(struct worker *worker)
{
	const struct arena *arena = worker->memory->arena;
	uint64_t sent = arena->posts[0].sent;
	int looks = 0;

	while (looks < LOOKS && sent != arena->final && !worker_is_stopped(worker)) {
		uint64_t before = sent;

		usleep(LOOK_US);
		sent = arena->posts[0].sent;
		looks = sent == before ? looks + 1 : 0;
	}
}

static bool has_all(const struct worker *worker)
{
	return worker->post->received == worker->memory->arena->final;
}

static int receive_one(struct worker *worker)
{
	struct label label;
	int err = worker_receive(worker, 0, &label);

	worker_ends(worker);
	return err < 0 ? err : 0;
}

static int receive_slowly(struct worker *worker)
{
	struct arena *arena = worker->memory->arena;
	uint64_t pauses = worker->plan->time_ns / (PAUSE_US * 1000);
	int err = 0;

	prctl(PR_SET_TIMERSLACK, 1);
	await_holdup(worker);
	arena->slow_ns = clock_ns();
	for (uint64_t i = 0; i < pauses && !err && !has_all(worker); i++) {
		err = receive_one(worker);
		usleep(PAUSE_US);
	}
	atomic_store(&arena->enough, true);
	while (!err && !has_all(worker))
		err = receive_one(worker);
	return err;
}

static int receiver(struct worker *worker)
{
	return worker->kind == PART_RUN ? receive_slowly(worker) : flow_receive(worker);
}

/* The count is how many the sender may get ahead at most. */
static void plan(struct plan *plan)
{
	struct channel *channel = plan_channel(plan, 1, 1);
	uint64_t most = BYTES_MAX / plan->size;

	plan_task(plan, "bench-sender", sender, NULL, channel);
	plan_task(plan, "bench-receiver", receiver, channel, NULL)->with_receivers = true;
	if (!plan->count)
		plan->count = most < ROUND_COUNT_MAX ? most : ROUND_COUNT_MAX;
}

const struct workload work_slow = {
	.name = "slow",
	.title = "Slow reader",
	.measures = "how far a sender gets ahead of a reader, and how long it is held up",
	.senders = 1,
	.receivers = 1,
	.sizes = two_sizes,
	.plan = plan,
};
