// SPDX-License-Identifier: GPL-2.0-only
/*
 * Four clients, one server: requests go to it by a channel that the clients
 * share, answers come back by one of each client's own, or as replies to calls.
 */
#include "trip.h"

#define CLIENTS	4

/* Clients are the first tasks. Nobody knows whose a corrupt request was. */
static int answer_one(struct worker *worker)
{
	struct label label;
	int err = worker_receive(worker, 0, &label);

	if (err)
		return err;
	return label.sender < CLIENTS ? worker_send(worker, label.sender, 1) : -EPROTO;
}

static int server(struct worker *worker)
{
	int err = 0;

	for (uint64_t i = 0; i < worker->count + CLIENTS && err >= 0; i++)
		err = answer_one(worker);
	return err < 0 ? err : 0;
}

static void plan_channels(struct plan *plan)
{
	struct channel *requests = plan_channel(plan, CLIENTS, 1);
	struct channel *answers[CLIENTS];
	struct task *task;

	for (unsigned int i = 0; i < CLIENTS; i++) {
		answers[i] = plan_channel(plan, 1, 1);
		task = plan_task(plan, "bench-client", trip_client, answers[i], requests);
		task->out_index = i;
		task->share = CLIENTS;
	}
	task = plan_task(plan, "bench-server", server, requests, NULL);
	task->with_receivers = true;
	for (unsigned int i = 0; i < CLIENTS; i++)
		task->outs[task->out_count++] = answers[i];
	plan->grain = CLIENTS;
	plan->settling = CLIENTS;
}

static void plan(struct plan *plan)
{
	if (trip_by_calls(plan))
		trip_plan_calls(plan, CLIENTS);
	else
		plan_channels(plan);
}

const struct workload work_request = {
	.name = "request",
	.title = "Request and reply",
	.measures = "requests of four clients to one server, and its replies to each",
	.senders = CLIENTS,
	.receivers = 1,
	.sizes = two_sizes,
	.plan = plan,
};
