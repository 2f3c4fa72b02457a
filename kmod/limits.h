/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_LIMITS_H
#define MBX_LIMITS_H

#include <linux/types.h>

struct mbox_limits;
struct mbx_mailbox;

void mbx_limits_default(struct mbox_limits *limits);
const char *mbx_limits_refusal(const struct mbox_limits *limits);
bool mbx_limits_fits_locked(const struct mbx_mailbox *mbox, u32 len);
bool mbx_limits_room_locked(const struct mbx_mailbox *mbox);

#endif /* MBX_LIMITS_H */
