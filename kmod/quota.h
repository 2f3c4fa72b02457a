/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_QUOTA_H
#define MBX_QUOTA_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct mbx_domain;

/**
 * struct mbx_user - what one user has in one domain
 * @refs: one of each sender identity and each mailbox that is charged to it
 * @uid: user (invariant after init)
 * @domain: domain, which outlives it (invariant after init)
 * @link: in &mbx_domain.users (protected by &mbx_domain.users_lock)
 * @mailboxes: mailboxes created and not removed (atomic)
 * @bytes: memory of the messages sent and not yet freed (atomic)
 */
struct mbx_user {
	refcount_t refs;
	kuid_t uid;
	struct mbx_domain *domain;
	struct hlist_node link;
	atomic_t mailboxes;
	atomic_long_t bytes;
};

struct mbx_user *mbx_user_get(struct mbx_domain *domain, kuid_t uid);
struct mbx_user *mbx_user_ref(struct mbx_user *user);
void mbx_user_put(struct mbx_user *user);

int mbx_quota_charge_mailbox(struct mbx_user *user);
void mbx_quota_uncharge_mailbox(struct mbx_user *user);
int mbx_quota_charge_bytes(struct mbx_user *user, size_t bytes);
void mbx_quota_uncharge_bytes(struct mbx_user *user, size_t bytes);

#endif /* MBX_QUOTA_H */
