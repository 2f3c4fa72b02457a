/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_HANDLE_H
#define MBX_HANDLE_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/mbox.h>

#include "cookie.h"
#include "queue.h"
#include "watch.h"
#include "waiter.h"

struct fasync_struct;
struct file;
struct mbx_domain;
struct mbx_mailbox;
struct mbx_message;
struct mbx_pool;
struct mbx_sender;

/**
 * struct mbx_handle - one open file description of /dev/mbox
 * @domain: domain of the process that opened it; its namespace is referenced
 *	    (invariant after init)
 * @sender: identity that it signs with; referenced (invariant after init)
 * @rights: MBOX_RIGHT_* (invariant after init)
 * @mbox: mailbox that it is bound to, or NULL; referenced; set once (written
 *	  with &mbx_domain.lock held, read without)
 * @pool: where payloads land for it; referenced; or NULL; set once (written with
 *	  the mailbox lock held, read without)
 * @lock: protects @config
 * @config: as CONFIG has it, with @flags zero (written with &mbx_domain.lock held,
 *	    too, until it is bound, and then with &mbx_mailbox.lock: of a handle that
 *	    is bound, or is being bound, that lock is enough to read it)
 * @aside: whether its waits are better begun by stepping aside
 * @wait: pollers; lives as long as the file, so nothing can outstay it
 * @fasync: processes that want SIGIO (protected by the fasync code)
 * @poll_link: in &mbx_mailbox.pollers once it was polled (protected by the
 *	       mailbox lock, as are all below)
 * @watch: what it is told of once it was polled
 * @member: in &mbx_store.members if it may receive
 * @lost_untold: of a topic's subscriber: losses that no received header has told
 * @inbox: queued messages that are addressed to it
 * @waiting: its blocked receives in order of arrival, &mbx_place.mate
 * @calls: its calls, &mbx_call.cookie
 * @deliveries: what it has to settle, &mbx_delivery.cookie
 * @delivered: how many deliveries it has had
 * @owed: how many are in @deliveries
 * @leases: how many of them are leased, and how many receives under way may be
 * @notices: calls that have ended and were not fetched, and deliveries whose
 *	     caller is gone
 */
struct mbx_handle {
	struct mbx_domain *domain;
	struct mbx_sender *sender;
	u32 rights;
	struct mbx_mailbox *mbox;
	struct mbx_pool *pool;
	spinlock_t lock; /* config */
	struct mbox_config config;
	struct mbx_aside aside;
	wait_queue_head_t wait;
	struct fasync_struct *fasync;
	struct list_head poll_link;
	struct mbx_watch watch;
	struct mbx_cookie member;
	u64 lost_untold;
	struct mbx_queue inbox;
	struct list_head waiting;
	struct rb_root calls;
	struct rb_root deliveries;
	u64 delivered;
	u32 owed;
	u32 leases;
	u32 notices;
};

/**
 * struct mbx_target - what a handle is to be bound to
 * @id: id of an existing mailbox, or 0
 * @name: name, or "" for a new anonymous mailbox; not used if @id is set
 * @flags: MBOX_OPEN_*
 * @kind: enum mbox_kind, of a mailbox that is created
 * @mode: permission bits likewise
 * @limits: complete limits likewise
 */
struct mbx_target {
	u64 id;
	const char *name;
	u32 flags;
	u32 kind;
	u32 mode;
	struct mbox_limits limits;
};

struct mbx_handle *mbx_handle_new(struct file *file);
struct mbx_handle *mbx_handle_clone(struct mbx_handle *original, u32 rights);
void mbx_handle_free(struct mbx_handle *handle);

int mbx_handle_bind(struct mbx_handle *handle, const struct file *file,
		    const struct mbx_target *target);
int mbx_handle_bind_default(struct mbx_handle *handle, const struct file *file,
			    bool nowait);

/**
 * mbx_handle_has_bound() - is it a receiver that wants fewer messages waiting?
 * @handle: handle that is bound, or is being bound
 *
 * Context: the mailbox lock is held.
 * Return: true if it may receive and has set a bound of its own.
 */
static inline bool mbx_handle_has_bound(const struct mbx_handle *handle)
{
	return handle->rights & MBOX_RIGHT_RECV && handle->config.max_msgs;
}

bool mbx_handle_takes_locked(const struct mbx_handle *handle,
			     const struct mbx_message *msg);
void mbx_handle_get_config(struct mbx_handle *handle,
			   struct mbox_config *config);
void mbx_handle_set_config(struct mbx_handle *handle,
			   const struct mbox_config *config);

int mbx_handle_init(void);
void mbx_handle_exit(void);

/**
 * mbx_handle_mailbox() - the mailbox that a handle is bound to
 * @handle: handle
 *
 * Context: any.
 * Return: the mailbox, which the handle keeps, or NULL if it is not bound.
 */
static inline struct mbx_mailbox *mbx_handle_mailbox(const struct mbx_handle *handle)
{
	/* Pairs with the release in bind_locked(). */
	return smp_load_acquire(&handle->mbox);
}

#endif /* MBX_HANDLE_H */
