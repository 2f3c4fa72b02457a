// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for payloads with a head before them.
 *
 * Kernels mostly zero what they allocate, which for a payload of some pages costs
 * as much as a copy of it. Objects of a cache with a constructor are exempt. So
 * nothing here may be copied out but what was copied in.
 */
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "memory.h"

/* Payloads are often a power of two: there is room for their heads. */
#define HEAD_ROOM	256

/* Pages in a row are taken where they are at hand, not made. */
#define EASY_GFP	(GFP_KERNEL_ACCOUNT | __GFP_NORETRY | __GFP_NOWARN)

#define SHIFT_MIN	8
#define SHIFT_MAX	16
#define CLASSES		(SHIFT_MAX - SHIFT_MIN + 1)

static struct kmem_cache *tiny_cache;
static struct kmem_cache *caches[CLASSES];

static const char * const names[CLASSES] = {
	"mbx_memory-256", "mbx_memory-512", "mbx_memory-1k", "mbx_memory-2k",
	"mbx_memory-4k", "mbx_memory-8k", "mbx_memory-16k", "mbx_memory-32k",
	"mbx_memory-64k",
};

/* A class has twice the room of the one before, and the first none for a head. */
static size_t class_size(unsigned int class)
{
	return (1 << (SHIFT_MIN + class)) + (class ? HEAD_ROOM : 0);
}

static struct kmem_cache *cache_for(size_t size)
{
	unsigned int class;

	if (size <= MBX_MEMORY_TINY)
		return tiny_cache;
	if (size <= class_size(0))
		return caches[0];
	class = order_base_2(size - HEAD_ROOM);
	class = max_t(unsigned int, class, SHIFT_MIN + 1) - SHIFT_MIN;
	return class < CLASSES ? caches[class] : NULL;
}

/**
 * mbx_memory_alloc() - allocate memory, which is not zeroed
 * @size: how much, bytes
 *
 * Context: may sleep; no lock held.
 * Return: the memory, or NULL.
 */
void *mbx_memory_alloc(size_t size)
{
	struct kmem_cache *cache = cache_for(size);
	void *memory;

	if (!cache)
		return kvmalloc(size, MBX_GFP);
	if (size <= PAGE_SIZE)
		return kmem_cache_alloc(cache, MBX_GFP);
	memory = kmem_cache_alloc(cache, EASY_GFP);
	return memory ? memory : __vmalloc(size, MBX_GFP);
}

/**
 * mbx_memory_free() - free memory
 * @memory: from mbx_memory_alloc()
 * @size: likewise
 *
 * Context: may sleep; no spinlock held.
 */
void mbx_memory_free(void *memory, size_t size)
{
	struct kmem_cache *cache = cache_for(size);

	if (cache && !is_vmalloc_addr(memory))
		kmem_cache_free(cache, memory);
	else
		kvfree(memory);
}

/* That there is one is all that matters. */
static void constructor(void *memory)
{
}

static struct kmem_cache *create(const char *name, size_t size,
				 void (*ctor)(void *))
{
	return kmem_cache_create_usercopy(name, size, 0, SLAB_ACCOUNT,
					  MBX_MEMORY_HEAD,
					  size - MBX_MEMORY_HEAD, ctor);
}

/**
 * mbx_memory_init() - prepare for allocations
 *
 * Context: module load.
 * Return: 0 or -ENOMEM.
 */
int mbx_memory_init(void)
{
	unsigned int class;

	/* A constructor would make each of these larger by a pointer. */
	tiny_cache = create("mbx_memory-192", MBX_MEMORY_TINY, NULL);
	if (!tiny_cache)
		return -ENOMEM;
	for (class = 0; class < CLASSES; class++) {
		caches[class] = create(names[class], class_size(class),
				       constructor);
		if (!caches[class]) {
			mbx_memory_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * mbx_memory_exit() - undo mbx_memory_init()
 *
 * Context: module unload, or load that failed.
 */
void mbx_memory_exit(void)
{
	unsigned int class;

	for (class = 0; class < CLASSES; class++)
		kmem_cache_destroy(caches[class]);
	kmem_cache_destroy(tiny_cache);
}
