// SPDX-License-Identifier: GPL-2.0
/* The handle: one open file description, and the mailbox it is bound to. */
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "domain.h"
#include "filter.h"
#include "handle.h"
#include "limits.h"
#include "mailbox.h"
#include "memory.h"
#include "message.h"
#include "poll.h"
#include "pool.h"
#include "registry.h"
#include "send.h"
#include "sender.h"
#include "waiter.h"

static struct kmem_cache *handle_cache;

static struct mbx_handle *handle_alloc(struct mbx_domain *domain, u32 rights)
{
	struct mbx_handle *handle;

	handle = kmem_cache_zalloc(handle_cache, MBX_GFP);
	if (!handle)
		return NULL;

	get_net(domain->net);
	handle->domain = domain;
	handle->rights = rights;
	spin_lock_init(&handle->lock);
	handle->config.type = 1;
	handle->config.filter = (struct mbox_filter)MBX_FILTER_ANY;
	init_waitqueue_head(&handle->wait);
	INIT_LIST_HEAD(&handle->poll_link);
	mbx_queue_init(&handle->inbox);
	INIT_LIST_HEAD(&handle->waiting);
	handle->calls = RB_ROOT;
	handle->deliveries = RB_ROOT;
	return handle;
}

static void handle_dealloc(struct mbx_handle *handle)
{
	put_net(handle->domain->net);
	kmem_cache_free(handle_cache, handle);
}

static u32 rights_of(const struct file *file)
{
	u32 rights = 0;

	if (file->f_mode & FMODE_READ)
		rights |= MBOX_RIGHT_RECV;
	if (file->f_mode & FMODE_WRITE)
		rights |= MBOX_RIGHT_SEND;
	return rights;
}

/**
 * mbx_handle_new() - make the handle of a file that is being opened
 * @file: file; its credentials and access mode, and the network namespace and
 *	  pid of the current process, become the handle's for good
 *
 * Context: may sleep.
 * Return: the unbound handle, or an ERR_PTR: -EINVAL (neither readable nor
 * writable), -ENOMEM.
 */
struct mbx_handle *mbx_handle_new(struct file *file)
{
	struct mbx_domain *domain = mbx_domain_of(current->nsproxy->net_ns);
	u32 rights = rights_of(file);
	struct mbx_sender *sender;
	struct mbx_handle *handle;

	/* Linux lets one open a device with the access mode 3, for neither. */
	if (!rights)
		return ERR_PTR(-EINVAL);
	handle = handle_alloc(domain, rights);
	if (!handle)
		return ERR_PTR(-ENOMEM);

	sender = mbx_sender_new(domain, file->f_cred, task_tgid(current));
	if (IS_ERR(sender)) {
		handle_dealloc(handle);
		return ERR_CAST(sender);
	}
	handle->sender = sender;
	return handle;
}

static void bind_locked(struct mbx_handle *handle, struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&handle->domain->lock);

	mbx_mailbox_attach(mbox, handle);
	/* Pairs with the acquire in mbx_handle_mailbox(). */
	smp_store_release(&handle->mbox, mbox);
	/* Pollers queue up before they try to bind, which takes the lock. */
	if (handle->fasync || waitqueue_active(&handle->wait))
		mbx_poll_bound(handle, mbox);
}

static int bind_clone(struct mbx_handle *handle, struct mbx_mailbox *mbox)
{
	int err = -EIDRM;

	mutex_lock(&handle->domain->lock);
	if (!mbx_mailbox_removed(mbox)) {
		bind_locked(handle, mbox);
		err = 0;
	}
	mutex_unlock(&handle->domain->lock);
	return err;
}

/**
 * mbx_handle_clone() - make a second handle on the same mailbox
 * @original: bound handle
 * @rights: MBOX_RIGHT_* of the new one, all of which @original has
 *
 * Context: may sleep. Takes &mbx_domain.lock.
 * Return: the handle, or an ERR_PTR: -EIDRM, -ENOMEM.
 */
struct mbx_handle *mbx_handle_clone(struct mbx_handle *original, u32 rights)
{
	struct mbx_handle *handle = handle_alloc(original->domain, rights);
	int err;

	if (!handle)
		return ERR_PTR(-ENOMEM);

	handle->sender = mbx_sender_clone(original->sender);
	err = PTR_ERR_OR_ZERO(handle->sender);
	if (err)
		goto dealloc;

