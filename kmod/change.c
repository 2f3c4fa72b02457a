// SPDX-License-Identifier: GPL-2.0
/* The settings of a mailbox that can be changed. */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/timekeeping.h>
#include <linux/mbox_netlink.h>

#include "change.h"
#include "domain.h"
#include "event.h"
#include "expiry.h"
#include "mailbox.h"
#include "message.h"
#include "receive.h"
#include "send.h"
#include "waiter.h"

/**
 * mbx_change_from() - read what mbx_change_make() sets
 * @mbox: mailbox
 * @settings: where it goes
 *
 * Context: &mbx_domain.lock is held, so that it stays true.
 */
void mbx_change_from(struct mbx_mailbox *mbox, struct mbx_change *settings)
{
	lockdep_assert_held(&mbox->domain->lock);

	settings->mode = mbox->mode;
	settings->uid = mbox->uid;
	settings->gid = mbox->gid;
	settings->limits = mbox->limits;
	settings->dead_letter = mbox->dead_letter;
	settings->frozen = mbox->frozen;
	settings->steps = 0;
}

/* A blocked message that no longer fits into any room must not wait for it. */
static void refuse_oversized_locked(struct mbx_mailbox *mbox,
				    struct mbx_deferred *deferred)
{
	struct mbx_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, &mbox->senders, link) {
		if (waiter->msg->len > mbox->limits.max_size)
			mbx_waiter_complete(waiter, -EMSGSIZE, deferred);
	}
}

static u32 steps_after(const struct mbx_mailbox *mbox, u32 more)
{
	return min_t(u64, (u64)mbox->steps + more, U32_MAX);
}

/**
 * mbx_change_make() - change the settings of a mailbox
 * @mbox: registered mailbox
 * @change: new settings, all of them valid
 *
 * Context: may sleep; &mbx_domain.lock is held.
 */
void mbx_change_make(struct mbx_mailbox *mbox, const struct mbx_change *change)
{
	struct mbx_mailbox *former = mbox->dead_letter;
	struct mbx_deferred deferred mbx_unset;

	lockdep_assert_held(&mbox->domain->lock);

	if (change->dead_letter)
		mbx_mailbox_get(change->dead_letter);
	mbx_deferred_init(&deferred);
	spin_lock(&mbox->lock);
	mbx_expiry_run_locked(mbox, &deferred);
	mbox->dead_letter = change->dead_letter;
	mbox->mode = change->mode;
	mbox->uid = change->uid;
	mbox->gid = change->gid;
	mbox->limits = change->limits;
	mbox->frozen = change->frozen;
	mbox->changed = ktime_get_real_seconds();
	mbox->steps = change->frozen ? steps_after(mbox, change->steps) : 0;
	refuse_oversized_locked(mbox, &deferred);
	mbx_receive_resume_locked(mbox, &deferred);
	mbx_send_admit_locked(mbox, &deferred);
	spin_unlock(&mbox->lock);

	if (former)
		mbx_mailbox_put(former);
	mbx_deferred_finish(&deferred);
	mbx_event_send(mbox, &(struct mbx_event){ MBOX_CMD_CHANGED_NTF });
}
