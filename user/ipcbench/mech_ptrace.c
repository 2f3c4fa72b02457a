// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace - a message that the receiver takes out of its sender as a debugger would
 *
 * For every message the receiver seizes the sender, has it stop, reads its memory
 * a word at a time, and lets it go. It does not keep it: a process has one tracer
 * only, and each of its signals stops it until the tracer has seen it. So two
 * processes can send to each other, and one to many.
 *
 * The stop does not disturb the sender, which sleeps until its message is taken:
 * the kernel takes up that wait again by itself.
 */
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "offer.h"

#define WORD		sizeof(long)

/* From here on one call for all is faster. */
#define WORDS_MAX	8

/*
 * It has been killed. Its parent hears of that only after us; but if we are the
 * parent, the news is not for here.
 */
static void let_die(const struct offer *offer)
{
	if (offer->parent != getpid())
		while (waitpid(offer->pid, NULL, __WALL) < 0 && errno == EINTR)
			;
}

/* The signal that it is to get when it goes on, or 0, or a negative errno. */
static int await_stop(const struct offer *offer)
{
	siginfo_t info;

	while (waitid(P_PID, offer->pid, &info, WSTOPPED | WEXITED | WNOWAIT | __WALL))
		if (errno != EINTR)
			return -errno;
	if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED)
		return -ESRCH;
	return info.si_status >> 8 == PTRACE_EVENT_STOP ? 0 : info.si_status;
}

static int peek_words(const struct offer *offer, void *buf, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		long word;

		errno = 0;
		word = ptrace(PTRACE_PEEKDATA, offer->pid, (char *)offer->data + i * WORD, NULL);
		if (errno)
			return -errno;
		memcpy((char *)buf + i * WORD, &word, WORD);
	}
	return 0;
}

static int read_stopped(const struct offer *offer, void *buf, size_t len)
{
	if (len % WORD || len / WORD > WORDS_MAX)
		return offer_read(offer, buf, len);
	return peek_words(offer, buf, len / WORD);
}

/* Nobody may trace what is dead; tell that from what we may not trace. */
static int why_not_seized(const struct offer *offer)
{
	int error = errno;
	char byte;

	return offer_read(offer, &byte, 1) == -ESRCH ? -ESRCH : -error;
}

static int take(const struct offer *offer, void *buf, size_t len)
{
	int ret, signal;

	if (ptrace(PTRACE_SEIZE, offer->pid, NULL, NULL))
		return why_not_seized(offer);
	/* This fails if it has just been killed, as we shall see. */
	ptrace(PTRACE_INTERRUPT, offer->pid, NULL, NULL);
	signal = await_stop(offer);
	ret = signal < 0 ? signal : read_stopped(offer, buf, len);
	if (signal < 0 || ptrace(PTRACE_DETACH, offer->pid, NULL, (long)signal))
		let_die(offer);
	return ret;
}

static ssize_t recv_traced(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	(void)type;
	return offer_recv(end, take, buf, size, wait);
}

static ssize_t peek_traced(struct end *end, void *buf, size_t size)
{
	return offer_peek(end, take, buf, size);
}

const struct mechanism mech_ptrace = {
	.name = "ptrace",
	.title = "ptrace",
	.group = "process",
	.note = "waits are by a futex; more than 64 bytes are read by process_vm_readv",
	.flags = MECHANISM_RENDEZVOUS,
	.absent = offer_absent,
	.max_size = any_size,
	.open = offer_open,
	.close = offer_close,
	.join = offer_join,
	.leave = offer_leave,
	.send = offer_send,
	.recv = recv_traced,
	.peek = peek_traced,
};
