/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_EXPIRY_H
#define MBX_EXPIRY_H

#include <linux/timerqueue.h>
#include <linux/workqueue.h>

struct mbx_deferred;
struct mbx_expiry;
struct mbx_mailbox;

typedef void (*mbx_expire_t)(struct mbx_mailbox *mbox,
			     struct mbx_expiry *expiry,
			     struct mbx_deferred *deferred);

/**
 * struct mbx_expiry - something of a mailbox that has its time
 * @node: in &mbx_clockwork.queue until then, or empty
 * @expire: what happens then; called with the mailbox lock held
 */
struct mbx_expiry {
	struct timerqueue_node node;
	mbx_expire_t expire;
};

/**
 * struct mbx_clockwork - what of a mailbox has its time, and who looks
 * @queue: by time (protected by the mailbox lock)
 * @work: runs when the first is due
 */
struct mbx_clockwork {
	struct timerqueue_head queue;
	struct delayed_work work;
};

void mbx_clockwork_init(struct mbx_clockwork *clockwork);
void mbx_clockwork_stop(struct mbx_clockwork *clockwork);

void mbx_expiry_init(struct mbx_expiry *expiry, mbx_expire_t expire);
bool mbx_expiry_is_set(const struct mbx_expiry *expiry);
void mbx_expiry_set_locked(struct mbx_mailbox *mbox, struct mbx_expiry *expiry,
			   ktime_t when);
void mbx_expiry_clear_locked(struct mbx_mailbox *mbox,
			     struct mbx_expiry *expiry);
void mbx_expiry_clear_all_locked(struct mbx_mailbox *mbox, mbx_expire_t expire);
void mbx_expiry_run(struct mbx_mailbox *mbox);
void mbx_expiry_run_locked(struct mbx_mailbox *mbox,
			   struct mbx_deferred *deferred);

#endif /* MBX_EXPIRY_H */
