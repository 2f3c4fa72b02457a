// SPDX-License-Identifier: GPL-2.0
/*
 * The stock: memory of short messages and calls, from which a sender takes that of
 * its next ones.
 *
 * What is kept stays charged to the memory cgroup that it was allocated for, but not
 * to the user's quota. It goes with the handle: a message that stays in a queue keeps
 * its sender, and would keep more memory than was paid for. Debug kernels, which are
 * to see who uses what was freed, keep nothing: see mbx_stock_keeps.
 */
#include "memory.h"
#include "stock.h"

/**
 * struct shelf_kind - what a shelf is for
 * @least: pieces from this size, bytes
 * @largest: to this one; all of one cache of memory.c
 * @most: how many are kept
 */
struct shelf_kind {
	size_t least;
	size_t largest;
	unsigned int most;
};

static const struct shelf_kind kinds[MBX_STOCK_SHELVES] = {
	{ 0, MBX_MEMORY_TINY, 32 },
	{ MBX_MEMORY_SMALL + 1, MBX_MEMORY_MIDDLE, 2 },
};

/* NULL for a size that is not kept. */
static struct mbx_shelf *shelf_for(struct mbx_stock *stock, size_t size)
{
	unsigned int i;

	for (i = 0; i < MBX_STOCK_SHELVES; i++) {
		if (size >= kinds[i].least && size <= kinds[i].largest)
			return &stock->shelves[i];
	}
	return NULL;
}

static void *take_locked(struct mbx_shelf *shelf)
{
	void **first = shelf->first;

	if (!first)
		return NULL;
	shelf->first = *first;
	shelf->count--;
	return first;
}

static void put_locked(struct mbx_shelf *shelf, void **piece)
{
	*piece = shelf->first;
	shelf->first = piece;
	shelf->count++;
}

static bool has_room(const struct mbx_stock *stock, const struct mbx_shelf *shelf)
{
	return !stock->closed && shelf->count < kinds[shelf - stock->shelves].most;
}

/**
 * mbx_stock_init() - make an empty stock
 * @stock: stock
 *
 * Context: any.
 */
void mbx_stock_init(struct mbx_stock *stock)
{
	spin_lock_init(&stock->lock);
	stock->closed = false;
	memset(stock->shelves, 0, sizeof(stock->shelves));
}

/**
 * mbx_stock_close() - free what is kept, and keep nothing more
 * @stock: stock of a sender whose handle goes; its messages may stay for long
 *
 * Context: may sleep; no lock held. Takes &mbx_stock.lock.
 */
void mbx_stock_close(struct mbx_stock *stock)
{
	unsigned int i;
	void *piece;

	spin_lock(&stock->lock);
	stock->closed = true;
	spin_unlock(&stock->lock);
	/* From here on nobody puts a piece there, and nobody is left to take one. */
	for (i = 0; i < MBX_STOCK_SHELVES; i++) {
		while ((piece = take_locked(&stock->shelves[i])))
			mbx_memory_free(piece, kinds[i].largest);
	}
}

/**
 * mbx_stock_alloc() - get memory, which is not zeroed
 * @stock: stock of the sender that it is for
 * @size: how much, bytes
 *
 * Context: may sleep; no lock held. Takes &mbx_stock.lock.
 * Return: the memory, or NULL.
 */
void *mbx_stock_alloc(struct mbx_stock *stock, size_t size)
{
	struct mbx_shelf *shelf = shelf_for(stock, size);
	void *memory;

	/* Whether there is one may be seen without the lock, and be wrong. */
	if (!shelf || !READ_ONCE(shelf->first))
		return mbx_memory_alloc(size);
	spin_lock(&stock->lock);
	memory = take_locked(shelf);
	spin_unlock(&stock->lock);
	return memory ? memory : mbx_memory_alloc(size);
}

/**
 * mbx_stock_free() - give memory back
 * @stock: stock that it came from
 * @memory: from mbx_stock_alloc()
 * @size: likewise
 *
 * Context: may sleep; no spinlock held. Takes &mbx_stock.lock.
 */
void mbx_stock_free(struct mbx_stock *stock, void *memory, size_t size)
{
	struct mbx_shelf *shelf = shelf_for(stock, size);
	bool kept;

	if (!mbx_stock_keeps || !shelf) {
		mbx_memory_free(memory, size);
		return;
	}
	spin_lock(&stock->lock);
	kept = has_room(stock, shelf);
	if (kept)
		put_locked(shelf, memory);
	spin_unlock(&stock->lock);
	if (!kept)
		mbx_memory_free(memory, size);
}
