// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "worker.h"

#define WORD_BITS	64

static void note_error(struct worker *worker, const char *doing, int err)
{
	struct post *post = worker->post;

	snprintf(post->doing, sizeof(post->doing), "%s", doing);
	post->error = err;
	/* Release: who sees the time sees the rest. */
	atomic_store_explicit(&post->error_ns, clock_ns(), memory_order_release);
}

void worker_begins(struct worker *worker)
{
	atomic_store_explicit(&worker->post->begin_ns, clock_ns(), memory_order_relaxed);
}

void worker_ends(struct worker *worker)
{
	struct post *post = worker->post;

	atomic_store_explicit(&post->end_ns, clock_ns(), memory_order_relaxed);
	atomic_store_explicit(&post->end_count, post->received, memory_order_relaxed);
}

void worker_sample(struct worker *worker, int64_t ns)
{
	struct post *post = worker->post;

	if (worker->kind != PART_RUN || post->samples == worker->memory->samples_max)
		return;
	memory_samples(worker->memory, worker->number)[post->samples++] =
		ns < UINT32_MAX ? ns : UINT32_MAX;
}

bool worker_goes_on(const struct worker *worker, int64_t err)
{
	return err == -EINTR && !worker_is_stopped(worker);
}

int worker_fails(struct worker *worker, const char *doing, int err)
{
	if (err != -EINTR)
		note_error(worker, doing, err);
	return err;
}

int worker_send_within(struct worker *worker, unsigned int out, uint64_t type, int64_t wait)
{
	struct post *post = worker->post;
	uint64_t sent = atomic_load_explicit(&post->sent, memory_order_relaxed);
	int err;

	message_write(&worker->message, (struct label){ worker->number, sent });
	do
		err = port_send(&worker->outs[out], type, worker->message.data, wait);
	while (worker_goes_on(worker, err));
	if (err)
		return worker_fails(worker, "send", err);
	atomic_store_explicit(&post->sent, sent + 1, memory_order_relaxed);
	return 0;
}

int worker_send(struct worker *worker, unsigned int out, uint64_t type)
{
	return worker_send_within(worker, out, type, WAIT_FOREVER);
}

/* Whether it is new: each has a bit. */
static bool is_new(struct worker *worker, const struct label *label)
{
	uint64_t *word = memory_seen(worker->memory, worker->number, label->sender) +
			 label->sequence / WORD_BITS;
	uint64_t bit = UINT64_C(1) << label->sequence % WORD_BITS;

	if (*word & bit) {
		worker->post->duplicated++;
		return false;
	}
	*word |= bit;
	return true;
}

static void note_order(struct worker *worker, const struct label *label)
{
	unsigned int line = worker->line ? worker->line(worker, label->sequence) : label->sender;

	if (label->sequence < worker->newest[line])
		worker->post->reordered++;
	else
		worker->newest[line] = label->sequence + 1;
}

static bool is_whole(const struct worker *worker, ssize_t len, const void *buffer,
		     struct label *label)
{
	size_t size = worker->plan->size;

	return len == (ssize_t)size && message_read(buffer, size, label) &&
	       label->sender < WORKERS_MAX && label->sequence < worker->memory->sequence_max;
}

static void note_received(struct worker *worker)
{
	struct post *post = worker->post;
	uint64_t received = atomic_load_explicit(&post->received, memory_order_relaxed);

	atomic_store_explicit(&post->received, received + 1, memory_order_relaxed);
}

int worker_take(struct worker *worker, ssize_t len, const void *buffer, struct label *label)
{
	bool whole = is_whole(worker, len, buffer, label);

	if (whole && !is_new(worker, label))
		return WORKER_CAME_BEFORE;
	note_received(worker);
	if (whole)
		note_order(worker, label);
	else
		worker->post->corrupt++;
	return !whole;
}

/* Where the message comes to lie is up to the mechanism, if it can be. */
static ssize_t receive_message(struct worker *worker, uint64_t type, const void **at)
{
	ssize_t len = -EOPNOTSUPP;

	if (worker->plan->how->recv_at)
		len = port_receive_at(&worker->in, type, at);
	if (len != -EOPNOTSUPP)
		return len;
	*at = worker->buffer;
	return port_receive(&worker->in, type, worker->buffer);
}

int worker_receive_into(struct worker *worker, uint64_t type, void *buffer,
			struct label *label)
{
	ssize_t len;
	int ret;

	do {
		do
			len = port_receive(&worker->in, type, buffer);
		while (worker_goes_on(worker, len));
		if (len < 0)
			return worker_fails(worker, "receive", len);
		ret = worker_take(worker, len, buffer, label);
	} while (ret == WORKER_CAME_BEFORE);
	return ret;
}

