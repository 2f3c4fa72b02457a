// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include "internal.h"

/* What mbox_recv_alloc() tries before it knows the length. */
#define FIRST_TRY	1024

static int do_send(struct mbox *mbox, struct mbox_send *arg, int64_t timeout)
{
	struct mbx_wait wait;
	int ret = mbx_wait_init(&wait, timeout);

	if (ret < 0)
		return ret;
	if (wait.nowait)
		arg->flags |= MBOX_SEND_NOWAIT;
	arg->deadline = wait.deadline;
	return mbx_ioctl(mbox->fd, MBOX_IOC_SEND, arg, (int)arg->count);
}

MBX_EXPORT int mbox_send_with(struct mbox *mbox, uint64_t type,
			      const void *data, size_t len,
			      const struct mbox_send_options *options,
			      int64_t timeout)
{
	const struct mbox_message message = {
		.header.type = type,
		.header.len = len,
		.header.to = options->to,
		.buf = (uintptr_t)data,
	};
	struct mbox_send arg = {
		.flags = options->sync ? MBOX_SEND_SYNC : 0,
		.count = 1,
		.vec = (uintptr_t)&message,
		.ttl = options->ttl,
	};
	int ret = do_send(mbox, &arg, timeout);

	if (ret < 0)
		return ret;
	return ret == 1 ? 0 : -EPROTO;
}

MBX_EXPORT int mbox_send(struct mbox *mbox, uint64_t type, const void *data,
			 size_t len, int64_t timeout)
{
	static const struct mbox_send_options plain;

	return mbox_send_with(mbox, type, data, len, &plain, timeout);
}

MBX_EXPORT int mbox_sendv(struct mbox *mbox, const struct mbox_message *vec,
			  unsigned int count, int64_t timeout)
{
	struct mbox_send arg = { .count = count, .vec = (uintptr_t)vec };

	if (count < 1 || count > MBOX_VEC_MAX)
		return -EINVAL;
	return do_send(mbox, &arg, timeout);
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

/**
 * struct how - how to receive
 * @filter: filter, or NULL for the handle's
 * @flags: MBOX_RECV_* but NOWAIT and FILTER
 * @lease: with MBOX_RECV_LEASE for how long
 * @wait: how long to wait
 */
struct how {
	const struct mbox_filter *filter;
	uint32_t flags;
	uint64_t lease;
	struct mbx_wait wait;
};

static int recv_vec(struct mbox *mbox, const struct how *how,
		    struct mbox_message *vec, unsigned int count)
{
	struct mbox_recv arg = {
		.flags = how->flags,
		.count = count,
		.vec = (uintptr_t)vec,
		.deadline = how->wait.deadline,
		.lease = how->lease,
	};
	int ret;

	if (how->wait.nowait)
		arg.flags |= MBOX_RECV_NOWAIT;
	if (how->filter) {
		arg.flags |= MBOX_RECV_FILTER;
		arg.filter = *how->filter;
	}
	ret = mbx_ioctl(mbox->fd, MBOX_IOC_RECV, &arg, (int)count);
	if (how->flags & MBOX_RECV_TRUNC || lengths_fit(vec, ret))
		return ret;
	return -EPROTO;
}

static int recv_one(struct mbox *mbox, const struct how *how,
		    struct mbox_header *header, void *buf, size_t size)
{
	struct mbox_message message = {
		.buf = (uintptr_t)buf,
		.size = size,
	};
	int ret = recv_vec(mbox, how, &message, 1);

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
	struct how how = { .filter = filter, .flags = flags };
	int ret;

	if (flags & ~(MBOX_RECV_PEEK | MBOX_RECV_TRUNC))
		return -EINVAL;
	ret = mbx_wait_init(&how.wait, timeout);
	if (ret < 0)
		return ret;
	return recv_one(mbox, &how, header, buf, size);
}

MBX_EXPORT int mbox_recvv(struct mbox *mbox, const struct mbox_filter *filter,
			  struct mbox_message *vec, unsigned int count,
			  int64_t timeout)
{
	struct how how = { .filter = filter };
	int ret;

	if (count < 1 || count > MBOX_VEC_MAX)
		return -EINVAL;
	ret = mbx_wait_init(&how.wait, timeout);
	if (ret < 0)
		return ret;
	return recv_vec(mbox, &how, vec, count);
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
static int recv_growing(struct mbox *mbox, const struct how *how,
			struct mbox_header *header, char **data)
{
	size_t size = FIRST_TRY;
	int ret;

	for (;;) {
		ret = resize(data, size);
		if (ret < 0)
			return ret;
		ret = recv_one(mbox, how, header, *data, size);
		if (ret != -EMSGSIZE)
			return ret;
		if (header->len <= size || header->len > MBOX_SIZE_MAX)
			return -EPROTO;
		size = header->len;
	}
}

static int recv_alloc(struct mbox *mbox, struct how *how,
		      struct mbox_header *header, void **data, int64_t timeout)
{
	struct mbox_header own;
	char *buf = NULL;
	int ret = mbx_wait_init(&how->wait, timeout);

	if (ret < 0)
		return ret;
	ret = recv_growing(mbox, how, &own, &buf);
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

MBX_EXPORT int mbox_recv_alloc(struct mbox *mbox,
			       const struct mbox_filter *filter,
			       struct mbox_header *header, void **data,
			       int64_t timeout)
{
	struct how how = { .filter = filter };

	return recv_alloc(mbox, &how, header, data, timeout);
}

MBX_EXPORT int mbox_lease(struct mbox *mbox, const struct mbox_filter *filter,
			  int64_t duration, struct mbox_header *header,
			  void **data, int64_t timeout)
{
	struct how how = {
		.filter = filter,
		.flags = MBOX_RECV_LEASE,
		.lease = (uint64_t)duration,
	};

	if (duration < 0)
		return -EINVAL;
	return recv_alloc(mbox, &how, header, data, timeout);
}
