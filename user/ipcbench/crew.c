// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew.h"
#include "place.h"
#include "worker.h"

/* How often it is looked whether messages still move. */
#define TICK_MS		25
#define SHORT_TICK_MS	1

/* Who could run may be short of time on a busy machine, and gets some more. */
#define AWAKE_FACTOR	5

/* What is no message may take longer: a connection, a server. */
#define JOIN_MS		10000

/*
 * Who does not hear a signal in so many tries does not hear signals. Who never
 * makes a call that could be interrupted cannot hear any.
 */
#define STOP_TRIES	50
#define STOP_TRIES_BUSY	3

/* ---- start and end ------------------------------------------------------ */

static _Noreturn void become_worker(const struct crew *crew, unsigned int number, pid_t parent)
{
	struct worker worker = {
		.plan = crew->plan,
		.task = &crew->plan->tasks[number],
		.number = number,
		.memory = crew->memory,
		.post = &crew->memory->arena->posts[number],
		.alarm = crew->alarm,
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	place_self(crew->place, worker.task->with_receivers);
	worker_live(&worker, crew->count_calls);
}

static int start_one(struct crew *crew, unsigned int number)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid)
		become_worker(crew, number, parent);
	crew->pids[number] = pid;
	crew->pidfds[number] = -1;
	crew->count++;
	crew->pidfds[number] = syscall(SYS_pidfd_open, pid, 0);
	return crew->pidfds[number] < 0 ? -errno : 0;
}

int crew_start(struct crew *crew)
{
	int err = 0;

	crew->alarm = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (crew->alarm < 0)
		return -errno;
	for (unsigned int i = 0; i < crew->plan->task_count && !err; i++)
		err = start_one(crew, i);
	return err;
}

static void wait_for(struct crew *crew, unsigned int number)
{
	if (crew->pids[number])
		waitpid(crew->pids[number], NULL, 0);
	crew->pids[number] = 0;
}

/* All are killed before any is waited for: one may hold another. */
void crew_dismiss(struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++)
		if (crew->pids[i])
			kill(crew->pids[i], SIGKILL);
	for (unsigned int i = 0; i < crew->count; i++) {
		wait_for(crew, i);
		if (crew->pidfds[i] >= 0)
			close(crew->pidfds[i]);
	}
	if (crew->alarm >= 0)
		close(crew->alarm);
	crew->alarm = -1;
	crew->count = 0;
}

/* ---- what they have done ------------------------------------------------ */

static const struct post *post_of(const struct crew *crew, unsigned int number)
{
	return &crew->memory->arena->posts[number];
}

bool crew_has_done(const struct crew *crew, unsigned int number)
{
	/* Pairs with the worker's telling: what it did before is seen, too. */
	return atomic_load_explicit(&post_of(crew, number)->done, memory_order_acquire) ==
	       crew->number;
}

/* Who takes what comes is not waited for before it is to leave. */
static bool is_bound(const struct crew *crew, unsigned int number)
{
	if (crew->order != ORDER_PREPARE && crew->order != ORDER_RUN)
		return true;
	return !crew->plan->tasks[number].free_running;
}

static bool all_bound_are_done(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++)
		if (is_bound(crew, i) && !crew_has_done(crew, i))
			return false;
	return true;
}

static bool only_sends(const struct task *task)
{
	return task->out_count && !task_receives(task);
}

/* Nothing will be sent any more: whoever is not done only receives. */
static bool all_is_sent(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++) {
		if (crew->plan->tasks[i].out_count && !crew_has_done(crew, i))
			return false;
		if (crew->plan->tasks[i].out_count && !only_sends(&crew->plan->tasks[i]))
			return false;
	}
	return true;
}

static bool any_runs_free(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++)
		if (crew->plan->tasks[i].free_running)
			return true;
	return false;
}

static int64_t on_its_way(const struct crew *crew)
{
	int64_t count = 0;

	for (unsigned int i = 0; i < crew->count; i++)
		count += post_of(crew, i)->sent - post_of(crew, i)->received;
	return count - (int64_t)crew->lost;
}

/* What was sent is what came, where nobody knows how much to expect. */
static bool all_has_come(const struct crew *crew)
{
	return crew->order != ORDER_RUN || !any_runs_free(crew) || on_its_way(crew) <= 0;
}

static uint64_t progress(const struct crew *crew)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < crew->count; i++)
		sum += post_of(crew, i)->sent + post_of(crew, i)->received + crew_has_done(crew, i);
	return sum;
}

static bool has_failed(const struct crew *crew, unsigned int number)
{
	/* Pairs with note_error(). */
	return atomic_load_explicit(&post_of(crew, number)->error_ns, memory_order_acquire) &&
	       (crew_has_done(crew, number) || !is_bound(crew, number));
}

static bool any_has_failed(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++)
		if (has_failed(crew, i))
			return true;
	return false;
}

static bool has_died(const struct crew *crew, unsigned int number)
{
	struct pollfd end = { .fd = crew->pidfds[number], .events = POLLIN };

	return poll(&end, 1, 0) == 1 && !crew_has_done(crew, number);
}

static bool any_has_died(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++)
		if (has_died(crew, i))
			return true;
	return false;
}

unsigned int crew_culprit(const struct crew *crew)
{
	unsigned int culprit = 0;
	int64_t first = INT64_MAX;

	for (unsigned int i = 0; i < crew->count; i++) {
		if (has_died(crew, i))
			return i;
		if (has_failed(crew, i) && post_of(crew, i)->error_ns < first) {
			first = post_of(crew, i)->error_ns;
			culprit = i;
		}
	}
	return culprit;
}

