// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine of ipcbench with mechanisms of our own, which do wrong what can be
 * done wrong: each fault has to be named in its row.
 */
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "../lab/array.h"
#include "ipcbench_fake.h"

static struct row run_faulty(enum fault which)
{
	struct row row;

	fault = which;
	row = run_one(&fake, &work_stream);
	fault = NO_FAULT;
	return row;
}

/* ---- faults ------------------------------------------------------------- */

static void test_faults(void)
{
	struct row row = run_faulty(NO_FAULT);

	has_faults(&row, 0, 0, 0, 0, "nothing is wrong");
	row = run_faulty(FAULT_LOSE);
	has_faults(&row, 1, 0, 0, 0, "a missing message");
	row = run_faulty(FAULT_LOSE_SOME);
	has_faults(&row, 10, 0, 0, 0, "one missing in ten");
	row = run_faulty(FAULT_SWAP);
	has_faults(&row, 0, 1, 0, 0, "two messages exchanged");
	row = run_faulty(FAULT_DOUBLE);
	has_faults(&row, 0, 0, 0, 1, "a message twice");
	row = run_faulty(FAULT_FLIP);
	has_faults(&row, 0, 0, 1, 0, "a flipped bit");
	row = run_faulty(FAULT_TEAR);
	has_faults(&row, 0, 0, 1, 0, "a torn message");
	row = run_faulty(FAULT_SHORTEN);
	has_faults(&row, 0, 0, 1, 0, "a message that is too short");
}

static void test_failures(void)
{
	struct row row = run_faulty(FAULT_STICK_SENDING);

	has_state(&row, ROW_STUCK, "no message moved any more: 40 were sent, 40 received",
		  "a sender that hangs");
	row = run_faulty(FAULT_FAIL_SENDING);
	has_state(&row, ROW_FAILED, "sender: send: No buffer space available (ENOBUFS)",
		  "a failing send");
	row = run_faulty(FAULT_FAIL_RECEIVING);
	has_state(&row, ROW_FAILED, "receiver: receive: Input/output error (EIO)",
		  "a failing receive");
	row = run_faulty(FAULT_FAIL_JOINING);
	has_state(&row, ROW_FAILED, "sender: join as sender: Connection refused (ECONNREFUSED)",
		  "a failing join");
	row = run_faulty(FAULT_REFUSE_JOINING);
	has_state(&row, ROW_REFUSED, "(EOPNOTSUPP)", "a join that is refused");
	row = run_faulty(FAULT_FAIL_OPENING);
	has_state(&row, ROW_FAILED, "open: Too many open files in system (ENFILE)",
		  "a failing open");
	row = run_faulty(FAULT_REFUSE_OPENING);
	has_state(&row, ROW_REFUSED, "open: Operation not supported (EOPNOTSUPP)",
		  "an open that is refused");
	row = run_faulty(FAULT_DIE);
	has_state(&row, ROW_FAILED, "the sender died", "a process that is killed");
	is_int(row.messages, 0, "a row that failed has no figures");
}

/* All was sent, and who should receive it hangs without hearing a signal. */
static void test_deaf_receiver(void)
{
	struct row row = run_faulty(FAULT_STICK_RECEIVING);

	has_state(&row, ROW_DONE, "", "a receiver that hangs is ended");
	ok(row.lost > 0 && row.lost < MESSAGES, "what it has not received is lost");
}

static void test_stuck_trip(void)
{
	struct row row;

	fault = FAULT_LOSE;
	row = run_one(&fake, &work_pingpong);
	fault = NO_FAULT;
	has_state(&row, ROW_STUCK, "no message moved", "a lost ping has no pong");
	is_int(row.lost, 1, "it is counted as lost");
}

static void test_depth(void)
{
	struct row row;

	fault = FAULT_HOLD_LITTLE;
	row = run_one(&fake, &work_mixed);
	has_state(&row, ROW_REFUSED, "it holds 8 messages of 64 bytes, not 10", "too small");
	is_int(row.lost, 0, "what was put in to find out is not lost");
	fault = NO_FAULT;
	row = run_one(&fake, &work_mixed);
	has_state(&row, ROW_DONE, "", "deep enough");
	ok(row.sorted_by_reader, "without types the reader sorts");
	is_int(row.depth, 10, "the row has its depth");
}

