// SPDX-License-Identifier: GPL-2.0-only
#include "trip.h"

static int there_and_back(struct worker *worker)
{
	struct label label;
	int err = worker_send(worker, 0, 1);

	return err ? err : worker_receive(worker, 0, &label);
}

/* ---- calls -------------------------------------------------------------- */

static void write_next(struct worker *worker)
{
	message_write(&worker->message, (struct label){ worker->number, worker->post->sent });
}

static void note_sent(struct worker *worker)
{
	struct post *post = worker->post;

	atomic_store_explicit(&post->sent, post->sent + 1, memory_order_relaxed);
}

/* A call that was given up is not made again: its request may have been taken. */
static int call(struct worker *worker)
{
	struct label label;
	ssize_t len;

	write_next(worker);
	len = port_call(&worker->outs[0], worker->message.data, worker->buffer);
	if (len < 0)
		return worker_fails(worker, "call", len);
	note_sent(worker);
	return worker_take(worker, len, worker->buffer, &label);
}

static int reply_and_receive(struct worker *worker)
{
	struct label label;
	ssize_t len;

	write_next(worker);
	len = port_reply_receive(&worker->in, worker->message.data, worker->buffer);
	if (len < 0)
		return worker_fails(worker, "reply and receive", len);
	note_sent(worker);
	return worker_take(worker, len, worker->buffer, &label);
}

static int reply(struct worker *worker)
{
	int err;

	write_next(worker);
	err = port_reply(&worker->in, worker->message.data);
	if (err)
		return worker_fails(worker, "reply", err);
	note_sent(worker);
	return 0;
}

/* The last reply of a part goes by itself: the next request is another part's. */
static int server(struct worker *worker)
{
	uint64_t requests = worker->count + worker->plan->settling;
	struct label label;
	int err = worker_receive(worker, 0, &label);

	for (uint64_t i = 1; i < requests && err >= 0; i++)
		err = reply_and_receive(worker);
	return err < 0 ? err : reply(worker);
}

bool trip_by_calls(const struct plan *plan)
{
	return plan->how->reply_recv;
}

void trip_plan_calls(struct plan *plan, unsigned int clients)
{
	struct channel *channel = plan_channel(plan, clients, 1);

	for (unsigned int i = 0; i < clients; i++) {
		struct task *task = plan_task(plan, "bench-client", trip_client, NULL, channel);

		task->calls = true;
		task->out_index = i;
		task->share = clients;
	}
	plan_task(plan, "bench-server", server, channel, NULL)->with_receivers = true;
	plan->grain = clients;
	plan->settling = clients;
}

/* ---- the client --------------------------------------------------------- */

int trip_client(struct worker *worker)
{
	int (*trip)(struct worker *worker) = worker->task->calls ? call : there_and_back;
	int err = trip(worker);
	int64_t last, now;

	worker_begins(worker);
	last = worker->post->begin_ns;
	for (uint64_t i = 0; i < worker->count && err >= 0; i++, last = now) {
		err = trip(worker);
		now = clock_ns();
		worker_sample(worker, now - last);
	}
	worker_ends(worker);
	return err < 0 ? err : 0;
}
