/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_SENDER_H
#define MBX_SENDER_H

#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "stock.h"

struct cred;
struct mbox_header;
struct mbx_domain;
struct mbx_user;
struct pid;

/**
 * struct mbx_sender - the identity that a handle signs its messages with
 * @refs: one of the handle, one of each message
 * @id: id of the handle
 * @pid: process that opened it; referenced
 * @uid: effective user of that process at the time
 * @gid: effective group likewise
 * @user: whose quota the messages are charged to; referenced
 * @stock: memory for the next messages
 *
 * All members but @refs and @stock are invariant after init. It is an object of its own
 * so that a queued message does not keep the handle.
 */
struct mbx_sender {
	refcount_t refs;
	u64 id;
	struct pid *pid;
	kuid_t uid;
	kgid_t gid;
	struct mbx_user *user;
	struct mbx_stock stock;
};

struct mbx_sender *mbx_sender_new(struct mbx_domain *domain,
				  const struct cred *cred, struct pid *pid);
struct mbx_sender *mbx_sender_clone(const struct mbx_sender *original);
void mbx_sender_put(struct mbx_sender *sender);
void mbx_sender_describe(const struct mbx_sender *sender,
			 struct mbox_header *header);

int mbx_sender_init(void);
void mbx_sender_exit(void);

/**
 * mbx_sender_get() - take a reference
 * @sender: identity
 *
 * Context: any.
 * Return: @sender.
 */
static inline struct mbx_sender *mbx_sender_get(struct mbx_sender *sender)
{
	refcount_inc(&sender->refs);
	return sender;
}

#endif /* MBX_SENDER_H */
