// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"

#define WORD_BITS	64

static size_t samples_size(const struct memory *memory)
{
	return WORKERS_MAX * memory->samples_max * sizeof(*memory->samples);
}

static uint64_t seen_words(const struct memory *memory)
{
	return memory->sequence_max / WORD_BITS + 1;
}

static size_t seen_size(const struct memory *memory)
{
	return WORKERS_MAX * WORKERS_MAX * seen_words(memory) * sizeof(*memory->seen);
}

/* Most of it is never touched, and so takes no memory. */
static void *share(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

int memory_make(struct memory *memory)
{
	memory->arena = share(sizeof(*memory->arena));
	memory->samples = share(samples_size(memory));
	memory->seen = share(seen_size(memory));
	if (memory->arena && memory->samples && memory->seen)
		return 0;
	memory_free(memory);
	return -ENOMEM;
}

static void unshare_memory(void *at, size_t size)
{
	if (at)
		munmap(at, size);
}

void memory_free(struct memory *memory)
{
	unshare_memory(memory->arena, sizeof(*memory->arena));
	unshare_memory(memory->samples, samples_size(memory));
	unshare_memory(memory->seen, seen_size(memory));
	memory->arena = NULL;
	memory->samples = NULL;
	memory->seen = NULL;
}

uint32_t *memory_samples(const struct memory *memory, unsigned int worker)
{
	return memory->samples + worker * memory->samples_max;
}

uint64_t *memory_seen(const struct memory *memory, unsigned int receiver, unsigned int sender)
{
	return memory->seen + (receiver * WORKERS_MAX + sender) * seen_words(memory);
}

/* A sender that was killed may have sent one more than it has told. */
static void clear_seen(const struct memory *memory, unsigned int receiver)
{
	const struct post *posts = memory->arena->posts;

	for (unsigned int sender = 0; sender < WORKERS_MAX; sender++)
		memset(memory_seen(memory, receiver, sender), 0,
		       ((posts[sender].sent + 1) / WORD_BITS + 1) * sizeof(*memory->seen));
}

void memory_clear(struct memory *memory)
{
	for (unsigned int receiver = 0; receiver < WORKERS_MAX; receiver++)
		if (memory->arena->posts[receiver].receives)
			clear_seen(memory, receiver);
	memset(memory->arena, 0, sizeof(*memory->arena));
}

void futex_wait(_Atomic uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

void futex_wake(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}
