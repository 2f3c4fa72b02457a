// SPDX-License-Identifier: GPL-2.0
/* The bounds of a mailbox, and whether a message is within them. */
#include <linux/minmax.h>
#include <linux/mbox.h>

#include "limits.h"
#include "mailbox.h"
#include "topic.h"

/**
 * mbx_limits_default() - fill in what was left at zero
 * @limits: limits from user space
 *
 * A default gives way to the other limit where the two would contradict.
 *
 * Context: any.
 */
void mbx_limits_default(struct mbox_limits *limits)
{
	if (!limits->max_msgs)
		limits->max_msgs = MBOX_MSGS_DEFAULT;
	if (!limits->max_size && limits->max_bytes)
		limits->max_size = min_t(u64, MBOX_SIZE_DEFAULT,
					 limits->max_bytes);
	if (!limits->max_size)
		limits->max_size = MBOX_SIZE_DEFAULT;
	if (!limits->max_bytes)
		limits->max_bytes = max_t(u64, MBOX_BYTES_DEFAULT,
					  limits->max_size);
}

/**
 * mbx_limits_refusal() - what is wrong with these limits?
 * @limits: limits without defaults left to fill in
 *
 * Context: any.
 * Return: a text for people, or NULL if all is well.
 */
const char *mbx_limits_refusal(const struct mbox_limits *limits)
{
	if (limits->policy > MBOX_POLICY_DROP_NEWEST)
		return "policy is none of block, drop-oldest, drop-newest";
	if (!limits->max_msgs || limits->max_msgs > MBOX_MSGS_MAX)
		return "max-msgs is not in 1..1048576";
	if (!limits->max_size || limits->max_size > MBOX_SIZE_MAX)
		return "max-size is not in 1..1048576";
	if (!limits->max_bytes || limits->max_bytes > MBOX_BYTES_MAX)
		return "max-bytes is not in 1..268435456";
	if (limits->max_size > limits->max_bytes)
		return "max-size is more than max-bytes";
	return NULL;
}

/**
 * mbx_limits_fits_locked() - could a message be queued now?
 * @mbox: mailbox
 * @len: payload length in bytes
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: true if it would stay within the limits.
 */
bool mbx_limits_fits_locked(const struct mbx_mailbox *mbox, u32 len)
{
	lockdep_assert_held(&mbox->lock);

	if (mbx_topic_is(mbox))
		return mbx_topic_fits_locked(mbox, len);
	return mbox->store.msgs < mbox->limits.max_msgs &&
	       mbox->store.bytes + len <= mbox->limits.max_bytes;
}

/**
 * mbx_limits_room_locked() - could every permitted send go ahead now?
 * @mbox: mailbox
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: true if no send would block, whatever its size.
 */
bool mbx_limits_room_locked(const struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&mbox->lock);

	if (mbox->limits.policy != MBOX_POLICY_BLOCK)
		return true;
	return list_empty(&mbox->senders) &&
	       mbx_limits_fits_locked(mbox, mbox->limits.max_size);
}
