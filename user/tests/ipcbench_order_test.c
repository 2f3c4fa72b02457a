// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the engine of ipcbench runs, and in which order: lanes, places, mechanisms
 * with a server, and such as are not there.
 */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lab/array.h"
#include "ipcbench_fake.h"

static void test_lanes(void)
{
	struct mechanism lonely = fake;
	struct row row = run_one(&fake, &work_fanin);

	is_int(row.lanes, 1, "four senders share a lane");
	is_int(row.senders, 4, "they are four");
	lonely.shared_max = 63;
	row = run_one(&lonely, &work_fanin);
	is_int(row.lanes, 4, "a lane for each where they cannot");
	has_faults(&row, 0, 0, 0, 0, "and all arrives");
	row = run_one(&lonely, &work_fanout);
	is_int(row.lanes, 4, "likewise for four receivers");
	row = run_one(&lonely, &work_request);
	is_int(row.lanes, 8, "requests and answers");
	row = run_one(&fake, &work_request);
	is_int(row.lanes, 5, "requests by one lane, answers by four");
	has_faults(&row, 0, 0, 0, 0, "and all arrives");
}

static void test_orders(void)
{
	struct mechanism a = fake, b = fake, c = fake;
	const struct mechanism *const hows[] = { &a, &b, &c, NULL };
	struct bench bench = small_bench(hows, streaming);
	struct results *results;

	a.name = "a";
	b.name = "b";
	c.name = "c";
	bench.rounds = 4;
	bench.orders = 3;
	results = run(&bench);
	is_str(opened, "abcbcacababc", "each order begins with another one");
	is_int(results->row_count, 3, "a row each");
	is_int(results->rows[0].rounds, 4, "of all rounds");
	is_str(results->rows[1].mechanism, "b", "in the order of the table");
	is_int(results->orders, 3, "the results know the orders");
	results_free(results);
}

static unsigned int starts, stops;

/* What a start and a stop leave among the names of those that were opened. */
static int start_server(void)
{
	starts++;
	strcat(opened, "<");
	return 0;
}

static void stop_server(void)
{
	stops++;
	strcat(opened, ">");
}

static int fail_to_start(void)
{
	starts++;
	return -ENOENT;
}

static void test_servers(void)
{
	struct mechanism served = fake, other = fake, also_served = fake;
	const struct mechanism *const hows[] = { &served, &other, &also_served, NULL };
	struct bench bench = small_bench(hows, streaming);
	struct results *results;

	served.name = "s";
	served.start = start_server;
	served.stop = stop_server;
	also_served = served;
	also_served.name = "t";
	other.name = "o";
	bench.rounds = 3;
	bench.orders = 3;
	results = run(&bench);
	is_str(opened, "ooo<sss><ttt>", "each server runs alone, after those that have none");
	is_str(results->rows[0].mechanism, "s", "the rows keep the order of the table");
	is_int(results->rows[2].rounds, 3, "and have all rounds");
	results_free(results);
}

static void test_failing_server(void)
{
	struct mechanism served = fake, other = fake;
	const struct mechanism *const hows[] = { &served, &other, NULL };
	struct bench bench = small_bench(hows, streaming);
	struct results *results;

	served.start = fail_to_start;
	served.stop = stop_server;
	bench.rounds = 3;
	starts = 0;
	stops = 0;
	results = run(&bench);
	has_state(&results->rows[0], ROW_FAILED, "start its server: No such file or directory",
		  "a server that does not start");
	is_str(row_state_name(results->rows[1].state), "done", "the others go on");
	is_int(starts, 1, "it is not tried again");
	is_int(stops, 0, "nor stopped");
	results_free(results);
}

static void test_needless_server(void)
{
	static const size_t too_large[] = { 65537, 0 };
	struct mechanism served = fake;
	const struct mechanism *const hows[] = { &served, NULL };
	struct bench bench = small_bench(hows, streaming);
	struct results *results;

	served.start = start_server;
	served.stop = stop_server;
	bench.sizes = too_large;
	starts = 0;
	results = run(&bench);
	is_str(row_state_name(results->rows[0].state), row_state_name(ROW_REFUSED),
	       "all is refused");
	is_int(starts, 0, "for which no server is started");
	results_free(results);
}

static const char *never(void)
{
	return "it is not installed: install it";
}

static void test_absent(void)
{
	struct mechanism gone = fake;
	const struct mechanism *const hows[] = { &fake, &gone, NULL };
	struct bench bench = small_bench(hows, streaming);
	struct results *results;

	gone.name = "gone";
	gone.absent = never;
	bench.rounds = 2;
	results = run(&bench);
	is_int(results->row_count, 2, "what is absent has a row");
	is_str(results->rows[0].mechanism, "gone", "with its name");
	has_state(&results->rows[0], ROW_ABSENT, never(), "it is absent");
	is_str(results->mechanisms[1].absent, never(), "it is among the mechanisms, too");
	is_str(results->mechanisms[0].absent, "", "the other one is there");
	results_free(results);
}

/* In a process of its own, since that cannot be undone. */
static int run_on_one_processor(void)
{
	static const enum placement places[] = { PLACED_SAME, PLACED_ACROSS, PLACED_FREE };
	const struct mechanism *const hows[] = { &fake, NULL };
	struct bench bench = small_bench(hows, ping_ponging);
	struct results *results = calloc(1, sizeof(*results));
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	bench.places = places;
	bench.place_count = ARRAY_SIZE(places);
	if (sched_setaffinity(0, sizeof(set), &set) || bench_run(&bench, results))
		return 1;
	if (results->row_count != 3 || results->rows[0].state != ROW_DONE ||
	    results->rows[2].state != ROW_DONE)
		return 2;
	return results->rows[1].state == ROW_REFUSED && strstr(results->rows[1].why, "two") ? 0 : 3;
}

static void test_one_processor(void)
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(run_on_one_processor());
	waitpid(pid, &status, 0);
	is_int(status, 0, "on one processor nothing runs across two, and that is said");
}

int main(void)
{
	/* Before anything asks how many there are. */
	test_one_processor();
	test_lanes();
	test_orders();
	test_servers();
	test_failing_server();
	test_needless_server();
	test_absent();
	return tap_done();
}
