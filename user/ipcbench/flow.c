// SPDX-License-Identifier: GPL-2.0-only
#include "flow.h"

/* Where messages are lost the last one is not known as such when it comes. */
#define CLOCK_EVERY	16

int flow_send(struct worker *worker)
{
	int err = 0;

	worker_begins(worker);
	for (uint64_t i = 0; i < worker->count && !err; i++)
		err = worker_send(worker, 0, 1);
	return err;
}

int flow_receive(struct worker *worker)
{
	struct label label;
	int err = 0;

	for (uint64_t i = 1; i <= worker->count && err >= 0; i++) {
		err = worker_receive(worker, 0, &label);
		if (err >= 0 && (i % CLOCK_EVERY == 0 || i == worker->count))
			worker_ends(worker);
	}
	return err < 0 ? err : 0;
}

int flow_receive_all(struct worker *worker)
{
	struct label label;
	int err = 0;

	while (err >= 0 && !worker_is_stopped(worker)) {
		err = worker_receive(worker, 0, &label);
		if (err >= 0)
			worker_ends(worker);
	}
	return err < 0 ? err : 0;
}
