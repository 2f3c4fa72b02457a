// SPDX-License-Identifier: LGPL-2.1-or-later
/* msgctl(2). */
#include <errno.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat.h"
#include "device.h"
#include "real.h"
#include "sysv.h"

#define MODE_MASK	0666

/* What the kernel says of a memory that it has not had for a long time. */
#define MSGSSZ		16
#define MSGSEG		0xffff
#define MSGPOOL		512000

#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY	13
#endif

/* ---- IPC_INFO, MSG_INFO -------------------------------------------------------- */

static void count_all(const struct mbox_stat *list, size_t count, struct msginfo *info)
{
	for (size_t i = 0; i < count; i++) {
		info->msgmap += list[i].msgs;
		info->msgtql += list[i].bytes;
	}
	info->msgpool = (int)count;
}

static void fill_info(int cmd, const struct mbox_stat *list, size_t count,
		      struct msginfo *info)
{
	*info = (struct msginfo){
		.msgmax = (int)sysv_msgmax(),
		.msgmnb = (int)sysv_msgmnb(),
		.msgmni = (int)sysv_msgmni(),
		.msgssz = MSGSSZ,
		.msgseg = MSGSEG,
	};
	if (cmd == MSG_INFO) {
		count_all(list, count, info);
		return;
	}
	info->msgmap = 16384;
	info->msgtql = 16384;
	info->msgpool = MSGPOOL;
}

/* Returns the highest index that MSG_STAT takes. */
static long tell_info(int cmd, void *buf)
{
	struct mbox_stat *list;
	struct msginfo info;
	size_t count;
	int err = sysv_list(&list, &count);

	if (err)
		return err;
	fill_info(cmd, list, count, &info);
	free(list);
	err = sysv_copy_out(buf, &info, sizeof(info));
	if (err)
		return err;
	return count ? (long)count - 1 : 0;
}

/* ---- IPC_STAT and its kin --------------------------------------------------------- */

/* An index is a place in the list of all queues by ascending id. */
static int stat_by_index(int index, struct mbox_stat *stat)
{
	struct mbox_stat *list;
	size_t count;
	int err = sysv_list(&list, &count);

	if (err)
		return err;
	if ((size_t)index < count)
		*stat = list[index];
	else
		err = -EINVAL;
	free(list);
	return err;
}

static int may_read(int msqid)
{
	int fd = sysv_handle_get(msqid, MBOX_RIGHT_RECV);

	if (fd < 0)
		return fd;
	sysv_handle_put(msqid, fd);
	return 0;
}

static long tell_stat(int msqid, int cmd, struct msqid_ds *buf)
{
	struct mbox_stat stat;
	struct msqid_ds ds;
	int err;

	err = cmd == IPC_STAT ? sysv_stat(msqid, &stat) : stat_by_index(msqid, &stat);
	if (!err && cmd != MSG_STAT_ANY)
		err = may_read((int)stat.id);
	if (err)
		return err;
	sysv_ds(&stat, &ds);
	err = sysv_copy_out(buf, &ds, sizeof(ds));
	if (err)
		return err;
	return cmd == IPC_STAT ? 0 : (long)stat.id;
}

/* ---- IPC_SET, IPC_RMID --------------------------------------------------------------- */

static bool has_capability(int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

static bool is_own(const struct mbox_stat *stat)
{
	uid_t uid = geteuid();

	return uid == stat->uid || uid == stat->creator_uid ||
	       has_capability(CAP_SYS_ADMIN);
}

static int find_own(int msqid, struct mbox_stat *stat)
{
	int err = sysv_stat(msqid, stat);

	if (err)
		return err;
	return is_own(stat) ? 0 : -EPERM;
}

static void settings_of(const struct msqid_ds *ds, const struct mbox_stat *stat,
			struct mbox_settings *settings)
{
	*settings = (struct mbox_settings){
		.which = MBOX_SET_MODE | MBOX_SET_MAX_MSGS | MBOX_SET_MAX_SIZE |
			 MBOX_SET_MAX_BYTES,
		.mode = ds->msg_perm.mode & MODE_MASK,
		.uid = ds->msg_perm.uid,
		.gid = ds->msg_perm.gid,
	};
	sysv_limits(ds->msg_qbytes, &settings->limits);
	/* To change an owner takes a capability even if he stays who he is. */
	if (settings->uid != stat->uid)
		settings->which |= MBOX_SET_UID;
	if (settings->gid != stat->gid)
		settings->which |= MBOX_SET_GID;
}

/* Who owned it a moment ago and finds it gone came too late. */
static int change(const struct mbox_stat *stat, const struct mbox_settings *settings)
{
	struct mbox_ctl *ctl;
	int err = mbox_ctl_open(&ctl);

	if (err)
		return device_error(err);
	err = settings ? mbox_ctl_set_id(ctl, stat->id, settings) :
			 mbox_ctl_del_id(ctl, stat->id);
	mbox_ctl_close(ctl);
	return err == -ENOENT ? -EIDRM : err;
}

static long set(int msqid, const struct msqid_ds *buf)
{
	struct mbox_settings settings;
	struct mbox_stat stat;
	struct msqid_ds ds;
	int err = sysv_copy_in(&ds, buf, sizeof(ds));

	if (!err)
		err = find_own(msqid, &stat);
	if (err)
		return err;
	if (ds.msg_qbytes > sysv_msgmnb() && !has_capability(CAP_SYS_RESOURCE))
		return -EPERM;
	/* A mailbox has a maximum, and none without room for anything. */
	if (ds.msg_qbytes > MBOX_BYTES_MAX || !ds.msg_qbytes)
		return -EINVAL;
	settings_of(&ds, &stat, &settings);
	return change(&stat, &settings);
}

static long end(int msqid)
{
	struct mbox_stat stat;
	int err = find_own(msqid, &stat);

	if (!err)
		err = change(&stat, NULL);
	if (!err)
		sysv_handle_forget(msqid);
	return err;
}

long sysv_ctl(int msqid, int cmd, struct msqid_ds *buf)
{
	if (msqid < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case MSG_INFO:
		return tell_info(cmd, buf);
	case IPC_STAT:
	case MSG_STAT:
	case MSG_STAT_ANY:
		return tell_stat(msqid, cmd, buf);
	case IPC_SET:
		return set(msqid, buf);
	case IPC_RMID:
		return end(msqid);
	}
	return -EINVAL;
}

COMPAT_EXPORT int msgctl(int msqid, int cmd, struct msqid_ds *buf)
{
	if (!compat_has(COMPAT_SYSV))
		return REAL(msgctl)(msqid, cmd, buf);
	return (int)compat_fail(sysv_ctl(msqid, cmd, buf));
}
