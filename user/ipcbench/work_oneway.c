// SPDX-License-Identifier: GPL-2.0-only
/* A message one way, and a small answer: what it takes to hand over so much. */
#include "trip.h"

/* The least that says which message it answers. */
#define ANSWER_SIZE	MESSAGE_MIN

static int answer(struct worker *worker, struct message *small, const struct label *label)
{
	int err;

	message_write(small, *label);
	do
		err = port_send(&worker->outs[0], 1, small->data, WAIT_FOREVER);
	while (worker_goes_on(worker, err));
	return err ? worker_fails(worker, "answer", err) : 0;
}

static int serve(struct worker *worker, struct message *small)
{
	struct label label;
	int err = 0;

	for (uint64_t i = 0; i < worker->count + 1 && err >= 0; i++) {
		err = worker_receive(worker, 0, &label);
		if (err >= 0)
			err = answer(worker, small, &label);
	}
	return err < 0 ? err : 0;
}

static int server(struct worker *worker)
{
	struct message small;
	int err = message_make(&small, ANSWER_SIZE);

	if (err)
		return err;
	err = serve(worker, &small);
	message_free(&small);
	return err;
}

static int await_answer(struct worker *worker)
{
	struct label label;
	ssize_t len;

	do
		len = port_receive(&worker->in, 0, worker->buffer);
	while (worker_goes_on(worker, len));
	if (len < 0)
		return worker_fails(worker, "receive the answer", len);
	if (len != ANSWER_SIZE || !message_read(worker->buffer, len, &label) ||
	    label.sequence + 1 != worker->post->sent)
		worker->post->corrupt++;
	return 0;
}

static int hand_over(struct worker *worker)
{
	int err = worker_send(worker, 0, 1);

	return err ? err : await_answer(worker);
}

static int client(struct worker *worker)
{
	int err = hand_over(worker);
	int64_t last, now;

	worker_begins(worker);
	last = worker->post->begin_ns;
	for (uint64_t i = 0; i < worker->count && err >= 0; i++, last = now) {
		err = hand_over(worker);
		now = clock_ns();
		worker_sample(worker, now - last);
	}
	worker_ends(worker);
	return err < 0 ? err : 0;
}

static void plan(struct plan *plan)
{
	struct channel *there = plan_channel(plan, 1, 1);
	struct channel *back = plan_channel(plan, 1, 1);

	back->size = ANSWER_SIZE;
	plan_task(plan, "bench-client", client, back, there);
	plan_task(plan, "bench-server", server, there, back)->with_receivers = true;
	plan->settling = 1;
}

/* Small messages go one way as they do there and back. */
static const size_t large_sizes[] = { 65536, 1048576, 0 };

const struct workload work_oneway = {
	.name = "oneway",
	.title = "One way",
	.measures = "a message to another process, and an answer of eight bytes",
	.senders = 1,
	.receivers = 1,
	.sizes = large_sizes,
	.plan = plan,
};
