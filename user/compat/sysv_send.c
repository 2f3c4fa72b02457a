// SPDX-License-Identifier: LGPL-2.1-or-later
/* msgsnd(2). */
#include <errno.h>
#include <poll.h>

#include "compat.h"
#include "device.h"
#include "real.h"
#include "sysv.h"

/* How often a message that is longer than its queue looks whether that has grown. */
#define LOOK_MS		20

/**
 * struct sending - a message on its way
 * @msqid: queue
 * @fd: handle of it
 * @message: the message
 * @nowait: do not wait for room
 */
struct sending {
	int msqid;
	int fd;
	struct mbox_message message;
	bool nowait;
};

static int try_send(const struct sending *sending, uint32_t flags)
{
	struct mbox_send arg = {
		.flags = flags,
		.count = 1,
		.vec = (uintptr_t)&sending->message,
	};

	return device_ioctl(sending->fd, MBOX_IOC_SEND, &arg);
}

/*
 * A queue may have been made smaller than the message: then that waits for the queue
 * to be made larger. The device would tell nobody of that, so it is asked.
 */
static int wait_for_larger_queue(const struct sending *sending)
{
	struct pollfd pollfd = { .fd = sending->fd };

	return poll(&pollfd, 1, LOOK_MS) < 0 ? -EINTR : 0;
}

/*
 * The first try does not wait: so what is removed before the call and what is removed
 * during it are told apart, which the device does not do.
 */
static int send_message(const struct sending *sending)
{
	int ret = try_send(sending, MBOX_SEND_NOWAIT);
	int err = 0;

	if (ret == -EIDRM)
		return -EINVAL;
	while ((ret == -EAGAIN || ret == -EMSGSIZE) && !sending->nowait && !err) {
		if (ret == -EMSGSIZE)
			err = wait_for_larger_queue(sending);
		if (!err)
			ret = try_send(sending, MBOX_SEND_INTR);
	}
	return err ? err : ret;
}

/* What the device can say and the kernel's queues cannot. */
static long result_of(int ret)
{
	switch (ret) {
	case -EMSGSIZE:
		return -EAGAIN;
	case -EDQUOT:
	case -ENOSPC:
		return -ENOMEM;
	}
	return ret < 0 ? ret : 0;
}

static int send_once(struct sending *sending)
{
	int ret;

	sending->fd = sysv_handle_get(sending->msqid, MBOX_RIGHT_SEND);
	if (sending->fd < 0)
		return sending->fd;
	ret = send_message(sending);
	if (ret == -EINVAL || ret == -EIDRM)
		sysv_handle_forget(sending->msqid);
	if (sysv_handle_is_stale(ret))
		sysv_handle_lost(sending->fd, sending->fd);
	sysv_handle_put(sending->msqid, sending->fd);
	return ret;
}

long sysv_send(int msqid, const void *msgp, size_t size, int flags)
{
	const struct msgbuf *msg = msgp;
	struct sending sending = { .msqid = msqid, .nowait = flags & IPC_NOWAIT };
	int ret;

	if (!sysv_readable_long(&msg->mtype))
		return -EFAULT;
	if (msqid < 0 || (ssize_t)size < 0 || sysv_too_long(size) || msg->mtype < 1)
		return -EINVAL;
	sending.message.header.type = msg->mtype;
	sending.message.header.len = size;
	sending.message.buf = (uintptr_t)msg->mtext;
	do {
		ret = send_once(&sending);
	} while (sysv_handle_is_stale(ret));
	return result_of(ret);
}

COMPAT_EXPORT int msgsnd(int msqid, const void *msgp, size_t size, int flags)
{
	if (!compat_has(COMPAT_SYSV))
		return REAL(msgsnd)(msqid, msgp, size, flags);
	return (int)compat_fail(sysv_send(msqid, msgp, size, flags));
}
