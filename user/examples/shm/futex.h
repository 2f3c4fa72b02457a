/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * To sleep until a word of shared memory changes. New memory is zero, and so is
 * ready: nobody has to prepare the word before others find it.
 */
#ifndef EXAMPLES_FUTEX_H
#define EXAMPLES_FUTEX_H

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "../check.h"

/* Whoever sees the new value sees what was written before it, too. */
static inline void set_word(_Atomic uint32_t *word, uint32_t value)
{
	atomic_store_explicit(word, value, memory_order_release);
	check_sys(syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0), "futex");
}

/*
 * The kernel sleeps only if the word still is what we have seen: a change in
 * between is not missed.
 */
static inline void await_word(_Atomic uint32_t *word, uint32_t value)
{
	uint32_t seen;

	while ((seen = atomic_load_explicit(word, memory_order_acquire)) != value)
		if (syscall(SYS_futex, word, FUTEX_WAIT, seen, NULL, NULL, 0) < 0 &&
		    errno != EAGAIN && errno != EINTR)
			fail("futex", errno);
}

#endif /* EXAMPLES_FUTEX_H */
