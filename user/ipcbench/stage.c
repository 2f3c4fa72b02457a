// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stage.h"

#define PLAY_NS		(60 * 1000000000LL)
#define LANE_BYTES	64

int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void nap(void)
{
	usleep(200);
}

void stage_reach(struct stage *stage, enum step step)
{
	atomic_fetch_or(&stage->notes->steps, step);
}

bool stage_await(struct stage *stage, enum step step, int64_t wait)
{
	int64_t end = now_ns() + wait;

	while (!(atomic_load(&stage->notes->steps) & step)) {
		if (now_ns() > end)
			return false;
		nap();
	}
	return true;
}

static char state_of(pid_t pid)
{
	char path[32], state = 'X';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return state;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	fclose(file);
	return state;
}

/* Seen asleep several times in a row: it is not just waiting for its turn. */
void await_sleep(pid_t pid)
{
	int64_t end = now_ns() + SHORT_NS;
	int asleep = 0;

	while (asleep < 10 && now_ns() < end) {
		asleep = state_of(pid) == 'S' ? asleep + 1 : 0;
		nap();
	}
}

static enum step joined_step(enum role role)
{
	return role == ROLE_RECEIVER ? STEP_RECEIVERS : STEP_SENDERS;
}

static unsigned int wanted(const struct stage *stage, enum role role)
{
	return role == ROLE_RECEIVER ? stage->lane.receivers : stage->lane.senders;
}

/* Join, in the order that the mechanisms are promised. */
static int join(struct stage *stage, struct end *end)
{
	int ret;

	if (end->role == ROLE_SENDER && !stage_await(stage, STEP_RECEIVERS, LONG_NS))
		return -ETIME;
	ret = stage->lane.how->join(end);
	if (ret < 0) {
		atomic_store(&stage->notes->error[end->role], ret);
		return ret;
	}
	if (atomic_fetch_add(&stage->notes->joined[end->role], 1) + 1 == wanted(stage, end->role))
		stage_reach(stage, joined_step(end->role));
	return 0;
}

/* A stranger has nothing of the lane but what anyone may know of it. */
static void forget_lane(struct stage *stage, const struct mechanism *how)
{
	struct lane *lane = &stage->lane;

	if (!stage_await(stage, STEP_OPEN, LONG_NS))
		_exit(EXIT_FAILURE);
	lane->how = how;
	lane->own = NULL;
	memcpy(lane->address, stage->notes->text, sizeof(stage->notes->text));
}

static _Noreturn void act(struct stage *stage, const struct mechanism *how,
			  const struct part *part)
{
	struct end end = { .lane = &stage->lane, .role = part->role, .index = part->index };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (part->stranger)
		forget_lane(stage, how);
	if (join(stage, &end) < 0)
		_exit(EXIT_FAILURE);
	if (part->play && stage_await(stage, STEP_RELEASED, LONG_NS))
		part->play(stage, &end);
	stage->lane.how->leave(&end);
	_exit(EXIT_SUCCESS);
}

static int start_actor(struct stage *stage, const struct mechanism *how,
		       const struct part *parts, size_t at)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid)
		act(stage, how, &parts[at]);
	stage->actors[at] = pid;
	atomic_store(&stage->notes->pids[at], pid);
	return 0;
}

static int start_actors(struct stage *stage, const struct mechanism *how,
			const struct part *parts, size_t count, bool strangers)
{
	int ret = 0;

	for (size_t i = 0; i < count && !ret; i++)
		if (parts[i].stranger == strangers)
			ret = start_actor(stage, how, parts, i);
	return ret;
}

static void actor_ended(struct stage *stage, const struct part *part, size_t at)
{
	stage->actors[at] = 0;
	stage_reach(stage, part->role == ROLE_RECEIVER ? STEP_RECEIVER_DEAD : STEP_SENDER_DEAD);
}

static bool reap(struct stage *stage, const struct part *parts, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (!stage->actors[i])
			continue;
		if (waitpid(stage->actors[i], NULL, WNOHANG) == stage->actors[i])
			actor_ended(stage, &parts[i], i);
		else
			any = true;
	}
	return any;
}

static void kill_actors(struct stage *stage, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!stage->actors[i])
			continue;
		kill(stage->actors[i], SIGKILL);
		waitpid(stage->actors[i], NULL, 0);
		stage->actors[i] = 0;
	}
}

static int join_error(const struct stage *stage)
{
	int error = atomic_load(&stage->notes->error[ROLE_RECEIVER]);

	return error ? error : atomic_load(&stage->notes->error[ROLE_SENDER]);
}

static bool has_reached(const struct stage *stage, enum step step)
{
	return atomic_load(&stage->notes->steps) & step;
}

/* Once all have joined we must not hold an end open for them. */
static void release(struct stage *stage)
{
	if (has_reached(stage, STEP_RELEASED) || !has_reached(stage, STEP_RECEIVERS) ||
	    !has_reached(stage, STEP_SENDERS))
		return;
	if (stage->lane.how->release)
		stage->lane.how->release(&stage->lane);
	stage_reach(stage, STEP_RELEASED);
}

/* Until all have ended, or one could not join, or it takes too long. */
static int await_end(struct stage *stage, const struct part *parts, size_t count)
{
	int64_t end = now_ns() + PLAY_NS;

	while (reap(stage, parts, count) && !join_error(stage)) {
		release(stage);
		if (now_ns() > end) {
			kill_actors(stage, count);
			return -ETIME;
		}
		nap();
	}
	kill_actors(stage, count);
	return join_error(stage);
}

struct lane *stage_shared_lane(void)
{
	struct lane *lane = mmap(NULL, sizeof(*lane), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return lane == MAP_FAILED ? NULL : lane;
}

static int prepare(struct stage *stage)
{
	struct lane *lane = &stage->lane;

	stage->notes = mmap(NULL, sizeof(*stage->notes), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stage->notes == MAP_FAILED) {
		stage->notes = NULL;
		return -errno;
	}
	lane->size = lane->size ? lane->size : LANE_BYTES;
	lane->senders = lane->senders ? lane->senders : 1;
	lane->receivers = lane->receivers ? lane->receivers : 1;
	return 0;
}

static int open_lane(struct stage *stage, const struct mechanism *how)
{
	struct lane *lane = &stage->lane;
	size_t most = how->max_size();
	int ret;

	lane->how = how;
	lane->size = lane->size < most ? lane->size : most;
	ret = how->open(lane);
	if (!ret) {
		memcpy(stage->notes->text, lane->address, sizeof(stage->notes->text));
		stage_reach(stage, STEP_OPEN);
	}
	return ret;
}

int stage_play(struct stage *stage, const struct mechanism *how, const struct part *parts,
	       size_t count)
{
	int ret = prepare(stage);

	if (!ret)
		ret = start_actors(stage, how, parts, count, true);
	if (!ret)
		ret = open_lane(stage, how);
	if (ret) {
		kill_actors(stage, count);
		return ret;
	}
	ret = start_actors(stage, how, parts, count, false);
	if (!ret)
		ret = await_end(stage, parts, count);
	else
		kill_actors(stage, count);
	how->close(&stage->lane);
	return ret;
}

void stage_free(struct stage *stage)
{
	if (stage->notes)
		munmap(stage->notes, sizeof(*stage->notes));
	stage->notes = NULL;
}

void answer_failed(struct answer *found, int error)
{
	if (error == -EOPNOTSUPP)
		answer(found, ANSWER_NO, "there is no way to do this");
	else
		answer(found, ANSWER_FAILED, "the probe failed: %s", strerror(-error));
}