	err = bind_clone(handle, mbx_handle_mailbox(original));
	if (err)
		goto put_sender;
	return handle;

put_sender:
	mbx_sender_put(handle->sender);
dealloc:
	handle_dealloc(handle);
	return ERR_PTR(err);
}

/**
 * mbx_handle_free() - end a handle; that may end its mailbox
 * @handle: handle that no file refers to any more
 *
 * Context: may sleep. Takes &mbx_domain.lock.
 */
void mbx_handle_free(struct mbx_handle *handle)
{
	if (handle->mbox)
		mbx_mailbox_detach(handle->mbox, handle);
	mbx_pool_put(handle->pool);
	mbx_stock_close(&handle->sender->stock);
	mbx_sender_put(handle->sender);
	handle_dealloc(handle);
}

static struct mbx_mailbox *create_target(struct mbx_domain *domain,
					 const struct file *file,
					 const struct mbx_target *target)
{
	struct mbx_plan plan = {
		.name = target->name,
		.kind = target->kind,
		.persist = target->flags & MBOX_OPEN_PERSIST,
		.retain = target->flags & MBOX_OPEN_RETAIN,
		.mode = target->mode,
		.limits = target->limits,
	};

	return mbx_mailbox_create(domain, file->f_cred, &plan);
}

static struct mbx_mailbox *find_target(struct mbx_domain *domain,
				       const struct mbx_target *target)
{
	if (target->id)
		return mbx_registry_find_id(domain, target->id);
	if (!target->name[0])
		return NULL;
	return mbx_registry_find_name(domain, target->name);
}

static struct mbx_mailbox *find_or_create(struct mbx_handle *handle,
					  const struct file *file,
					  const struct mbx_target *target)
{
	struct mbx_domain *domain = handle->domain;
	struct mbx_mailbox *mbox = find_target(domain, target);

	if (!mbox && !(target->flags & MBOX_OPEN_CREATE))
		return ERR_PTR(-ENOENT);
	if (!mbox)
		return create_target(domain, file, target);
	if (target->flags & MBOX_OPEN_EXCL)
		return ERR_PTR(-EEXIST);
	if (!mbx_mailbox_permits(mbox, file, handle->rights))
		return ERR_PTR(-EACCES);
	return mbox;
}

static int bind_target_locked(struct mbx_handle *handle, const struct file *file,
			      const struct mbx_target *target)
{
	struct mbx_mailbox *mbox;

	if (handle->mbox)
		return -EISCONN;
	mbox = find_or_create(handle, file, target);
	if (IS_ERR(mbox))
		return PTR_ERR(mbox);
	bind_locked(handle, mbox);
	return 0;
}

/**
 * mbx_handle_bind() - bind a handle to a mailbox
 * @handle: handle
 * @file: its file
 * @target: valid description of the mailbox
 *
 * Context: may sleep. Takes &mbx_domain.lock.
 * Return: 0, or -EISCONN, -ENOENT, -EEXIST, -EACCES, -EDQUOT, -ENOSPC,
 * -ENOMEM.
 */
int mbx_handle_bind(struct mbx_handle *handle, const struct file *file,
		    const struct mbx_target *target)
{
	int err;

	mutex_lock(&handle->domain->lock);
	err = bind_target_locked(handle, file, target);
	mutex_unlock(&handle->domain->lock);
	return err;
}

static int try_bind(struct mbx_handle *handle, const struct file *file,
		    const struct mbx_target *target)
{
	int err;

	if (!mutex_trylock(&handle->domain->lock))
		return -EAGAIN;
	err = bind_target_locked(handle, file, target);
	mutex_unlock(&handle->domain->lock);
	return err;
}

/**
 * mbx_handle_bind_default() - bind a handle that is used unbound
 * @handle: handle
 * @file: its file
 * @nowait: do not wait while others open, close or remove mailboxes
 *
 * Context: may sleep. Takes &mbx_domain.lock.
 * Return: 0, also if the handle is bound already, or an error of
 * mbx_handle_bind(), or with @nowait -EAGAIN.
 */
