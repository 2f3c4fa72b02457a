// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "limit.h"
#include "signal_lane.h"

#define PRIORITIES	10

/**
 * struct signal_lane - a lane's @own
 * @number: its signal
 * @file: where the receiver is written down
 * @pending: how many signals might be pending before
 */
struct signal_lane {
	int number;
	int file;
	struct rlimit pending;
};

/* Of the lanes that are open in this process, by number; and how many there are. */
static bool taken[NSIG];
static unsigned int open_lanes;

size_t signal_max_size(void)
{
	return SIGNAL_BYTES;
}

/* ---- which signals --------------------------------------------------------- */

/* The lower its number, the sooner a signal is received; the last are for this. */
static int urgent_number(unsigned int priority)
{
	return SIGRTMAX - (int)priority;
}

static int take_number(void)
{
	for (int number = SIGRTMIN; number <= SIGRTMAX - PRIORITIES; number++)
		if (!taken[number]) {
			taken[number] = true;
			open_lanes++;
			return number;
		}
	return -ENOSPC;
}

static void give_number(int number)
{
	taken[number] = false;
	open_lanes--;
}

static void fill_sets(struct signal_end *own)
{
	sigemptyset(&own->set);
	sigaddset(&own->set, own->number);
	sigemptyset(&own->urgent);
	for (unsigned int i = 0; i < PRIORITIES; i++)
		sigaddset(&own->urgent, urgent_number(i));
}

/* Signals stay queued as long as they are blocked, and do not kill. */
static void block(int number)
{
	struct signal_end sets = { .number = number };

	fill_sets(&sets);
	sigprocmask(SIG_BLOCK, &sets.set, NULL);
	sigprocmask(SIG_BLOCK, &sets.urgent, NULL);
}

/* The urgent ones are those of all lanes. */
static void unblock(int number)
{
	struct signal_end sets = { .number = number };

	fill_sets(&sets);
	sigprocmask(SIG_UNBLOCK, &sets.set, NULL);
	if (!open_lanes)
		sigprocmask(SIG_UNBLOCK, &sets.urgent, NULL);
}

/* What was not received must not meet the next lane with that number. */
static void discard(int number)
{
	signal(number, SIG_IGN);
	signal(number, SIG_DFL);
}

static void discard_all(int number)
{
	discard(number);
	for (unsigned int i = 0; i < PRIORITIES; i++)
		discard(urgent_number(i));
}

/* ---- life ------------------------------------------------------------------ */

/* All signals that are pending with any of the user's processes count. */
static int allow_pending(struct signal_lane *own, unsigned int depth)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_SIGPENDING, &own->pending))
		return -errno;
	if (own->pending.rlim_cur >= depth)
		return 0;
	limit.rlim_cur = depth;
	limit.rlim_max = own->pending.rlim_max > depth ? own->pending.rlim_max : depth;
	return setrlimit(RLIMIT_SIGPENDING, &limit) ? -errno : 0;
}

/*
 * A file without a name, which others find as long as we have it open: nothing
 * stays of it.
 */
static int make_file(struct lane *lane)
{
	struct signal_lane *own = lane->own;

	own->file = or_errno(memfd_create(lane->how->name, MFD_CLOEXEC));
	if (own->file < 0)
		return own->file;
	snprintf(lane->address, sizeof(lane->address), "/proc/%d/fd/%d", (int)getpid(), own->file);
	return 0;
}

/* Blocked before anyone is forked: who has inherited that cannot be killed. */
int signal_open(struct lane *lane)
{
	struct signal_lane *own;
	int ret;

	if (lane->broadcast || lane->receivers > 1)
		return -EOPNOTSUPP;
	if (own_alloc(&lane->own, sizeof(*own)))
		return -ENOMEM;
	own = lane->own;
	own->file = -1;
	own->number = take_number();
	ret = own->number < 0 ? own->number : allow_pending(own, lane->depth);
	if (!ret)
		ret = make_file(lane);
	if (!ret)
		block(own->number);
	else
		signal_close(lane);
	return ret;
}

