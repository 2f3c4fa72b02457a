// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include "internal.h"

/* What mbox_recv_alloc() tries before it knows the length. */
#define FIRST_TRY	1024

static int send_vec(struct mbox *mbox, const struct mbox_message *vec,
		    unsigned int count, int64_t timeout)
{
	struct mbox_send arg = { .count = count, .vec = (uintptr_t)vec };
	struct mbx_wait wait;
	int ret = mbx_wait_init(&wait, timeout);

	if (ret < 0)
		return ret;
	arg.flags = wait.nowait ? MBOX_SEND_NOWAIT : 0;
	arg.deadline = wait.deadline;
	return mbx_ioctl(mbox->fd, MBOX_IOC_SEND, &arg, (int)count);
}

MBX_EXPORT int mbox_send(struct mbox *mbox, uint64_t type, const void *data,
			 size_t len, int64_t timeout)
{
	const struct mbox_message message = {
		.header.type = type,
		.header.len = len,
		.buf = (uintptr_t)data,
	};
	int ret = send_vec(mbox, &message, 1, timeout);

	if (ret < 0)
		return ret;
	return ret == 1 ? 0 : -EPROTO;
}

MBX_EXPORT int mbox_sendv(struct mbox *mbox, const struct mbox_message *vec,
			  unsigned int count, int64_t timeout)
{
	if (count < 1 || count > MBOX_VEC_MAX)
		return -EINVAL;
	return send_vec(mbox, vec, count, timeout);
}

/* Callers use the length to read the buffer: it must be within. */
static bool lengths_fit(const struct mbox_message *vec, int count)
{
	for (int i = 0; i < count; i++) {
		if (vec[i].header.len > vec[i].size)
			return false;
	}
	return true;
}

static int recv_vec(struct mbox *mbox, const struct mbox_filter *filter,
		    uint32_t flags, struct mbox_message *vec,
		    unsigned int count, const struct mbx_wait *wait)
{
	struct mbox_recv arg = {
		.flags = flags,
		.count = count,
		.vec = (uintptr_t)vec,
		.deadline = wait->deadline,
	};
	int ret;

	if (wait->nowait)
		arg.flags |= MBOX_RECV_NOWAIT;
	if (filter) {
		arg.flags |= MBOX_RECV_FILTER;
		arg.filter = *filter;
	}
	ret = mbx_ioctl(mbox->fd, MBOX_IOC_RECV, &arg, (int)count);
	if (flags & MBOX_RECV_TRUNC || lengths_fit(vec, ret))
		return ret;
	return -EPROTO;
}

static int recv_one(struct mbox *mbox, const struct mbox_filter *filter,
		    uint32_t flags, struct mbox_header *header, void *buf,
		    size_t size, const struct mbx_wait *wait)
{
	struct mbox_message message = {
		.buf = (uintptr_t)buf,
		.size = size,
	};
	int ret = recv_vec(mbox, filter, flags, &message, 1, wait);

	if (header && (ret == 1 || ret == -EMSGSIZE))
		*header = message.header;
	return ret;
}

MBX_EXPORT int mbox_recv(struct mbox *mbox, struct mbox_header *header,
			 void *buf, size_t size, int64_t timeout)
{
	return mbox_recv_filter(mbox, NULL, 0, header, buf, size, timeout);
}

MBX_EXPORT int mbox_recv_filter(struct mbox *mbox,
				const struct mbox_filter *filter,
				uint32_t flags, struct mbox_header *header,
				void *buf, size_t size, int64_t timeout)
{
	struct mbx_wait wait;
	int ret;

	if (flags & ~(MBOX_RECV_PEEK | MBOX_RECV_TRUNC))
		return -EINVAL;
	ret = mbx_wait_init(&wait, timeout);
	if (ret < 0)
		return ret;
	return recv_one(mbox, filter, flags, header, buf, size, &wait);
}

MBX_EXPORT int mbox_recvv(struct mbox *mbox, const struct mbox_filter *filter,
			  struct mbox_message *vec, unsigned int count,
			  int64_t timeout)
{
	struct mbx_wait wait;
	int ret;

	if (count < 1 || count > MBOX_VEC_MAX)
		return -EINVAL;
	ret = mbx_wait_init(&wait, timeout);
	if (ret < 0)
		return ret;
	return recv_vec(mbox, filter, 0, vec, count, &wait);
}

/* Changes the size of *@data to @size and one byte for the NUL. */
static int resize(char **data, size_t size)
{
	char *moved = realloc(*data, size + 1);

	if (!moved)
		return -ENOMEM;
	*data = moved;
	return 0;
}

/*
 * Each try knows the length of the message that was too long for the one
 * before it. Another receiver may have taken that one meanwhile and a longer
 * one may be next, so there can be several.
 */
static int recv_growing(struct mbox *mbox, const struct mbox_filter *filter,
			struct mbox_header *header, char **data,
			const struct mbx_wait *wait)
{
	size_t size = FIRST_TRY;
	int ret;

	for (;;) {
		ret = resize(data, size);
		if (ret < 0)
			return ret;
		ret = recv_one(mbox, filter, 0, header, *data, size, wait);
		if (ret != -EMSGSIZE)
			return ret;
		if (header->len <= size || header->len > MBOX_SIZE_MAX)
			return -EPROTO;
		size = header->len;
	}
}

MBX_EXPORT int mbox_recv_alloc(struct mbox *mbox,
			       const struct mbox_filter *filter,
			       struct mbox_header *header, void **data,
			       int64_t timeout)
{
	struct mbox_header own;
	struct mbx_wait wait;
	char *buf = NULL;
	int ret = mbx_wait_init(&wait, timeout);

	if (ret < 0)
		return ret;
	ret = recv_growing(mbox, filter, &own, &buf, &wait);
	if (ret != 1)
		goto free_buf;
	buf[own.len] = '\0';
	/* A failure to shrink leaves more than enough. */
	resize(&buf, own.len);
	if (header)
		*header = own;
	*data = buf;
	return 1;

free_buf:
	free(buf);
	return ret;
}
