// SPDX-License-Identifier: GPL-2.0
/* The identity that a handle signs its messages with. */
#include <linux/cred.h>
#include <linux/pid_namespace.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <linux/mbox.h>

#include "domain.h"
#include "memory.h"
#include "quota.h"
#include "sender.h"

static struct kmem_cache *sender_cache;

static struct mbx_sender *sender_new(struct mbx_user *user, struct pid *pid,
				     kuid_t uid, kgid_t gid)
{
	struct mbx_sender *sender;

	sender = kmem_cache_alloc(sender_cache, MBX_GFP);
	if (!sender)
		return NULL;

	refcount_set(&sender->refs, 1);
	sender->id = mbx_domain_next_handle_id(user->domain);
	sender->pid = get_pid(pid);
	sender->uid = uid;
	sender->gid = gid;
	sender->user = user;
	mbx_stock_init(&sender->stock);
	return sender;
}

/**
 * mbx_sender_new() - identity for a handle that is being opened
 * @domain: domain of the handle
 * @cred: credentials of the open file
 * @pid: process that opens it
 *
 * Context: may sleep.
 * Return: the identity with one reference, or an ERR_PTR: -ENOMEM.
 */
struct mbx_sender *mbx_sender_new(struct mbx_domain *domain,
				  const struct cred *cred, struct pid *pid)
{
	struct mbx_sender *sender;
	struct mbx_user *user;

	user = mbx_user_get(domain, cred->euid);
	if (!user)
		return ERR_PTR(-ENOMEM);

	sender = sender_new(user, pid, cred->euid, cred->egid);
	if (!sender) {
		mbx_user_put(user);
		return ERR_PTR(-ENOMEM);
	}
	return sender;
}

/**
 * mbx_sender_clone() - the same process and user under a new handle id
 * @original: identity of the granting handle
 *
 * Context: may sleep.
 * Return: the identity with one reference, or an ERR_PTR: -ENOMEM.
 */
struct mbx_sender *mbx_sender_clone(const struct mbx_sender *original)
{
	struct mbx_user *user = mbx_user_ref(original->user);
	struct mbx_sender *sender;

	sender = sender_new(user, original->pid, original->uid, original->gid);
	if (!sender) {
		mbx_user_put(user);
		return ERR_PTR(-ENOMEM);
	}
	return sender;
}

/**
 * mbx_sender_put() - drop a reference
 * @sender: identity
 *
 * Context: process context; no lock held.
 */
void mbx_sender_put(struct mbx_sender *sender)
{
	if (!refcount_dec_and_test(&sender->refs))
		return;

	put_pid(sender->pid);
	mbx_user_put(sender->user);
	kmem_cache_free(sender_cache, sender);
}

/**
 * mbx_sender_describe() - tell the current process who sent a message
 * @sender: identity
 * @header: header whose sender, pid, uid and gid are filled in
 *
 * Context: process context.
 */
void mbx_sender_describe(const struct mbx_sender *sender,
			 struct mbox_header *header)
{
	struct user_namespace *user_ns = current_user_ns();

	header->sender = sender->id;
	header->pid = pid_nr_ns(sender->pid, task_active_pid_ns(current));
	/* There every id is what the kernel has. */
	if (user_ns == &init_user_ns) {
		header->uid = __kuid_val(sender->uid);
		header->gid = __kgid_val(sender->gid);
		return;
	}
	header->uid = from_kuid_munged(user_ns, sender->uid);
	header->gid = from_kgid_munged(user_ns, sender->gid);
}

/**
 * mbx_sender_init() - prepare for identities
 *
 * Context: module load.
 * Return: 0 or -ENOMEM.
 */
int mbx_sender_init(void)
{
	sender_cache = KMEM_CACHE(mbx_sender, 0);
	return sender_cache ? 0 : -ENOMEM;
}

/**
 * mbx_sender_exit() - undo mbx_sender_init()
 *
 * Context: module unload, or load that failed.
 */
void mbx_sender_exit(void)
{
	kmem_cache_destroy(sender_cache);
}
