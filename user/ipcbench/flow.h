/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages that go one way: the two ends, as several workloads have them. */
#ifndef IPCBENCH_FLOW_H
#define IPCBENCH_FLOW_H

#include "worker.h"

/* Who sends or receives a share, many messages a call where the mechanism has that. */
struct task *flow_plan_sender(struct plan *plan, struct channel *channel);
struct task *flow_plan_receiver(struct plan *plan, struct channel *channel);

/* Send the share of this part. */
int flow_send(struct worker *worker);

/* Receive the share of this part. */
int flow_receive(struct worker *worker);

/* Receive what comes until this is stopped. */
int flow_receive_all(struct worker *worker);

#endif /* IPCBENCH_FLOW_H */
