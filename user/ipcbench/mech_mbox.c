// SPDX-License-Identifier: GPL-2.0-only
/*
 * mbox - whole messages with a type and a sender, in a mailbox of /dev/mbox
 */
#include <stdlib.h>
#include <string.h>

#include "mbox_end.h"

/* Priorities are 0 to 9; of types the lowest comes first. */
#define TYPE_OF(priority)	(10 - (uint64_t)(priority))

/* Goes back to its place unless it is acknowledged. */
static ssize_t take_leased(struct end *end, const struct mbox_filter *filter, void *buf,
			   size_t size, int64_t wait)
{
	struct mbox_end *own = end->own;
	void *data;
	int ret = mbox_lease(own->mbox, filter, 0, &own->header, &data, wait);

	if (ret <= 0)
		return ret < 0 ? ret : RECV_END;
	memcpy(buf, data, own->header.len < size ? own->header.len : size);
	free(data);
	return own->header.len;
}

static ssize_t recv_message(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	const struct mbox_filter only = mbox_filter_range(type, type, 0);

	if (end->lane->acknowledge)
		return take_leased(end, type ? &only : NULL, buf, size, wait);
	return mbox_end_recv(end, type, buf, size, wait);
}

static ssize_t peek(struct end *end, void *buf, size_t size)
{
	return mbox_end_take(end, NULL, MBOX_RECV_PEEK, buf, size, WAIT_NEVER);
}

static int sender(struct end *end, pid_t *pid)
{
	struct mbox_end *own = end->own;

	*pid = own->header.pid;
	return *pid ? 0 : -ENODATA;
}

static int send_priority(struct end *end, unsigned int priority, const void *data, size_t len)
{
	return mbox_end_send(end, TYPE_OF(priority), data, len, WAIT_FOREVER);
}

static ssize_t recv_priority(struct end *end, void *buf, size_t size)
{
	const struct mbox_filter lowest = mbox_filter_range(1, TYPE_OF(0), MBOX_FILTER_LOWEST);

	return mbox_end_take(end, &lowest, 0, buf, size, WAIT_FOREVER);
}

static int send_sync(struct end *end, const void *data, size_t len, int64_t wait)
{
	static const struct mbox_send_options options = { .sync = true };
	struct mbox_end *own = end->own;

	return mbox_send_with(own->mbox, 1, data, len, &options, wait);
}

static int send_ttl(struct end *end, int64_t ttl, const void *data, size_t len)
{
	const struct mbox_send_options options = { .ttl = ttl };
	struct mbox_end *own = end->own;

	return mbox_send_with(own->mbox, 1, data, len, &options, WAIT_FOREVER);
}

static int ack(struct end *end)
{
	struct mbox_end *own = end->own;

	return mbox_ack(own->mbox, own->header.cookie);
}

static int reply(struct end *end, const void *data, size_t len)
{
	struct mbox_end *own = end->own;

	return mbox_reply(own->mbox, own->header.cookie, 1, data, len);
}

const struct mechanism mech_mbox = {
	.name = "mbox",
	.title = "mbox",
	.group = "mbox",
	.flags = MECHANISM_TYPES,
	.absent = mbox_end_absent,
	.max_size = mbox_end_max_size,
	.shared_max = LANE_SIZE_MAX,
	.open = mbox_end_open,
	.close = mbox_end_release,
	.release = mbox_end_release,
	.join = mbox_end_join,
	.leave = mbox_end_leave,
	.send = mbox_end_send,
	.recv = recv_message,
	.poll_fd = mbox_end_poll_fd,
	.peek = peek,
	.sender = sender,
	.send_priority = send_priority,
	.recv_priority = recv_priority,
	.send_sync = send_sync,
	.send_ttl = send_ttl,
	.ack = ack,
	.call = mbox_end_call,
	.reply = reply,
	.remains = mbox_end_remains,
};
