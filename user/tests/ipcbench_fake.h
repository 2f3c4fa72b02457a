/* SPDX-License-Identifier: GPL-2.0-only */
/* A mechanism that does wrong what can be done wrong, and short runs of it. */
#ifndef MBOX_TESTS_IPCBENCH_FAKE_H
#define MBOX_TESTS_IPCBENCH_FAKE_H

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine.h"
#include "measure.h"
#include "tap.h"

#define MESSAGES	100
#define VICTIM		40	/* the message that the fault meets, of each sender */

/* ---- a mechanism with faults -------------------------------------------- */

enum fault {
	NO_FAULT,
	FAULT_LOSE,
	FAULT_LOSE_SOME,	/* one in ten */
	FAULT_DOUBLE,
	FAULT_SWAP,
	FAULT_FLIP,
	FAULT_TEAR,		/* the second half is that of the message before */
	FAULT_SHORTEN,
	FAULT_STICK_SENDING,
	FAULT_STICK_RECEIVING,
	FAULT_FAIL_SENDING,
	FAULT_FAIL_RECEIVING,
	FAULT_FAIL_JOINING,
	FAULT_FAIL_OPENING,
	FAULT_REFUSE_OPENING,
	FAULT_REFUSE_JOINING,
	FAULT_DIE,
	FAULT_HOLD_LITTLE,	/* eight messages */
	FAULT_PIECES,		/* a stream that comes in small pieces */
};

static enum fault fault;

/* The names of those that were opened, in their order. */
static char opened[64];

struct pair {
	int fds[2];
};

/* What a sender keeps between two sends. */
struct memory_of_sender {
	unsigned int sent;
	size_t kept;
	char message[65536];
};

static inline int fake_open(struct lane *lane)
{
	struct pair *pair = malloc(sizeof(*pair));

	strncat(opened, lane->how->name, sizeof(opened) - strlen(opened) - 1);
	if (fault == FAULT_FAIL_OPENING || fault == FAULT_REFUSE_OPENING) {
		free(pair);
		return fault == FAULT_FAIL_OPENING ? -ENFILE : -EOPNOTSUPP;
	}
	if (!pair || socketpair(AF_UNIX, lane->how->flags & MECHANISM_STREAM ?
				SOCK_STREAM : SOCK_SEQPACKET, 0, pair->fds)) {
		free(pair);
		return -errno;
	}
	lane->own = pair;
	return 0;
}

static inline void fake_close(struct lane *lane)
{
	struct pair *pair = lane->own;

	close(pair->fds[0]);
	close(pair->fds[1]);
	free(pair);
}

static inline int fake_join(struct end *end)
{
	end->own = calloc(1, sizeof(struct memory_of_sender));
	if (fault == FAULT_FAIL_JOINING && end->role == ROLE_SENDER)
		return -ECONNREFUSED;
	return fault == FAULT_REFUSE_JOINING ? -EOPNOTSUPP : 0;
}

static inline void fake_leave(struct end *end)
{
	free(end->own);
}

static inline int put(struct end *end, const void *data, size_t len)
{
	const struct pair *pair = end->lane->own;

	return send(pair->fds[0], data, len, 0) < 0 ? -errno : 0;
}

static inline int put_flipped(struct end *end, const void *data, size_t len)
{
	char copy[65536];

	memcpy(copy, data, len);
	copy[len / 2] ^= 4;
	return put(end, copy, len);
}

static inline int put_torn(struct end *end, const struct memory_of_sender *own, const void *data,
			   size_t len)
{
	char copy[65536];

	memcpy(copy, data, len);
	memcpy(copy + len / 2, own->message + len / 2, len - len / 2);
	return put(end, copy, len);
}

static inline int put_both(struct end *end, const void *first, const void *second, size_t len)
{
	int err = put(end, first, len);

	return err ? err : put(end, second, len);
}

/* The message that the fault is for. */
static inline int put_victim(struct end *end, struct memory_of_sender *own, const void *data,
			     size_t len)
{
	switch (fault) {
	case FAULT_LOSE:
		return 0;
	case FAULT_DOUBLE:
		return put_both(end, data, data, len);
	case FAULT_SWAP:
		own->kept = len;
		return 0;
	case FAULT_FLIP:
		return put_flipped(end, data, len);
	case FAULT_TEAR:
		return put_torn(end, own, data, len);
	case FAULT_SHORTEN:
		return put(end, data, len - 1);
	case FAULT_STICK_SENDING:
		for (;;)
			pause();
	case FAULT_FAIL_SENDING:
		return -ENOBUFS;
	case FAULT_DIE:
		raise(SIGKILL);
		return 0;
	default:
		return put(end, data, len);
	}
}

