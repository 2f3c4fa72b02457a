// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * syscall(2) with the number of a call that is served here: it is served, too. What a
 * program does without libc is not seen.
 */
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat.h"
#include "real.h"
#include "sysv.h"

struct arguments {
	long value[6];
};

/* Returns false if the call is none of ours. */
static bool serve(long number, const struct arguments *args, long *ret)
{
	const long *a = args->value;

	if (!compat_has(COMPAT_SYSV))
		return false;
	switch (number) {
	case SYS_msgget:
		*ret = sysv_get((key_t)a[0], (int)a[1]);
		return true;
	case SYS_msgsnd:
		*ret = sysv_send((int)a[0], (void *)a[1], a[2], (int)a[3]);
		return true;
	case SYS_msgrcv:
		*ret = sysv_recv((int)a[0], (void *)a[1], a[2], a[3], (int)a[4]);
		return true;
	case SYS_msgctl:
		*ret = sysv_ctl((int)a[0], (int)a[1], (void *)a[2]);
		return true;
	}
	return false;
}

COMPAT_EXPORT long syscall(long number, ...)
{
	struct arguments args;
	va_list list;
	long ret;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		args.value[i] = va_arg(list, long);
	va_end(list);
	if (serve(number, &args, &ret))
		return compat_fail(ret);
	return REAL(syscall)(number, args.value[0], args.value[1], args.value[2],
			     args.value[3], args.value[4], args.value[5]);
}
