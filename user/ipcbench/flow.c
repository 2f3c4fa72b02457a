// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "flow.h"

/* Where messages are lost the last one is not known as such when it comes. */
#define CLOCK_EVERY	16

/**
 * struct batch - a worker's @own, where its mechanism carries many messages a call
 * @messages: what is sent, or where it goes that is received
 * @vec: the same
 */
struct batch {
	struct message messages[LANE_BATCH_MAX];
	struct iovec vec[LANE_BATCH_MAX];
};

/* Who has several lanes takes them in turn, message by message. */
static bool goes_in_batches(const struct worker *worker)
{
	return worker->plan->how->send_batch && worker->in.count <= 1 &&
	       worker->outs[0].count <= 1;
}

static int make_batch(struct worker *worker)
{
	struct batch *batch;
	int err = 0;

	if (!goes_in_batches(worker))
		return 0;
	batch = calloc(1, sizeof(*batch));
	if (!batch)
		return -ENOMEM;
	for (unsigned int i = 0; i < LANE_BATCH_MAX && !err; i++) {
		err = message_make(&batch->messages[i], worker->plan->size);
		batch->vec[i].iov_base = batch->messages[i].data;
		batch->vec[i].iov_len = worker->plan->size;
	}
	worker->own = batch;
	return err;
}

static unsigned int batch_of(uint64_t left)
{
	return left < LANE_BATCH_MAX ? left : LANE_BATCH_MAX;
}

static int send_written(struct worker *worker, const struct iovec *vec, unsigned int count)
{
	struct post *post = worker->post;
	int ret;

	do
		ret = port_send_batch(&worker->outs[0], vec, count);
	while (worker_goes_on(worker, ret));
	if (ret < 0)
		return worker_fails(worker, "send", ret);
	atomic_store_explicit(&post->sent, post->sent + ret, memory_order_relaxed);
	return ret;
}

static int send_batch(struct worker *worker, unsigned int count)
{
	struct batch *batch = worker->own;
	uint64_t first = worker->post->sent;
	unsigned int done = 0;
	int ret = 0;

	for (unsigned int i = 0; i < count; i++)
		message_write(&batch->messages[i], (struct label){ worker->number, first + i });
	for (; done < count && ret >= 0; done += ret)
		ret = send_written(worker, batch->vec + done, count - done);
	return ret < 0 ? ret : 0;
}

static int send_batches(struct worker *worker)
{
	unsigned int count;
	int err = 0;

	for (uint64_t left = worker->count; left && !err; left -= count) {
		count = batch_of(left);
		err = send_batch(worker, count);
	}
	return err;
}

/* How many have come that had not come before. */
static int receive_batch(struct worker *worker, unsigned int count)
{
	struct batch *batch = worker->own;
	struct label label;
	int ret, new = 0;

	for (unsigned int i = 0; i < count; i++)
		batch->vec[i].iov_len = worker->plan->size;
	do
		ret = port_receive_batch(&worker->in, batch->vec, count);
	while (worker_goes_on(worker, ret));
	if (ret < 0)
		return worker_fails(worker, "receive", ret);
	for (int i = 0; i < ret; i++)
		new += worker_take(worker, batch->vec[i].iov_len, batch->vec[i].iov_base,
				   &label) != WORKER_CAME_BEFORE;
	worker_ends(worker);
	return new;
}

static int receive_batches(struct worker *worker)
{
	int ret = 0;

	for (uint64_t left = worker->count; left && ret >= 0; left -= ret > 0 ? ret : 0)
		ret = receive_batch(worker, batch_of(left));
	return ret < 0 ? ret : 0;
}

int flow_send(struct worker *worker)
{
	int err = 0;

	worker_begins(worker);
	if (worker->own)
		return send_batches(worker);
	for (uint64_t i = 0; i < worker->count && !err; i++)
		err = worker_send(worker, 0, 1);
	return err;
}

int flow_receive(struct worker *worker)
{
	struct label label;
	int err = 0;

	if (worker->own)
		return receive_batches(worker);
	for (uint64_t i = 1; i <= worker->count && err >= 0; i++) {
		err = worker_receive(worker, 0, &label);
		if (err >= 0 && (i % CLOCK_EVERY == 0 || i == worker->count))
			worker_ends(worker);
	}
	return err < 0 ? err : 0;
}

int flow_receive_all(struct worker *worker)
{
	struct label label;
	int err = 0;

	while (err >= 0 && !worker_is_stopped(worker)) {
		err = worker_receive(worker, 0, &label);
		if (err >= 0)
			worker_ends(worker);
	}
	return err < 0 ? err : 0;
}

struct task *flow_plan_sender(struct plan *plan, struct channel *channel)
{
	struct task *task = plan_task(plan, "bench-sender", flow_send, NULL, channel);

	task->start = make_batch;
	return task;
}

struct task *flow_plan_receiver(struct plan *plan, struct channel *channel)
{
	struct task *task = plan_task(plan, "bench-receiver", flow_receive, channel, NULL);

	task->with_receivers = true;
	task->start = make_batch;
	return task;
}
