// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/sysvipc/msg, which ipcs(1) and lsipc(1) read: who opens it gets the list of
 * the mailboxes that are queues, in the same form.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compat.h"
#include "real.h"
#include "sysv.h"

#define LIST_PATH	"/proc/sysvipc/msg"

static bool is_list(const char *path, int flags)
{
	return path && !strcmp(path, LIST_PATH) && (flags & O_ACCMODE) == O_RDONLY &&
	       compat_has(COMPAT_SYSV);
}

static void print_heading(FILE *out)
{
	fprintf(out, "%10s %10s %5s %11s %10s %5s %5s %5s %5s %5s %5s %10s %10s %10s\n",
		"key", "msqid", "perms", "cbytes", "qnum", "lspid", "lrpid", "uid",
		"gid", "cuid", "cgid", "stime", "rtime", "ctime");
}

static void print_queue(FILE *out, const struct mbox_stat *stat)
{
	struct msqid_ds ds;

	sysv_ds(stat, &ds);
	fprintf(out, "%10d %10d  %4o  %10lu %10lu %5u %5u %5u %5u %5u %5u %10lu %10lu %10lu\n",
		ds.msg_perm.__key, (int)stat->id, ds.msg_perm.mode, ds.__msg_cbytes,
		ds.msg_qnum, ds.msg_lspid, ds.msg_lrpid, ds.msg_perm.uid, ds.msg_perm.gid,
		ds.msg_perm.cuid, ds.msg_perm.cgid, ds.msg_stime, ds.msg_rtime,
		ds.msg_ctime);
}

static int print_list(FILE *out)
{
	struct mbox_stat *list;
	size_t count;
	int err = sysv_list(&list, &count);

	if (err)
		return err;
	print_heading(out);
	for (size_t i = 0; i < count; i++)
		print_queue(out, &list[i]);
	free(list);
	return 0;
}

static int write_list(int fd)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err = out ? print_list(out) : -ENOMEM;

	if (out)
		fclose(out);
	if (!err && write(fd, text, size) != (ssize_t)size)
		err = -EIO;
	free(text);
	return err;
}

/* A file with the list, to be read from its beginning. */
static int open_list(int flags)
{
	int fd = memfd_create("sysvipc-msg", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	int err;

	if (fd < 0)
		return -1;
	err = write_list(fd);
	lseek(fd, 0, SEEK_SET);
	if (!err)
		return fd;
	close(fd);
	return (int)compat_fail(err);
}

static FILE *open_list_stream(const char *mode)
{
	int fd = open_list(strchr(mode, 'e') ? O_CLOEXEC : 0);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !stream)
		close(fd);
	return stream;
}

static bool is_for_reading(const char *mode)
{
	return *mode == 'r' && !strchr(mode, '+');
}

COMPAT_EXPORT FILE *fopen(const char *path, const char *mode)
{
	if (is_for_reading(mode) && is_list(path, O_RDONLY))
		return open_list_stream(mode);
	return REAL(fopen)(path, mode);
}

COMPAT_EXPORT FILE *fopen64(const char *path, const char *mode)
{
	if (is_for_reading(mode) && is_list(path, O_RDONLY))
		return open_list_stream(mode);
	return REAL(fopen64)(path, mode);
}

/* What follows the flags, where they say that something does. */
static mode_t mode_of(int flags, va_list args)
{
	return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(args, mode_t) : 0;
}

#define WITH_MODE(mode, flags) do {					\
	va_list _args;							\
									\
	va_start(_args, flags);						\
	mode = mode_of(flags, _args);					\
	va_end(_args);							\
} while (0)

COMPAT_EXPORT int open(const char *path, int flags, ...)
{
	mode_t mode;

	WITH_MODE(mode, flags);
	if (is_list(path, flags))
		return open_list(flags);
	return REAL(open)(path, flags, mode);
}

COMPAT_EXPORT int open64(const char *path, int flags, ...)
{
	mode_t mode;

	WITH_MODE(mode, flags);
	if (is_list(path, flags))
		return open_list(flags);
	return REAL(open64)(path, flags, mode);
}

COMPAT_EXPORT int openat(int folder, const char *path, int flags, ...)
{
	mode_t mode;

	WITH_MODE(mode, flags);
	if (is_list(path, flags))
		return open_list(flags);
	return REAL(openat)(folder, path, flags, mode);
}

COMPAT_EXPORT int openat64(int folder, const char *path, int flags, ...)
{
	mode_t mode;

	WITH_MODE(mode, flags);
	if (is_list(path, flags))
		return open_list(flags);
	return REAL(openat64)(folder, path, flags, mode);
}
