// SPDX-License-Identifier: GPL-2.0
/* A message: header, payload, and the quota that it is charged to. */
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "breakage.h"
#include "call.h"
#include "clock.h"
#include "copy.h"
#include "filter.h"
#include "handle.h"
#include "landing.h"
#include "memory.h"
#include "message.h"
#include "pool.h"
#include "quota.h"
#include "sender.h"

static_assert(offsetof(struct mbx_message, payload) >= MBX_MEMORY_HEAD,
	      "payloads lie where they may be copied from");

/* How many blanks are allocated at once. */
#define BATCH_MAX	16

/* A queued message of 64 bytes is to fit into the slab for 192. */
static_assert(sizeof(struct mbx_message) + 64 <= 192);

static struct kmem_cache *copy_cache;

static size_t message_footprint(size_t len)
{
	return struct_size((struct mbx_message *)NULL, payload, len);
}

static void zeroed_init(struct mbx_message *msg)
{
	refcount_set(&msg->refs, 1);
	RB_CLEAR_NODE(&msg->node);
	INIT_LIST_HEAD(&msg->same);
}

/* Member by member, and not what is written before it is read. */
static void message_init(struct mbx_message *msg, struct mbx_sender *sender,
			 u64 type, u64 to, u32 len)
{
	msg->len = len;
	msg->type = type;
	msg->to = to;
	msg->time = ktime_get_ns();
	msg->sender = mbx_sender_get(sender);
	msg->call = NULL;
	msg->lifetime = NULL;
	msg->sync = NULL;
	msg->deliveries = 0;
	msg->copy = false;
	msg->landed = false;
	msg->seq = 0;
	zeroed_init(msg);
}

/**
 * mbx_message_new() - copy a message in
 * @sender: who sends it
 * @type: valid type
 * @to: id of the only handle that may take it; 0 for any
 * @from: the payload, all that is left of it: at most MBOX_SIZE_MAX bytes
 *
 * Context: may sleep; no lock held.
 * Return: the message with one reference, or an ERR_PTR: -EDQUOT or -ENOSPC
 * (quota), -ENOMEM, -EFAULT.
 */
struct mbx_message *mbx_message_new(struct mbx_sender *sender, u64 type, u64 to,
				    struct iov_iter *from)
{
	size_t len = iov_iter_count(from);
	size_t footprint = message_footprint(len);
	struct mbx_message *msg;
	int err;

	err = mbx_quota_charge_bytes(sender->user, footprint);
	if (err)
		return ERR_PTR(err);

	err = -ENOMEM;
	msg = mbx_stock_alloc(&sender->stock, footprint);
	if (!msg)
		goto uncharge;

	err = mbx_copy_in(msg->payload, len, from);
	if (err)
		goto free_message;

	message_init(msg, sender, type, to, len);
	return msg;

free_message:
	mbx_stock_free(&sender->stock, msg, footprint);
uncharge:
	mbx_quota_uncharge_bytes(sender->user, footprint);
	return ERR_PTR(err);
}

static struct mbx_landing *landing_of(struct mbx_message *msg)
{
	return (struct mbx_landing *)msg->payload;
}

/**
 * mbx_message_landing() - where in a pool is the payload?
 * @msg: message
 *
 * Context: any.
 * Return: the place, or NULL if it is in no pool.
 */
const struct mbx_landing *mbx_message_landing(const struct mbx_message *msg)
{
	if (!msg->landed)
		return NULL;
	return (const struct mbx_landing *)msg->payload;
}

/**
 * mbx_message_new_landed() - copy a message in whose payload goes into a pool
 * @sender: who sends it, and pays as for any other
 * @type: valid type
 * @to: id of the only handle that may take it; 0 for any
 * @from: the payload, all that is left of it
 * @landing: a block that holds it, which with success is the message's
 *
 * Context: may sleep; no lock held.
 * Return: as mbx_message_new().
 */
struct mbx_message *mbx_message_new_landed(struct mbx_sender *sender, u64 type,
					   u64 to, struct iov_iter *from,
					   const struct mbx_landing *landing)
{
	size_t len = iov_iter_count(from);
	struct mbx_message *msg;
	int err;

	err = mbx_quota_charge_bytes(sender->user, message_footprint(len));
	if (err)
		return ERR_PTR(err);

	err = -ENOMEM;
	msg = mbx_stock_alloc(&sender->stock,
			      message_footprint(sizeof(*landing)));
	if (!msg)
		goto uncharge;

	err = -EFAULT;
	if (!copy_from_iter_full(mbx_landing_address(landing), len, from))
		goto free_message;

	message_init(msg, sender, type, to, len);
	*landing_of(msg) = *landing;
	msg->landed = true;
	return msg;

free_message:
	mbx_stock_free(&sender->stock, msg,
		       message_footprint(sizeof(*landing)));
uncharge:
	mbx_quota_uncharge_bytes(sender->user, message_footprint(len));
	return ERR_PTR(err);
}

