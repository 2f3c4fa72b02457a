/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory that the processes of a round share with the one that started them:
 * orders go one way, progress and figures the other. Each process writes to lines
 * of its own while messages go.
 */
#ifndef IPCBENCH_ARENA_H
#define IPCBENCH_ARENA_H

#include <stdatomic.h>

#include "measure.h"

#define WORKERS_MAX	8
#define LINE		128

/* What all processes of a round do at the same time. */
enum order {
	ORDER_JOIN_RECEIVERS,
	ORDER_JOIN_SENDERS,
	ORDER_PREPARE,		/* get memory ready for the next part */
	ORDER_RUN,		/* send and receive a part */
	ORDER_LEAVE,
};

/* What a part is for. */
enum part_kind {
	PART_FILL,	/* put messages in that stay there */
	PART_WARM,	/* as PART_RUN, but not measured */
	PART_RUN,
	PART_DRAIN,	/* take out what was put in */
};

/**
 * struct order_slip - what is to be done
 * @number: of the order, which everyone waits to change
 * @order: the order
 * @kind: what the part is for
 * @count: how many messages the part has, in all
 * @stop: end the part as soon as a call is interrupted
 */
struct order_slip {
	_Atomic uint32_t number;
	enum order order;
	enum part_kind kind;
	uint64_t count;
	_Atomic bool stop;
};

/**
 * struct post - what one process tells
 * @done: number of the last order it has carried out
 * @sent: messages it has sent since it was started
 * @received: messages it has received, without those that came twice
 * @receives: it receives at all
 * @error: negative errno that ended it, or 0
 * @error_ns: when; it is set last
 * @doing: what it was doing then
 * @begin_ns: when it sent its first message of this part, 0: it does not send
 * @end_ns: when it received its last message of this part
 * @end_count: messages it had received by then
 * @before: used when the part began
 * @after: used when it ended
 * @sent_before: how many it had sent when the part began
 * @received_before: how many it had received
 * @corrupt: messages whose sum was wrong
 * @corrupt_before: how many there had been when the part began
 * @reordered: messages that came after a later one
 * @duplicated: messages that came again
 * @samples: how many times it has measured in this part
 * @ahead: most messages that were sent and not received
 * @stall_ns: longest send
 */
struct post {
	_Atomic uint32_t done;

	_Alignas(LINE) _Atomic uint64_t sent;
	_Atomic uint64_t received;
	bool receives;

	_Alignas(LINE) int error;
	_Atomic int64_t error_ns;
	char doing[32];
	_Atomic int64_t begin_ns;
	_Atomic int64_t end_ns;
	_Atomic uint64_t end_count;
	struct usage before;
	struct usage after;
	uint64_t sent_before;
	uint64_t received_before;
	uint64_t corrupt;
	uint64_t corrupt_before;
	uint64_t reordered;
	uint64_t duplicated;
	uint64_t samples;
	uint64_t ahead;
	int64_t stall_ns;
};

/**
 * struct arena - the shared memory
 * @slip: what is to be done
 * @credit: messages whose place may be taken by others: mixed
 * @waits: the sender waits for credit: mixed
 * @slow_ns: when the reader began to be slow: slow
 * @enough: the sender need send no more: slow
 * @final: how many messages the sender sends, once it knows: slow
 * @posts: one for each process
 */
struct arena {
	struct order_slip slip;

	_Alignas(LINE) _Atomic uint32_t credit;

	_Alignas(LINE) _Atomic bool waits;

	_Alignas(LINE) _Atomic int64_t slow_ns;
	_Atomic bool enough;
	_Atomic uint64_t final;
	struct post posts[WORKERS_MAX];
};

/**
 * struct memory - the arena and what has room for many messages
 * @arena: the arena
 * @samples_max: times that one process can measure in a part
 * @sequence_max: messages that one process can send
 * @samples: for each process, nanoseconds
 * @seen: for each receiver, for each sender, a bit for each sequence
 */
struct memory {
	struct arena *arena;
	uint64_t samples_max;
	uint64_t sequence_max;
	uint32_t *samples;
	uint64_t *seen;
};

/* @samples_max and @sequence_max are set; 0 or a negative errno. */
int memory_make(struct memory *memory);
void memory_free(struct memory *memory);

/* As new, for the next round. */
void memory_clear(struct memory *memory);

uint32_t *memory_samples(const struct memory *memory, unsigned int worker);
uint64_t *memory_seen(const struct memory *memory, unsigned int receiver, unsigned int sender);

/* Wait until @word is not @value any more; may return early. */
void futex_wait(_Atomic uint32_t *word, uint32_t value);
void futex_wake(_Atomic uint32_t *word);

#endif /* IPCBENCH_ARENA_H */
