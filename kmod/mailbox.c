// SPDX-License-Identifier: GPL-2.0
/* The mailbox: its life, its permissions, its settings. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <linux/mbox_netlink.h>

#include "breakage.h"
#include "call.h"
#include "domain.h"
#include "event.h"
#include "expiry.h"
#include "handle.h"
#include "landing.h"
#include "leave.h"
#include "line.h"
#include "mailbox.h"
#include "memory.h"
#include "message.h"
#include "poll.h"
#include "quota.h"
#include "receive.h"
#include "registry.h"
#include "ring.h"
#include "send.h"
#include "sender.h"
#include "topic.h"
#include "waiter.h"

/**
 * mbx_name_valid() - may a mailbox have this name?
 * @name: name
 * @len: its length in bytes, at most MBOX_NAME_MAX
 *
 * Context: any.
 * Return: true if it is not empty and has neither '/' nor control bytes.
 */
bool mbx_name_valid(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char byte = name[i];

		if (byte < 0x20 || byte == 0x7f || byte == '/')
			return false;
	}
	return len > 0;
}

/**
 * mbx_mode_valid() - are these permission bits of a mailbox?
 * @mode: mode from user space
 *
 * Context: any.
 * Return: true if no bit beyond r and w for owner, group and others is set.
 */
bool mbx_mode_valid(u32 mode)
{
	return !(mode & ~0666u);
}

static struct mbx_mailbox *mailbox_alloc(const struct cred *cred,
					 const struct mbx_plan *plan)
{
	size_t name_size = strlen(plan->name) + 1;
	struct mbx_mailbox *mbox;

	mbox = kzalloc(struct_size(mbox, name, name_size), MBX_GFP);
	if (!mbox)
		return NULL;

	kref_init(&mbox->refs);
	mbox->kind = plan->kind;
	mbox->persist = plan->persist;
	mbox->retain = plan->retain;
	mbox->created = ktime_get_real_ns();
	mbox->changed = ktime_get_real_seconds();
	spin_lock_init(&mbox->lock);
	mbox->uid = cred->euid;
	mbox->gid = cred->egid;
	mbox->creator_gid = cred->egid;
	mbox->mode = plan->mode;
	mbox->limits = plan->limits;
	mbx_store_init(&mbox->store);
	mbx_line_init(&mbox->line);
	INIT_LIST_HEAD(&mbox->senders);
	INIT_LIST_HEAD(&mbox->pollers);
	mbox->watches = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&mbox->synced);
	INIT_LIST_HEAD(&mbox->calls);
	mbx_clockwork_init(&mbox->clockwork);
	mbox->room = true;
	memcpy(mbox->name, plan->name, name_size);
	return mbox;
}

/**
 * mbx_mailbox_create() - make a mailbox and register it
 * @domain: domain
 * @cred: credentials of its owner
 * @plan: what it is to be; its name is valid and free
 *
 * Context: may sleep; &mbx_domain.lock is held.
 * Return: the mailbox, whose reference is the registry's, or an ERR_PTR:
 * -EDQUOT or -ENOSPC (quota), -ENOMEM.
 */
struct mbx_mailbox *mbx_mailbox_create(struct mbx_domain *domain,
				       const struct cred *cred,
				       const struct mbx_plan *plan)
{
	struct mbx_mailbox *mbox;
	int err = -ENOMEM;

	lockdep_assert_held(&domain->lock);

	mbox = mailbox_alloc(cred, plan);
	if (!mbox)
		return ERR_PTR(-ENOMEM);

	mbox->domain = domain;
	mbox->creator = mbx_user_get(domain, cred->euid);
	if (!mbox->creator)
		goto free_mailbox;

	err = mbx_quota_charge_mailbox(mbox->creator);
	if (err)
		goto put_creator;

	mbx_registry_add(domain, mbox);
	mbx_event_send(mbox, &(struct mbx_event){ MBOX_CMD_CREATED_NTF });
	return mbox;

put_creator:
	mbx_user_put(mbox->creator);
free_mailbox:
	kfree(mbox);
	return ERR_PTR(err);
}

static void mailbox_free(struct kref *refs)
{
	struct mbx_mailbox *mbox = container_of(refs, struct mbx_mailbox, refs);

	WARN_ON(mbox->store.msgs);
	put_pid(mbox->last_sent.pid);
	put_pid(mbox->last_received.pid);
	mbx_user_put(mbox->creator);
	kfree(mbox);
}

