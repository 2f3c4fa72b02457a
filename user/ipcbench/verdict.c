// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "verdict.h"

#define WORD_BITS	64

void verdict_say(struct outcome *outcome, enum row_state state, const char *format, ...)
{
	va_list args;

	outcome->state = state;
	va_start(args, format);
	vsnprintf(outcome->why, sizeof(outcome->why), format, args);
	va_end(args);
}

static bool is_refusal(int err)
{
	return err == -EOPNOTSUPP || err == -EMSGSIZE;
}

void verdict_error(struct outcome *outcome, const char *doing, int err)
{
	const char *name = strerrorname_np(-err);

	verdict_say(outcome, is_refusal(err) ? ROW_REFUSED : ROW_FAILED, "%s: %s (%s)", doing,
		    strerror(-err), name ? name : "?");
}

void verdict_closed(struct outcome *outcome, const struct plan *plan, int err)
{
	char doing[64];

	if (!plan->depth) {
		verdict_error(outcome, "open", err);
		return;
	}
	snprintf(doing, sizeof(doing), "make it hold %u messages", plan->depth);
	verdict_error(outcome, doing, err);
	outcome->state = ROW_REFUSED;
}

uint64_t verdict_sent(const struct plan *plan, const struct memory *memory)
{
	uint64_t sent = 0;

	for (unsigned int i = 0; i < plan->task_count; i++)
		sent += memory->arena->posts[i].sent;
	return sent;
}

uint64_t verdict_received(const struct plan *plan, const struct memory *memory)
{
	uint64_t received = 0;

	for (unsigned int i = 0; i < plan->task_count; i++)
		received += memory->arena->posts[i].received;
	return received;
}

/* ---- how an order ended ------------------------------------------------- */

static const char *role_of(const struct plan *plan, unsigned int number)
{
	return plan->tasks[number].name + strlen("bench-");
}

static void say_full(struct outcome *outcome, const struct crew *crew)
{
	const struct plan *plan = crew->plan;
	uint64_t held = verdict_sent(plan, crew->memory) - verdict_received(plan, crew->memory);

	verdict_say(outcome, ROW_REFUSED, "it holds %ju messages of %zu bytes, not %u",
		    (uintmax_t)held, plan->size, plan->depth);
}

static void say_failed(struct outcome *outcome, const struct crew *crew)
{
	unsigned int culprit = crew_culprit(crew);
	const struct post *post = &crew->memory->arena->posts[culprit];
	char doing[64];

	if (crew->plan->fills && (post->error == -EAGAIN || post->error == -ETIMEDOUT)) {
		say_full(outcome, crew);
		return;
	}
	if (post->error == RECV_END) {
		verdict_say(outcome, ROW_FAILED, "the %s was told that there is no sender",
			    role_of(crew->plan, culprit));
		return;
	}
	snprintf(doing, sizeof(doing), "%s: %s", role_of(crew->plan, culprit), post->doing);
	verdict_error(outcome, doing, post->error);
}

/* There is room for less than was put in before: it depends on how that was done. */
static bool is_full(const struct crew *crew, enum part_kind kind)
{
	return kind == PART_FILL ||
	       (crew->plan->fills && crew_has_done(crew, crew->plan->task_count - 1));
}

static void say_stuck(struct outcome *outcome, const struct crew *crew, enum part_kind kind)
{
	const struct plan *plan = crew->plan;

	if (crew->order != ORDER_RUN)
		verdict_say(outcome, ROW_STUCK, "a process does not come to an end of %s",
			    crew->order == ORDER_LEAVE ? "leaving" : "joining");
	else if (is_full(crew, kind))
		say_full(outcome, crew);
	else
		verdict_say(outcome, ROW_STUCK,
			    "no message moved any more: %ju were sent, %ju received",
			    (uintmax_t)verdict_sent(plan, crew->memory),
			    (uintmax_t)verdict_received(plan, crew->memory));
}

void verdict_end(struct outcome *outcome, const struct crew *crew, enum crew_end end,
		 enum part_kind kind)
{
	switch (end) {
	case CREW_FAILED:
		say_failed(outcome, crew);
		break;
	case CREW_DIED:
		verdict_say(outcome, ROW_FAILED, "the %s died",
			    role_of(crew->plan, crew_culprit(crew)));
		break;
	case CREW_CUT:
		verdict_say(outcome, ROW_STUCK,
			    "it loses messages, and its receiver cannot be interrupted");
		break;
	default:
		say_stuck(outcome, crew, kind);
	}
}

/* ---- faults ------------------------------------------------------------- */

static uint64_t bits_between(const uint64_t *const *maps, unsigned int count, uint64_t from,
			     uint64_t to)
{
	uint64_t sum = 0;

	for (uint64_t at = from; at < to; at++) {
		uint64_t bit = 0;

		for (unsigned int i = 0; i < count; i++)
			bit |= maps[i][at / WORD_BITS] >> at % WORD_BITS;
		sum += bit & 1;
	}
	return sum;
}

/* What this one has sent and nobody has received. */
static uint64_t lost_from(const struct plan *plan, const struct memory *memory,
			  unsigned int sender)
{
	const struct post *post = &memory->arena->posts[sender];
	uint64_t from = plan->fills ? 0 : post->sent_before;
	const uint64_t *maps[WORKERS_MAX];
	unsigned int count = 0;

	for (unsigned int i = 0; i < plan->task_count; i++)
		if (task_receives(&plan->tasks[i]))
			maps[count++] = memory_seen(memory, i, sender);
	return post->sent - from - bits_between(maps, count, from, post->sent);
}

/* They have come, though nobody can read what they are. */
static uint64_t spoilt(const struct plan *plan, const struct post *post)
{
	return plan->fills ? post->corrupt : post->corrupt - post->corrupt_before;
}

void verdict_faults(struct outcome *outcome, const struct plan *plan,
		    const struct memory *memory)
{
	uint64_t lost = 0, came = 0;

	/* What was put in to find out how much it holds is not lost. */
	if (outcome->state == ROW_REFUSED)
		return;
	for (unsigned int i = 0; i < plan->task_count; i++) {
		const struct post *post = &memory->arena->posts[i];

		lost += lost_from(plan, memory, i);
		came += spoilt(plan, post);
		outcome->reordered += post->reordered;
		outcome->corrupt += post->corrupt;
		outcome->duplicated += post->duplicated;
	}
	/* After an error they are just on their way. */
	if (outcome->state != ROW_FAILED)
		outcome->lost = lost > came ? lost - came : 0;
}
