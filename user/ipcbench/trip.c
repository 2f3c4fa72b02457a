// SPDX-License-Identifier: GPL-2.0-only
#include "trip.h"

static int trip(struct worker *worker)
{
	struct label label;
	int err = worker_send(worker, 0, 1);

	return err ? err : worker_receive(worker, 0, &label);
}

int trip_client(struct worker *worker)
{
	int err = trip(worker);
	int64_t last, now;

	worker_begins(worker);
	last = worker->post->begin_ns;
	for (uint64_t i = 0; i < worker->count && err >= 0; i++, last = now) {
		err = trip(worker);
		now = clock_ns();
		worker_sample(worker, now - last);
	}
	worker_ends(worker);
	return err < 0 ? err : 0;
}
