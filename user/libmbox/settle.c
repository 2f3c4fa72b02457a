// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include "internal.h"

static int settle(struct mbox *mbox, uint32_t outcome, uint64_t cookie)
{
	struct mbox_settle arg = { .flags = outcome, .cookie = cookie };

	return mbx_ioctl(mbox->fd, MBOX_IOC_SETTLE, &arg, 0);
}

MBX_EXPORT int mbox_ack(struct mbox *mbox, uint64_t cookie)
{
	return settle(mbox, MBOX_SETTLE_ACK, cookie);
}

MBX_EXPORT int mbox_return(struct mbox *mbox, uint64_t cookie)
{
	return settle(mbox, MBOX_SETTLE_RETURN, cookie);
}

MBX_EXPORT int mbox_wanted(struct mbox *mbox, uint64_t cookie)
{
	return settle(mbox, MBOX_SETTLE_CHECK, cookie);
}

MBX_EXPORT int mbox_reply(struct mbox *mbox, uint64_t cookie, uint64_t type,
			  const void *data, size_t len)
{
	struct mbox_settle arg = {
		.flags = MBOX_SETTLE_REPLY,
		.cookie = cookie,
		.type = type,
		.buf = (uintptr_t)data,
		.len = len,
	};

	return mbx_ioctl(mbox->fd, MBOX_IOC_SETTLE, &arg, 0);
}

static void prepare_next(struct mbox_recv *next, struct mbox_message *message,
			 const struct mbx_wait *wait)
{
	*next = (struct mbox_recv){
		.flags = wait->nowait ? MBOX_RECV_NOWAIT : 0,
		.count = 1,
		.vec = (uintptr_t)message,
		.deadline = wait->deadline,
	};
}

MBX_EXPORT int mbox_reply_recv(struct mbox *mbox, uint64_t *cookie,
			       uint64_t type, const void *data, size_t len,
			       struct mbox_header *header, void *buf,
			       size_t size, int64_t timeout)
{
	struct mbox_message message = { .buf = (uintptr_t)buf, .size = size };
	struct mbox_recv next;
	struct mbox_settle arg = {
		.flags = MBOX_SETTLE_NEXT,
		.cookie = *cookie,
		.next = (uintptr_t)&next,
	};
	struct mbx_wait wait;
	int ret = mbx_wait_init(&wait, timeout);

	if (ret < 0)
		return ret;
	if (arg.cookie) {
		arg.flags |= MBOX_SETTLE_REPLY;
		arg.type = type;
		arg.buf = (uintptr_t)data;
		arg.len = len;
	}
	prepare_next(&next, &message, &wait);
	ret = mbx_ioctl(mbox->fd, MBOX_IOC_SETTLE, &arg, 1);
	*cookie = arg.cookie;
	if (ret == 1 && message.header.len > size)
		return -EPROTO;
	/* Of a reply that is too long the request is still to be answered. */
	if (ret == 1 || (ret == -EMSGSIZE && !arg.cookie))
		*header = message.header;
	return ret;
}
