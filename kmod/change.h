/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_CHANGE_H
#define MBX_CHANGE_H

#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/mbox.h>

struct mbx_mailbox;

/**
 * struct mbx_change - new settings of a mailbox
 * @mode: permission bits
 * @uid: owner
 * @gid: group
 * @limits: complete limits
 * @dead_letter: where messages go that came back too often; or NULL
 * @frozen: it gives out no message
 * @steps: but so many more than before
 */
struct mbx_change {
	u32 mode;
	kuid_t uid;
	kgid_t gid;
	struct mbox_limits limits;
	struct mbx_mailbox *dead_letter;
	bool frozen;
	u32 steps;
};

void mbx_change_from(struct mbx_mailbox *mbox, struct mbx_change *settings);
void mbx_change_make(struct mbx_mailbox *mbox, const struct mbx_change *change);

#endif /* MBX_CHANGE_H */
