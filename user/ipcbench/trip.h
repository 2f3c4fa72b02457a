/* SPDX-License-Identifier: GPL-2.0-only */
/* Round trips, as the workloads with an answer have them. */
#ifndef IPCBENCH_TRIP_H
#define IPCBENCH_TRIP_H

#include "worker.h"

/*
 * Make the share's trips, each measured, after one that is not: the other end
 * may not be there yet. Writing and checking the messages is part of a trip.
 */
int trip_client(struct worker *worker);

/*
 * One channel for requests and replies, where the mechanism has calls: the clients
 * call, and one server replies and receives the next request at once.
 */
bool trip_by_calls(const struct plan *plan);
void trip_plan_calls(struct plan *plan, unsigned int clients);

#endif /* IPCBENCH_TRIP_H */
