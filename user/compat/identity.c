// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Calls that make a process somebody else. The kernel's queues ask at each call who
 * the process is, a mailbox when it is opened: so it is opened anew.
 */
#include <grp.h>
#include <unistd.h>

#include "compat.h"
#include "forget.h"
#include "real.h"

static int changed(int ret)
{
	if (!ret)
		forget_all();
	return ret;
}

COMPAT_EXPORT int setuid(uid_t uid)
{
	return changed(REAL(setuid)(uid));
}

COMPAT_EXPORT int seteuid(uid_t uid)
{
	return changed(REAL(seteuid)(uid));
}

COMPAT_EXPORT int setreuid(uid_t real, uid_t effective)
{
	return changed(REAL(setreuid)(real, effective));
}

COMPAT_EXPORT int setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return changed(REAL(setresuid)(real, effective, saved));
}

COMPAT_EXPORT int setgid(gid_t gid)
{
	return changed(REAL(setgid)(gid));
}

COMPAT_EXPORT int setegid(gid_t gid)
{
	return changed(REAL(setegid)(gid));
}

COMPAT_EXPORT int setregid(gid_t real, gid_t effective)
{
	return changed(REAL(setregid)(real, effective));
}

COMPAT_EXPORT int setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return changed(REAL(setresgid)(real, effective, saved));
}

COMPAT_EXPORT int setgroups(size_t count, const gid_t *groups)
{
	return changed(REAL(setgroups)(count, groups));
}

COMPAT_EXPORT int initgroups(const char *user, gid_t group)
{
	return changed(REAL(initgroups)(user, group));
}