/**
 * mbx_mailbox_get() - take a reference
 * @mbox: mailbox
 *
 * Context: any.
 * Return: @mbox.
 */
struct mbx_mailbox *mbx_mailbox_get(struct mbx_mailbox *mbox)
{
	kref_get(&mbox->refs);
	return mbox;
}

/**
 * mbx_mailbox_put() - drop a reference
 * @mbox: mailbox
 *
 * Context: process context.
 */
void mbx_mailbox_put(struct mbx_mailbox *mbox)
{
	kref_put(&mbox->refs, mailbox_free);
}

/**
 * mbx_mailbox_end() - end a mailbox without a word to listeners
 * @mbox: registered mailbox; the caller gets the registry's reference
 *
 * Whoever waits on it gets -EIDRM, its queued messages are discarded. What is
 * leased stays with its holder.
 *
 * Context: may sleep; &mbx_domain.lock is held.
 */
void mbx_mailbox_end(struct mbx_mailbox *mbox)
{
	struct mbx_mailbox *dead_letter;
	struct mbx_deferred deferred mbx_unset;
	struct mbx_queue dead;

	mbx_deferred_init(&deferred);
	mbx_registry_remove(mbox->domain, mbox);

	spin_lock(&mbox->lock);
	mbox->removed = true;
	mbox->lost += mbox->store.msgs;
	mbx_call_end_all_locked(mbox, &deferred);
	mbx_leave_all_locked(mbox, -EIDRM, &dead, &deferred);
	if (mbox->retained)
		mbx_deferred_drop(&deferred, mbox->retained);
	mbox->retained = NULL;
	mbx_line_complete_all_locked(mbox, -EIDRM, &deferred);
	mbx_waiter_complete_all(&mbox->senders, -EIDRM, &deferred);
	mbx_poll_hang_up_locked(mbox);
	mbx_ring_removed_locked(mbox);
	/* Two mailboxes may have each other's, and yet both are freed. */
	dead_letter = mbox->dead_letter;
	mbox->dead_letter = NULL;
	spin_unlock(&mbox->lock);

	if (dead_letter)
		mbx_mailbox_put(dead_letter);
	mbx_clockwork_stop(&mbox->clockwork);
	mbx_deferred_finish(&deferred);
	mbx_queue_free(&dead);
	mbx_quota_uncharge_mailbox(mbox->creator);
}

/**
 * mbx_mailbox_remove() - end a mailbox
 * @mbox: registered mailbox; the registry's reference goes
 *
 * Context: may sleep; &mbx_domain.lock is held.
 */
void mbx_mailbox_remove(struct mbx_mailbox *mbox)
{
	mbx_mailbox_end(mbox);
	mbx_event_send(mbox, &(struct mbx_event){ MBOX_CMD_REMOVED_NTF });
	mbx_mailbox_put(mbox);
}

/**
 * mbx_mailbox_removed() - is a mailbox no longer registered?
 * @mbox: mailbox
 *
 * Context: &mbx_domain.lock is held.
 * Return: true if it was removed.
 */
bool mbx_mailbox_removed(const struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&mbox->domain->lock);

	return mbox->removed;
}

static bool may_override(const struct mbx_mailbox *mbox,
			 const struct file *file)
{
	return file_ns_capable(file, mbox->domain->net->user_ns, CAP_IPC_OWNER);
}

/**
 * mbx_mailbox_owned() - may the opener of a file manage this mailbox?
 * @mbox: mailbox
 * @file: file whose credentials count
 *
 * Context: may sleep; &mbx_domain.lock is held.
 * Return: true for its owner and for CAP_IPC_OWNER.
 */
bool mbx_mailbox_owned(const struct mbx_mailbox *mbox, const struct file *file)
{
	lockdep_assert_held(&mbox->domain->lock);

	if (mbx_broken(permission))
		return true;
	return uid_eq(file->f_cred->euid, mbox->uid) ||
	       may_override(mbox, file);
}

