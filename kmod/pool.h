/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_POOL_H
#define MBX_POOL_H

#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct mbx_pages;
struct mbx_user;

/**
 * struct mbx_block - part of a pool that begins at a certain unit
 * @units: how long it is; 0 where no block begins
 * @given: how often its offset was told to the receiver and not given back
 * @held: a message has its payload there
 *
 * It is free once it is neither given nor held.
 */
struct mbx_block {
	u32 units;
	u16 given;
	bool held;
};

/**
 * struct mbx_pool - memory of a receiver in which payloads land
 * @refs: one of the handle, one of each message whose payload is in it
 * @pages: its memory (invariant after init)
 * @base: that memory in one piece, as the kernel sees it (invariant after init)
 * @size: in bytes, a multiple of the page size (invariant after init)
 * @lock: innermost lock: protects all members below
 * @used: which units belong to blocks
 * @blocks: by the unit in which they begin
 *
 * Programs see the pages through read-only mappings, each of which keeps the
 * file, and so the handle. What is in a block that is held or given never
 * changes. The kernel takes nothing from the pages but payloads.
 */
struct mbx_pool {
	refcount_t refs;
	struct mbx_pages *pages;
	u8 *base;
	size_t size;
	spinlock_t lock; /* all members below */
	unsigned long *used;
	struct mbx_block blocks[];
};

struct mbx_pool *mbx_pool_new(struct mbx_user *user, size_t size);
void mbx_pool_put(struct mbx_pool *pool);
size_t mbx_pool_free_bytes(struct mbx_pool *pool);

bool mbx_pool_hold(struct mbx_pool *pool, u32 len, u32 *offset);
void mbx_pool_drop(struct mbx_pool *pool, u32 offset);
bool mbx_pool_may_give(struct mbx_pool *pool, u32 offset);
void mbx_pool_give(struct mbx_pool *pool, u32 offset);
void mbx_pool_take_back(struct mbx_pool *pool, u32 offset);
int mbx_pool_take_back_all(struct mbx_pool *pool, const u64 *offsets,
			   u32 count);

#endif /* MBX_POOL_H */
