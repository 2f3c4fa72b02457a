/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that mbox builds on. It is included ahead
 * of every file, and no other file has a version or feature conditional.
 */
#ifndef MBX_COMPAT_H
#define MBX_COMPAT_H

#include <linux/version.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <net/genetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "mbox needs Linux 6.1 or later"
#endif

/* Memory that is used again at once hides from KASAN who still uses the old. */
#define mbx_stock_keeps		(!IS_ENABLED(CONFIG_KASAN))

/*
 * Of a variable on the stack that is written before it is read. Kernels mostly
 * zero the others, which for a struct costs as much as what is done with it.
 */
#if __has_attribute(uninitialized)
#define mbx_unset		__attribute__((uninitialized))
#else
#define mbx_unset
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define mbx_splice_read		generic_file_splice_read
#else
#define mbx_splice_read		copy_splice_read
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void mbx_vm_flags_set(struct vm_area_struct *vma,
				    unsigned long flags)
{
	vma->vm_flags |= flags;
}

static inline void mbx_vm_flags_clear(struct vm_area_struct *vma,
				      unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#else
#define mbx_vm_flags_set	vm_flags_set
#define mbx_vm_flags_clear	vm_flags_clear
#endif

#ifndef GENL_MCAST_CAP_NET_ADMIN
#error "this kernel lets everybody join the multicast group: take a newer 6.1.y"
#endif

#endif /* MBX_COMPAT_H */