static bool in_group(const struct cred *cred, kgid_t gid)
{
	const struct group_info *groups = cred->group_info;
	int i;

	if (gid_eq(cred->egid, gid))
		return true;
	for (i = 0; i < groups->ngroups; i++) {
		if (gid_eq(groups->gid[i], gid))
			return true;
	}
	return false;
}

/* The three bits of the mode that apply to these credentials. */
static u32 mode_for(const struct mbx_mailbox *mbox, const struct cred *cred)
{
	if (uid_eq(cred->euid, mbox->uid))
		return mbox->mode >> 6;
	if (in_group(cred, mbox->gid))
		return mbox->mode >> 3;
	return mbox->mode;
}

/**
 * mbx_mailbox_permits() - may the opener of a file have these rights?
 * @mbox: mailbox
 * @file: file whose credentials count
 * @rights: MBOX_RIGHT_*
 *
 * Context: may sleep; &mbx_domain.lock is held, with which settings change.
 * Return: true if the permission bits or CAP_IPC_OWNER grant all of them.
 */
bool mbx_mailbox_permits(struct mbx_mailbox *mbox, const struct file *file,
			 u32 rights)
{
	u32 mode = mode_for(mbox, file->f_cred);
	u32 granted = 0;

	lockdep_assert_held(&mbox->domain->lock);

	if (mode & 4)
		granted |= MBOX_RIGHT_RECV;
	if (mode & 2)
		granted |= MBOX_RIGHT_SEND;
	if (mbx_broken(permission))
		return true;
	return !(rights & ~granted) || may_override(mbox, file);
}

/**
 * mbx_mailbox_note_locked() - note who does something now
 * @mbox: mailbox
 * @last: &mbx_mailbox.last_sent or &mbx_mailbox.last_received
 * @who: identity of the handle by which it is done
 *
 * A clock of seconds costs less than any other, and mostly it is the same process.
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_mailbox_note_locked(struct mbx_mailbox *mbox, struct mbx_last *last,
			     const struct mbx_sender *who)
{
	lockdep_assert_held(&mbox->lock);

	last->time = ktime_get_real_seconds();
	if (last->pid == who->pid)
		return;
	put_pid(last->pid);
	last->pid = get_pid(who->pid);
}

static void end_attach(struct mbx_end *end)
{
	end->handles++;
	end->seen = true;
}

static void send_handle_event(struct mbx_mailbox *mbox, u8 cmd,
			      const struct mbx_handle *handle)
{
	struct mbx_event event = {
		.cmd = cmd,
		.handle = handle->sender->id,
		.rights = handle->rights,
	};

	mbx_event_send(mbox, &event);
}

/**
 * mbx_mailbox_attach() - count a handle that is being bound
 * @mbox: registered mailbox, which gets a reference
 * @handle: handle
 *
 * Context: &mbx_domain.lock is held.
 */
void mbx_mailbox_attach(struct mbx_mailbox *mbox, struct mbx_handle *handle)
{
	struct mbx_deferred deferred mbx_unset;

	lockdep_assert_held(&mbox->domain->lock);

	mbx_deferred_init(&deferred);
	mbx_mailbox_get(mbox);
	spin_lock(&mbox->lock);
	if (handle->rights & MBOX_RIGHT_RECV) {
		end_attach(&mbox->receive_end);
		mbox->own_bounds += mbx_handle_has_bound(handle);
		mbx_store_join(&mbox->store, handle);
		mbx_topic_welcome_locked(mbox, handle, &deferred);
	}
	if (handle->rights & MBOX_RIGHT_SEND)
		end_attach(&mbox->send_end);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
	send_handle_event(mbox, MBOX_CMD_ATTACHED_NTF, handle);
}

/**
 * mbx_mailbox_at_eof_locked() - will nobody send any more?
 * @mbox: mailbox
 *
 * A frozen mailbox has no end: what it holds back may still come.
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: true for an anonymous mailbox that lost its last sender.
 */
bool mbx_mailbox_at_eof_locked(const struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&mbox->lock);

	return !mbox->name[0] && !mbox->frozen && mbox->send_end.seen &&
	       !mbox->send_end.handles;
}

/**
 * mbx_mailbox_broken_locked() - will nobody receive any more?
 * @mbox: mailbox
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: true for an anonymous mailbox that lost its last receiver.
 */
bool mbx_mailbox_broken_locked(const struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&mbox->lock);

	return !mbox->name[0] && mbox->receive_end.seen &&
	       !mbox->receive_end.handles;
}

