/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a probe plays: a lane, and one process for each part. The processes
 * meet at steps and leave notes in memory that they share.
 */
#ifndef IPCBENCH_STAGE_H
#define IPCBENCH_STAGE_H

#include "feature.h"

#define STAGE_ACTORS_MAX	4
#define STAGE_MESSAGES		200

/* How long something that should happen may take, and a wait that should not end. */
#define LONG_NS		(3 * 1000000000LL)
#define SHORT_NS	(200 * 1000000LL)

/* What has happened so far; a step is never undone. */
enum step {
	STEP_RECEIVERS = 1 << 0,	/* every receiver has joined */
	STEP_SENDERS = 1 << 1,		/* every sender has joined */
	STEP_SENT = 1 << 2,
	STEP_RECEIVED = 1 << 3,
	STEP_BLOCKING = 1 << 4,		/* the receiver is about to wait */
	STEP_SENDER_DEAD = 1 << 5,
	STEP_RECEIVER_DEAD = 1 << 6,
	STEP_DONE = 1 << 7,
	STEP_OPEN = 1 << 8,		/* the lane has its address */
	STEP_RELEASED = 1 << 9,		/* all have joined; only actors hold the lane */
};

/**
 * struct notes - what the actors tell
 * @steps: reached so far
 * @joined: how many have joined, by role
 * @error: first negative errno of a join, by role
 * @results: what calls returned, as the probe means it
 * @pids: of the actors, as the probe's process knows them
 * @seen: how often each message came
 * @text: bytes that came
 * @elapsed: nanoseconds
 */
struct notes {
	_Atomic unsigned int steps;
	_Atomic unsigned int joined[2];
	_Atomic int error[2];
	_Atomic long results[8];
	_Atomic pid_t pids[STAGE_ACTORS_MAX];
	_Atomic unsigned int seen[STAGE_MESSAGES];
	char text[LANE_ADDRESS_MAX];
	_Atomic int64_t elapsed;
};

struct stage;

/**
 * struct part - what one process does
 * @role: as what it joins the lane
 * @index: which of that role
 * @play: after it has joined; NULL: nothing
 * @stranger: it is forked before the lane is there and knows but its address
 */
struct part {
	enum role role;
	unsigned int index;
	void (*play)(struct stage *stage, struct end *end);
	bool stranger;
};

/**
 * struct stage - one play
 * @lane: the lane
 * @notes: shared by all
 * @actors: process ids, 0 for who has ended
 */
struct stage {
	struct lane lane;
	struct notes *notes;
	pid_t actors[STAGE_ACTORS_MAX];
};

/**
 * stage_play - open a lane, have the parts played, close it
 * @stage: @lane.size, @senders, @receivers, @broadcast are set by the caller
 *	   where they are not those of one sender and one receiver of 64 bytes
 * @how: mechanism
 * @parts: the parts
 * @count: how many
 *
 * Receivers join first, then senders; the play begins when all have. Returns
 * 0, or a negative errno if the lane could not be opened or a part not join;
 * -ETIME if the play did not end.
 */
int stage_play(struct stage *stage, const struct mechanism *how, const struct part *parts,
	       size_t count);
void stage_free(struct stage *stage);

/* A step has been reached; wait for one: false if it does not come in time. */
void stage_reach(struct stage *stage, enum step step);
bool stage_await(struct stage *stage, enum step step, int64_t wait);

/* A lane that a child can fill in for us; NULL without memory. */
struct lane *stage_shared_lane(void);

int64_t now_ns(void);

/* Wait until a process sleeps in the kernel; gives up after a while. */
void await_sleep(pid_t pid);

/* Answer that the play did not come about. */
void answer_failed(struct answer *found, int error);

#endif /* IPCBENCH_STAGE_H */
