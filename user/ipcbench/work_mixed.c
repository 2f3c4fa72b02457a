// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types at depth: the sender keeps a number of messages of several types in the
 * mechanism, the receiver asks for the types that were sent last. Where the
 * mechanism knows no types, the reader takes all that comes and sorts it.
 *
 * Types are sent in blocks: of 10 messages two are of type 1, two of type 2, ...
 * two of type 5. They are asked for the other way round, 5 first. The sender may
 * be as far ahead as the depth, so that a message that is asked for has always
 * been sent, or may be sent at once.
 */
#include <stdio.h>
#include <stdlib.h>

#include "result.h"
#include "worker.h"

#define TYPES_MAX	5
#define BATCH_MAX	16
#define STORE_MAX	(64 << 20)
#define FILL_WAIT	(250 * NS_PER_MS)

/* So small that every mechanism carries it. */
static const size_t one_size[] = { MESSAGE_MIN, 0 };

static unsigned int types_of(const struct plan *plan)
{
	return plan->depth < TYPES_MAX ? plan->depth : TYPES_MAX;
}

static unsigned int block_of(const struct plan *plan)
{
	return plan->depth / types_of(plan);
}

/* Types are counted from 0 here, and from 1 in the mechanism. */
static unsigned int type_at(const struct plan *plan, uint64_t sequence)
{
	return sequence / block_of(plan) % types_of(plan);
}

static unsigned int line(const struct worker *worker, uint32_t sequence)
{
	return type_at(worker->plan, sequence);
}

/* A handshake for every message would cost more than the message. */
static unsigned int batch_of(const struct plan *plan)
{
	return block_of(plan) < BATCH_MAX ? block_of(plan) : BATCH_MAX;
}

/* ---- the sender --------------------------------------------------------- */

static int fill(struct worker *worker)
{
	int err = 0;

	for (uint64_t i = 0; i < worker->count && !err; i++)
		err = worker_send_within(worker, 0, 1 + type_at(worker->plan, worker->post->sent),
					 FILL_WAIT);
	return err;
}

static bool may_send(const struct worker *worker, uint32_t credit)
{
	return (uint32_t)worker->post->sent - credit < worker->plan->depth;
}

/*
 * Both sides first say what they have done and then look what the other one has:
 * one of them sees the other.
 */
static int await_credit(struct worker *worker)
{
	struct arena *arena = worker->memory->arena;
	uint32_t credit = atomic_load(&arena->credit);

	while (!may_send(worker, credit)) {
		if (worker_is_stopped(worker))
			return -EINTR;
		atomic_store(&arena->waits, true);
		if (atomic_load(&arena->credit) == credit)
			futex_wait(&arena->credit, credit);
		credit = atomic_load(&arena->credit);
	}
	return 0;
}

static int keep_full(struct worker *worker)
{
	int err = 0;

	for (uint64_t i = 0; i < worker->count && !err; i++) {
		err = await_credit(worker);
		if (!err)
			err = worker_send(worker, 0,
					  1 + type_at(worker->plan, worker->post->sent));
	}
	return err;
}

static int sender(struct worker *worker)
{
	switch (worker->kind) {
	case PART_FILL:
		return fill(worker);
	case PART_DRAIN:
		return 0;
	default:
		return keep_full(worker);
	}
}

/* ---- the receiver ------------------------------------------------------- */

/**
 * struct slot - a message that was not asked for yet
 * @data: the message
 * @next: the one after it, of the same type or of the free ones
 */
struct slot {
	void *data;
	struct slot *next;
};

/**
 * struct store - what the reader has taken out and not been asked for
 * @slots: all of them
 * @free: those that hold nothing
 * @oldest: for each type
 * @newest: for each type, if there is an oldest
 */
struct store {
	struct slot *slots;
	struct slot *free;
	struct slot *oldest[TYPES_MAX];
	struct slot *newest[TYPES_MAX];
};

/* All that may be on its way, and the one that is asked for. */
static unsigned int slots_of(const struct plan *plan)
{
	return plan->depth + 1;
}

static int fill_store(struct store *store, unsigned int count, size_t size)
{
	for (unsigned int i = 0; i < count; i++) {
		struct slot *slot = &store->slots[i];

		slot->data = message_buffer(size);
		if (!slot->data)
			return -ENOMEM;
		slot->next = store->free;
		store->free = slot;
	}
	return 0;
}