int worker_receive(struct worker *worker, uint64_t type, struct label *label)
{
	const void *at;
	ssize_t len;
	int ret;

	do {
		do
			len = receive_message(worker, type, &at);
		while (worker_goes_on(worker, len));
		if (len < 0)
			return worker_fails(worker, "receive", len);
		ret = worker_take(worker, len, at, label);
	} while (ret == WORKER_CAME_BEFORE);
	return ret;
}

static int join_receiving(struct worker *worker)
{
	const struct task *task = worker->task;
	int err;

	worker->buffer = message_buffer(worker->plan->size);
	if (!worker->buffer)
		return -ENOMEM;
	worker->post->receives = task_receives(task);
	if (!task->in)
		return 0;
	err = port_join(&worker->in, task->in, ROLE_RECEIVER, task->in_index);
	if (err)
		note_error(worker, "join as receiver", err);
	return err;
}

static int join_sending(struct worker *worker)
{
	const struct task *task = worker->task;
	int err = message_make(&worker->message, worker->plan->size);

	for (unsigned int i = 0; i < task->out_count && !err; i++)
		err = port_join(&worker->outs[i], task->outs[i], ROLE_SENDER, task->out_index);
	if (err)
		note_error(worker, "join as sender", err);
	else if (task->start)
		err = task->start(worker);
	return err;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* What is touched for the first time while the clock runs would count there. */
static int prepare(struct worker *worker)
{
	const struct order_slip *slip = &worker->memory->arena->slip;

	worker->kind = slip->kind;
	worker->count = slip->count / worker->task->share;
	if (slip->kind == PART_RUN)
		memset(memory_samples(worker->memory, worker->number), 0,
		       least(worker->count, worker->memory->samples_max) * sizeof(uint32_t));
	return 0;
}

static int run(struct worker *worker)
{
	struct post *post = worker->post;
	int err;

	usage_self(&post->before);
	post->before.calls = calls_read(&worker->calls);
	err = worker->task->run(worker);
	post->after.calls = calls_read(&worker->calls);
	/* The second reading has counted itself. */
	post->after.calls -= post->after.calls ? 1 : 0;
	usage_self(&post->after);
	return err == -EINTR && worker_is_stopped(worker) ? 0 : err;
}

static int leave(struct worker *worker)
{
	for (unsigned int i = 0; i < worker->task->out_count; i++)
		port_leave(&worker->outs[i]);
	port_leave(&worker->in);
	return 0;
}

static int carry_out(struct worker *worker, enum order order)
{
	static int (*const orders[])(struct worker *worker) = {
		[ORDER_JOIN_RECEIVERS] = join_receiving,
		[ORDER_JOIN_SENDERS] = join_sending,
		[ORDER_PREPARE] = prepare,
		[ORDER_RUN] = run,
		[ORDER_LEAVE] = leave,
	};

	return orders[order](worker);
}

/* Release: who sees the number sees all that was written before. */
static void tell(struct worker *worker, uint32_t number)
{
	const uint64_t one = 1;

	atomic_store_explicit(&worker->post->done, number, memory_order_release);
	if (write(worker->alarm, &one, sizeof(one)) != sizeof(one))
		_exit(EXIT_FAILURE);
}

static uint32_t next_order(struct worker *worker, uint32_t last)
{
	struct order_slip *slip = &worker->memory->arena->slip;
	uint32_t number;

	/* Pairs with the store by which the order is given. */
	while ((number = atomic_load_explicit(&slip->number, memory_order_acquire)) == last)
		futex_wait(&slip->number, last);
	return number;
}

static void ignore(int number)
{
	(void)number;
}

/* SIGUSR1 ends a call, and nothing else. */
static void take_signals(void)
{
	const struct sigaction action = { .sa_handler = ignore };

	sigaction(SIGUSR1, &action, NULL);
}

void worker_live(struct worker *worker, bool count_calls)
{
	const struct order_slip *slip = &worker->memory->arena->slip;
	uint32_t number = 0;
	enum order order;

	prctl(PR_SET_NAME, worker->task->name);
	take_signals();
	if (count_calls)
		calls_open(&worker->calls, 0);
	do {
		int err;

		number = next_order(worker, number);
		order = slip->order;
		err = carry_out(worker, order);
		if (err && !worker->post->error)
			note_error(worker, "prepare", err);
		tell(worker, number);
	} while (order != ORDER_LEAVE);
	_exit(EXIT_SUCCESS);
}
