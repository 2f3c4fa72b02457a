// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "offer.h"
#include "word.h"

/* How long a receiver that was there a moment ago may take to come. */
#define AT_HAND	(LIMIT_SECOND / 10)

enum {
	OFFER_NONE,
	OFFER_MADE,
	OFFER_TAKING,
	OFFER_TURN = 3,		/* mask of these */
	OFFER_ASLEEP = 4,	/* who waits for the turn to change sleeps */
};

/* ---- the word -------------------------------------------------------------- */

/* Acquire: who sees that it is his turn sees what was written before. */
static uint32_t turn_of(struct offer *offer)
{
	return atomic_load_explicit(&offer->turn, memory_order_acquire);
}

/* Release, for turn_of(). The one who slept is woken: a system call only if so. */
static void give_turn(struct offer *offer, uint32_t turn)
{
	uint32_t old = atomic_exchange_explicit(&offer->turn, turn, memory_order_acq_rel);

	if (old & OFFER_ASLEEP)
		word_wake(&offer->turn);
}

/*
 * What both may leave is left by a change that fails if the other one was faster.
 * @keep: the sleeper's bit, as it is still the same one who waits.
 */
static bool leave_made(struct offer *offer, uint32_t to, uint32_t keep)
{
	uint32_t old = turn_of(offer);

	while ((old & OFFER_TURN) == OFFER_MADE)
		if (atomic_compare_exchange_weak(&offer->turn, &old, (old & keep) | to))
			return true;
	return false;
}

/* Sleep unless the word changes before; it may be that it has not afterwards. */
static int sleep_at(struct offer *offer, uint32_t turn, int64_t limit)
{
	uint32_t seen = turn;

	if (limit == WAIT_NEVER)
		return -EAGAIN;
	if (!(turn & OFFER_ASLEEP) &&
	    !atomic_compare_exchange_strong(&offer->turn, &seen, turn | OFFER_ASLEEP))
		return 0;
	return word_wait(&offer->turn, turn | OFFER_ASLEEP, limit);
}

static bool is_none(uint32_t turn)
{
	return (turn & OFFER_TURN) == OFFER_NONE;
}

/* Wait until it is OFFER_NONE, or is not: 0 or why that was not to be. */
static int await_none(struct offer *offer, bool none, int64_t limit)
{
	uint32_t turn;
	int ret = 0;

	while (is_none(turn = turn_of(offer)) != none) {
		if (ret)
			return ret;
		ret = sleep_at(offer, turn, limit);
	}
	return 0;
}

/* ---- sender ---------------------------------------------------------------- */

/* Not to wait means: only to a receiver that waits for us. */
static bool is_awaited(struct offer *offer)
{
	return turn_of(offer) == (OFFER_NONE | OFFER_ASLEEP);
}

/* It is being taken just now, which cannot be called off, but by death. */
static int await_taker(struct offer *offer)
{
	while (await_none(offer, true, wait_end(AT_HAND)))
		if (kill(offer->taker, 0) && errno == ESRCH) {
			give_turn(offer, OFFER_NONE);
			return -EPIPE;
		}
	return 0;
}

static int await_taken(struct offer *offer, int64_t limit)
{
	int ret = await_none(offer, true, limit);

	if (!ret || leave_made(offer, OFFER_NONE, 0))
		return ret;
	return await_taker(offer);
}

int offer_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	struct offer *offer = end->own;
	int ret;

	(void)type;
	if (wait == WAIT_NEVER && !is_awaited(offer))
		return -EAGAIN;
	offer->data = data;
	offer->len = len;
	give_turn(offer, OFFER_MADE);
	ret = await_taken(offer, wait_end(wait == WAIT_NEVER ? AT_HAND : wait));
	return wait == WAIT_NEVER && ret == -ETIMEDOUT ? -EAGAIN : ret;
}

/* ---- receiver -------------------------------------------------------------- */

/* Get hold of the next message. */
static int hold(struct offer *offer, int64_t limit)
{
	do {
		int ret = await_none(offer, false, limit);

		if (ret)
			return ret;
	} while (!leave_made(offer, OFFER_TAKING, OFFER_ASLEEP));
	return 0;
}

/* Copy what is held. Its sender may be gone, and the message with it. */
static ssize_t copy(struct offer *offer, offer_take_fn take, void *buf, size_t size)
{
	size_t len = offer->len;
	size_t part = len < size ? len : size;
	int ret = part ? take(offer, buf, part) : 0;

	if (ret == -ESRCH)
		return RECV_END;
	return ret ? ret : (ssize_t)len;
}

ssize_t offer_recv(struct end *end, offer_take_fn take, void *buf, size_t size, int64_t wait)
{
	struct offer *offer = end->own;
	ssize_t len = hold(offer, wait_end(wait));

	if (len)
		return len;
	len = copy(offer, take, buf, size);
	give_turn(offer, OFFER_NONE);
	return len;
}

ssize_t offer_peek(struct end *end, offer_take_fn take, void *buf, size_t size)
{
	struct offer *offer = end->own;
	ssize_t len = hold(offer, WAIT_NEVER);

	if (len)
		return len;
	len = copy(offer, take, buf, size);
	/* A sender that would have given up while we looked may do so now. */
	give_turn(offer, OFFER_MADE);
	return len;
}

int offer_read(const struct offer *offer, void *buf, size_t len)
{
	struct iovec here = { .iov_base = buf, .iov_len = len };
	struct iovec there = { .iov_base = (void *)offer->data, .iov_len = len };
	ssize_t n = process_vm_readv(offer->pid, &here, 1, &there, 1, 0);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EFAULT;
}

/* ---- life ------------------------------------------------------------------ */

int offer_open(struct lane *lane)
{
	struct offer *offer;

	if (lane->broadcast || lane->senders > 1 || lane->receivers > 1)
		return -EOPNOTSUPP;
	offer = mmap(NULL, sizeof(*offer), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (offer == MAP_FAILED)
		return -errno;
	lane->own = offer;
	return 0;
}

void offer_close(struct lane *lane)
{
	munmap(lane->own, sizeof(struct offer));
	lane->own = NULL;
}

/* The module "yama" lets a process be looked into only by whom it allows to. */
int offer_join(struct end *end)
{
	struct offer *offer = end->lane->own;

	end->own = offer;
	if (!offer)
		return -EOPNOTSUPP;
	if (end->role == ROLE_RECEIVER) {
		offer->taker = getpid();
		return 0;
	}
	offer->pid = getpid();
	offer->parent = getppid();
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	return 0;
}

void offer_leave(struct end *end)
{
	end->own = NULL;
}

/* A child that does nothing has this word where we have it, too. */
static int try_child(void)
{
	static const char word[] = "offer";
	struct offer offer = { .data = word };
	char copy_of_word[sizeof(word)];
	int ret;

	offer.pid = fork();
	if (offer.pid < 0)
		return -errno;
	if (!offer.pid)
		for (;;)
			pause();
	ret = offer_read(&offer, copy_of_word, sizeof(word));
	kill(offer.pid, SIGKILL);
	waitpid(offer.pid, NULL, 0);
	return ret;
}

const char *offer_absent(void)
{
	static char text[160];
	int error = -try_child();

	if (!error)
		return NULL;
	snprintf(text, sizeof(text),
		 "no process may look into another one (%s): be root, or set kernel.yama.ptrace_scope to 1 or 0",
		 strerror(error));
	return text;
}
