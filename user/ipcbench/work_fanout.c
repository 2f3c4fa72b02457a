// SPDX-License-Identifier: GPL-2.0-only
/*
 * One sender, four receivers, each message to one of them. Where the receivers
 * share a lane, none of them knows how many it will get.
 */
#include "flow.h"

#define RECEIVERS	4

static void plan_receiver(struct plan *plan, struct channel *channel, unsigned int index)
{
	bool shared = channel_is_shared(plan->how, plan->size, 1, RECEIVERS);
	struct task *task = plan_task(plan, "bench-receiver",
				      shared ? flow_receive_all : flow_receive, channel, NULL);

	task->with_receivers = true;
	task->free_running = shared;
	task->in_index = index;
	task->share = RECEIVERS;
}

static void plan(struct plan *plan)
{
	struct channel *channel = plan_channel(plan, 1, RECEIVERS);

	plan_task(plan, "bench-sender", flow_send, NULL, channel);
	for (unsigned int i = 0; i < RECEIVERS; i++)
		plan_receiver(plan, channel, i);
	plan->grain = RECEIVERS;
}

const struct workload work_fanout = {
	.name = "fanout",
	.title = "Fan-out",
	.measures = "a message from one sender to one of four receivers",
	.senders = 1,
	.receivers = RECEIVERS,
	.sizes = two_sizes,
	.plan = plan,
};
