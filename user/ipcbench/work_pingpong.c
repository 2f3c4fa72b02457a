// SPDX-License-Identifier: GPL-2.0-only
/* One message there and back: what a round trip takes. */
#include "trip.h"

static int server(struct worker *worker)
{
	struct label label;
	int err = 0;

	for (uint64_t i = 0; i < worker->count + 1 && err >= 0; i++) {
		err = worker_receive(worker, 0, &label);
		if (err >= 0)
			err = worker_send(worker, 0, 1);
	}
	return err < 0 ? err : 0;
}

static void plan_pair(struct plan *plan)
{
	struct channel *there = plan_channel(plan, 1, 1);
	struct channel *back = plan_channel(plan, 1, 1);

	plan_task(plan, "bench-client", trip_client, back, there);
	plan_task(plan, "bench-server", server, there, back)->with_receivers = true;
	plan->settling = 1;
}

static void plan(struct plan *plan)
{
	if (trip_by_calls(plan))
		trip_plan_calls(plan, 1);
	else
		plan_pair(plan);
}

const struct workload work_pingpong = {
	.name = "pingpong",
	.title = "Ping-pong",
	.measures = "a round trip between two processes",
	.senders = 1,
	.receivers = 1,
	.sizes = every_size,
	.every_place = true,
	.plan = plan,
};
