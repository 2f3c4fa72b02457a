// SPDX-License-Identifier: GPL-2.0
/* Notifications about mailboxes over generic netlink. */
#include <linux/ktime.h>
#include <net/genetlink.h>
#include <linux/mbox_netlink.h>

#include "domain.h"
#include "event.h"
#include "handle.h"
#include "mailbox.h"
#include "netlink.h"
#include "sender.h"

static int put_u64_unless_zero(struct sk_buff *skb, int attr, u64 value)
{
	if (!value)
		return 0;
	return nla_put_u64_64bit(skb, attr, value, MBOX_A_EVENT_PAD);
}

static int fill_mailbox(struct sk_buff *skb, const struct mbx_mailbox *mbox)
{
	if (nla_put_u64_64bit(skb, MBOX_A_EVENT_ID, mbox->id, MBOX_A_EVENT_PAD))
		return -EMSGSIZE;
	if (!mbox->name[0])
		return 0;
	return nla_put_string(skb, MBOX_A_EVENT_NAME, mbox->name);
}

static int fill_event(struct sk_buff *skb, const struct mbx_mailbox *mbox,
		      const struct mbx_event *event, u64 seq)
{
	if (nla_put_u64_64bit(skb, MBOX_A_EVENT_SEQ, seq, MBOX_A_EVENT_PAD) ||
	    nla_put_s64(skb, MBOX_A_EVENT_TIME, ktime_get_ns(),
			MBOX_A_EVENT_PAD) ||
	    fill_mailbox(skb, mbox) ||
	    put_u64_unless_zero(skb, MBOX_A_EVENT_HANDLE, event->handle) ||
	    put_u64_unless_zero(skb, MBOX_A_EVENT_COUNT, event->count))
		return -EMSGSIZE;
	if (!event->rights)
		return 0;
	return nla_put_u32(skb, MBOX_A_EVENT_RIGHTS, event->rights);
}

/* Room for all attributes that fill_event() can put. */
static size_t event_size(const struct mbx_mailbox *mbox)
{
	return 5 * nla_total_size_64bit(sizeof(u64)) +
	       nla_total_size(sizeof(u32)) +
	       nla_total_size(strlen(mbox->name) + 1);
}

static struct sk_buff *event_skb(const struct mbx_mailbox *mbox,
				 const struct mbx_event *event, u64 seq)
{
	struct sk_buff *skb = genlmsg_new(event_size(mbox), GFP_ATOMIC);
	void *header;

	if (!skb)
		return NULL;
	header = genlmsg_put(skb, 0, 0, &mbx_genl_family, 0, event->cmd);
	if (!header || fill_event(skb, mbox, event, seq)) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, header);
	return skb;
}

/* An event that finds no memory leaves a gap in the numbers: it is missed. */
static void number_and_send(struct mbx_domain *domain,
			    const struct mbx_mailbox *mbox,
			    const struct mbx_event *event)
{
	struct sk_buff *skb;

	spin_lock(&domain->event_lock);
	skb = event_skb(mbox, event, ++domain->event_seq);
	if (skb)
		genlmsg_multicast_netns(&mbx_genl_family, domain->net, skb, 0,
					MBX_GENL_EVENTS, GFP_ATOMIC);
	spin_unlock(&domain->event_lock);
}

/**
 * mbx_event_send() - tell the listeners of the domain, if there are any
 * @mbox: mailbox, registered or just removed
 * @event: what happened
 *
 * Context: any but interrupt; with or without &mbx_mailbox.lock. Takes
 * &mbx_domain.event_lock.
 */
void mbx_event_send(struct mbx_mailbox *mbox, const struct mbx_event *event)
{
	struct mbx_domain *domain = mbox->domain;

	if (genl_has_listeners(&mbx_genl_family, domain->net, MBX_GENL_EVENTS))
		number_and_send(domain, mbox, event);
}

/**
 * mbx_event_timed_out() - tell that a call reached its deadline
 * @mbox: mailbox
 * @handle: handle of the call
 * @right: MBOX_RIGHT_* that the call used
 *
 * Context: as mbx_event_send().
 */
void mbx_event_timed_out(struct mbx_mailbox *mbox,
			 const struct mbx_handle *handle, u32 right)
{
	struct mbx_event event = {
		.cmd = MBOX_CMD_TIMED_OUT_NTF,
		.handle = handle->sender->id,
		.rights = right,
	};

	mbx_event_send(mbox, &event);
}
