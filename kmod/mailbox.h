/* SPDX-License-Identifier: GPL-2.0 */
/**
 * DOC: mailbox
 *
 * A mailbox is registered from its creation to its removal and allocated from
 * its creation to the last reference: one of the registry, one of each bound
 * handle. After removal it holds no message and no waiter, and everything on it
 * fails with -EIDRM.
 *
 * Locks, outermost first: &mbx_domain.lock, &mbx_mailbox.lock, then
 * &mbx_handle.lock, the wait queue of a handle, and &mbx_domain.event_lock,
 * which do not nest in each other. Functions with the suffix _locked want
 * &mbx_mailbox.lock held.
 */
#ifndef MBX_MAILBOX_H
#define MBX_MAILBOX_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/mbox.h>

#include "expiry.h"
#include "line.h"
#include "store.h"

struct cred;
struct file;
struct mbx_deferred;
struct mbx_domain;
struct mbx_handle;
struct mbx_message;
struct mbx_ring;
struct mbx_sender;
struct mbx_user;

/**
 * struct mbx_end - what a mailbox knows of its receiving or its sending side
 * @handles: handles that have the right
 * @seen: there was a handle with the right
 *
 * Protected by &mbx_mailbox.lock.
 */
struct mbx_end {
	u32 handles;
	bool seen;
};

/**
 * struct mbx_last - when something was done last, and who did it
 * @time: CLOCK_REALTIME seconds; 0 for never
 * @pid: process that opened the handle; referenced; or NULL
 */
struct mbx_last {
	s64 time;
	struct pid *pid;
};

/**
 * struct mbx_mailbox - bounded, typed, permissioned store of messages
 * @refs: one of the registry, one of each bound handle, one of each mailbox whose
 *	  dead letters it gets
 * @domain: domain, which outlives it (invariant after init)
 * @creator: whom it is charged to; referenced (invariant after init)
 * @kind: enum mbox_kind (invariant after init)
 * @persist: outlives its last handle (invariant after init)
 * @retain: a topic that keeps its last message (invariant after init)
 * @created: CLOCK_REALTIME nanoseconds (invariant after init)
 * @creator_gid: group of who created it (invariant after init)
 * @id: id (invariant after registration)
 * @name_hash: order in &mbx_domain.by_name (invariant after registration)
 * @by_name: in the registry (protected by &mbx_domain.lock)
 * @by_id: in the registry (protected by &mbx_domain.lock)
 * @lock: protects all members below
 * @removed: it was removed; never undone (written with &mbx_domain.lock held
 *	     too, so that either lock keeps it)
 * @uid: owner (like @removed)
 * @gid: group (like @removed)
 * @mode: permission bits (like @removed)
 * @limits: limits, all set (like @removed)
 * @store: queued messages
 * @seq: sequence number of the message that was accepted last
 * @sent: messages accepted; of a topic the copies that subscribers were to get
 * @received: messages taken
 * @lost: messages discarded after they were accepted
 * @withdrawn: messages that their senders took back: requests, and sends with SYNC
 * @expired: part of @lost: those that have had their time
 * @lost_untold: part of @lost that no received header has told yet
 * @last_sent: what was accepted last
 * @last_received: what was received last
 * @changed: CLOCK_REALTIME seconds of the last change of settings (like @removed)
 * @peak_msgs: most messages that were ever queued
 * @peak_bytes: most payload bytes that were ever queued
 * @receive_end: receiving side
 * @send_end: sending side
 * @line: blocked receives
 * @senders: blocked sends in order of arrival, &mbx_waiter.link
 * @synced: sends that wait until their message is taken, &mbx_waiter.link; those
 *	    whose message is not accepted are in @senders, too
 * @own_bounds: handles that may receive and have a bound of their own
 * @pollers: handles that have been polled, &mbx_handle.poll_link
 * @watches: what types these take, &mbx_watch_span.rb
 * @calls: calls that have not ended, &mbx_call.link
 * @call_count: how many
 * @leased: messages that were received and may still come back
 * @pools: handles that have a pool (also read without the lock)
 * @clockwork: what has its time
 * @retained: the last message of a topic that keeps it; referenced; or NULL
 * @dead_letter: where messages go that came back too often; referenced; or NULL
 *		 (like @removed)
 * @frozen: it gives out no message (like @removed)
 * @steps: how many it gives out all the same
 * @full: FULL was announced and WRITABLE was not yet
 * @room: what senders that poll were last told, see mbx_limits_room_locked()
 * @ring: ring whose ends may still come, and have not gone; the ends keep it; or
 *	  NULL
 * @name: name; empty for an anonymous mailbox (invariant after init)
 *
 * @sent = @received + @lost + @withdrawn + &mbx_store.msgs whenever @lock is free. No
 * blocked receive could take a message that is queued or offered by a blocked
 * send, unless the mailbox is frozen, and no blocked send that is first in line would find room.
 */
