/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_EVENT_H
#define MBX_EVENT_H

#include <linux/types.h>

struct mbx_handle;
struct mbx_mailbox;

/**
 * struct mbx_event - what happened to a mailbox
 * @cmd: MBOX_CMD_*_NTF
 * @handle: handle that it was about, or 0
 * @rights: MBOX_RIGHT_* that it was about, or 0
 * @count: messages that it was about, or 0
 */
struct mbx_event {
	u8 cmd;
	u64 handle;
	u32 rights;
	u64 count;
};

void mbx_event_send(struct mbx_mailbox *mbox, const struct mbx_event *event);
void mbx_event_timed_out(struct mbx_mailbox *mbox,
			 const struct mbx_handle *handle, u32 right);

#endif /* MBX_EVENT_H */