static void test_rendezvous(void)
{
	struct mechanism shaking = fake;
	struct row row;

	shaking.flags |= MECHANISM_RENDEZVOUS;
	row = run_one(&shaking, &work_mixed);
	has_state(&row, ROW_REFUSED, "every send waits", "a rendezvous holds nothing");
}

static void test_sizes(void)
{
	static const size_t sizes[] = { 8, 65536, 65537, 0 };
	const struct mechanism *const hows[] = { &fake, NULL };
	struct bench bench = small_bench(hows, streaming);
	struct results *results;

	bench.sizes = sizes;
	results = run(&bench);
	is_int(results->row_count, 3, "a row for each size");
	has_state(&results->rows[0], ROW_DONE, "", "8 bytes");
	has_state(&results->rows[1], ROW_DONE, "", "as much as it carries");
	has_state(&results->rows[2], ROW_REFUSED, "its messages are of 65536 bytes at most",
		  "a byte more");
	results_free(results);
}

/* A stream is read until the message is whole. */
static void test_pieces(void)
{
	struct mechanism stream = fake;
	struct row row;

	stream.flags |= MECHANISM_STREAM;
	fault = FAULT_PIECES;
	row = run_one(&stream, &work_stream);
	fault = NO_FAULT;
	has_faults(&row, 0, 0, 0, 0, "messages that come in pieces");
}

/* ---- all workloads ------------------------------------------------------ */

static bool is_sound(const struct row *row)
{
	return row->state == ROW_DONE && !row->lost && !row->reordered && !row->corrupt &&
	       !row->duplicated && row->rounds == 2 && row->ns.median > 0 &&
	       row->ns.min <= row->ns.median && row->ns.median <= row->ns.max &&
	       row->cpu_ns.median > 0;
}

/* Round trips, and how long single sends take with a slow reader. */
static bool has_samples(const struct row *row)
{
	return !strcmp(row->workload, "pingpong") || !strcmp(row->workload, "request") ||
	       !strcmp(row->workload, "oneway") || !strcmp(row->workload, "slow");
}

static void check_row(const struct row *row, uint64_t min, uint64_t max)
{
	char name[128];

	snprintf(name, sizeof(name), "pipe %s %zu", row->workload, row->size);
	ok(is_sound(row), name);
	if (!is_sound(row))
		printf("# %s %s lost %ju\n", row_state_name(row->state), row->why,
		       (uintmax_t)row->lost);
	ok(row->messages >= min * row->rounds && row->messages <= max * row->rounds,
	   "  as many messages as asked for");
	is_int(row->trips.count > 0, has_samples(row), "  times of single messages");
	if (!strcmp(row->workload, "pingpong") || !strcmp(row->workload, "oneway"))
		is_int(row->trips.count, row->messages, "  each one timed");
	if (!strcmp(row->workload, "slow"))
		ok(row->ahead > 1 || row->size > 4096, "  the sender gets ahead");
}

static void run_all(uint64_t count, uint64_t min, uint64_t max)
{
	static const size_t sizes[] = { 8, 64, 65536, 0 };
	const struct mechanism *const hows[] = { mechanism_find("pipe"), NULL };
	struct bench bench = small_bench(hows, workloads);
	struct results *results;

	bench.sizes = sizes;
	bench.rounds = 2;
	bench.orders = 2;
	bench.count = count;
	results = run(&bench);
	is_int(results->row_count, 8 * 3, "every workload at every size");
	for (size_t i = 0; i < results->row_count; i++)
		if (results->rows[i].state != ROW_REFUSED)
			check_row(&results->rows[i], min, max);
	results_free(results);
}

static void test_pipe(void)
{
	run_all(40, 40, 40);
	run_all(0, ROUND_COUNT_MIN, ROUND_COUNT_MAX);
}

static void test_calls(void)
{
	const struct mechanism *const hows[] = { mechanism_find("pipe"), NULL };
	struct bench bench = small_bench(hows, ping_ponging);
	struct results *results;

	bench.count_calls = true;
	results = run(&bench);
	if (calls_can_be_counted())
		is_int(lround(results->rows[0].syscalls * 100), 400, "four system calls a trip");
	else
		ok(isnan(results->rows[0].syscalls), "what cannot be counted is not known");
	results_free(results);
}

int main(void)
{
	test_faults();
	test_failures();
	test_deaf_receiver();
	test_stuck_trip();
	test_depth();
	test_rendezvous();
	test_sizes();
	test_pieces();
	test_pipe();
	test_calls();
	return tap_done();
}