void signal_close(struct lane *lane)
{
	struct signal_lane *own = lane->own;

	if (own->number > 0) {
		give_number(own->number);
		discard_all(own->number);
		unblock(own->number);
		setrlimit(RLIMIT_SIGPENDING, &own->pending);
	}
	fd_close(&own->file);
	free(own);
	lane->own = NULL;
}

/* The receiver writes down who it is, as servers do in /run. */
static int announce(struct end *end)
{
	struct signal_lane *lane = end->lane->own;
	struct signal_end *own = end->own;
	FILE *file;

	if (!lane)
		return -EOPNOTSUPP;
	file = fopen(end->lane->address, "we");
	if (!file)
		return -errno;
	own->number = lane->number;
	own->receiver = own->self;
	fprintf(file, "%d %d\n", (int)own->receiver, own->number);
	return fclose(file) ? -errno : 0;
}

static int find_receiver(struct end *end)
{
	struct signal_end *own = end->own;
	FILE *file = fopen(end->lane->address, "re");
	int got;

	if (!file)
		return -errno;
	got = fscanf(file, "%d %d", &own->receiver, &own->number);
	fclose(file);
	return got == 2 ? 0 : -ENOTCONN;
}

int signal_join(struct end *end)
{
	struct signal_end *own;
	int ret;

	if (own_alloc(&end->own, sizeof(*own)))
		return -ENOMEM;
	own = end->own;
	own->self = getpid();
	own->fd = -1;
	own->urgent_fd = -1;
	ret = end->role == ROLE_RECEIVER ? announce(end) : find_receiver(end);
	if (ret) {
		free(own);
		end->own = NULL;
		return ret;
	}
	fill_sets(own);
	return 0;
}

void signal_leave(struct end *end)
{
	struct signal_end *own = end->own;

	if (end->role == ROLE_RECEIVER)
		discard_all(own->number);
	fd_close(&own->fd);
	fd_close(&own->urgent_fd);
	free(own);
	end->own = NULL;
}

/* ---- messages -------------------------------------------------------------- */

/*
 * What sigqueue() does, which leaves si_errno at 0; here it is the length. Who has
 * sent it is what we say: the kernel does not look.
 */
static int queue(const struct signal_end *own, int number, pid_t as, const void *data, size_t len)
{
	siginfo_t info = { .si_signo = number, .si_code = SI_QUEUE, .si_errno = (int)len };

	if (len > SIGNAL_BYTES)
		return -EMSGSIZE;
	info.si_pid = as;
	info.si_uid = getuid();
	memcpy(&info.si_value, data, len);
	return or_errno(syscall(SYS_rt_sigqueueinfo, own->receiver, number, &info));
}

/* There is no call that waits until a signal can be queued. */
static int queue_within(const struct signal_end *own, int number, const void *data, size_t len,
			int64_t limit)
{
	int ret;

	while ((ret = queue(own, number, own->self, data, len)) == -EAGAIN) {
		if (limit == WAIT_NEVER)
			break;
		if (limit > 0 && !limit_left(limit))
			return -ETIMEDOUT;
		sched_yield();
	}
	return ret;
}

int signal_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	const struct signal_end *own = end->own;

	(void)type;
	return queue_within(own, own->number, data, len, wait_end(wait));
}

int signal_forge(struct end *end, pid_t as, const void *data, size_t len)
{
	const struct signal_end *own = end->own;

	return queue(own, own->number, as, data, len);
}

int signal_send_priority(struct end *end, unsigned int priority, const void *data, size_t len)
{
	if (priority >= PRIORITIES)
		return -EINVAL;
	return queue_within(end->own, urgent_number(priority), data, len, WAIT_FOREVER);
}

int signal_sender(struct end *end, pid_t *pid)
{
	const struct signal_end *own = end->own;

	*pid = own->sender;
	return 0;
}

ssize_t signal_unpack(struct end *end, pid_t sender, int len, const void *value, void *buf,
		      size_t size)
{
	struct signal_end *own = end->own;
	size_t bytes = len < 0 || (size_t)len > SIGNAL_BYTES ? 0 : len;

	own->sender = sender;
	memcpy(buf, value, bytes < size ? bytes : size);
	return bytes;
}
