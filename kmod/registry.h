/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_REGISTRY_H
#define MBX_REGISTRY_H

#include <linux/types.h>

struct mbx_domain;
struct mbx_mailbox;

struct mbx_mailbox *mbx_registry_find_name(struct mbx_domain *domain,
					   const char *name);
struct mbx_mailbox *mbx_registry_find_id(struct mbx_domain *domain, u64 id);
struct mbx_mailbox *mbx_registry_next(struct mbx_domain *domain, u64 id);
void mbx_registry_add(struct mbx_domain *domain, struct mbx_mailbox *mbox);
void mbx_registry_remove(struct mbx_domain *domain, struct mbx_mailbox *mbox);
void mbx_registry_remove_all(struct mbx_domain *domain);

#endif /* MBX_REGISTRY_H */
