// SPDX-License-Identifier: GPL-2.0-only
#include <mbox.h>

#include "compare.h"

static void open_mbox(struct channel *channel)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox_stat stat;

	check(mbox_open(&channel->mbox, NULL, &options), "mbox: make a mailbox");
	check(mbox_info(channel->mbox, &stat, NULL), "mbox: ask for its id");
	channel->id = stat.id;
}

/* A handle signs with the process that opened it, so a sender opens its own. */
static void attach_mbox(struct channel *channel)
{
	static const struct mbox_open_options options = { .rights = MBOX_RIGHT_SEND };

	mbox_close(channel->mbox);
	check(mbox_open_id(&channel->mbox, channel->id, &options), "mbox: open by id");
}

static void close_mbox(struct channel *channel)
{
	mbox_close(channel->mbox);
}

static void send_mbox(struct channel *channel, uint64_t type, const void *data,
		      size_t len)
{
	check(mbox_send(channel->mbox, type, data, len, MBOX_FOREVER), "mbox: send");
}

static ssize_t recv_mbox(struct channel *channel, uint64_t type, void *buf, size_t size,
			 pid_t *sender)
{
	struct mbox_filter filter = mbox_filter_range(type, type, 0);
	struct mbox_header header;
	int ret;

	ret = mbox_recv_filter(channel->mbox, type ? &filter : NULL, 0, &header, buf,
			       size, MBOX_FOREVER);
	if (ret <= 0)
		return ret;
	if (sender)
		*sender = header.pid;
	return header.len;
}

static int poll_fd_mbox(struct channel *channel)
{
	return mbox_fd(channel->mbox);
}

const struct mechanism mbox_mechanism = {
	.name = "mbox",
	.payload = MESSAGE_SIZE,
	.open = open_mbox,
	.attach = attach_mbox,
	.close = close_mbox,
	.send = send_mbox,
	.recv = recv_mbox,
	.poll_fd = poll_fd_mbox,
};
