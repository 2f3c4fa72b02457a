// SPDX-License-Identifier: GPL-2.0
/* What is told of a mailbox: its settings, what is in it, and its counters. */
#include <linux/cred.h>
#include <linux/pid_namespace.h>
#include <linux/time64.h>
#include <linux/user_namespace.h>
#include <linux/mbox.h>

#include "expiry.h"
#include "handle.h"
#include "info.h"
#include "mailbox.h"
#include "message.h"
#include "quota.h"
#include "receive.h"
#include "sender.h"
#include "waiter.h"

static u32 count_waiters(const struct list_head *waiters)
{
	const struct list_head *link;
	u32 count = 0;

	list_for_each(link, waiters)
		count++;
	return count;
}

/* The others wait for room and are counted as such. */
static u32 count_synced(const struct mbx_mailbox *mbox)
{
	const struct mbx_waiter *waiter;
	u32 count = 0;

	list_for_each_entry(waiter, &mbox->synced, link)
		count += mbx_message_is_accepted(waiter->msg);
	return count;
}

static u32 pid_for_current(struct pid *pid)
{
	return pid_nr_ns(pid, task_active_pid_ns(current));
}

static void history_locked(const struct mbx_mailbox *mbox, struct mbox_info *info)
{
	struct user_namespace *user_ns = current_user_ns();

	info->created = mbox->created;
	info->creator_uid = from_kuid_munged(user_ns, mbox->creator->uid);
	info->creator_gid = from_kgid_munged(user_ns, mbox->creator_gid);
	info->changed = mbox->changed * NSEC_PER_SEC;
	info->last_sent = mbox->last_sent.time * NSEC_PER_SEC;
	info->last_sender = pid_for_current(mbox->last_sent.pid);
	info->last_received = mbox->last_received.time * NSEC_PER_SEC;
	info->last_receiver = pid_for_current(mbox->last_received.pid);
}

static void info_locked(const struct mbx_mailbox *mbox, struct mbox_info *info)
{
	if (mbox->persist)
		info->flags |= MBOX_INFO_PERSIST;
	if (mbox->retain)
		info->flags |= MBOX_INFO_RETAIN;
	if (mbox->frozen)
		info->flags |= MBOX_INFO_FROZEN;
	info->steps = mbox->steps;
	if (!mbox->name[0])
		info->flags |= MBOX_INFO_ANONYMOUS;
	info->id = mbox->id;
	info->kind = mbox->kind;
	history_locked(mbox, info);
	info->mode = mbox->mode;
	info->uid = from_kuid_munged(current_user_ns(), mbox->uid);
	info->gid = from_kgid_munged(current_user_ns(), mbox->gid);
	info->limits = mbox->limits;
	info->msgs = mbox->store.msgs;
	info->peak_msgs = mbox->peak_msgs;
	info->bytes = mbox->store.bytes;
	info->peak_bytes = mbox->peak_bytes;
	info->sent = mbox->sent;
	info->received = mbox->received;
	info->lost = mbox->lost;
	info->withdrawn = mbox->withdrawn;
	info->calls = mbox->call_count;
	info->leased = mbox->leased;
	info->expired = mbox->expired;
	info->receivers = mbox->receive_end.handles;
	info->senders = mbox->send_end.handles;
	info->waiting_receivers = mbx_line_count_locked(mbox);
	info->waiting_senders = count_waiters(&mbox->senders) +
				count_synced(mbox);
}

static void handle_info_locked(struct mbx_mailbox *mbox,
			       struct mbx_handle *handle,
			       struct mbox_info *info)
{
	info->rights = handle->rights;
	info->handle = handle->sender->id;
	info->owed = handle->owed;
	info->next_size = mbx_receive_next_size_locked(mbox, handle);
}

/**
 * mbx_info_get() - describe a mailbox to the current process
 * @mbox: mailbox
 * @handle: handle that is bound to it and is described, too; or NULL
 * @info: where it goes; the name is left alone
 *
 * Context: may sleep; no spinlock held. Takes &mbx_mailbox.lock.
 * Return: 0, or -EIDRM.
 */
int mbx_info_get(struct mbx_mailbox *mbox, struct mbx_handle *handle,
		 struct mbox_info *info)
{
	int err = 0;

	mbx_expiry_run(mbox);
	spin_lock(&mbox->lock);
	if (mbox->removed)
		err = -EIDRM;
	else
		info_locked(mbox, info);
	if (!err && handle)
		handle_info_locked(mbox, handle, info);
	spin_unlock(&mbox->lock);
	return err;
}