static inline int put_any(struct end *end, struct memory_of_sender *own, const void *data,
			  size_t len)
{
	unsigned int number = own->sent++;

	if (fault == FAULT_LOSE_SOME && number % 10 == 9)
		return 0;
	if (number == VICTIM)
		return put_victim(end, own, data, len);
	if (!own->kept)
		return put(end, data, len);
	own->kept = 0;
	return put_both(end, data, own->message, len);
}

static inline int fake_send(struct end *end, uint64_t type, const void *data, size_t len,
			    int64_t wait)
{
	struct memory_of_sender *own = end->own;
	int err;

	(void)type;
	if (fault == FAULT_HOLD_LITTLE && own->sent == 8)
		return wait < 0 ? -EPROTO : -ETIMEDOUT;
	err = put_any(end, own, data, len);
	memcpy(own->message, data, len);
	return err;
}

static inline ssize_t fake_recv(struct end *end, uint64_t type, void *buf, size_t size,
				int64_t wait)
{
	const struct pair *pair = end->lane->own;
	struct memory_of_sender *own = end->own;
	ssize_t len;

	(void)type;
	(void)wait;
	if (own->sent++ == VICTIM) {
		if (fault == FAULT_FAIL_RECEIVING)
			return -EIO;
		while (fault == FAULT_STICK_RECEIVING)
			pause();
	}
	len = recv(pair->fds[1], buf, fault == FAULT_PIECES && size > 7 ? 7 : size, 0);
	return len < 0 ? -errno : len;
}

static inline size_t fake_max(void)
{
	return 65536;
}

static const struct mechanism fake = {
	.name = "fake",
	.title = "fake",
	.group = "pipe",
	.max_size = fake_max,
	.shared_max = 65536,
	.open = fake_open,
	.close = fake_close,
	.join = fake_join,
	.leave = fake_leave,
	.send = fake_send,
	.recv = fake_recv,
};

/* ---- runs --------------------------------------------------------------- */

static const struct workload *const streaming[] = { &work_stream, NULL };
static const struct workload *const ping_ponging[] = { &work_pingpong, NULL };
static const size_t small[] = { 64, 0 };
static const unsigned int ten[] = { 10, 0 };
static const enum placement anywhere[] = { PLACED_FREE };

static inline struct bench small_bench(const struct mechanism *const *how,
				       const struct workload *const *workload)
{
	return (struct bench){
		.mechanisms = how,
		.workloads = workload,
		.sizes = small,
		.depths = ten,
		.places = anywhere,
		.place_count = 1,
		.rounds = 1,
		.orders = 1,
		.count = MESSAGES,
		.time_ns = 5 * NS_PER_MS,
		.stuck_ms = 2000,
	};
}

static inline struct results *run(const struct bench *bench)
{
	struct results *results = calloc(1, sizeof(*results));
	int err;

	opened[0] = '\0';
	err = bench_run(bench, results);
	is_int(err, 0, "the run comes to its end");
	return results;
}

static inline struct row run_one(const struct mechanism *how, const struct workload *workload)
{
	const struct mechanism *const hows[] = { how, NULL };
	const struct workload *const workloads_of[] = { workload, NULL };
	const struct bench bench = small_bench(hows, workloads_of);
	struct results *results = run(&bench);
	struct row row = { 0 };

	is_int(results->row_count, 1, "one row");
	if (results->row_count)
		row = results->rows[0];
	results_free(results);
	return row;
}

static inline void has_state(const struct row *row, enum row_state state, const char *words,
			     const char *name)
{
	is_str(row_state_name(row->state), row_state_name(state), name);
	ok(strstr(row->why, words), words);
	if (!strstr(row->why, words))
		printf("# got '%s'\n", row->why);
}

static inline void has_faults(const struct row *row, unsigned int lost, unsigned int reordered,
			      unsigned int corrupt, unsigned int duplicated, const char *name)
{
	is_str(row_state_name(row->state), "done", name);
	is_int(row->lost, lost, "  lost");
	is_int(row->reordered, reordered, "  reordered");
	is_int(row->corrupt, corrupt, "  corrupt");
	is_int(row->duplicated, duplicated, "  duplicated");
	is_int(row->messages, MESSAGES, "  messages");
	ok(row->ns.median > 0 && row->cpu_ns.median > 0, "  there are figures");
}

#endif /* MBOX_TESTS_IPCBENCH_FAKE_H */