static void hang_up_locked(struct mbx_mailbox *mbox,
			   struct mbx_deferred *deferred)
{
	if (mbx_mailbox_at_eof_locked(mbox))
		mbx_line_complete_all_locked(mbox, MBX_EOF, deferred);
	if (mbx_mailbox_broken_locked(mbox))
		mbx_leave_hang_up_locked(mbox, deferred);
	if (mbx_mailbox_at_eof_locked(mbox) || mbx_mailbox_broken_locked(mbox))
		mbx_poll_hang_up_locked(mbox);
}

/* Returns whether the mailbox has to go with this handle. */
static bool detach_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle,
			  struct mbx_deferred *deferred)
{
	mbx_poll_leave_locked(handle, mbox);
	mbx_delivery_close_all_locked(mbox, handle, deferred);
	mbx_call_give_up_all_locked(mbox, handle, deferred);
	mbx_landing_close_locked(mbox, handle);
	if (handle->rights & MBOX_RIGHT_RECV) {
		mbx_leave_inbox_locked(mbox, handle, deferred);
		mbx_store_leave(&mbox->store, handle);
		mbox->receive_end.handles--;
		mbox->own_bounds -= mbx_handle_has_bound(handle);
	}
	if (handle->rights & MBOX_RIGHT_SEND)
		mbox->send_end.handles--;
	hang_up_locked(mbox, deferred);
	if (!mbox->removed)
		mbx_send_admit_locked(mbox, deferred);

	return !mbox->persist && !mbox->removed &&
	       !mbox->receive_end.handles && !mbox->send_end.handles;
}

/**
 * mbx_mailbox_detach() - undo mbx_mailbox_attach(); it may end the mailbox
 * @mbox: mailbox; the handle's reference goes
 * @handle: handle that is being closed
 *
 * Context: may sleep. Takes &mbx_domain.lock.
 */
void mbx_mailbox_detach(struct mbx_mailbox *mbox, struct mbx_handle *handle)
{
	struct mbx_deferred deferred mbx_unset;
	bool last;

	mbx_deferred_init(&deferred);
	mutex_lock(&mbox->domain->lock);
	spin_lock(&mbox->lock);
	last = detach_locked(mbox, handle, &deferred);
	spin_unlock(&mbox->lock);

	mbx_deferred_finish(&deferred);
	if (!mbx_mailbox_removed(mbox))
		send_handle_event(mbox, MBOX_CMD_DETACHED_NTF, handle);
	if (last)
		mbx_mailbox_remove(mbox);
	mutex_unlock(&mbox->domain->lock);
	mbx_mailbox_put(mbox);
}

/**
 * mbx_mailbox_purge() - discard all queued messages
 * @mbox: registered mailbox
 *
 * Context: may sleep; no spinlock held.
 * Return: how many there were.
 */
u64 mbx_mailbox_purge(struct mbx_mailbox *mbox)
{
	struct mbx_deferred deferred mbx_unset;
	struct mbx_queue dead;
	u64 purged;

	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	mbx_expiry_run_locked(mbox, &deferred);
	mbx_call_end_queued_locked(mbox, -ENOBUFS, &deferred);
	purged = mbox->store.msgs;
	if (mbx_topic_is(mbox))
		mbx_topic_purged_locked(mbox);
	mbx_leave_all_locked(mbox, -ENOBUFS, &dead, &deferred);
	mbx_leave_lost_locked(mbox, purged, 0);
	mbx_send_admit_locked(mbox, &deferred);
	spin_unlock(&mbox->lock);

	mbx_deferred_finish(&deferred);
	mbx_queue_free(&dead);
	return purged;
}

/**
 * mbx_mailbox_first_look() - would a send be refused anyway?
 * @mbox: mailbox
 * @len: payload length in bytes
 *
 * Called before anything is copied; mbx_send() looks again.
 *
 * Context: any.
 * Return: 0, -EIDRM or -EMSGSIZE.
 */
int mbx_mailbox_first_look(const struct mbx_mailbox *mbox, u64 len)
{
	if (READ_ONCE(mbox->removed))
		return -EIDRM;
	return len > READ_ONCE(mbox->limits.max_size) ? -EMSGSIZE : 0;
}
