// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fd.h"
#include "mbox_end.h"

static_assert(WAIT_FOREVER == MBOX_FOREVER, "a wait is passed on as it is");

/* What the messages of a user may take together, and what each takes besides. */
#define QUOTA_FILE	"/sys/module/mbox/parameters/user_bytes"
#define QUOTA_DEFAULT	(16 << 20)
#define MESSAGE_EXTRA	128

const char *mbox_end_absent(void)
{
	static const struct mbox_open_options anonymous = { .flags = MBOX_OPEN_CREATE };
	struct mbox *mbox;
	int ret = mbox_open(&mbox, NULL, &anonymous);

	mbox_close(mbox);
	if (ret == -ENODEV)
		return "no /dev/mbox: load the module, or use make vm";
	return ret ? strerror(-ret) : NULL;
}

size_t mbox_end_max_size(void)
{
	return MBOX_SIZE_MAX;
}

void mbox_end_release(struct lane *lane)
{
	lane->own = mbox_close(lane->own);
}

/*
 * Who makes it does not send: the receivers wait for nobody but the senders. A topic
 * would wait for one who could receive, and does not.
 */
int mbox_end_open(struct lane *lane)
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
		mbox_end_release(lane);
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
int mbox_end_join(struct end *end)
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
	mbox_end_release(end->lane);
	return ret;
}

void mbox_end_leave(struct end *end)
{
	struct mbox_end *own = end->own;

	mbox_close(own->mbox);
	free(own);
	end->own = NULL;
}

int mbox_end_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	struct mbox_end *own = end->own;

	return mbox_send(own->mbox, type, data, len, wait);
}

ssize_t mbox_end_take(struct end *end, const struct mbox_filter *filter, uint32_t flags,
		      void *buf, size_t size, int64_t wait)
{
	struct mbox_end *own = end->own;
	int ret = mbox_recv_filter(own->mbox, filter, flags, &own->header, buf, size, wait);

	if (ret < 0)
		return ret;
	return ret ? (ssize_t)own->header.len : RECV_END;
}

ssize_t mbox_end_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	const struct mbox_filter only = mbox_filter_range(type, type, 0);

	return mbox_end_take(end, type ? &only : NULL, 0, buf, size, wait);
}

int mbox_end_poll_fd(struct end *end)
{
	struct mbox_end *own = end->own;

	return mbox_fd(own->mbox);
}

ssize_t mbox_end_call(struct end *end, const void *data, size_t len, void *reply, size_t size,
		      int64_t wait)
{
	struct mbox_end *own = end->own;
	int ret = mbox_call(own->mbox, 1, data, len, &own->header, reply, size, wait);

	return ret < 0 ? ret : (ssize_t)own->header.len;
}

bool mbox_end_remains(const char *address)
{
	struct mbox *mbox;

	if (mbox_open_id(&mbox, id_of(address), NULL))
		return false;
	mbox_close(mbox);
	return true;
}
