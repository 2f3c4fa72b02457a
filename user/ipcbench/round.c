// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "crew.h"
#include "message.h"
#include "place.h"
#include "round.h"
#include "verdict.h"

/* The first guess of how many messages take how long. */
#define PILOT_COUNT	4
#define PILOT_STEPS	8
#define PILOT_GROWTH	16

/* Part of a round's time that the last of these is to take. */
#define PILOT_SHARE	4

/* Part of a round's messages that come before the measured ones. */
#define WARM_SHARE	10

/* A round may take so many times what it should: the machine may be busy now. */
#define PATIENCE	4

/**
 * struct outsider - who is measured from here: who takes what comes, and the server
 * @pid: process id
 * @before: used before the measured part
 * @after: used after it
 * @calls: system calls, if they are counted
 */
struct outsider {
	pid_t pid;
	struct usage before;
	struct usage after;
	struct call_counter calls;
};

/**
 * struct round - a round that is going on
 * @trial: what is tried
 * @plan: who does what
 * @crew: who does it
 * @outcome: what comes of it
 * @outsiders: who is measured from here
 * @outsider_count: how many
 * @cut: the measured part was ended before all had come
 */
struct round {
	const struct trial *trial;
	struct plan plan;
	struct crew crew;
	struct outcome *outcome;
	struct outsider outsiders[WORKERS_MAX];
	unsigned int outsider_count;
	bool cut;
};

/* ---- parts -------------------------------------------------------------- */

/* A part that was cut is no reason to stop, unless somebody had to be killed. */
static bool do_order(struct round *round, enum order order, enum part_kind kind, uint64_t count)
{
	enum crew_end end = crew_do(&round->crew, order, kind, count);

	if (end == CREW_DONE)
		return true;
	if (end == CREW_CUT) {
		round->cut |= kind == PART_RUN;
		if (!round->crew.killed || kind == PART_RUN)
			return true;
	}
	verdict_end(round->outcome, &round->crew, end, kind);
	return false;
}

static void read_outside(struct round *round, bool after)
{
	for (unsigned int i = 0; i < round->outsider_count; i++) {
		struct outsider *outsider = &round->outsiders[i];
		struct usage *usage = after ? &outsider->after : &outsider->before;

		usage_of(outsider->pid, usage);
		usage->calls = calls_read(&outsider->calls);
	}
}

static bool play(struct round *round, enum part_kind kind, uint64_t count)
{
	bool goes_on = do_order(round, ORDER_PREPARE, kind, count);

	if (goes_on && kind == PART_RUN)
		read_outside(round, false);
	goes_on = goes_on && do_order(round, ORDER_RUN, kind, count);
	if (goes_on && kind == PART_RUN)
		read_outside(round, true);
	return goes_on;
}

/* From the first that was sent to the last that came. */
static int64_t elapsed_ns(const struct round *round)
{
	const struct post *posts = round->crew.memory->arena->posts;
	int64_t begin = INT64_MAX, end = 0;

	for (unsigned int i = 0; i < round->plan.task_count; i++) {
		if (posts[i].begin_ns && posts[i].begin_ns < begin)
			begin = posts[i].begin_ns;
		if (posts[i].end_ns > end)
			end = posts[i].end_ns;
	}
	return end > begin ? end - begin : 1;
}

static uint64_t whole_grains(const struct plan *plan, uint64_t count)
{
	uint64_t grain = plan->grain;

	return count < grain ? grain : count / grain * grain;
}

static uint64_t limited(double count, uint64_t min, uint64_t max)
{
	if (count < min)
		return min;
	return count < max ? count : max;
}

static uint64_t count_for(const struct round *round, double each)
{
	return limited(round->trial->time_ns / each, ROUND_COUNT_MIN, ROUND_COUNT_MAX);
}

