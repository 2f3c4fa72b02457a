// SPDX-License-Identifier: LGPL-2.1-or-later
/* The state of queues, as msgctl(2) and /proc tell it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "sysv.h"

#define SECOND	1000000000

int sysv_stat(int msqid, struct mbox_stat *stat)
{
	struct mbox_ctl *ctl;
	int err = mbox_ctl_open(&ctl);

	if (err)
		return device_error(err);
	err = mbox_ctl_get_id(ctl, msqid, stat);
	mbox_ctl_close(ctl);
	if (err)
		return err == -ENOENT ? -EINVAL : err;
	return sysv_is_queue(stat) ? 0 : -EINVAL;
}

static size_t keep_queues(struct mbox_stat *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (sysv_is_queue(&list[i]))
			list[kept++] = list[i];
	return kept;
}

int sysv_list(struct mbox_stat **list, size_t *count)
{
	struct mbox_ctl *ctl;
	int err = mbox_ctl_open(&ctl);

	if (err)
		return device_error(err);
	err = mbox_ctl_list(ctl, list, count);
	mbox_ctl_close(ctl);
	if (!err)
		*count = keep_queues(*list, *count);
	return err;
}

static void perm_of(const struct mbox_stat *stat, struct ipc_perm *perm)
{
	perm->__key = sysv_key_of_name(stat->name);
	perm->uid = stat->uid;
	perm->gid = stat->gid;
	perm->cuid = stat->creator_uid;
	perm->cgid = stat->creator_gid;
	perm->mode = stat->mode;
	perm->__seq = (unsigned short)(stat->id >> 15);
}

void sysv_ds(const struct mbox_stat *stat, struct msqid_ds *ds)
{
	memset(ds, 0, sizeof(*ds));
	perm_of(stat, &ds->msg_perm);
	ds->msg_stime = stat->last_sent / SECOND;
	ds->msg_rtime = stat->last_received / SECOND;
	ds->msg_ctime = stat->changed / SECOND;
	ds->__msg_cbytes = stat->bytes;
	ds->msg_qnum = stat->msgs;
	ds->msg_qbytes = stat->limits.max_bytes;
	ds->msg_lspid = stat->last_sender;
	ds->msg_lrpid = stat->last_receiver;
}