static struct mbx_copy *copy_of(struct mbx_message *msg)
{
	return (struct mbx_copy *)msg->payload;
}

/**
 * mbx_message_new_blank() - allocate what can become a copy
 * @gfp: how to allocate
 *
 * Context: as @gfp has it.
 * Return: the blank, for mbx_message_fill_copy(); or NULL.
 */
struct mbx_message *mbx_message_new_blank(gfp_t gfp)
{
	struct mbx_message *msg = kmem_cache_zalloc(copy_cache, gfp);

	if (msg)
		zeroed_init(msg);
	return msg;
}

/* Many at once are had for much less than each by itself. */
static int get_batch(struct mbx_message *msg, unsigned int count)
{
	void *blanks[BATCH_MAX];
	unsigned int i;

	if (!kmem_cache_alloc_bulk(copy_cache, MBX_GFP | __GFP_ZERO, count,
				   blanks))
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct mbx_message *blank = blanks[i];

		zeroed_init(blank);
		list_add_tail(&blank->same, &msg->same);
	}
	return 0;
}

/**
 * mbx_message_get_blanks() - allocate what can become copies of a message
 * @msg: message that was not sent yet; gets them on its list @same
 * @count: how many
 *
 * Context: may sleep; no lock held.
 * Return: 0, or -ENOMEM with as many as there were.
 */
int mbx_message_get_blanks(struct mbx_message *msg, unsigned int count)
{
	int err = 0;

	while (count && !err) {
		unsigned int batch = min_t(unsigned int, count, BATCH_MAX);

		err = get_batch(msg, batch);
		count -= batch;
		cond_resched();
	}
	return err;
}

/**
 * mbx_message_free_blanks() - free what a message did not need
 * @msg: message that has blanks on its list @same
 *
 * Context: any.
 */
void mbx_message_free_blanks(struct mbx_message *msg)
{
	struct mbx_message *blank, *next;

	list_for_each_entry_safe(blank, next, &msg->same, same)
		kmem_cache_free(copy_cache, blank);
	INIT_LIST_HEAD(&msg->same);
}

static int copy_lifetime(struct mbx_message *copy,
			 const struct mbx_lifetime *lifetime, gfp_t gfp)
{
	int err;

	err = mbx_message_set_ttl(copy, lifetime->ttl, lifetime->expiry.expire,
				  gfp);
	if (!err)
		copy->lifetime->end = lifetime->end;
	return err;
}

/**
 * mbx_message_fill_copy() - make a copy of a message for a subscriber
 * @blank: what becomes the copy; freed if that fails
 * @whole: the message, which has its number
 * @handle: subscriber; the copy is addressed to it, and charged to its user
 * @gfp: how to allocate a lifetime
 *
 * Context: as @gfp has it.
 * Return: 0, or -EDQUOT or -ENOSPC (quota), -ENOMEM.
 */
int mbx_message_fill_copy(struct mbx_message *blank, struct mbx_message *whole,
			  const struct mbx_handle *handle, gfp_t gfp)
{
	struct mbx_user *user = handle->sender->user;
	size_t footprint = message_footprint(sizeof(struct mbx_copy));
	int err = 0;

	if (whole->lifetime)
		err = copy_lifetime(blank, whole->lifetime, gfp);
	if (!err)
		err = mbx_quota_charge_bytes(user, footprint);
	if (err)
		goto free_blank;

	blank->copy = true;
	blank->len = whole->len;
	blank->type = whole->type;
	blank->to = handle->sender->id;
	blank->time = whole->time;
	blank->seq = whole->seq;
	blank->sender = mbx_sender_get(whole->sender);
	copy_of(blank)->whole = mbx_message_get(whole);
	copy_of(blank)->user = mbx_user_ref(user);
	return 0;

free_blank:
	kfree(blank->lifetime);
	kmem_cache_free(copy_cache, blank);
	return err;
}

static void free_copy(struct mbx_message *msg)
{
	struct mbx_copy *copy = copy_of(msg);

	mbx_quota_uncharge_bytes(copy->user, message_footprint(sizeof(*copy)));
	mbx_user_put(copy->user);
	mbx_message_put(copy->whole);
	mbx_sender_put(msg->sender);
	kmem_cache_free(copy_cache, msg);
}

static void free_whole(struct mbx_message *msg)
{
	size_t size = msg->landed ? sizeof(struct mbx_landing) : msg->len;
	struct mbx_sender *sender = msg->sender;

	if (msg->call)
		mbx_call_put(msg->call);
	if (msg->landed)
		mbx_pool_drop(landing_of(msg)->pool, landing_of(msg)->offset);
	mbx_quota_uncharge_bytes(sender->user, message_footprint(msg->len));
	mbx_stock_free(&sender->stock, msg, message_footprint(size));
	mbx_sender_put(sender);
}

/**
 * mbx_message_put() - drop a reference, and with the last one the message
 * @msg: message
 *
 * Context: may sleep; no spinlock held.
 */
