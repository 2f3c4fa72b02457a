/* SPDX-License-Identifier: GPL-2.0-only */
/* A process of a round, and what the workloads do in it. */
#ifndef IPCBENCH_WORKER_H
#define IPCBENCH_WORKER_H

#include "message.h"
#include "workload.h"

/**
 * struct worker - this process
 * @plan: what is played
 * @task: what it does there
 * @number: which of the tasks that is
 * @memory: shared by all
 * @post: where it tells
 * @alarm: descriptor by which it says that it is done
 * @in: what it receives by
 * @outs: what it sends by
 * @message: what it sends
 * @buffer: what it receives into
 * @kind: of the part that is going on
 * @count: its share of that part
 * @newest: for each order that is to be kept, one more than the newest sequence
 * @line: which of these orders a message belongs to; NULL: its sender's
 * @calls: system calls, if they are counted
 * @own: the workload's
 */
struct worker {
	const struct plan *plan;
	const struct task *task;
	unsigned int number;
	const struct memory *memory;
	struct post *post;
	int alarm;
	struct port in;
	struct port outs[OUTS_MAX];
	struct message message;
	void *buffer;
	enum part_kind kind;
	uint64_t count;
	uint32_t newest[WORKERS_MAX];
	unsigned int (*line)(const struct worker *worker, uint32_t sequence);
	struct call_counter calls;
	void *own;
};

/* Do what is ordered until it is over. */
_Noreturn void worker_live(struct worker *worker, bool count_calls);

/* The part is to end now, whatever is missing. */
static inline bool worker_is_stopped(const struct worker *worker)
{
	return atomic_load_explicit(&worker->memory->arena->slip.stop, memory_order_relaxed);
}

/* The next message, of that type, by that port; 0 or a negative errno. */
int worker_send(struct worker *worker, unsigned int out, uint64_t type);
int worker_send_within(struct worker *worker, unsigned int out, uint64_t type, int64_t wait);

/*
 * Receive the next message that has not come before. Returns 0, 1 if it was
 * corrupt and @label is unknown, or a negative errno.
 */
int worker_receive(struct worker *worker, uint64_t type, struct label *label);
int worker_receive_into(struct worker *worker, uint64_t type, void *buffer,
			struct label *label);

/* For what goes by other calls than these: an interrupted one is to be made again. */
bool worker_goes_on(const struct worker *worker, int64_t err);

/* Note an error of what was being done, unless the part was ended; returns it. */
int worker_fails(struct worker *worker, const char *doing, int err);

/* Check and count what has come; as worker_receive(), or WORKER_CAME_BEFORE. */
#define WORKER_CAME_BEFORE	2
int worker_take(struct worker *worker, ssize_t len, const void *buffer, struct label *label);

/* The clock starts with the first that calls this and ends with the last of the other. */
void worker_begins(struct worker *worker);
void worker_ends(struct worker *worker);

/* Keep a time that was measured. */
void worker_sample(struct worker *worker, int64_t ns);

#endif /* IPCBENCH_WORKER_H */
