// SPDX-License-Identifier: GPL-2.0-only
/* One way, as fast as it goes: what a message takes when many follow each other. */
#include "flow.h"

static void plan(struct plan *plan)
{
	struct channel *channel = plan_channel(plan, 1, 1);

	flow_plan_sender(plan, channel);
	flow_plan_receiver(plan, channel);
}

const struct workload work_stream = {
	.name = "stream",
	.title = "Stream",
	.measures = "a message from one sender to one receiver, one after the other",
	.senders = 1,
	.receivers = 1,
	.sizes = every_size,
	.every_place = true,
	.plan = plan,
};
