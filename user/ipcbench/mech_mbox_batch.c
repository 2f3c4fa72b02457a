// SPDX-License-Identifier: GPL-2.0-only
/*
 * mbox-batch - a mailbox whose messages go by SEND and RECV many at a time
 */
#include "mbox_end.h"

/* As many as a call carries are within the quota of a user. */
static size_t max_size(void)
{
	return MBOX_SIZE_MAX / 4;
}

static int send_batch(struct end *end, const struct iovec *vec, unsigned int count, int64_t wait)
{
	struct mbox_end *own = end->own;
	struct mbox_message messages[LANE_BATCH_MAX];

	for (unsigned int i = 0; i < count; i++)
		messages[i] = (struct mbox_message){
			.header.type = 1,
			.header.len = vec[i].iov_len,
			.buf = (uintptr_t)vec[i].iov_base,
		};
	return mbox_sendv(own->mbox, messages, count, wait);
}

/* Of the headers, which the device fills in, nothing need be set. */
static int recv_batch(struct end *end, struct iovec *vec, unsigned int count, int64_t wait)
{
	struct mbox_end *own = end->own;
	struct mbox_message messages[LANE_BATCH_MAX];
	int ret;

	for (unsigned int i = 0; i < count; i++) {
		messages[i].buf = (uintptr_t)vec[i].iov_base;
		messages[i].size = vec[i].iov_len;
	}
	ret = mbox_recvv(own->mbox, NULL, messages, count, wait);
	for (int i = 0; i < ret; i++)
		vec[i].iov_len = messages[i].header.len;
	return ret ? ret : RECV_END;
}

const struct mechanism mech_mbox_batch = {
	.name = "mbox-batch",
	.title = "mbox, batches",
	.group = "mbox",
	.note = "32 messages a system call where they follow each other; else as mbox",
	.flags = MECHANISM_TYPES,
	.absent = mbox_end_absent,
	.max_size = max_size,
	.shared_max = LANE_SIZE_MAX,
	.open = mbox_end_open,
	.close = mbox_end_release,
	.release = mbox_end_release,
	.join = mbox_end_join,
	.leave = mbox_end_leave,
	.send = mbox_end_send,
	.recv = mbox_end_recv,
	.send_batch = send_batch,
	.recv_batch = recv_batch,
	.poll_fd = mbox_end_poll_fd,
	.remains = mbox_end_remains,
};