void mbx_message_put(struct mbx_message *msg)
{
	if (!refcount_dec_and_test(&msg->refs))
		return;
	if (mbx_broken(leak))
		return;

	kfree(msg->lifetime);
	if (msg->copy)
		free_copy(msg);
	else
		free_whole(msg);
}

/**
 * mbx_message_set_ttl() - let a message live for some time only
 * @msg: message that was not sent yet
 * @ttl: how long, nanoseconds, from the moment at which the mailbox accepts it
 * @expire: what happens then
 * @gfp: how to allocate
 *
 * Context: as @gfp has it.
 * Return: 0 or -ENOMEM.
 */
int mbx_message_set_ttl(struct mbx_message *msg, u64 ttl, mbx_expire_t expire,
			gfp_t gfp)
{
	struct mbx_lifetime *lifetime = kmalloc(sizeof(*lifetime), gfp);

	if (!lifetime)
		return -ENOMEM;
	mbx_expiry_init(&lifetime->expiry, expire);
	lifetime->ttl = ttl;
	lifetime->msg = msg;
	msg->lifetime = lifetime;
	return 0;
}

/**
 * mbx_lifetime_start() - the mailbox has accepted the message
 * @lifetime: lifetime
 *
 * Context: any.
 */
void mbx_lifetime_start(struct mbx_lifetime *lifetime)
{
	lifetime->end = ktime_add_safe(ktime_get(), ns_to_ktime(lifetime->ttl));
}

/**
 * mbx_lifetime_is_over() - has the message had its time?
 * @lifetime: lifetime that was started
 *
 * Context: any.
 * Return: true if it has.
 */
bool mbx_lifetime_is_over(const struct mbx_lifetime *lifetime)
{
	return !ktime_before(ktime_get(), lifetime->end);
}

/**
 * mbx_message_is_accepted() - has a mailbox accepted the message?
 * @msg: message
 *
 * Context: the mailbox lock is held.
 * Return: false while it waits for room.
 */
bool mbx_message_is_accepted(const struct mbx_message *msg)
{
	return msg->seq;
}

/**
 * mbx_message_header_valid() - is this what a sender may fill in?
 * @header: header from user space
 *
 * Context: any.
 * Return: true if the type is valid and nothing but type, length and address is
 * set.
 */
bool mbx_message_header_valid(const struct mbox_header *header)
{
	u64 others = header->seq | header->time | header->sender |
		     header->cookie | header->lost | header->pid | header->uid |
		     header->gid | header->flags | header->deadline |
		     header->room | header->deliveries;

	return mbx_type_valid(header->type) && !others;
}

/**
 * mbx_message_header() - describe a message to the current process
 * @msg: message
 * @header: where the description goes; what the mailbox knows of the message,
 *	    &mbox_header.seq, .lost, .cookie and .deliveries, is the caller's
 *
 * Ids and the time are translated for the namespaces of the current process.
 *
 * Context: process context.
 */
void mbx_message_header(const struct mbx_message *msg,
			struct mbox_header *header)
{
	const struct mbx_call *call = msg->call;

	header->type = msg->type;
	header->len = msg->len;
	header->to = msg->copy ? 0 : msg->to;
	header->time = mbx_clock_to_user(msg->time);
	mbx_sender_describe(msg->sender, header);
	header->flags = call ? MBOX_MSG_CALL : 0;
	header->room = call ? call->room : 0;
	header->deadline = call && call->deadline ?
			   mbx_clock_to_user(call->deadline) : 0;
}

static const u8 *payload_of(const struct mbx_message *msg)
{
	if (msg->landed)
		return mbx_landing_address(mbx_message_landing(msg));
	if (!msg->copy)
		return msg->payload;
	return ((const struct mbx_copy *)msg->payload)->whole->payload;
}

/**
 * mbx_message_copy_out() - copy the payload to user space
 * @msg: message
 * @to: where it goes; a shorter buffer gets the head of it
 *
 * Context: may sleep; no lock held.
 * Return: 0 or -EFAULT.
 */
int mbx_message_copy_out(const struct mbx_message *msg, struct iov_iter *to)
{
	size_t len = min_t(size_t, msg->len, iov_iter_count(to));
	const u8 *payload = payload_of(msg);

	if (mbx_broken(truncate) && len)
		len--;
	return mbx_copy_out(payload, len, to);
}

/**
 * mbx_message_init() - prepare for messages
 *
 * Context: module load.
 * Return: 0 or -ENOMEM.
 */
int mbx_message_init(void)
{
	copy_cache = kmem_cache_create("mbx_copy",
				       message_footprint(sizeof(struct mbx_copy)),
				       0, 0, NULL);
	return copy_cache ? 0 : -ENOMEM;
}

/**
 * mbx_message_exit() - undo mbx_message_init()
 *
 * Context: module unload, or load that failed.
 */
void mbx_message_exit(void)
{
	kmem_cache_destroy(copy_cache);
}
