/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_MEMORY_H
#define MBX_MEMORY_H

#include <linux/gfp.h>

/*
 * For what users make the module allocate: charged to their memory cgroup, and
 * refused where that is full rather than bought with the kill of a process.
 */
#define MBX_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL)

#endif /* MBX_MEMORY_H */
