// SPDX-License-Identifier: LGPL-2.1-or-later
/* msgrcv(2). */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "compat.h"
#include "device.h"
#include "real.h"
#include "sysv.h"

/**
 * struct receiving - a message that is asked for
 * @msqid: queue
 * @fd: handle of it
 * @arg: which message, and how
 * @message: where it goes
 * @nowait: do not wait for one
 */
struct receiving {
	int msqid;
	int fd;
	struct mbox_recv arg;
	struct mbox_message message;
	bool nowait;
};

static struct mbox_filter filter_of(long type, int flags)
{
	if (!type)
		return mbox_filter_any();
	if (type == LONG_MIN)
		return mbox_filter_range(1, MBOX_TYPE_MAX, MBOX_FILTER_LOWEST);
	if (type < 0)
		return mbox_filter_range(1, -type, MBOX_FILTER_LOWEST);
	return mbox_filter_range(type, type, flags & MSG_EXCEPT ? MBOX_FILTER_EXCEPT : 0);
}

static int try_recv(struct receiving *receiving, uint32_t flags)
{
	struct mbox_recv arg = receiving->arg;

	arg.flags |= flags;
	arg.vec = (uintptr_t)&receiving->message;
	return device_ioctl(receiving->fd, MBOX_IOC_RECV, &arg);
}

/* As for a send: who finds the queue gone at the first try came too late. */
static int recv_message(struct receiving *receiving)
{
	int ret = try_recv(receiving, MBOX_RECV_NOWAIT);

	if (ret == -EIDRM)
		return -EINVAL;
	if (ret != -EAGAIN || receiving->nowait)
		return ret;
	return try_recv(receiving, MBOX_RECV_INTR);
}

static int recv_once(struct receiving *receiving)
{
	int ret;

	receiving->fd = sysv_handle_get(receiving->msqid, MBOX_RIGHT_RECV);
	if (receiving->fd < 0)
		return receiving->fd;
	ret = recv_message(receiving);
	if (ret == -EINVAL || ret == -EIDRM)
		sysv_handle_forget(receiving->msqid);
	if (sysv_handle_is_stale(ret))
		sysv_handle_lost(receiving->fd, receiving->fd);
	sysv_handle_put(receiving->msqid, receiving->fd);
	return ret;
}

static int recv_any(struct receiving *receiving)
{
	int ret;

	do {
		ret = recv_once(receiving);
	} while (sysv_handle_is_stale(ret));
	return ret;
}

static long result_of(int ret)
{
	switch (ret) {
	case -EAGAIN:
		return -ENOMSG;
	case -EMSGSIZE:
		return -E2BIG;
	}
	return ret;
}

/* Where the device has written text beside it, the type can be written, too. */
static int put_type(struct msgbuf *msg, uint64_t type, size_t len)
{
	const uintptr_t page = ~(uintptr_t)(getpagesize() - 1);
	long value = type;

	if (!len || ((uintptr_t)msg & page) != ((uintptr_t)msg->mtext & page))
		return sysv_copy_out(&msg->mtype, &value, sizeof(value));
	msg->mtype = value;
	return 0;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static long recv_message_of_type(int msqid, struct msgbuf *msg, size_t size, long type,
				 int flags)
{
	struct receiving receiving = {
		.msqid = msqid,
		.arg.flags = MBOX_RECV_FILTER | (flags & MSG_NOERROR ? MBOX_RECV_TRUNC : 0),
		.arg.count = 1,
		.arg.filter = filter_of(type, flags),
		.message.buf = (uintptr_t)msg->mtext,
		.message.size = size,
		.nowait = flags & IPC_NOWAIT,
	};
	int ret = recv_any(&receiving);
	size_t len;

	if (ret < 0)
		return result_of(ret);
	len = smaller(receiving.message.header.len, size);
	ret = put_type(msg, receiving.message.header.type, len);
	return ret ? ret : (long)len;
}

/* Beyond that the device does not look, and before 0 there is nothing. */
static bool is_index(long index)
{
	return index >= 0 && index <= MBOX_SKIP_MAX;
}

/* MSG_COPY: the message in the place @index of all, which stays. */
static long copy_message(int msqid, struct msgbuf *msg, size_t size, long index, int flags)
{
	struct receiving receiving = {
		.msqid = msqid,
		.arg.flags = MBOX_RECV_FILTER | MBOX_RECV_PEEK,
		.arg.count = 1,
		.arg.filter = mbox_filter_any(),
		.arg.skip = is_index(index) ? index : 0,
		.message.buf = (uintptr_t)msg->mtext,
		.message.size = size,
		.nowait = true,
	};
	int ret;

	if (flags & MSG_EXCEPT || !(flags & IPC_NOWAIT))
		return -EINVAL;
	ret = recv_any(&receiving);
	if ((ret > 0 || ret == -EMSGSIZE) && !is_index(index))
		return -ENOMSG;
	/* To copy a part is not to copy. */
	if (ret == -EMSGSIZE && flags & MSG_NOERROR)
		return -EINVAL;
	if (ret < 0)
		return result_of(ret);
	ret = put_type(msg, receiving.message.header.type, receiving.message.header.len);
	return ret ? ret : (long)receiving.message.header.len;
}

long sysv_recv(int msqid, void *msgp, size_t size, long type, int flags)
{
	if (msqid < 0 || (ssize_t)size < 0)
		return -EINVAL;
	if (flags & MSG_COPY)
		return copy_message(msqid, msgp, size, type, flags);
	return recv_message_of_type(msqid, msgp, size, type, flags);
}

COMPAT_EXPORT ssize_t msgrcv(int msqid, void *msgp, size_t size, long type, int flags)
{
	if (!compat_has(COMPAT_SYSV))
		return REAL(msgrcv)(msqid, msgp, size, type, flags);
	return compat_fail(sysv_recv(msqid, msgp, size, type, flags));
}
