// SPDX-License-Identifier: GPL-2.0
/* debugfs/mbox/mailboxes: the state of every mailbox of the reader's domain. */
#include <linux/debugfs.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "debugfs.h"
#include "domain.h"
#include "info.h"
#include "mailbox.h"
#include "registry.h"

static struct dentry *debugfs_dir;

static void show_mailbox(struct seq_file *seq, struct mbx_mailbox *mbox)
{
	struct mbox_info info = {};

	if (mbx_info_get(mbox, NULL, &info))
		return;
	seq_printf(seq, "%llu \"%s\" mode=%04o uid=%u gid=%u flags=%#x\n",
		   info.id, mbox->name, info.mode, info.uid, info.gid,
		   info.flags);
	seq_printf(seq, "  max_msgs=%u max_bytes=%llu max_size=%u policy=%u\n",
		   info.limits.max_msgs, info.limits.max_bytes,
		   info.limits.max_size, info.limits.policy);
	seq_printf(seq, "  msgs=%u bytes=%llu types=%u peak_msgs=%u peak_bytes=%llu\n",
		   info.msgs, info.bytes, READ_ONCE(mbox->store.shared.distinct), info.peak_msgs,
		   info.peak_bytes);
	seq_printf(seq, "  sent=%llu received=%llu lost=%llu withdrawn=%llu\n",
		   info.sent, info.received, info.lost, info.withdrawn);
	seq_printf(seq, "  receivers=%u waiting=%u senders=%u waiting=%u\n",
		   info.receivers, info.waiting_receivers, info.senders,
		   info.waiting_senders);
	seq_printf(seq, "  calls=%u\n", info.calls);
}

static int mailboxes_show(struct seq_file *seq, void *unused)
{
	struct mbx_domain *domain = mbx_domain_of(current->nsproxy->net_ns);
	struct mbx_mailbox *mbox = NULL;

	mutex_lock(&domain->lock);
	seq_printf(seq, "mailboxes=%d message_memory=%ld\n",
		   atomic_read(&domain->mailboxes),
		   atomic_long_read(&domain->bytes));
	while ((mbox = mbx_registry_next(domain, mbox ? mbox->id : 0)))
		show_mailbox(seq, mbox);
	mutex_unlock(&domain->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(mailboxes);

/**
 * mbx_debugfs_init() - make the files appear, as far as debugfs is there
 *
 * Context: module load; may sleep.
 */
void mbx_debugfs_init(void)
{
	debugfs_dir = debugfs_create_dir("mbox", NULL);
	debugfs_create_file("mailboxes", 0600, debugfs_dir, NULL,
			    &mailboxes_fops);
}

/**
 * mbx_debugfs_exit() - make the files disappear; no reader is in them any more
 *
 * Context: module unload; may sleep.
 */
void mbx_debugfs_exit(void)
{
	debugfs_remove(debugfs_dir);
}
