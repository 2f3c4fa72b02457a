// SPDX-License-Identifier: GPL-2.0
/* A landing pool: memory of a receiver, and the blocks that it is dealt out in. */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/mbox.h>

#include "memory.h"
#include "pages.h"
#include "pool.h"

/* A pool is dealt out in units of this many bytes, on every kernel. */
#define UNIT	MBOX_POOL_MIN

static u32 units_of(size_t bytes)
{
	return DIV_ROUND_UP(bytes, UNIT);
}

static struct mbx_pool *pool_alloc(size_t size)
{
	struct mbx_pool *pool;

	pool = kvzalloc(struct_size(pool, blocks, units_of(size)), MBX_GFP);
	if (!pool)
		return NULL;
	pool->used = bitmap_zalloc(units_of(size), MBX_GFP);
	if (pool->used)
		return pool;
	kvfree(pool);
	return NULL;
}

static void pool_dealloc(struct mbx_pool *pool)
{
	bitmap_free(pool->used);
	kvfree(pool);
}

static int get_pages(struct mbx_pool *pool, struct mbx_user *user, size_t size)
{
	struct mbx_pages *pages = mbx_pages_new(user, size >> PAGE_SHIFT);

	if (IS_ERR(pages))
		return PTR_ERR(pages);
	pool->base = vmap(pages->page, pages->count, VM_MAP, PAGE_KERNEL);
	if (!pool->base) {
		mbx_pages_free(pages);
		return -ENOMEM;
	}
	pool->pages = pages;
	return 0;
}

/**
 * mbx_pool_new() - make a pool
 * @user: who pays for it
 * @size: size in bytes, a multiple of the page size
 *
 * Context: may sleep.
 * Return: the pool with one reference, or an ERR_PTR: -EDQUOT, -ENOSPC, -ENOMEM.
 */
struct mbx_pool *mbx_pool_new(struct mbx_user *user, size_t size)
{
	struct mbx_pool *pool = pool_alloc(size);
	int err;

	if (!pool)
		return ERR_PTR(-ENOMEM);
	err = get_pages(pool, user, size);
	if (err) {
		pool_dealloc(pool);
		return ERR_PTR(err);
	}
	refcount_set(&pool->refs, 1);
	spin_lock_init(&pool->lock);
	pool->size = size;
	return pool;
}

/**
 * mbx_pool_put() - drop a reference, and with the last one the pool
 * @pool: pool, or NULL
 *
 * Context: may sleep; no spinlock held.
 */
void mbx_pool_put(struct mbx_pool *pool)
{
	if (!pool || !refcount_dec_and_test(&pool->refs))
		return;
	vunmap(pool->base);
	mbx_pages_free(pool->pages);
	pool_dealloc(pool);
}

/**
 * mbx_pool_free_bytes() - how much of a pool is in no block?
 * @pool: pool
 *
 * Context: any. Takes &mbx_pool.lock.
 * Return: bytes.
 */
size_t mbx_pool_free_bytes(struct mbx_pool *pool)
{
	u32 all = units_of(pool->size);
	u32 used;

	spin_lock(&pool->lock);
	used = bitmap_weight(pool->used, all);
	spin_unlock(&pool->lock);
	return (size_t)(all - used) * UNIT;
}

static struct mbx_block *block_at(struct mbx_pool *pool, u64 offset)
{
	return &pool->blocks[offset / UNIT];
}

static void free_if_unused_locked(struct mbx_pool *pool, u64 offset)
{
	struct mbx_block *block = block_at(pool, offset);

	lockdep_assert_held(&pool->lock);

	if (block->held || block->given)
		return;
	bitmap_clear(pool->used, offset / UNIT, block->units);
	block->units = 0;
}

static bool hold_locked(struct mbx_pool *pool, u32 units, u32 *offset)
{
	unsigned long all = units_of(pool->size);
	unsigned long first;

	lockdep_assert_held(&pool->lock);

	/* Always the first that fits: what was used last is still in a cache. */
	first = bitmap_find_next_zero_area(pool->used, all, 0, units, 0);
	if (first >= all)
		return false;
	bitmap_set(pool->used, first, units);
	pool->blocks[first].units = units;
	pool->blocks[first].held = true;
	*offset = first * UNIT;
	return true;
}

