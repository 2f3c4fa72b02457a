/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_PAGES_H
#define MBX_PAGES_H

#include <linux/mm_types.h>
#include <linux/types.h>

struct mbx_user;

/**
 * struct mbx_pages - memory that user space may map, charged to a user
 * @user: whom it is charged to; referenced
 * @count: how many pages there are
 * @page: the pages, zeroed when they were new
 *
 * All members are invariant after init. Each page has a reference of this and
 * one of each page table that has it, so that no page is freed while it can be
 * reached. What maps them keeps the file that owns this, see mbx_pages_fault().
 */
struct mbx_pages {
	struct mbx_user *user;
	unsigned int count;
	struct page *page[];
};

struct mbx_pages *mbx_pages_new(struct mbx_user *user, unsigned int count);
void mbx_pages_free(struct mbx_pages *pages);

int mbx_pages_may_map(struct vm_area_struct *vma, unsigned long count,
		      bool writable);
vm_fault_t mbx_pages_fault(const struct mbx_pages *pages,
			   struct vm_fault *fault, unsigned long index);

#endif /* MBX_PAGES_H */
