/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_STOCK_H
#define MBX_STOCK_H

#include <linux/spinlock.h>
#include <linux/types.h>

/* Kinds of memory that are kept, see stock.c. */
#define MBX_STOCK_SHELVES	2

/**
 * struct mbx_shelf - pieces of memory of one size
 * @first: the piece that was put there last, whose first word leads to the next;
 *	   or NULL
 * @count: how many there are
 */
struct mbx_shelf {
	void *first;
	unsigned int count;
};

/**
 * struct mbx_stock - memory that a sender has used and will need again
 * @lock: protects @closed and @shelves
 * @closed: the sender sends no more, and what comes back is freed
 * @shelves: short messages; calls with short replies
 */
struct mbx_stock {
	spinlock_t lock;
	bool closed;
	struct mbx_shelf shelves[MBX_STOCK_SHELVES];
};

void mbx_stock_init(struct mbx_stock *stock);
void mbx_stock_close(struct mbx_stock *stock);
void *mbx_stock_alloc(struct mbx_stock *stock, size_t size);
void mbx_stock_free(struct mbx_stock *stock, void *memory, size_t size);

#endif /* MBX_STOCK_H */