/**
 * mbx_pool_hold() - take a block for the payload of a message
 * @pool: pool that somebody else keeps meanwhile; the block keeps it, too
 * @len: payload length in bytes, not 0
 * @offset: where the offset of the block goes
 *
 * Context: any. Takes &mbx_pool.lock.
 * Return: true if there was room.
 */
bool mbx_pool_hold(struct mbx_pool *pool, u32 len, u32 *offset)
{
	bool held;

	spin_lock(&pool->lock);
	held = hold_locked(pool, units_of(len), offset);
	spin_unlock(&pool->lock);
	if (held)
		refcount_inc(&pool->refs);
	return held;
}

/**
 * mbx_pool_drop() - the message of a block is gone
 * @pool: pool; the reference of the block goes
 * @offset: of a block that is held
 *
 * Context: may sleep; no spinlock held. Takes &mbx_pool.lock.
 */
void mbx_pool_drop(struct mbx_pool *pool, u32 offset)
{
	spin_lock(&pool->lock);
	block_at(pool, offset)->held = false;
	free_if_unused_locked(pool, offset);
	spin_unlock(&pool->lock);
	mbx_pool_put(pool);
}

/**
 * mbx_pool_may_give() - may the receiver be told of a block once more?
 * @pool: pool
 * @offset: of a block that is held
 *
 * Only mbx_pool_give() can change that from true to false.
 *
 * Context: any. Takes &mbx_pool.lock.
 * Return: false if it was told so often, without giving back, that it is enough.
 */
bool mbx_pool_may_give(struct mbx_pool *pool, u32 offset)
{
	bool may;

	spin_lock(&pool->lock);
	may = block_at(pool, offset)->given < U16_MAX;
	spin_unlock(&pool->lock);
	return may;
}

/**
 * mbx_pool_give() - the receiver is told of a block
 * @pool: pool
 * @offset: of a block that is held and may be given
 *
 * Context: any. Takes &mbx_pool.lock.
 */
void mbx_pool_give(struct mbx_pool *pool, u32 offset)
{
	spin_lock(&pool->lock);
	block_at(pool, offset)->given++;
	spin_unlock(&pool->lock);
}

/**
 * mbx_pool_take_back() - the receiver was not told after all
 * @pool: pool
 * @offset: of a block that is held; who guessed it may have given it back
 *
 * Context: any. Takes &mbx_pool.lock.
 */
void mbx_pool_take_back(struct mbx_pool *pool, u32 offset)
{
	struct mbx_block *block = block_at(pool, offset);

	spin_lock(&pool->lock);
	if (block->given)
		block->given--;
	spin_unlock(&pool->lock);
}

static bool is_given_locked(struct mbx_pool *pool, u64 offset)
{
	lockdep_assert_held(&pool->lock);

	return offset < pool->size && offset % UNIT == 0 &&
	       block_at(pool, offset)->given;
}

static int take_back_all_locked(struct mbx_pool *pool, const u64 *offsets,
				u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (!is_given_locked(pool, offsets[i]))
			goto undo;
		block_at(pool, offsets[i])->given--;
	}
	while (i--)
		free_if_unused_locked(pool, offsets[i]);
	return 0;

undo:
	while (i--)
		block_at(pool, offsets[i])->given++;
	return -EINVAL;
}

/**
 * mbx_pool_take_back_all() - the receiver gives back blocks
 * @pool: pool
 * @offsets: what it says they are; the same one may be there several times
 * @count: how many
 *
 * Context: any. Takes &mbx_pool.lock.
 * Return: 0, or, with nothing changed, -EINVAL if one of them was not given, or
 * not so often.
 */
int mbx_pool_take_back_all(struct mbx_pool *pool, const u64 *offsets,
			   u32 count)
{
	int err;

	spin_lock(&pool->lock);
	err = take_back_all_locked(pool, offsets, count);
	spin_unlock(&pool->lock);
	return err;
}
