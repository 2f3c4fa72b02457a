/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_LANDING_H
#define MBX_LANDING_H

#include <linux/types.h>

struct iov_iter;
struct mbx_handle;
struct mbx_mailbox;
struct mbx_message;
struct mbx_pool;
struct mbx_receive;
struct vm_area_struct;

/**
 * struct mbx_landing - where in a pool a payload is
 * @pool: pool; the block keeps it
 * @offset: of the block, bytes
 */
struct mbx_landing {
	struct mbx_pool *pool;
	u32 offset;
};

int mbx_landing_open(struct mbx_handle *handle, size_t size);
void mbx_landing_close_locked(struct mbx_mailbox *mbox,
			      struct mbx_handle *handle);

int mbx_landing_mmap(struct mbx_handle *handle, struct vm_area_struct *vma);

struct mbx_message *mbx_landing_message(struct mbx_handle *handle, u64 type,
					u64 to, struct iov_iter *from);
struct mbx_pool *mbx_landing_pool(const struct mbx_handle *handle);
u8 *mbx_landing_address(const struct mbx_landing *landing);

bool mbx_landing_is_own(const struct mbx_receive *receive,
			const struct mbx_message *msg);
void mbx_landing_give(struct mbx_receive *receive);
void mbx_landing_take_back(const struct mbx_receive *receive);
u64 mbx_landing_offset(const struct mbx_receive *receive);
int mbx_landing_give_back(struct mbx_handle *handle, const u64 *offsets,
			  u32 count);

#endif /* MBX_LANDING_H */
