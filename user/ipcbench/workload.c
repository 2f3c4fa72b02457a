// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "workload.h"

const size_t every_size[] = { 8, 64, 1024, 4096, 65536, 1048576, 0 };
const size_t two_sizes[] = { 64, 65536, 0 };

const struct workload *const workloads[] = {
	&work_pingpong,
	&work_stream,
	&work_fanin,
	&work_fanout,
	&work_mixed,
	&work_slow,
	&work_request,
	&work_oneway,
	NULL
};

const struct workload *workload_find(const char *name)
{
	for (const struct workload *const *workload = workloads; *workload; workload++)
		if (!strcmp((*workload)->name, name))
			return *workload;
	return NULL;
}

struct channel *plan_channel(struct plan *plan, unsigned int senders, unsigned int receivers)
{
	struct channel *channel = &plan->channels[plan->channel_count++];

	channel->senders = senders;
	channel->receivers = receivers;
	return channel;
}

struct task *plan_task(struct plan *plan, const char *name, int (*run)(struct worker *worker),
		       struct channel *in, struct channel *out)
{
	struct task *task = &plan->tasks[plan->task_count++];

	task->name = name;
	task->run = run;
	task->share = 1;
	task->in = in;
	if (out)
		task->outs[task->out_count++] = out;
	return task;
}