/* Warm up with more and more until that takes long enough to be judged by. */
static bool find_count(struct round *round, uint64_t *count)
{
	const int64_t wanted = round->trial->time_ns / PILOT_SHARE;
	uint64_t pilot = PILOT_COUNT;
	double each = 1;

	for (int step = 0; step < PILOT_STEPS; step++) {
		int64_t took;

		pilot = whole_grains(&round->plan, pilot);
		if (!play(round, PART_WARM, pilot))
			return false;
		took = elapsed_ns(round);
		each = (double)took / pilot;
		if (took >= wanted / 2 || pilot >= ROUND_COUNT_MAX / 2)
			break;
		pilot = limited(wanted / each, pilot + 1,
				limited(pilot * PILOT_GROWTH, 1, ROUND_COUNT_MAX / 2));
	}
	*count = count_for(round, each);
	return true;
}

/* Less messages if so many would take far too long now. */
static uint64_t reduced(const struct round *round, uint64_t count, double each)
{
	if (!round->trial->guessed || count * each < PATIENCE * round->trial->time_ns)
		return count;
	return limited(count_for(round, each), 1, count);
}

static bool warm_up(struct round *round, uint64_t *count)
{
	uint64_t warm;

	if (!*count)
		return find_count(round, count);
	warm = whole_grains(&round->plan, *count / WARM_SHARE);
	if (!play(round, PART_WARM, warm))
		return false;
	*count = reduced(round, *count, (double)elapsed_ns(round) / warm);
	return true;
}

/* ---- figures ------------------------------------------------------------ */

/* Messages by which what was used is divided. */
static uint64_t measured(const struct round *round)
{
	const struct post *posts = round->crew.memory->arena->posts;
	uint64_t came = 0;

	if (!round->cut && !round->crew.memory->arena->final)
		return round->outcome->count;
	for (unsigned int i = 0; i < round->plan.task_count; i++)
		if (posts[i].end_ns)
			came += posts[i].end_count - posts[i].received_before;
	return came;
}

static struct usage all_used(const struct round *round)
{
	const struct post *posts = round->crew.memory->arena->posts;
	struct usage sum = { 0 };

	for (unsigned int i = 0; i < round->plan.task_count; i++)
		if (!round->plan.tasks[i].free_running)
			usage_add(&sum, &posts[i].before, &posts[i].after);
	for (unsigned int i = 0; i < round->outsider_count; i++)
		usage_add(&sum, &round->outsiders[i].before, &round->outsiders[i].after);
	return sum;
}

/* How many messages that makes is known afterwards only. */
static void note_slow(struct round *round)
{
	const struct post *sender = &round->crew.memory->arena->posts[0];
	struct outcome *outcome = round->outcome;

	outcome->count = sender->sent - sender->sent_before;
	outcome->ahead = sender->ahead;
	outcome->stall_ns = sender->stall_ns;
	if (sender->ahead == outcome->count)
		snprintf(outcome->why, sizeof(outcome->why),
			 "the sender was not held up by %ju messages that nobody read",
			 (uintmax_t)outcome->count);
}

static bool note_figures(struct round *round)
{
	struct outcome *outcome = round->outcome;
	uint64_t count = measured(round), all = count + round->plan.settling;
	struct usage used = all_used(round);

	if (!count) {
		verdict_say(outcome, ROW_STUCK, "hardly any of %ju messages came",
			    (uintmax_t)verdict_sent(&round->plan, round->crew.memory));
		return false;
	}
	if (round->crew.memory->arena->final)
		note_slow(round);
	outcome->ns = (double)elapsed_ns(round) / count;
	outcome->cpu_ns = (double)used.cpu_ns / all;
	outcome->switches = (double)used.switches / all;
	outcome->calls = (double)used.calls / all;
	return true;
}

/* ---- the round ---------------------------------------------------------- */

static void watch_from_outside(struct round *round, pid_t pid)
{
	struct outsider *outsider = &round->outsiders[round->outsider_count++];

	outsider->pid = pid;
	if (round->trial->count_calls)
		calls_open(&outsider->calls, pid);
}

static void watch_all_from_outside(struct round *round)
{
	const struct mechanism *how = round->trial->how;

	for (unsigned int i = 0; i < round->plan.task_count; i++)
		if (round->plan.tasks[i].free_running)
			watch_from_outside(round, round->crew.pids[i]);
	if (how->server && how->server())
		watch_from_outside(round, how->server());
}

