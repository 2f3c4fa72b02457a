// SPDX-License-Identifier: LGPL-2.1-or-later
/* msgget(2). */
#include <errno.h>
#include <stdlib.h>

#include "compat.h"
#include "device.h"
#include "real.h"
#include "sysv.h"

#define MODE_MASK	0666

static int find(const char *name, struct mbox_stat *stat)
{
	struct mbox_ctl *ctl;
	int err = mbox_ctl_open(&ctl);

	if (err)
		return device_error(err);
	err = mbox_ctl_get(ctl, name, stat);
	mbox_ctl_close(ctl);
	return err;
}

static bool may_have_another(void)
{
	struct mbox_stat *list;
	size_t count;

	if (sysv_list(&list, &count))
		return true;
	free(list);
	return count < sysv_msgmni();
}

static int create(const char *name, int flags)
{
	struct mbox_limits limits = { .policy = MBOX_POLICY_BLOCK };
	uint64_t id;
	int err;

	if (!may_have_another())
		return -ENOSPC;
	sysv_limits(sysv_msgmnb(), &limits);
	err = device_create(name, flags & MODE_MASK, &limits, &id);
	if (err)
		return err == -EDQUOT ? -ENOSPC : device_error(err);
	return id <= INT32_MAX ? (int)id : -ENOSPC;
}

static int create_private(int flags)
{
	char name[SYSV_NAME_SIZE];
	int ret;

	do {
		sysv_name_private(name);
		ret = create(name, flags);
	} while (ret == -EEXIST);
	return ret;
}

static int check_right(int msqid, uint32_t right)
{
	int fd = sysv_handle_get(msqid, right);

	if (fd < 0)
		return fd;
	sysv_handle_put(msqid, fd);
	return 0;
}

/* The bits of the mode are what the caller wants to do, as for any of the three. */
static int check_rights(int msqid, int flags)
{
	int wanted = flags >> 6 | flags >> 3 | flags;
	int err = 0;

	if (wanted & 4)
		err = check_right(msqid, MBOX_RIGHT_RECV);
	if (!err && wanted & 2)
		err = check_right(msqid, MBOX_RIGHT_SEND);
	return err;
}

/* -EAGAIN: it came or went meanwhile. */
static int find_or_create(const char *name, int flags)
{
	struct mbox_stat stat;
	int ret = find(name, &stat);

	if (ret == -ENOENT && flags & IPC_CREAT) {
		ret = create(name, flags);
		return ret == -EEXIST ? -EAGAIN : ret;
	}
	if (ret)
		return ret;
	if (flags & IPC_CREAT && flags & IPC_EXCL)
		return -EEXIST;
	ret = check_rights((int)stat.id, flags);
	if (ret)
		return ret == -EINVAL ? -EAGAIN : ret;
	return (int)stat.id;
}

long sysv_get(key_t key, int flags)
{
	char name[SYSV_NAME_SIZE];
	int ret;

	if (key == IPC_PRIVATE)
		return create_private(flags);
	sysv_name_of_key(key, name);
	do {
		ret = find_or_create(name, flags);
	} while (ret == -EAGAIN);
	return ret;
}

COMPAT_EXPORT int msgget(key_t key, int flags)
{
	if (!compat_has(COMPAT_SYSV))
		return REAL(msgget)(key, flags);
	return (int)compat_fail(sysv_get(key, flags));
}
