/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_INFO_H
#define MBX_INFO_H

struct mbox_info;
struct mbx_handle;
struct mbx_mailbox;

int mbx_info_get(struct mbx_mailbox *mbox, struct mbx_handle *handle,
		 struct mbox_info *info);

#endif /* MBX_INFO_H */
