/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A play: processes that meet at one lane, for the tests of the mechanisms. The
 * first process opens the lane and starts the actors, each of which joins, waits
 * until all have, and does its part. The first check that fails, wherever it is,
 * ends the play, and its words are the diagnosis.
 */
#ifndef MBOX_TESTS_IPCBENCH_PLAY_H
#define MBOX_TESTS_IPCBENCH_PLAY_H

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../ipcbench/mechanism.h"

#define PLAY_ACTORS	4
#define PLAY_MESSAGES	5000

/* What send_filled() sends. */
#define MESSAGES	3

#define MS	INT64_C(1000000)

/* Long enough for what must come, short for what must not. */
#define SURELY	(20000 * MS)
#define SHORTLY	(20 * MS)

/**
 * struct stage - memory that all processes of a play share
 * @step: how far the play is
 * @failed: a check has failed
 * @words: which, and what was found
 * @number: for what a case counts
 * @pids: of the actors, in the order of their entry
 * @seen: how often each message came
 * @lane: for a process that has inherited nothing
 */
struct stage {
	_Atomic int step;
	_Atomic bool failed;
	char words[200];
	_Atomic unsigned int number;
	_Atomic pid_t pids[PLAY_ACTORS];
	_Atomic unsigned char seen[PLAY_MESSAGES];
	struct lane lane;
};

/**
 * struct play - one play
 * @lane: the lane
 * @count: of actors that have entered
 * @wait: how long sends and receives may take
 * @credit: pipe: a byte for each message that may be on its way; {0}: no matter
 * @report: pipe: an actor's join() has returned, with this
 * @gate: pipe: closed when the actors are to begin
 */
struct play {
	struct lane lane;
	unsigned int count;
	int64_t wait;
	int credit[2];
	int report[2];
	int gate[2];
};

typedef void (*part_fn)(struct play *play, struct end *end);

static struct stage *stage;

__attribute__((format(printf, 3, 4)))
static _Noreturn void play_fail(const char *file, int line, const char *format, ...)
{
	va_list args;
	int at;

	if (!atomic_exchange(&stage->failed, true)) {
		at = snprintf(stage->words, sizeof(stage->words), "%s:%d: ", file, line);
		va_start(args, format);
		vsnprintf(stage->words + at, sizeof(stage->words) - at, format, args);
		va_end(args);
	}
	_exit(EXIT_FAILURE);
}