int mbx_handle_bind_default(struct mbx_handle *handle, const struct file *file,
			    bool nowait)
{
	struct mbx_target target = {
		.name = MBOX_DEFAULT_NAME,
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_PERSIST,
		.mode = 0600,
	};
	int err;

	if (mbx_handle_mailbox(handle))
		return 0;

	mbx_limits_default(&target.limits);
	err = nowait ? try_bind(handle, file, &target) :
		       mbx_handle_bind(handle, file, &target);
	return err == -EISCONN ? 0 : err;
}

/**
 * mbx_handle_get_config() - read how a handle reads and writes
 * @handle: handle
 * @config: where it goes
 *
 * Context: any. Takes &mbx_handle.lock.
 */
void mbx_handle_get_config(struct mbx_handle *handle,
			   struct mbox_config *config)
{
	spin_lock(&handle->lock);
	*config = handle->config;
	spin_unlock(&handle->lock);
}

/**
 * mbx_handle_takes_locked() - is a message one for the handle's filter?
 * @handle: handle that is bound, or is being bound
 * @msg: message
 *
 * Context: the mailbox lock is held, with which the filter changes.
 * Return: true if the handle may receive the message and its filter takes it.
 */
bool mbx_handle_takes_locked(const struct mbx_handle *handle,
			     const struct mbx_message *msg)
{
	return handle->rights & MBOX_RIGHT_RECV &&
	       mbx_message_is_for(msg, handle) &&
	       mbx_filter_matches(&handle->config.filter, msg->type);
}

static void write_config(struct mbx_handle *handle,
			 const struct mbox_config *config)
{
	spin_lock(&handle->lock);
	if (config->flags & MBOX_CONFIG_FRAMING)
		handle->config.framing = config->framing;
	if (config->flags & MBOX_CONFIG_TYPE)
		handle->config.type = config->type;
	if (config->flags & MBOX_CONFIG_FILTER)
		handle->config.filter = config->filter;
	if (config->flags & MBOX_CONFIG_BUSY_POLL)
		handle->config.busy_poll = config->busy_poll;
	if (config->flags & MBOX_CONFIG_QUEUE) {
		handle->config.max_msgs = config->max_msgs;
		handle->config.policy = config->policy;
	}
	spin_unlock(&handle->lock);
}

/* What the mailbox may give to the handle, and take for it, changes at once. */
static void config_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle,
			  const struct mbox_config *config,
			  struct mbx_deferred *deferred)
{
	mbox->own_bounds -= mbx_handle_has_bound(handle);
	write_config(handle, config);
	mbox->own_bounds += mbx_handle_has_bound(handle);
	if (config->flags & MBOX_CONFIG_FILTER)
		mbx_poll_filter_changed_locked(handle, mbox);
	/* Who waits for a subscriber waits only if that would take the message. */
	if (config->flags & (MBOX_CONFIG_FILTER | MBOX_CONFIG_QUEUE) &&
	    !mbox->removed)
		mbx_send_admit_locked(mbox, deferred);
}

/* Binding holds the lock, too: nobody reads by the mailbox's what this writes. */
static struct mbx_mailbox *config_unbound(struct mbx_handle *handle,
					  const struct mbox_config *config)
{
	struct mbx_mailbox *mbox;

	mutex_lock(&handle->domain->lock);
	mbox = handle->mbox;
	if (!mbox)
		write_config(handle, config);
	mutex_unlock(&handle->domain->lock);
	return mbox;
}

/**
 * mbx_handle_set_config() - change how a handle reads and writes
 * @handle: handle
 * @config: valid configuration, of which the members in @flags are set
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock or &mbx_domain.lock,
 * and &mbx_handle.lock.
 */
void mbx_handle_set_config(struct mbx_handle *handle,
			   const struct mbox_config *config)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_deferred deferred mbx_unset;

	if (!mbox)
		mbox = config_unbound(handle, config);
	if (!mbox)
		return;
	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	config_locked(mbox, handle, config, &deferred);
	spin_unlock(&mbox->lock);
	mbx_deferred_finish(&deferred);
}

/**
 * mbx_handle_init() - prepare for handles
 *
 * Context: module load.
 * Return: 0 or -ENOMEM.
 */
int mbx_handle_init(void)
{
	handle_cache = KMEM_CACHE(mbx_handle, 0);
	return handle_cache ? 0 : -ENOMEM;
}

/**
 * mbx_handle_exit() - undo mbx_handle_init()
 *
 * Context: module unload, or load that failed.
 */
void mbx_handle_exit(void)
{
	kmem_cache_destroy(handle_cache);
}
