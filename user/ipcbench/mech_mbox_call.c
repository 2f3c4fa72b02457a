// SPDX-License-Identifier: GPL-2.0-only
/*
 * mbox-call - round trips as calls of a mailbox: CALL sends a request and waits for
 * its reply, SETTLE replies and receives the next request: one system call a side
 */
#include "mbox_end.h"

static int reply(struct end *end, const void *data, size_t len)
{
	struct mbox_end *own = end->own;
	int ret = mbox_reply(own->mbox, own->header.cookie, 1, data, len);

	own->header.cookie = 0;
	return ret;
}

static ssize_t reply_recv(struct end *end, const void *data, size_t len, void *buf, size_t size,
			  int64_t wait)
{
	struct mbox_end *own = end->own;
	uint64_t cookie = own->header.cookie;
	int ret;

	own->header.cookie = 0;
	ret = mbox_reply_recv(own->mbox, &cookie, 1, data, len, &own->header, buf, size, wait);
	if (ret < 0)
		return ret;
	return ret ? (ssize_t)own->header.len : RECV_END;
}

const struct mechanism mech_mbox_call = {
	.name = "mbox-call",
	.title = "mbox, calls",
	.group = "mbox",
	.note = "one system call a side for a round trip; else as mbox",
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
	.recv = mbox_end_recv,
	.poll_fd = mbox_end_poll_fd,
	.call = mbox_end_call,
	.reply = reply,
	.reply_recv = reply_recv,
	.remains = mbox_end_remains,
};
