/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_DOMAIN_H
#define MBX_DOMAIN_H

#include <linux/atomic.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct net;

#define MBX_USER_HASH_BITS	6

/**
 * struct mbx_domain - the part of the module that a network namespace sees
 * @net: network namespace (invariant after init)
 * @lock: outermost lock: names, ids, and which handle is bound to what
 * @by_name: named mailboxes by name (protected by @lock)
 * @by_id: all mailboxes by id (protected by @lock)
 * @last_mailbox_id: newest id of a mailbox; none is used twice (protected by
 *		     @lock)
 * @generation: changes with every change of @by_id; not zero, which netlink
 *		takes for none (protected by @lock)
 * @last_handle_id: newest id of a handle; none is used twice (atomic)
 * @mailboxes: how many mailboxes are charged (atomic)
 * @bytes: how much message memory is charged (atomic)
 * @users_lock: innermost lock: protects @users
 * @users: accounts by user id (protected by @users_lock)
 * @event_lock: makes numbering and sending an event one step, so that
 *		listeners see the numbers in order; taken inside a mailbox lock
 * @event_seq: number of the newest event (protected by @event_lock)
 *
 * A handle keeps its network namespace, so a domain goes when no handle is
 * left in it; what persists then is removed.
 */
struct mbx_domain {
	struct net *net;
	struct mutex lock; /* names, ids, bindings */
	struct rb_root by_name;
	struct rb_root by_id;
	u64 last_mailbox_id;
	u32 generation;
	atomic64_t last_handle_id;
	atomic_t mailboxes;
	atomic_long_t bytes;
	spinlock_t users_lock; /* users */
	DECLARE_HASHTABLE(users, MBX_USER_HASH_BITS);
	spinlock_t event_lock; /* event_seq */
	u64 event_seq;
};

struct mbx_domain *mbx_domain_of(struct net *net);
u64 mbx_domain_next_handle_id(struct mbx_domain *domain);

int mbx_domain_init(void);
void mbx_domain_exit(void);

#endif /* MBX_DOMAIN_H */
