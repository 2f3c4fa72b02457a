// SPDX-License-Identifier: GPL-2.0
/* The mailboxes of a domain by name and by id. */
#include <linux/rbtree.h>
#include <linux/stringhash.h>
#include <linux/string.h>

#include "domain.h"
#include "mailbox.h"
#include "registry.h"

#define name_entry(rb)	rb_entry(rb, struct mbx_mailbox, by_name)
#define id_entry(rb)	rb_entry(rb, struct mbx_mailbox, by_id)

/*
 * Names are in the order of their hashes: to compare two numbers is less than to
 * compare names that begin alike, as those of a service do.
 */
struct name_key {
	u32 hash;
	const char *name;
};

static u32 hash_of(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

static int compare_name(const void *key, const struct rb_node *rb)
{
	const struct mbx_mailbox *mbox = name_entry(rb);
	const struct name_key *wanted = key;

	if (wanted->hash != mbox->name_hash)
		return wanted->hash < mbox->name_hash ? -1 : 1;
	return strcmp(wanted->name, mbox->name);
}

static int compare_id(const void *id, const struct rb_node *rb)
{
	u64 wanted = *(const u64 *)id;

	if (wanted == id_entry(rb)->id)
		return 0;
	return wanted < id_entry(rb)->id ? -1 : 1;
}

static bool name_before(struct rb_node *a, const struct rb_node *b)
{
	struct name_key key = { name_entry(a)->name_hash, name_entry(a)->name };

	return compare_name(&key, b) < 0;
}

static bool id_before(struct rb_node *a, const struct rb_node *b)
{
	return id_entry(a)->id < id_entry(b)->id;
}

/**
 * mbx_registry_find_name() - find a mailbox by name
 * @domain: domain
 * @name: name
 *
 * Context: &mbx_domain.lock is held.
 * Return: the mailbox without a reference of its own, or NULL.
 */
struct mbx_mailbox *mbx_registry_find_name(struct mbx_domain *domain,
					   const char *name)
{
	struct name_key key = { hash_of(name), name };
	struct rb_node *rb;

	lockdep_assert_held(&domain->lock);

	rb = rb_find(&key, &domain->by_name, compare_name);
	return rb ? name_entry(rb) : NULL;
}

/**
 * mbx_registry_find_id() - find a mailbox by id
 * @domain: domain
 * @id: id
 *
 * Context: &mbx_domain.lock is held.
 * Return: the mailbox without a reference of its own, or NULL.
 */
struct mbx_mailbox *mbx_registry_find_id(struct mbx_domain *domain, u64 id)
{
	struct rb_node *rb;

	lockdep_assert_held(&domain->lock);

	rb = rb_find(&id, &domain->by_id, compare_id);
	return rb ? id_entry(rb) : NULL;
}

/**
 * mbx_registry_next() - walk the mailboxes in the order of their ids
 * @domain: domain
 * @id: id, of a mailbox or not; 0 to start
 *
 * Context: &mbx_domain.lock is held.
 * Return: the mailbox with the least id above @id, or NULL.
 */
struct mbx_mailbox *mbx_registry_next(struct mbx_domain *domain, u64 id)
{
	struct rb_node *rb = domain->by_id.rb_node;
	struct mbx_mailbox *next = NULL;

	lockdep_assert_held(&domain->lock);

	while (rb) {
		if (id_entry(rb)->id <= id) {
			rb = rb->rb_right;
			continue;
		}
		next = id_entry(rb);
		rb = rb->rb_left;
	}
	return next;
}

/**
 * mbx_registry_add() - give a mailbox its id and make it findable
 * @domain: domain
 * @mbox: fully set up mailbox, whose name is free; the registry takes over
 *	  the caller's reference
 *
 * Context: &mbx_domain.lock is held.
 */
void mbx_registry_add(struct mbx_domain *domain, struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&domain->lock);

	mbox->id = ++domain->last_mailbox_id;
	domain->generation++;
	rb_add(&mbox->by_id, &domain->by_id, id_before);
	if (!mbox->name[0])
		return;
	mbox->name_hash = hash_of(mbox->name);
	rb_add(&mbox->by_name, &domain->by_name, name_before);
}

/**
 * mbx_registry_remove() - make a mailbox unfindable
 * @domain: domain
 * @mbox: mailbox that is in the registry; the caller gets its reference
 *
 * Context: &mbx_domain.lock is held.
 */
void mbx_registry_remove(struct mbx_domain *domain, struct mbx_mailbox *mbox)
{
	lockdep_assert_held(&domain->lock);

	domain->generation++;
	rb_erase(&mbox->by_id, &domain->by_id);
	if (mbox->name[0])
		rb_erase(&mbox->by_name, &domain->by_name);
}

/**
 * mbx_registry_remove_all() - remove every mailbox of a domain that goes
 * @domain: domain
 *
 * No event is sent: nobody is left in the namespace to listen, or the family
 * was unregistered with the module.
 *
 * Context: may sleep; &mbx_domain.lock is held.
 */
void mbx_registry_remove_all(struct mbx_domain *domain)
{
	struct mbx_mailbox *mbox;

	while ((mbox = mbx_registry_next(domain, 0))) {
		mbx_mailbox_end(mbox);
		mbx_mailbox_put(mbox);
	}
}