struct mbx_mailbox {
	struct kref refs;
	struct mbx_domain *domain;
	struct mbx_user *creator;
	u32 kind;
	bool persist;
	bool retain;
	s64 created;
	kgid_t creator_gid;
	u64 id;
	u32 name_hash;
	struct rb_node by_name;
	struct rb_node by_id;

	spinlock_t lock; /* all members below */
	bool removed;
	kuid_t uid;
	kgid_t gid;
	u32 mode;
	struct mbox_limits limits;
	struct mbx_store store;
	u64 seq;
	u64 sent;
	u64 received;
	u64 lost;
	u64 withdrawn;
	u64 expired;
	u64 lost_untold;
	struct mbx_last last_sent;
	struct mbx_last last_received;
	s64 changed;
	u32 peak_msgs;
	u64 peak_bytes;
	struct mbx_end receive_end;
	struct mbx_end send_end;
	struct mbx_line line;
	struct list_head senders;
	struct list_head synced;
	u32 own_bounds;
	struct list_head pollers;
	struct rb_root_cached watches;
	struct list_head calls;
	u32 call_count;
	u32 leased;
	u32 pools;
	struct mbx_clockwork clockwork;
	struct mbx_message *retained;
	struct mbx_mailbox *dead_letter;
	bool frozen;
	u32 steps;
	bool full;
	bool room;
	struct mbx_ring *ring;

	char name[];
};

/**
 * struct mbx_plan - a mailbox that is to be created
 * @name: name; "" for an anonymous mailbox
 * @kind: enum mbox_kind
 * @persist: outlives its last handle
 * @retain: a topic that keeps its last message
 * @mode: permission bits
 * @limits: complete limits, see mbx_limits_default()
 */
struct mbx_plan {
	const char *name;
	u32 kind;
	bool persist;
	bool retain;
	u32 mode;
	struct mbox_limits limits;
};

bool mbx_name_valid(const char *name, size_t len);
bool mbx_mode_valid(u32 mode);

struct mbx_mailbox *mbx_mailbox_create(struct mbx_domain *domain,
				       const struct cred *cred,
				       const struct mbx_plan *plan);
void mbx_mailbox_end(struct mbx_mailbox *mbox);
void mbx_mailbox_remove(struct mbx_mailbox *mbox);
struct mbx_mailbox *mbx_mailbox_get(struct mbx_mailbox *mbox);
void mbx_mailbox_put(struct mbx_mailbox *mbox);

bool mbx_mailbox_removed(const struct mbx_mailbox *mbox);
bool mbx_mailbox_owned(const struct mbx_mailbox *mbox, const struct file *file);
bool mbx_mailbox_permits(struct mbx_mailbox *mbox, const struct file *file,
			 u32 rights);
void mbx_mailbox_attach(struct mbx_mailbox *mbox, struct mbx_handle *handle);
void mbx_mailbox_detach(struct mbx_mailbox *mbox, struct mbx_handle *handle);
void mbx_mailbox_note_locked(struct mbx_mailbox *mbox, struct mbx_last *last,
			     const struct mbx_sender *who);

u64 mbx_mailbox_purge(struct mbx_mailbox *mbox);

int mbx_mailbox_first_look(const struct mbx_mailbox *mbox, u64 len);
bool mbx_mailbox_at_eof_locked(const struct mbx_mailbox *mbox);
bool mbx_mailbox_broken_locked(const struct mbx_mailbox *mbox);

/**
 * mbx_mailbox_holds_locked() - does it keep its messages to itself?
 * @mbox: mailbox
 *
 * Context: &mbx_mailbox.lock is held.
 * Return: true if it is frozen, and no step is left.
 */
static inline bool mbx_mailbox_holds_locked(const struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&mbox->lock);

	return mbox->frozen && !mbox->steps;
}

#endif /* MBX_MAILBOX_H */
