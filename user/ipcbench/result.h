/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run has found out: the engine fills it, the reports read it. */
#ifndef IPCBENCH_RESULT_H
#define IPCBENCH_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_MAX	160

enum placement {
	PLACED_SAME,	/* all processes pinned to one processor */
	PLACED_ACROSS,	/* senders and receivers pinned to different ones */
	PLACED_FREE,	/* wherever the scheduler puts them */
};

enum row_state {
	ROW_DONE,	/* measured */
	ROW_ABSENT,	/* the mechanism is not here; @why says what is missing */
	ROW_REFUSED,	/* it cannot carry this: size, depth, number of processes */
	ROW_STUCK,	/* no message moved any more; counts as lost */
	ROW_FAILED,	/* an error ended it */
};

/* One figure over the rounds. */
struct spread {
	double median;
	double min;
	double max;
};

/**
 * struct quantiles - of round trips (or of single sends), nanoseconds
 * @count: samples they are taken from, over all rounds
 * @p50: median
 * @p99: NAN with fewer than 100 samples
 * @p999: NAN with fewer than 1000 samples
 * @max: the longest
 */
struct quantiles {
	uint64_t count;
	double p50;
	double p99;
	double p999;
	double max;
};

#define CURVE_POINTS	64

/**
 * struct row - one mechanism in one workload at one size and place
 * @mechanism: name of the mechanism
 * @workload: name of the workload
 * @size: payload, bytes
 * @depth: messages that wait in the mechanism, where the workload has that, or 0
 * @senders: processes that send
 * @receivers: processes that receive
 * @lanes: channels it took; more than one where processes cannot share an end
 * @place: where the processes ran
 * @state: whether there are figures
 * @why: for every state but ROW_DONE: what is the matter; else "" or a remark
 * @busy: it waits by asking again and again
 * @sorted_by_reader: the mechanism has no types: the reader sorted by itself
 * @rounds: how many rounds the spreads are over
 * @messages: messages (or round trips) of all rounds together: a round that finds
 *	the machine slower than the first one may have fewer
 * @ns: time a message, or a round trip, nanoseconds. On a machine that counts
 *	instructions as nanoseconds these are instructions
 * @cpu_ns: processor time of all processes, and the server, a message
 * @switches: context switches a message
 * @syscalls: system calls a message, NAN if they cannot be counted here
 * @trips: quantiles, @count 0 if the workload has no round trips
 * @curve: CURVE_POINTS quantiles of the same samples, evenly from 0 to 1, with
 *	   the tail at full length: point i is the quantile 1 - 10^(-4 i / 63)
 * @ahead: slow reader: how many messages the sender got ahead at most
 * @stall_ns: slow reader: the longest that one send took
 * @lost: messages that never came, over all rounds
 * @reordered: that came after a later one of the same sender
 * @corrupt: that did not have their checksum
 * @duplicated: that came twice
 */
struct row {
	char mechanism[32];
	char workload[32];
	size_t size;
	unsigned int depth;
	unsigned int senders;
	unsigned int receivers;
	unsigned int lanes;
	enum placement place;
	enum row_state state;
	char why[TEXT_MAX];
	bool busy;
	bool sorted_by_reader;
	unsigned int rounds;
	uint64_t messages;
	struct spread ns;
	struct spread cpu_ns;
	struct spread switches;
	double syscalls;
	struct quantiles trips;
	double curve[CURVE_POINTS];
	uint64_t ahead;
	double stall_ns;
	uint64_t lost;
	uint64_t reordered;
	uint64_t corrupt;
	uint64_t duplicated;
};

/**
 * struct machine - what the figures were measured on
 * @kernel: release and version, as uname
 * @cpu: model
 * @cpus: processors that we may use
 * @virtual: hypervisor or emulator, "" if none is seen
 * @unit: "ns", or "instructions" if the clock counts those
 * @limits: the limits that matter, one "name value" each; ends with ""
 */
struct machine {
	char kernel[TEXT_MAX];
	char cpu[TEXT_MAX];
	unsigned int cpus;
	char virtual[TEXT_MAX];
	char unit[16];
	char limits[24][TEXT_MAX];
};

/* Of each mechanism that was asked for, what struct mechanism says of it. */
struct mechanism_info {
	char name[32];
	char title[48];
	char group[16];
	char note[TEXT_MAX];
	char absent[TEXT_MAX];
	bool busy;
	bool server;
	bool rendezvous;
};

/**
 * struct results - one run
 * @date: ISO 8601
 * @command: the arguments, as they were typed
 * @orders: in how many orders the mechanisms were gone through
 * @machine: where
 * @mechanisms: those that were asked for, in the order of the tables
 * @mechanism_count: how many
 * @rows: the figures
 * @row_count: how many
 */
struct results {
	char date[32];
	char command[TEXT_MAX];
	unsigned int orders;
	struct machine machine;
	struct mechanism_info *mechanisms;
	size_t mechanism_count;
	struct row *rows;
	size_t row_count;
};

/* The names that are used in files and on the command line. */
const char *placement_name(enum placement place);
const char *row_state_name(enum row_state state);

/* NULL without memory; the row is zeroed, with NAN for the syscalls. */
struct row *results_add_row(struct results *results);

/* Frees the structure, too: it comes from calloc(). */
void results_free(struct results *results);

#endif /* IPCBENCH_RESULT_H */
