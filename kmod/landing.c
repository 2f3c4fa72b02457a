// SPDX-License-Identifier: GPL-2.0
/*
 * Landing: the way of a payload into the pool of who will receive it.
 *
 * Where the receiver is known before the payload is copied in, that goes straight
 * into its pool. This is a guess: whoever receives the message in the end, it is
 * one like others, whose payload happens to be elsewhere.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/uio.h>

#include "filter.h"
#include "handle.h"
#include "landing.h"
#include "line.h"
#include "mailbox.h"
#include "message.h"
#include "pages.h"
#include "pool.h"
#include "receive.h"
#include "sender.h"
#include "topic.h"
#include "waiter.h"

static int attach_locked(struct mbx_mailbox *mbox, struct mbx_handle *handle,
			 struct mbx_pool *pool)
{
	lockdep_assert_held(&mbox->lock);

	if (mbox->removed)
		return -EIDRM;
	if (handle->pool)
		return -EEXIST;
	/* Pairs with the acquire in mbx_landing_pool(). */
	smp_store_release(&handle->pool, pool);
	WRITE_ONCE(mbox->pools, mbox->pools + 1);
	return 0;
}

/**
 * mbx_landing_open() - give a handle a pool
 * @handle: bound handle with the right to receive
 * @size: size of the pool in bytes, whole pages; at most MBOX_MAP_SIZE_MAX
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: 0, or -EOPNOTSUPP (a topic, whose payloads are shared), -EEXIST (it has
 * one), -EIDRM, -EDQUOT, -ENOSPC, -ENOMEM.
 */
int mbx_landing_open(struct mbx_handle *handle, size_t size)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_pool *pool;
	int err;

	if (mbx_topic_is(mbox))
		return -EOPNOTSUPP;
	pool = mbx_pool_new(handle->sender->user, size);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	spin_lock(&mbox->lock);
	err = attach_locked(mbox, handle, pool);
	spin_unlock(&mbox->lock);
	if (err)
		mbx_pool_put(pool);
	return err;
}

/**
 * mbx_landing_close_locked() - a handle goes; nothing more lands for it
 * @mbox: its mailbox
 * @handle: handle, which keeps its pool until it is freed
 *
 * Context: &mbx_mailbox.lock is held.
 */
void mbx_landing_close_locked(struct mbx_mailbox *mbox,
			      struct mbx_handle *handle)
{
	lockdep_assert_held(&mbox->lock);

	if (handle->pool)
		WRITE_ONCE(mbox->pools, mbox->pools - 1);
}

/**
 * mbx_landing_pool() - the pool of a handle
 * @handle: handle
 *
 * Context: any.
 * Return: the pool, which the handle keeps, or NULL if it has none.
 */
struct mbx_pool *mbx_landing_pool(const struct mbx_handle *handle)
{
	/* Pairs with the release in attach_locked(). */
	return smp_load_acquire(&handle->pool);
}

static vm_fault_t landing_fault(struct vm_fault *fault)
{
	const struct mbx_handle *handle = fault->vma->vm_file->private_data;

	return mbx_pages_fault(mbx_landing_pool(handle)->pages, fault,
			       fault->pgoff);
}

static const struct vm_operations_struct landing_vm_ops = {
	.fault = landing_fault,
};

/**
 * mbx_landing_mmap() - show the pool of a handle to a program
 * @handle: handle
 * @vma: mapping of its file that is being made
 *
 * Nobody may change what was sent, and the mapping must not keep the handle open
 * in children that know nothing of it.
 *
 * Context: mmap of its file.
 * Return: 0, or -ENODEV (no pool), -EINVAL (not all of it, or private), -EACCES
 * (not for reading alone).
 */
int mbx_landing_mmap(struct mbx_handle *handle, struct vm_area_struct *vma)
{
	const struct mbx_pool *pool = mbx_landing_pool(handle);
	int err;

	if (!pool)
		return -ENODEV;
	if (vma->vm_pgoff)
		return -EINVAL;
	err = mbx_pages_may_map(vma, pool->pages->count, false);
	if (err)
		return err;
	mbx_vm_flags_set(vma, VM_DONTCOPY);
	vma->vm_ops = &landing_vm_ops;
	return 0;
}

/* Who would get such a message now; NULL where that is not clear. */
static struct mbx_handle *receiver_locked(struct mbx_mailbox *mbox,
					  const struct mbx_message *like)
{
	struct mbx_waiter *waiter;

	lockdep_assert_held(&mbox->lock);

	if (mbox->removed || mbox->frozen)
		return NULL;
	if (like->to)
		return mbx_store_member(&mbox->store, like->to);
	waiter = mbx_line_wanting_locked(mbox, like);
	if (waiter)
		return waiter->receive->pool ? waiter->receive->handle : NULL;
	if (mbox->receive_end.handles != 1)
		return NULL;
	return mbx_store_first_member(&mbox->store);
}

