// SPDX-License-Identifier: GPL-2.0-only
/*
 * mbox - whole messages with a type and a sender, in a mailbox of /dev/mbox
 *
 * The mailbox is anonymous: it goes with the last who has it open, and its ends
 * learn of each other as those of a pipe do. Everybody opens it by its number,
 * and not with what is inherited, so that the messages name the process that sends.
 * For a broadcast it is a topic.
 */
#include <assert.h>
#include <inttypes.h>
#include <mbox.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fd.h"

/* Priorities are 0 to 9; of types the lowest comes first. */
#define TYPE_OF(priority)	(10 - (uint64_t)(priority))

/**
 * struct mbox_end - an end's @own
 * @mbox: this process's handle
 * @header: of the message received last
 */
struct mbox_end {
	struct mbox *mbox;
	struct mbox_header header;
};

static_assert(WAIT_FOREVER == MBOX_FOREVER, "a wait is passed on as it is");

/* What the messages of a user may take together, and what each takes besides. */
#define QUOTA_FILE	"/sys/module/mbox/parameters/user_bytes"
#define QUOTA_DEFAULT	(16 << 20)
#define MESSAGE_EXTRA	128

static const char *absent(void)
{
	static const struct mbox_open_options anonymous = { .flags = MBOX_OPEN_CREATE };
	struct mbox *mbox;
	int ret = mbox_open(&mbox, NULL, &anonymous);

	mbox_close(mbox);
	if (ret == -ENODEV)
		return "no /dev/mbox: load the module, or use make vm";
	return ret ? strerror(-ret) : NULL;
}

static size_t max_size(void)
{
	return MBOX_SIZE_MAX;
}

static void release(struct lane *lane)
{
	lane->own = mbox_close(lane->own);
}

/*
 * Who makes it does not send: the receivers wait for nobody but the senders. A topic
 * would wait for one who could receive, and does not.
 */
static int open_mailbox(struct lane *lane)
{
	const struct mbox_open_options options = {
		.rights = lane->broadcast ? MBOX_RIGHT_SEND : MBOX_RIGHT_RECV,
		.flags = MBOX_OPEN_CREATE,
		.kind = lane->broadcast ? MBOX_KIND_TOPIC : MBOX_KIND_QUEUE,
		.limits = {
			.max_msgs = lane->depth,
			.max_size = lane->size,
			.max_bytes = (uint64_t)lane->depth * lane->size,
		},
	};
	struct mbox_stat stat;
	struct mbox *mbox;
	int ret;

	if (lane->depth * (lane->size + MESSAGE_EXTRA) > limit_read(QUOTA_FILE, QUOTA_DEFAULT))
		return -EDQUOT;
	ret = mbox_open(&mbox, NULL, &options);
	if (ret)
		return ret;
	lane->own = mbox;
	ret = mbox_info(mbox, &stat, NULL);
	if (ret) {
		release(lane);
		return ret;
	}
	snprintf(lane->address, sizeof(lane->address), "%" PRIu64, stat.id);
	return 0;
}

static uint64_t id_of(const char *address)
{
	return strtoull(address, NULL, 10);
}

/* The inherited handle goes last: the mailbox must not go with it. */
static int join_mailbox(struct end *end)
{
	const struct mbox_open_options options = {
		.rights = end->role == ROLE_SENDER ? MBOX_RIGHT_SEND : MBOX_RIGHT_RECV,
	};
	struct mbox_end *own;
	int ret = own_alloc(&end->own, sizeof(*own));

	if (ret)
		return ret;
	own = end->own;
	ret = mbox_open_id(&own->mbox, id_of(end->lane->address), &options);
	if (ret)
		free(own);
	release(end->lane);
	return ret;
}

static void leave_mailbox(struct end *end)
{
	struct mbox_end *own = end->own;

	mbox_close(own->mbox);
	free(own);
	end->own = NULL;
}

static int send_message(struct end *end, uint64_t type, const void *data, size_t len,
			int64_t wait)
{
	struct mbox_end *own = end->own;

	return mbox_send(own->mbox, type, data, len, wait);
}

static ssize_t take(struct end *end, const struct mbox_filter *filter, uint32_t flags, void *buf,
		    size_t size, int64_t wait)
{
	struct mbox_end *own = end->own;
	int ret = mbox_recv_filter(own->mbox, filter, flags, &own->header, buf, size, wait);

	if (ret < 0)
		return ret;
	return ret ? (ssize_t)own->header.len : RECV_END;
}

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
	return take(end, type ? &only : NULL, 0, buf, size, wait);
}

static int poll_fd(struct end *end)
{
	struct mbox_end *own = end->own;

	return mbox_fd(own->mbox);
}

static ssize_t peek(struct end *end, void *buf, size_t size)
{
	return take(end, NULL, MBOX_RECV_PEEK, buf, size, WAIT_NEVER);
}

static int sender(struct end *end, pid_t *pid)
{
	struct mbox_end *own = end->own;

	*pid = own->header.pid;
	return *pid ? 0 : -ENODATA;
}

static int send_priority(struct end *end, unsigned int priority, const void *data, size_t len)
{
	return send_message(end, TYPE_OF(priority), data, len, WAIT_FOREVER);
}

static ssize_t recv_priority(struct end *end, void *buf, size_t size)
{
	const struct mbox_filter lowest = mbox_filter_range(1, TYPE_OF(0), MBOX_FILTER_LOWEST);

	return take(end, &lowest, 0, buf, size, WAIT_FOREVER);
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

static ssize_t call(struct end *end, const void *data, size_t len, void *reply, size_t size,
		    int64_t wait)
{
	struct mbox_end *own = end->own;
	int ret = mbox_call(own->mbox, 1, data, len, &own->header, reply, size, wait);

	return ret < 0 ? ret : (ssize_t)own->header.len;
}

static int reply(struct end *end, const void *data, size_t len)
{
	struct mbox_end *own = end->own;

	return mbox_reply(own->mbox, own->header.cookie, 1, data, len);
}

static bool remains(const char *address)
{
	struct mbox *mbox;

	if (mbox_open_id(&mbox, id_of(address), NULL))
		return false;
	mbox_close(mbox);
	return true;
}

const struct mechanism mech_mbox = {
	.name = "mbox",
	.title = "mbox",
	.group = "mbox",
	.flags = MECHANISM_TYPES,
	.absent = absent,
	.max_size = max_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_mailbox,
	.close = release,
	.release = release,
	.join = join_mailbox,
	.leave = leave_mailbox,
	.send = send_message,
	.recv = recv_message,
	.poll_fd = poll_fd,
	.peek = peek,
	.sender = sender,
	.send_priority = send_priority,
	.recv_priority = recv_priority,
	.send_sync = send_sync,
	.send_ttl = send_ttl,
	.ack = ack,
	.call = call,
	.reply = reply,
	.remains = remains,
};
