// SPDX-License-Identifier: GPL-2.0
/*
 * What each user, and each domain as a whole, may hold.
 *
 * A charge is undone by whoever ends what was charged: a message when it is
 * freed, a mailbox when it is removed. So the counters of a domain are zero
 * when it goes, and domain_net_exit() checks that they are.
 */
#include <linux/hash.h>
#include <linux/moduleparam.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "domain.h"
#include "memory.h"
#include "quota.h"

/* Bounds of the parameters: a limit of 0 or one that overflows is refused. */
#define MAILBOXES_MAX	SZ_1M
#define BYTES_MIN	SZ_4K
#define BYTES_MAX	SZ_2G

static unsigned int user_mailboxes = SZ_1K;
static unsigned int user_bytes = SZ_16M;
static unsigned int domain_mailboxes = SZ_64K;
static unsigned int domain_bytes = SZ_256M;

static int set_mailboxes(const char *text, const struct kernel_param *param)
{
	return param_set_uint_minmax(text, param, 1, MAILBOXES_MAX);
}

static int set_bytes(const char *text, const struct kernel_param *param)
{
	return param_set_uint_minmax(text, param, BYTES_MIN, BYTES_MAX);
}

static const struct kernel_param_ops mailboxes_ops = {
	.set = set_mailboxes,
	.get = param_get_uint,
};

static const struct kernel_param_ops bytes_ops = {
	.set = set_bytes,
	.get = param_get_uint,
};

module_param_cb(user_mailboxes, &mailboxes_ops, &user_mailboxes, 0644);
MODULE_PARM_DESC(user_mailboxes, "mailboxes a user may have in a domain");
module_param_cb(user_bytes, &bytes_ops, &user_bytes, 0644);
MODULE_PARM_DESC(user_bytes, "message memory a user may have in a domain");
module_param_cb(domain_mailboxes, &mailboxes_ops, &domain_mailboxes, 0644);
MODULE_PARM_DESC(domain_mailboxes, "mailboxes of a domain");
module_param_cb(domain_bytes, &bytes_ops, &domain_bytes, 0644);
MODULE_PARM_DESC(domain_bytes, "message memory of a domain");

static struct mbx_user *find_user_locked(struct mbx_domain *domain, kuid_t uid)
{
	struct mbx_user *user;

	lockdep_assert_held(&domain->users_lock);

	hash_for_each_possible(domain->users, user, link, __kuid_val(uid)) {
		if (uid_eq(user->uid, uid))
			return mbx_user_ref(user);
	}
	return NULL;
}

static struct mbx_user *user_new(struct mbx_domain *domain, kuid_t uid)
{
	struct mbx_user *user = kzalloc(sizeof(*user), MBX_GFP);

	if (!user)
		return NULL;
	refcount_set(&user->refs, 1);
	user->uid = uid;
	user->domain = domain;
	return user;
}

/**
 * mbx_user_get() - find or make the account of a user
 * @domain: domain
 * @uid: user
 *
 * Context: may sleep. Takes &mbx_domain.users_lock.
 * Return: the account with a reference for the caller, or NULL (no memory).
 */
struct mbx_user *mbx_user_get(struct mbx_domain *domain, kuid_t uid)
{
	struct mbx_user *fresh = user_new(domain, uid);
	struct mbx_user *user;

	if (!fresh)
		return NULL;

	spin_lock(&domain->users_lock);
	user = find_user_locked(domain, uid);
	if (!user) {
		hash_add(domain->users, &fresh->link, __kuid_val(uid));
		user = fresh;
		fresh = NULL;
	}
	spin_unlock(&domain->users_lock);

	kfree(fresh);
	return user;
}

/**
 * mbx_user_ref() - take another reference
 * @user: account
 *
 * Context: any.
 * Return: @user.
 */
struct mbx_user *mbx_user_ref(struct mbx_user *user)
{
	refcount_inc(&user->refs);
	return user;
}

/**
 * mbx_user_put() - drop a reference
 * @user: account
 *
 * Context: process context. Takes &mbx_domain.users_lock.
 */
void mbx_user_put(struct mbx_user *user)
{
	struct mbx_domain *domain = user->domain;

	bool last;

	spin_lock(&domain->users_lock);
	last = refcount_dec_and_test(&user->refs);
	if (last)
		hash_del(&user->link);
	spin_unlock(&domain->users_lock);
	if (!last)
		return;

	WARN_ON(atomic_read(&user->mailboxes));
	WARN_ON(atomic_long_read(&user->bytes));
	kfree(user);
}

/**
 * mbx_quota_charge_mailbox() - charge a new mailbox to its creator
 * @user: account of the creator
 *
 * Context: any.
 * Return: 0, -EDQUOT (the user has all it may) or -ENOSPC (the domain has).
 */
int mbx_quota_charge_mailbox(struct mbx_user *user)
{
	struct mbx_domain *domain = user->domain;

	if (atomic_inc_return(&user->mailboxes) > READ_ONCE(user_mailboxes)) {
		atomic_dec(&user->mailboxes);
		return -EDQUOT;
	}
	if (atomic_inc_return(&domain->mailboxes) >
	    READ_ONCE(domain_mailboxes)) {
		mbx_quota_uncharge_mailbox(user);
		return -ENOSPC;
	}
	return 0;
}

/**
 * mbx_quota_uncharge_mailbox() - undo mbx_quota_charge_mailbox()
 * @user: account of the creator
 *
 * Context: any.
 */
void mbx_quota_uncharge_mailbox(struct mbx_user *user)
{
	atomic_dec(&user->domain->mailboxes);
	atomic_dec(&user->mailboxes);
}

/**
 * mbx_quota_charge_bytes() - charge message memory to its sender
 * @user: account of the sender
 * @bytes: how much
 *
 * Context: any.
 * Return: 0, -EDQUOT (the user has all it may) or -ENOSPC (the domain has).
 */
int mbx_quota_charge_bytes(struct mbx_user *user, size_t bytes)
{
	struct mbx_domain *domain = user->domain;

	if (atomic_long_add_return(bytes, &user->bytes) >
	    READ_ONCE(user_bytes)) {
		atomic_long_sub(bytes, &user->bytes);
		return -EDQUOT;
	}
	if (atomic_long_add_return(bytes, &domain->bytes) >
	    READ_ONCE(domain_bytes)) {
		mbx_quota_uncharge_bytes(user, bytes);
		return -ENOSPC;
	}
	return 0;
}

/**
 * mbx_quota_uncharge_bytes() - undo mbx_quota_charge_bytes()
 * @user: account of the sender
 * @bytes: how much
 *
 * Context: any.
 */
void mbx_quota_uncharge_bytes(struct mbx_user *user, size_t bytes)
{
	atomic_long_sub(bytes, &user->domain->bytes);
	atomic_long_sub(bytes, &user->bytes);
}
