// SPDX-License-Identifier: GPL-2.0
/* The domain: one of everything for each network namespace. */
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "domain.h"
#include "mailbox.h"
#include "registry.h"

static unsigned int domain_net_id;

/**
 * mbx_domain_of() - the domain of a network namespace
 * @net: namespace that the caller keeps
 *
 * Context: any.
 * Return: the domain, which lives as long as the namespace.
 */
struct mbx_domain *mbx_domain_of(struct net *net)
{
	return net_generic(net, domain_net_id);
}

/**
 * mbx_domain_next_handle_id() - make an id for a handle
 * @domain: domain of the handle
 *
 * Context: any.
 * Return: an id that was never returned before.
 */
u64 mbx_domain_next_handle_id(struct mbx_domain *domain)
{
	return atomic64_inc_return(&domain->last_handle_id);
}

static int __net_init domain_net_init(struct net *net)
{
	struct mbx_domain *domain = mbx_domain_of(net);

	domain->net = net;
	mutex_init(&domain->lock);
	domain->by_name = RB_ROOT;
	domain->by_id = RB_ROOT;
	domain->generation = 1;
	spin_lock_init(&domain->users_lock);
	hash_init(domain->users);
	spin_lock_init(&domain->event_lock);
	return 0;
}

static void __net_exit domain_net_exit(struct net *net)
{
	struct mbx_domain *domain = mbx_domain_of(net);

	mutex_lock(&domain->lock);
	mbx_registry_remove_all(domain);
	mutex_unlock(&domain->lock);

	WARN_ON(atomic_read(&domain->mailboxes));
	WARN_ON(atomic_long_read(&domain->bytes));
	WARN_ON(!hash_empty(domain->users));
}

static struct pernet_operations domain_net_ops = {
	.init = domain_net_init,
	.exit = domain_net_exit,
	.id = &domain_net_id,
	.size = sizeof(struct mbx_domain),
};

/**
 * mbx_domain_init() - give each network namespace its domain
 *
 * Context: module load; may sleep.
 * Return: 0 or -ENOMEM.
 */
int mbx_domain_init(void)
{
	return register_pernet_subsys(&domain_net_ops);
}

/**
 * mbx_domain_exit() - end all domains and the mailboxes left in them
 *
 * Context: module unload, or load that failed; no handle is open.
 */
void mbx_domain_exit(void)
{
	unregister_pernet_subsys(&domain_net_ops);
}