static int start(struct worker *worker)
{
	const struct plan *plan = worker->plan;
	struct store *store;

	worker->line = line;
	if (!plan->sorts)
		return 0;
	store = calloc(1, sizeof(*store));
	worker->own = store;
	if (store)
		store->slots = calloc(slots_of(plan), sizeof(*store->slots));
	if (!store || !store->slots)
		return -ENOMEM;
	return fill_store(store, slots_of(plan), plan->size);
}

static struct slot *take_free(struct store *store)
{
	struct slot *slot = store->free;

	store->free = slot->next;
	return slot;
}

static void put_free(struct store *store, struct slot *slot)
{
	slot->next = store->free;
	store->free = slot;
}

static void keep(struct store *store, struct slot *slot, unsigned int type)
{
	slot->next = NULL;
	if (store->oldest[type])
		store->newest[type]->next = slot;
	else
		store->oldest[type] = slot;
	store->newest[type] = slot;
}

/* Take one message more; what is corrupt has no type and is dropped. */
static int stock_up(struct worker *worker)
{
	struct store *store = worker->own;
	struct slot *slot = take_free(store);
	struct label label;
	int err = worker_receive_into(worker, 0, slot->data, &label);

	if (err)
		put_free(store, slot);
	else
		keep(store, slot, type_at(worker->plan, label.sequence));
	return err < 0 ? err : 0;
}

static int ask_store(struct worker *worker, unsigned int type)
{
	struct store *store = worker->own;
	struct slot *slot;
	int err = 0;

	while (!err && !store->oldest[type])
		err = stock_up(worker);
	if (err)
		return err;
	slot = store->oldest[type];
	store->oldest[type] = slot->next;
	put_free(store, slot);
	return 0;
}

static int ask(struct worker *worker, unsigned int type)
{
	struct label label;
	int err;

	if (worker->own)
		return ask_store(worker, type);
	err = worker_receive(worker, 1 + type, &label);
	return err < 0 ? err : 0;
}

static void give_credit(struct worker *worker, uint32_t taken)
{
	struct arena *arena = worker->memory->arena;

	atomic_fetch_add(&arena->credit, taken);
	if (atomic_exchange(&arena->waits, false))
		futex_wake(&arena->credit);
}

/* Parts are whole groups of all types. */
static int ask_in_turn(struct worker *worker)
{
	const struct plan *plan = worker->plan;
	unsigned int types = types_of(plan), batch = batch_of(plan);
	uint64_t taken = 0;
	int err = 0;

	worker_begins(worker);
	while (taken < worker->count && !err) {
		err = ask(worker, types - 1 - type_at(plan, taken));
		if (err)
			break;
		taken++;
		if (taken % batch == 0 || taken == worker->count)
			give_credit(worker, (taken - 1) % batch + 1);
	}
	worker_ends(worker);
	return err;
}

/* What is left, as it comes. What the store holds has been received. */
static int drain(struct worker *worker)
{
	uint64_t wanted = worker->memory->arena->posts[0].sent;
	struct label label;
	int err = 0;

	while (worker->post->received < wanted && err >= 0)
		err = worker_receive(worker, 0, &label);
	return err < 0 ? err : 0;
}

static int receiver(struct worker *worker)
{
	switch (worker->kind) {
	case PART_FILL:
		return 0;
	case PART_DRAIN:
		return drain(worker);
	default:
		return ask_in_turn(worker);
	}
}

static const char *refusal(const struct plan *plan, char *text)
{
	if (plan->how->flags & MECHANISM_RENDEZVOUS)
		return "it holds no message: every send waits for the receiver";
	if (plan->how->flags & MECHANISM_TYPES || plan->depth * plan->size <= STORE_MAX)
		return NULL;
	snprintf(text, TEXT_MAX, "the reader would have to keep %zu MiB to sort them",
		 plan->depth * plan->size >> 20);
	return text;
}

static void plan(struct plan *plan)
{
	struct channel *channel = plan_channel(plan, 1, 1);
	struct task *task;

	plan_task(plan, "bench-sender", sender, NULL, channel);
	task = plan_task(plan, "bench-receiver", receiver, channel, NULL);
	task->with_receivers = true;
	task->start = start;
	plan->grain = block_of(plan) * types_of(plan);
	plan->fills = true;
	plan->sorts = !(plan->how->flags & MECHANISM_TYPES);
}

const struct workload work_mixed = {
	.name = "mixed",
	.title = "Mixed types at depth",
	.measures = "a message that is asked for by its type while many others wait",
	.senders = 1,
	.receivers = 1,
	.sizes = one_size,
	.by_depth = true,
	.refusal = refusal,
	.plan = plan,
};
