// SPDX-License-Identifier: GPL-2.0-only
/* Four senders, one receiver. */
#include "flow.h"

#define SENDERS	4

static void plan(struct plan *plan)
{
	struct channel *channel = plan_channel(plan, SENDERS, 1);

	for (unsigned int i = 0; i < SENDERS; i++) {
		struct task *task = flow_plan_sender(plan, channel);

		task->out_index = i;
		task->share = SENDERS;
	}
	flow_plan_receiver(plan, channel);
	plan->grain = SENDERS;
}

const struct workload work_fanin = {
	.name = "fanin",
	.title = "Fan-in",
	.measures = "a message from four senders to one receiver",
	.senders = SENDERS,
	.receivers = 1,
	.sizes = two_sizes,
	.plan = plan,
};
