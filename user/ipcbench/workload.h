/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done with every mechanism: which processes, which channels, who sends what. */
#ifndef IPCBENCH_WORKLOAD_H
#define IPCBENCH_WORKLOAD_H

#include "arena.h"
#include "lane.h"

#define CHANNELS_MAX	5
#define OUTS_MAX	4

/* How many messages a round has if nothing else is said. */
#define ROUND_COUNT_MIN	20
#define ROUND_COUNT_MAX	20000

struct worker;

/**
 * struct task - what one process does
 * @name: of the process
 * @with_receivers: where it is placed
 * @calls: what it sends are requests, and it receives their replies
 * @free_running: it takes what comes and does not know how much that will be
 * @share: it has one in so many of a part's messages
 * @in: what it receives from, or NULL
 * @in_index: which of the channel's receivers it is
 * @outs: what it sends to
 * @out_count: how many
 * @out_index: which of the channels' senders it is
 * @run: does its share of a part; 0 or a negative errno
 * @start: once, after it has joined; may be NULL
 */
struct task {
	const char *name;
	bool with_receivers;
	bool calls;
	bool free_running;
	unsigned int share;
	struct channel *in;
	unsigned int in_index;
	struct channel *outs[OUTS_MAX];
	unsigned int out_count;
	unsigned int out_index;
	int (*run)(struct worker *worker);
	int (*start)(struct worker *worker);
};

/**
 * struct plan - a workload with one mechanism at one size
 * @how: the mechanism
 * @size: bytes a message
 * @depth: messages that are to wait in the mechanism, or 0
 * @time_ns: how long a round should take
 * @count: messages a round has, 0: as many as there is time for
 * @channels: all of them
 * @channel_count: how many
 * @tasks: a process each; the first is number 0
 * @task_count: how many
 * @grain: the messages of a part are a multiple of this
 * @settling: messages of each part that come before the clock starts
 * @fills: messages are put in before and taken out after the other parts: @depth
 * @sorts: the reader sorts because the mechanism does not
 */
struct plan {
	const struct mechanism *how;
	size_t size;
	unsigned int depth;
	int64_t time_ns;
	uint64_t count;
	struct channel channels[CHANNELS_MAX];
	unsigned int channel_count;
	struct task tasks[WORKERS_MAX];
	unsigned int task_count;
	unsigned int grain;
	unsigned int settling;
	bool fills;
	bool sorts;
};

/**
 * struct workload - one way to use a mechanism
 * @name: on the command line and in files
 * @title: in tables
 * @measures: what is measured
 * @senders: processes that send; those that answer do not count
 * @receivers: processes that receive
 * @sizes: that it is run with if nothing else is said; ends with 0
 * @by_depth: it is run at several depths
 * @every_place: it is run in every placement if nothing else is said
 * @refusal: why it cannot be done with that mechanism, or NULL if it can; the
 *	     text is written to @text, which has room for TEXT_MAX bytes. May be NULL
 * @plan: make the plan, of which the members up to @count are set
 */
struct workload {
	const char *name;
	const char *title;
	const char *measures;
	unsigned int senders;
	unsigned int receivers;
	const size_t *sizes;
	bool by_depth;
	bool every_place;
	const char *(*refusal)(const struct plan *plan, char *text);
	void (*plan)(struct plan *plan);
};

extern const struct workload work_pingpong, work_stream, work_fanin, work_fanout, work_mixed,
	work_slow, work_request, work_oneway;

/* All of them, in the order of the tables; ends with NULL. */
extern const struct workload *const workloads[];

const struct workload *workload_find(const char *name);

/* Sizes to choose from: eight bytes to a megabyte, and two that stand for them. */
extern const size_t every_size[], two_sizes[];

struct channel *plan_channel(struct plan *plan, unsigned int senders, unsigned int receivers);

static inline bool task_receives(const struct task *task)
{
	return task->in || task->calls;
}

/* A process that sends to @out or receives from @in, either may be NULL. */
struct task *plan_task(struct plan *plan, const char *name, int (*run)(struct worker *worker),
		       struct channel *in, struct channel *out);

#endif /* IPCBENCH_WORKLOAD_H */
