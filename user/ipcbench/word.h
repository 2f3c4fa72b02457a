/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for a word of shared memory to change: futexes between processes. */
#ifndef IPCBENCH_WORD_H
#define IPCBENCH_WORD_H

#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "limit.h"
#include "mechanism.h"

/*
 * Sleep until word_wake(), unless @word is not @value any more. @limit is from
 * wait_end(), and not WAIT_NEVER. Returns 0, perhaps for no reason, -ETIMEDOUT or
 * -EINTR.
 */
static inline int word_wait(_Atomic uint32_t *word, uint32_t value, int64_t limit)
{
	struct timespec end = limit_time(limit);
	long ret;

	/* Only this one of the waits takes a point in time instead of a span. */
	ret = syscall(SYS_futex, word, FUTEX_WAIT_BITSET, value,
		      limit == WAIT_FOREVER ? NULL : &end, NULL, FUTEX_BITSET_MATCH_ANY);
	return ret < 0 && errno != EAGAIN ? -errno : 0;
}

/* Wake one who sleeps. */
static inline void word_wake(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

#endif /* IPCBENCH_WORD_H */