static bool hold_locked(struct mbx_mailbox *mbox, const struct mbx_message *like,
			struct mbx_landing *landing)
{
	struct mbx_handle *handle = receiver_locked(mbox, like);

	if (!handle || !handle->pool)
		return false;
	landing->pool = handle->pool;
	return mbx_pool_hold(handle->pool, like->len, &landing->offset);
}

static bool find_block(struct mbx_mailbox *mbox, const struct mbx_message *like,
		       struct mbx_landing *landing)
{
	bool held;

	spin_lock(&mbox->lock);
	held = hold_locked(mbox, like, landing);
	spin_unlock(&mbox->lock);
	return held;
}

static struct mbx_message *land(struct mbx_sender *sender, u64 type, u64 to,
				struct iov_iter *from,
				const struct mbx_landing *landing)
{
	struct mbx_message *msg = mbx_message_new_landed(sender, type, to, from,
							 landing);

	if (IS_ERR(msg))
		mbx_pool_drop(landing->pool, landing->offset);
	return msg;
}

static bool may_land(const struct mbx_mailbox *mbox, size_t len)
{
	return len >= MBOX_POOL_MIN && READ_ONCE(mbox->pools);
}

static struct mbx_message *try_to_land(struct mbx_handle *handle, u64 type,
				       u64 to, struct iov_iter *from)
{
	/* Not a message yet, but enough to look for who would receive it. */
	struct mbx_message like = {
		.type = type,
		.to = to,
		.len = iov_iter_count(from),
	};
	struct mbx_landing landing;

	if (find_block(mbx_handle_mailbox(handle), &like, &landing))
		return land(handle->sender, type, to, from, &landing);
	return mbx_message_new(handle->sender, type, to, from);
}

/**
 * mbx_landing_message() - copy a message in, into a pool if there is one for it
 * @handle: bound handle that sends it
 * @type: valid type
 * @to: id of the only handle that may receive it; 0 for any
 * @from: the payload, all that is left of it: at most MBOX_SIZE_MAX bytes
 *
 * Context: may sleep; no lock held. Takes &mbx_mailbox.lock.
 * Return: as mbx_message_new().
 */
struct mbx_message *mbx_landing_message(struct mbx_handle *handle, u64 type,
					u64 to, struct iov_iter *from)
{
	if (may_land(mbx_handle_mailbox(handle), iov_iter_count(from)))
		return try_to_land(handle, type, to, from);
	return mbx_message_new(handle->sender, type, to, from);
}

/**
 * mbx_landing_address() - a place in a pool as the kernel sees it
 * @landing: place
 *
 * Context: any.
 * Return: its address.
 */
u8 *mbx_landing_address(const struct mbx_landing *landing)
{
	return landing->pool->base + landing->offset;
}

/**
 * mbx_landing_is_own() - does a message lie where this receive wants it?
 * @receive: receive
 * @msg: message
 *
 * Context: any. Takes &mbx_pool.lock.
 * Return: true if it is in the receiver's pool and may stay there.
 */
bool mbx_landing_is_own(const struct mbx_receive *receive,
			const struct mbx_message *msg)
{
	const struct mbx_landing *landing = mbx_message_landing(msg);

	return receive->pool && landing &&
	       landing->pool == mbx_landing_pool(receive->handle) &&
	       mbx_pool_may_give(landing->pool, landing->offset);
}

/**
 * mbx_landing_give() - a receive leaves its message in the pool
 * @receive: receive that has its message, which is its own
 *
 * Context: the mailbox lock is held. Takes &mbx_pool.lock.
 */
void mbx_landing_give(struct mbx_receive *receive)
{
	const struct mbx_landing *landing = mbx_message_landing(receive->msg);

	mbx_pool_give(landing->pool, landing->offset);
	receive->landed = true;
}

/**
 * mbx_landing_take_back() - a receive could not be told to the program
 * @receive: receive that still has its message
 *
 * Context: any. Takes &mbx_pool.lock.
 */
void mbx_landing_take_back(const struct mbx_receive *receive)
{
	const struct mbx_landing *landing = mbx_message_landing(receive->msg);

	if (receive->landed)
		mbx_pool_take_back(landing->pool, landing->offset);
}

/**
 * mbx_landing_offset() - where in the pool is what a receive has?
 * @receive: receive with @landed
 *
 * Context: any.
 * Return: the offset in bytes.
 */
u64 mbx_landing_offset(const struct mbx_receive *receive)
{
	return mbx_message_landing(receive->msg)->offset;
}

/**
 * mbx_landing_give_back() - a receiver is done with blocks of its pool
 * @handle: handle
 * @offsets: what it says they are
 * @count: how many
 *
 * Context: any. Takes &mbx_pool.lock.
 * Return: 0, or, with nothing changed, -EINVAL.
 */
int mbx_landing_give_back(struct mbx_handle *handle, const u64 *offsets,
			  u32 count)
{
	struct mbx_pool *pool = mbx_landing_pool(handle);

	return pool ? mbx_pool_take_back_all(pool, offsets, count) : -EINVAL;
}