/* Checks for use in any process of a play. */
#define must(cond) \
	((cond) ? (void)0 : play_fail(__FILE__, __LINE__, "not: %s", #cond))
#define must_be(got, want) must_be_at(__FILE__, __LINE__, #got, got, want)

static inline void must_be_at(const char *file, int line, const char *what, long got, long want)
{
	if (got != want)
		play_fail(file, line, "%s is %ld%s%s, not %ld", what, got,
			  got < 0 ? " = " : "", got < 0 ? strerrordesc_np(-got) : "", want);
}

static inline int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

/* The play only goes forward. */
static inline void reach(int step)
{
	int now = atomic_load(&stage->step);

	while (now < step && !atomic_compare_exchange_weak(&stage->step, &now, step))
		;
}

/* What never comes is ended by the time limit of the case. */
static inline void await(int step)
{
	while (atomic_load(&stage->step) < step)
		usleep(200);
}

static inline void stage_make(void)
{
	stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (stage == MAP_FAILED)
		abort();
}

static inline void make_pipe(int fd[2])
{
	must_be(pipe2(fd, O_CLOEXEC), 0);
}

/* Set the play up; the lane may be changed before play_open(). */
static inline struct play play_make(const struct mechanism *how, size_t size)
{
	struct play play = {
		.lane = { .how = how, .size = size, .senders = 1, .receivers = 1 },
		.wait = SURELY,
	};

	memset(stage, 0, sizeof(*stage));
	make_pipe(play.report);
	make_pipe(play.gate);
	return play;
}

static inline void play_open(struct play *play)
{
	must_be(play->lane.how->open(&play->lane), 0);
}

static _Noreturn void act(struct play *play, enum role role, unsigned int index, part_fn part)
{
	struct end end = { .lane = &play->lane, .role = role, .index = index };
	int ret = play->lane.how->join(&end);
	char byte;

	must(write(play->report[1], &ret, sizeof(ret)) == sizeof(ret));
	if (ret)
		_exit(EXIT_SUCCESS);
	close(play->gate[1]);
	must(read(play->gate[0], &byte, 1) == 0);
	part(play, &end);
	play->lane.how->leave(&end);
	_exit(EXIT_SUCCESS);
}

static inline pid_t play_fork(void)
{
	pid_t pid = fork();

	must(pid >= 0);
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* What the join() of an actor that has entered returned. */
static inline int play_joined(struct play *play)
{
	int ret;

	must(read(play->report[0], &ret, sizeof(ret)) == sizeof(ret));
	return ret;
}

/* Start an actor, and wait until it has joined. */
static inline void play_enter(struct play *play, enum role role, unsigned int index, part_fn part)
{
	pid_t pid = play_fork();

	if (!pid)
		act(play, role, index, part);
	atomic_store(&stage->pids[play->count++], pid);
	must_be(play_joined(play), 0);
}

/* A process that is there before the lane is, and gets to know its address alone. */
static inline void play_enter_stranger(struct play *play, enum role role, part_fn part)
{
	pid_t pid = play_fork();

	if (!pid) {
		await(1);
		play->lane = stage->lane;
		play->lane.own = NULL;
		act(play, role, 0, part);
	}
	atomic_store(&stage->pids[play->count++], pid);
}

static inline void play_publish(struct play *play)
{
	stage->lane = play->lane;
	reach(1);
}

static inline void play_begin(struct play *play)
{
	if (play->lane.how->release)
		play->lane.how->release(&play->lane);
	close(play->gate[0]);
	close(play->gate[1]);
	close(play->report[0]);
	close(play->report[1]);
}

/* All actors have ended well. */
static inline void play_await(struct play *play)
{
	int status;

	while (play->count) {
		must(wait(&status) > 0);
		if (status)
			play_fail(__FILE__, __LINE__, "an actor ended with status 0x%x", status);
		play->count--;
	}
}

static inline void play_end(struct play *play)
{
	play_await(play);
	play->lane.how->close(&play->lane);
}

/* The most usual play: one of each. */
static inline void play_pair(struct play *play, part_fn send, part_fn receive)
{
	play_open(play);
	play_enter(play, ROLE_RECEIVER, 0, receive);
	play_enter(play, ROLE_SENDER, 0, send);
	play_begin(play);
	play_end(play);
}

/* Bytes that tell one message from every other one. */
static inline void fill(unsigned char *data, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; i++)
		data[i] = seed * 31 + i * 7 + (i >> 8);
}

static inline bool is_filled(const unsigned char *data, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != (unsigned char)(seed * 31 + i * 7 + (i >> 8)))
			return false;
	return true;
}

static inline unsigned char *buffer_of(const struct end *end)
{
	unsigned char *data = malloc(end->lane->size);

	must(data);
	return data;
}

static inline int send_one(struct end *end, const void *data, int64_t wait)
{
	return end->lane->how->send(end, 1, data, end->lane->size, wait);
}

/* A whole message, also of a stream. */
static inline ssize_t receive_one(struct end *end, void *data, int64_t wait)
{
	size_t have = 0;

	do {
		ssize_t n = end->lane->how->recv(end, 0, (char *)data + have,
						 end->lane->size - have, wait);

		if (n < 0)
			return n;
		have += n;
	} while (end->lane->how->flags & MECHANISM_STREAM && have < end->lane->size);
	return have;
}

/* The most usual parts: some messages, which must arrive as they were sent. */

static inline void send_filled(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	for (unsigned int i = 0; i < MESSAGES; i++) {
		fill(data, end->lane->size, i);
		must_be(send_one(end, data, play->wait), 0);
	}
	free(data);
}

static inline void receive_filled(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	for (unsigned int i = 0; i < MESSAGES; i++) {
		must_be(receive_one(end, data, play->wait), end->lane->size);
		must(is_filled(data, end->lane->size, i));
	}
	free(data);
}

#endif /* MBOX_TESTS_IPCBENCH_PLAY_H */
