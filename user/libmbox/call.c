// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include "internal.h"

/* A time that has passed long ago. */
#define PAST	1

MBX_EXPORT int mbox_call_step(struct mbox *mbox, struct mbox_call *call)
{
	int ret = mbx_ioctl(mbox->fd, MBOX_IOC_CALL, call, 0);

	/* Callers use the length to read the buffer: it must be within. */
	if (ret == 0 && call->header.len > call->room)
		return -EPROTO;
	return ret;
}

/*
 * A call that was interrupted goes on without us. This ends it: with its reply,
 * if that has come meanwhile.
 */
static int give_up(struct mbox *mbox, struct mbox_call *call, int reason)
{
	int ret;

	call->flags |= MBOX_CALL_NOWAIT;
	call->deadline = PAST;
	ret = mbox_call_step(mbox, call);
	return ret == -ETIMEDOUT ? reason : ret;
}

MBX_EXPORT int mbox_call(struct mbox *mbox, uint64_t type, const void *data,
			 size_t len, struct mbox_header *header, void *reply,
			 size_t room, int64_t timeout)
{
	struct mbox_call call = {
		.type = type,
		.buf = (uintptr_t)data,
		.len = len,
		.reply = (uintptr_t)reply,
		.room = room,
	};
	struct mbx_wait wait;
	int ret = mbx_wait_init(&wait, timeout);

	if (ret < 0)
		return ret;
	if (wait.nowait)
		return -EINVAL;
	call.deadline = wait.deadline;
	ret = mbox_call_step(mbox, &call);
	if (ret < 0 && call.cookie)
		ret = give_up(mbox, &call, ret);
	if (ret == 0 && header)
		*header = call.header;
	return ret;
}
