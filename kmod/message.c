// SPDX-License-Identifier: GPL-2.0
/* A message: header, payload, and the quota that it is charged to. */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "breakage.h"
#include "clock.h"
#include "filter.h"
#include "memory.h"
#include "message.h"
#include "quota.h"
#include "sender.h"

static size_t message_footprint(size_t len)
{
	return struct_size((struct mbx_message *)NULL, payload, len);
}

/**
 * mbx_message_new() - copy a message in
 * @sender: who sends it
 * @type: valid type
 * @from: the payload, all that is left of it: at most MBOX_SIZE_MAX bytes
 *
 * Context: may sleep; no lock held.
 * Return: the message with one reference, or an ERR_PTR: -EDQUOT or -ENOSPC
 * (quota), -ENOMEM, -EFAULT.
 */
struct mbx_message *mbx_message_new(struct mbx_sender *sender, u64 type,
				    struct iov_iter *from)
{
	size_t len = iov_iter_count(from);
	size_t footprint = message_footprint(len);
	struct mbx_message *msg;
	int err;

	err = mbx_quota_charge_bytes(sender->user, footprint);
	if (err)
		return ERR_PTR(err);

	err = -ENOMEM;
	msg = kvmalloc(footprint, MBX_GFP);
	if (!msg)
		goto uncharge;

	err = -EFAULT;
	if (!copy_from_iter_full(msg->payload, len, from))
		goto free_message;

	refcount_set(&msg->refs, 1);
	msg->len = len;
	msg->type = type;
	msg->time = ktime_get_ns();
	msg->sender = mbx_sender_get(sender);
	msg->seq = 0;
	RB_CLEAR_NODE(&msg->node);
	INIT_LIST_HEAD(&msg->same);
	return msg;

free_message:
	kvfree(msg);
uncharge:
	mbx_quota_uncharge_bytes(sender->user, footprint);
	return ERR_PTR(err);
}

/**
 * mbx_message_get() - take a reference
 * @msg: message
 *
 * Context: any.
 * Return: @msg.
 */
struct mbx_message *mbx_message_get(struct mbx_message *msg)
{
	refcount_inc(&msg->refs);
	return msg;
}

/**
 * mbx_message_put() - drop a reference, and with the last one the message
 * @msg: message
 *
 * Context: may sleep; no spinlock held.
 */
void mbx_message_put(struct mbx_message *msg)
{
	struct mbx_sender *sender = msg->sender;

	if (!refcount_dec_and_test(&msg->refs))
		return;
	if (mbx_broken(leak))
		return;

	mbx_quota_uncharge_bytes(sender->user, message_footprint(msg->len));
	kvfree(msg);
	mbx_sender_put(sender);
}

/**
 * mbx_message_header_valid() - is this what a sender may fill in?
 * @header: header from user space
 *
 * Context: any.
 * Return: true if the type is valid and nothing but type and length is set.
 */
bool mbx_message_header_valid(const struct mbox_header *header)
{
	struct mbox_header plain = {
		.type = header->type,
		.len = header->len,
	};

	return mbx_type_valid(header->type) &&
	       !memcmp(&plain, header, sizeof(plain));
}

/**
 * mbx_message_header() - describe a message to the current process
 * @msg: message
 * @header: where the description goes; every byte is written, but what the
 *	    mailbox knows of the message stays zero
 *
 * Ids and the time are translated for the namespaces of the current process.
 *
 * Context: process context.
 */
void mbx_message_header(const struct mbx_message *msg,
			struct mbox_header *header)
{
	memset(header, 0, sizeof(*header));
	header->type = msg->type;
	header->len = msg->len;
	header->time = mbx_clock_to_user(msg->time);
	mbx_sender_describe(msg->sender, header);
}

/**
 * mbx_message_copy_out() - copy the payload to user space
 * @msg: message
 * @to: where it goes; a shorter buffer gets the head of it
 *
 * Context: may sleep; no lock held.
 * Return: 0 or -EFAULT.
 */
int mbx_message_copy_out(const struct mbx_message *msg, struct iov_iter *to)
{
	size_t len = min_t(size_t, msg->len, iov_iter_count(to));

	if (mbx_broken(truncate) && len)
		len--;
	return copy_to_iter(msg->payload, len, to) == len ? 0 : -EFAULT;
}
