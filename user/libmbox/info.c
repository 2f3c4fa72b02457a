// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include "internal.h"

/* A NUL ends the name however long the kernel says it is. */
void mbx_name_copy(char name[MBOX_NAME_MAX + 1], const void *data, size_t len)
{
	if (len > MBOX_NAME_MAX)
		len = MBOX_NAME_MAX;
	memcpy(name, data, len);
	memset(name + len, 0, MBOX_NAME_MAX + 1 - len);
}

static void stat_from_uapi(struct mbox_stat *stat, const struct mbox_info *info,
			   const char *name)
{
	*stat = (struct mbox_stat){
		.id = info->id,
		.kind = info->kind,
		.persist = info->flags & MBOX_INFO_PERSIST,
		.retain = info->flags & MBOX_INFO_RETAIN,
		.frozen = info->flags & MBOX_INFO_FROZEN,
		.steps = info->steps,
		.mode = info->mode,
		.uid = info->uid,
		.gid = info->gid,
		.limits = info->limits,
		.msgs = info->msgs,
		.peak_msgs = info->peak_msgs,
		.bytes = info->bytes,
		.peak_bytes = info->peak_bytes,
		.sent = info->sent,
		.received = info->received,
		.lost = info->lost,
		.withdrawn = info->withdrawn,
		.expired = info->expired,
		.leased = info->leased,
		.calls = info->calls,
		.receivers = info->receivers,
		.senders = info->senders,
		.waiting_receivers = info->waiting_receivers,
		.waiting_senders = info->waiting_senders,
		.created = info->created,
		.last_sent = info->last_sent,
		.last_received = info->last_received,
		.changed = info->changed,
		.last_sender = info->last_sender,
		.last_receiver = info->last_receiver,
		.creator_uid = info->creator_uid,
		.creator_gid = info->creator_gid,
	};
	mbx_name_copy(stat->name, name, info->name_len);
}

static void handle_from_uapi(struct mbox_handle_stat *handle,
			     const struct mbox_info *info)
{
	*handle = (struct mbox_handle_stat){
		.id = info->handle,
		.rights = info->rights,
		.next_size = info->next_size,
		.owed = info->owed,
	};
}

MBX_EXPORT int mbox_info(struct mbox *mbox, struct mbox_stat *stat,
			 struct mbox_handle_stat *handle)
{
	char name[MBOX_NAME_MAX] = "";
	struct mbox_info info = {
		.name = (uintptr_t)name,
		.name_size = sizeof(name),
	};
	int ret = mbx_ioctl(mbox->fd, MBOX_IOC_INFO, &info, 0);

	if (ret < 0)
		return ret;
	if (stat)
		stat_from_uapi(stat, &info, name);
	if (handle)
		handle_from_uapi(handle, &info);
	return 0;
}
