// SPDX-License-Identifier: GPL-2.0
/* Memory that user space may map: what landing pool and ring share. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "breakage.h"
#include "memory.h"
#include "pages.h"
#include "quota.h"

static void put_pages(struct mbx_pages *pages)
{
	unsigned int i;

	for (i = 0; i < pages->count; i++)
		__free_page(pages->page[i]);
	kvfree(pages);
}

static struct mbx_pages *alloc_pages_of(unsigned int count)
{
	struct mbx_pages *pages;

	pages = kvzalloc(struct_size(pages, page, count), MBX_GFP);
	if (!pages)
		return NULL;
	for (; pages->count < count; pages->count++) {
		struct page *page = alloc_page(MBX_GFP | __GFP_ZERO);

		if (!page)
			goto free;
		pages->page[pages->count] = page;
	}
	return pages;

free:
	put_pages(pages);
	return NULL;
}

/**
 * mbx_pages_new() - allocate memory for user space to map
 * @user: whom it is charged to
 * @count: how many pages, 1 or more
 *
 * Context: may sleep.
 * Return: the zeroed pages, or an ERR_PTR: -EDQUOT, -ENOSPC, -ENOMEM.
 */
struct mbx_pages *mbx_pages_new(struct mbx_user *user, unsigned int count)
{
	size_t bytes = (size_t)count << PAGE_SHIFT;
	struct mbx_pages *pages;
	int err;

	err = mbx_quota_charge_bytes(user, bytes);
	if (err)
		return ERR_PTR(err);
	pages = alloc_pages_of(count);
	if (!pages) {
		mbx_quota_uncharge_bytes(user, bytes);
		return ERR_PTR(-ENOMEM);
	}
	pages->user = mbx_user_ref(user);
	return pages;
}

/**
 * mbx_pages_free() - let the pages go
 * @pages: pages that no file maps any more
 *
 * Context: process context. Takes &mbx_domain.users_lock.
 */
void mbx_pages_free(struct mbx_pages *pages)
{
	struct mbx_user *user = pages->user;

	mbx_quota_uncharge_bytes(user, (size_t)pages->count << PAGE_SHIFT);
	put_pages(pages);
	mbx_user_put(user);
}

/**
 * mbx_pages_may_map() - check a mapping, and take from it what it may not get
 * @vma: mapping that is being made
 * @count: pages that it has to have, no more and no less
 * @writable: it may be written
 *
 * Context: mmap of a file.
 * Return: 0, -EINVAL (another size, or private) or -EACCES (it is not to be
 * written, or executed).
 */
int mbx_pages_may_map(struct vm_area_struct *vma, unsigned long count,
		      bool writable)
{
	/* Of a file that was opened for reading VM_SHARED is not set. */
	if (!(vma->vm_flags & VM_MAYSHARE) || vma_pages(vma) != count)
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EACCES;
	if (vma->vm_flags & VM_WRITE && !writable)
		return -EACCES;

	mbx_vm_flags_clear(vma, VM_MAYEXEC);
	/* Or mprotect() gives later what was refused now. */
	if (!writable && !mbx_broken(maywrite))
		mbx_vm_flags_clear(vma, VM_MAYWRITE);
	mbx_vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

/**
 * mbx_pages_fault() - put a page into a page table
 * @pages: pages, which the mapped file keeps
 * @fault: the fault
 * @index: which page
 *
 * Context: page fault.
 * Return: 0 or VM_FAULT_SIGBUS.
 */
vm_fault_t mbx_pages_fault(const struct mbx_pages *pages,
			   struct vm_fault *fault, unsigned long index)
{
	if (index >= pages->count)
		return VM_FAULT_SIGBUS;
	get_page(pages->page[index]);
	fault->page = pages->page[index];
	return 0;
}