/* ---- watching them ------------------------------------------------------ */

/* Wait until someone is done or has ended; true if the time is over. */
static bool sleep_until_news(const struct crew *crew, int ms)
{
	struct pollfd fds[WORKERS_MAX + 1];
	uint64_t alarms;

	fds[0] = (struct pollfd){ .fd = crew->alarm, .events = POLLIN };
	for (unsigned int i = 0; i < crew->count; i++)
		fds[i + 1] = (struct pollfd){
			.fd = crew_has_done(crew, i) ? -1 : crew->pidfds[i],
			.events = POLLIN,
		};
	if (!poll(fds, crew->count + 1, ms))
		return true;
	return read(crew->alarm, &alarms, sizeof(alarms)) < 0 && errno != EAGAIN;
}

/* A process that is traced may be stopped, which is as good as asleep. */
static bool is_asleep(pid_t pid)
{
	char state = process_state(pid);

	return state != 'R' && state != 'D';
}

static bool all_others_sleep(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++)
		if (!crew_has_done(crew, i) && !is_asleep(crew->pids[i]))
			return false;
	return true;
}

/* The receiver has what it asked for, and yet there is no room for the rest. */
static bool is_overfull(const struct crew *crew)
{
	return crew->order == ORDER_RUN && crew->plan->fills &&
	       crew_has_done(crew, crew->plan->task_count - 1);
}

static enum crew_end judge_silence(const struct crew *crew, unsigned int silent_ms)
{
	bool runs = crew->order == ORDER_RUN;
	unsigned int limit = runs ? crew->stuck_ms : JOIN_MS;
	bool asleep;

	if (silent_ms < (limit < crew->quiet_ms ? limit : crew->quiet_ms))
		return CREW_DONE;
	asleep = all_others_sleep(crew);
	if (!asleep)
		limit *= AWAKE_FACTOR;
	if (runs && all_is_sent(crew) && (asleep || silent_ms >= limit))
		return CREW_CUT;
	if (runs && is_overfull(crew) && asleep)
		return CREW_STUCK;
	return silent_ms >= limit ? CREW_STUCK : CREW_DONE;
}

/*
 * Silence is counted in ticks that we have slept through, so that a machine
 * that stood still for a while is not taken for it.
 */
static enum crew_end watch(const struct crew *crew)
{
	unsigned int silent_ms = 0, tick;
	uint64_t before = 0, now;
	enum crew_end end;

	for (;;) {
		bool bound_are_done = all_bound_are_done(crew);

		if (any_has_failed(crew))
			return CREW_FAILED;
		if (bound_are_done && all_has_come(crew))
			return CREW_DONE;
		if (any_has_died(crew))
			return CREW_DIED;
		tick = bound_are_done ? SHORT_TICK_MS : TICK_MS;
		if (!sleep_until_news(crew, tick))
			continue;
		now = progress(crew);
		silent_ms = now == before ? silent_ms + tick : 0;
		before = now;
		end = judge_silence(crew, silent_ms);
		if (end != CREW_DONE)
			return end;
	}
}

static bool all_are_done(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++)
		if (!crew_has_done(crew, i))
			return false;
	return true;
}

static void interrupt(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++)
		if (!crew_has_done(crew, i))
			kill(crew->pids[i], SIGUSR1);
}

/* They cannot tell any more what they have used; calls are not known at all. */
static void kill_the_deaf(struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++) {
		struct post *post = &crew->memory->arena->posts[i];

		if (crew_has_done(crew, i))
			continue;
		usage_of(crew->pids[i], &post->after);
		post->after.calls = post->before.calls;
		kill(crew->pids[i], SIGKILL);
		wait_for(crew, i);
		crew->killed = true;
	}
}

void crew_stop(struct crew *crew)
{
	bool busy = crew->plan->how->flags & MECHANISM_BUSY;
	int tries = busy ? STOP_TRIES_BUSY : STOP_TRIES;

	atomic_store(&crew->memory->arena->slip.stop, true);
	while (tries-- && !all_are_done(crew)) {
		interrupt(crew);
		sleep_until_news(crew, SHORT_TICK_MS);
	}
	kill_the_deaf(crew);
}

/* Nobody is at work, or nobody who would write here. */
static void begin_part(const struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++) {
		struct post *post = &crew->memory->arena->posts[i];

		post->begin_ns = 0;
		post->end_ns = 0;
		post->end_count = 0;
		post->sent_before = post->sent;
		post->received_before = post->received;
		post->corrupt_before = post->corrupt;
		post->samples = 0;
		post->ahead = 0;
		post->stall_ns = 0;
	}
}

/* Release: who sees the number sees the order. */
static void give_order(struct crew *crew, enum order order, enum part_kind kind, uint64_t count)
{
	struct order_slip *slip = &crew->memory->arena->slip;

	crew->order = order;
	slip->order = order;
	slip->kind = kind;
	slip->count = count;
	atomic_store_explicit(&slip->number, ++crew->number, memory_order_release);
	futex_wake(&slip->number);
}

/* Who receives so much as comes need not be stopped. */
static void cut(struct crew *crew)
{
	if (all_bound_are_done(crew)) {
		crew->lost += on_its_way(crew);
		return;
	}
	crew_stop(crew);
	if (!crew->killed)
		atomic_store(&crew->memory->arena->slip.stop, false);
}

enum crew_end crew_do(struct crew *crew, enum order order, enum part_kind kind, uint64_t count)
{
	enum crew_end end;

	if (order == ORDER_PREPARE)
		begin_part(crew);
	give_order(crew, order, kind, count);
	end = watch(crew);
	if (end == CREW_CUT)
		cut(crew);
	return end;
}
