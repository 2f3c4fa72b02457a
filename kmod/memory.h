/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_MEMORY_H
#define MBX_MEMORY_H

#include <linux/gfp.h>
#include <linux/types.h>

/*
 * For what users make the module allocate: charged to their memory cgroup, and
 * refused where that is full rather than bought with the kill of a process.
 */
#define MBX_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL)

/* No payload lies before this in what mbx_memory_alloc() gives. */
#define MBX_MEMORY_HEAD	128

/* Greatest sizes, in bytes, for which there is the same kind of memory. */
#define MBX_MEMORY_TINY		192
#define MBX_MEMORY_SMALL	256
#define MBX_MEMORY_MIDDLE	768

void *mbx_memory_alloc(size_t size);
void mbx_memory_free(void *memory, size_t size);

int mbx_memory_init(void);
void mbx_memory_exit(void);

#endif /* MBX_MEMORY_H */