static bool join(struct round *round)
{
	if (!do_order(round, ORDER_JOIN_RECEIVERS, PART_WARM, 0) ||
	    !do_order(round, ORDER_JOIN_SENDERS, PART_WARM, 0))
		return false;
	for (unsigned int i = 0; i < round->plan.channel_count; i++)
		channel_release(&round->plan.channels[i]);
	watch_all_from_outside(round);
	return true;
}

static bool play_all(struct round *round)
{
	const struct plan *plan = &round->plan;
	uint64_t count = plan->count;

	if (plan->fills && !play(round, PART_FILL, plan->depth))
		return false;
	if (!warm_up(round, &count))
		return false;
	round->outcome->count = whole_grains(plan, count);
	round->outcome->guessed = !plan->count;
	if (!play(round, PART_RUN, round->outcome->count))
		return false;
	return note_figures(round);
}

/* After the figures are taken; what goes wrong here still counts. */
static void end_play(struct round *round)
{
	struct crew *crew = &round->crew;
	bool drained = !round->plan.fills || play(round, PART_DRAIN, round->plan.depth);

	verdict_faults(round->outcome, &round->plan, round->crew.memory);
	if (!drained)
		return;
	crew_stop(crew);
	if (!crew->killed)
		do_order(round, ORDER_LEAVE, PART_WARM, 0);
}

static void with_crew(struct round *round)
{
	bool played;
	int err = crew_start(&round->crew);

	if (err) {
		verdict_error(round->outcome, "start the processes", err);
		return;
	}
	played = join(round) && play_all(round);
	if (played && !round->crew.killed)
		end_play(round);
	else
		verdict_faults(round->outcome, &round->plan, round->crew.memory);
	for (unsigned int i = 0; i < round->outsider_count; i++)
		calls_close(&round->outsiders[i].calls);
}

static int open_channels(struct round *round, unsigned int *opened)
{
	struct plan *plan = &round->plan;
	int err = 0;

	for (*opened = 0; *opened < plan->channel_count && !err; *opened += !err)
		err = channel_open(&plan->channels[*opened], plan->how, plan->size, plan->depth);
	for (unsigned int i = 0; i < *opened; i++)
		round->outcome->lanes += plan->channels[i].count;
	return err;
}

static void make_plan(const struct trial *trial, struct plan *plan)
{
	*plan = (struct plan){
		.how = trial->how,
		.size = trial->size,
		.depth = trial->depth,
		.time_ns = trial->time_ns,
		.count = trial->count,
		.grain = 1,
	};
	trial->workload->plan(plan);
}

bool round_is_refused(const struct trial *trial, struct outcome *outcome)
{
	size_t most = trial->how->max_size ? trial->how->max_size() : LANE_SIZE_MAX;
	const struct plan plan = { .how = trial->how, .size = trial->size, .depth = trial->depth };
	char text[TEXT_MAX];
	const char *why = place_refusal(trial->place);

	if (!why && trial->workload->refusal)
		why = trial->workload->refusal(&plan, text);
	*outcome = (struct outcome){ .state = ROW_DONE };
	if (why)
		verdict_say(outcome, ROW_REFUSED, "%s", why);
	else if (trial->size > most)
		verdict_say(outcome, ROW_REFUSED, "its messages are of %zu bytes at most", most);
	return outcome->state != ROW_DONE;
}

void round_run(const struct trial *trial, struct memory *memory, struct outcome *outcome)
{
	struct round round = {
		.trial = trial,
		.crew = {
			.plan = &round.plan,
			.memory = memory,
			.place = trial->place,
			.count_calls = trial->count_calls,
			.stuck_ms = trial->stuck_ms,
			.quiet_ms = trial->quiet_ms,
			.alarm = -1,
		},
		.outcome = outcome,
	};
	unsigned int opened;
	int err;

	*outcome = (struct outcome){ .state = ROW_DONE };
	memory_clear(memory);
	make_plan(trial, &round.plan);
	outcome->sorted = round.plan.sorts;
	err = open_channels(&round, &opened);
	if (err)
		verdict_closed(outcome, &round.plan, err);
	else
		with_crew(&round);
	crew_dismiss(&round.crew);
	while (opened)
		channel_close(&round.plan.channels[--opened]);
}
