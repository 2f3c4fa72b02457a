/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptors, waits and names, as several mechanisms need them. */
#ifndef IPCBENCH_FD_H
#define IPCBENCH_FD_H

#include "mechanism.h"

/* The result of a system call as the interface gives it. */
static inline ssize_t or_errno(ssize_t ret)
{
	return ret < 0 ? -errno : ret;
}

/*
 * When a wait ends, nanoseconds of CLOCK_MONOTONIC. WAIT_NEVER and WAIT_FOREVER
 * stay what they are.
 */
int64_t wait_end(int64_t wait);

/**
 * fd_wait - wait until a descriptor may be tried again
 * @fd: descriptor
 * @events: POLLIN or POLLOUT; an error or a hang-up ends the wait, too
 * @end: from wait_end()
 *
 * Returns 0, -EAGAIN (@end is WAIT_NEVER), -ETIMEDOUT or -EINTR.
 */
int fd_wait(int fd, short events, int64_t end);

/* Open a path, close-on-exec: the descriptor or a negative errno. */
int fd_open(const char *path, int flags);

/*
 * Open what a descriptor stands for once more. Flags like O_NONBLOCK belong to
 * the opened file, which may be shared by many processes; this one is our own.
 */
int fd_reopen(int fd, int flags);

/* Close what is open; *@fd is -1 then. */
void fd_close(int *fd);

/* Give a lane a path of its own, in the guarded folder, as its address. */
int path_choose(struct lane *lane);

/* For &mechanism.remains: there is something of that path. */
bool path_remains(const char *path);

/* Memory for the @own of an end or a lane: 0 or -ENOMEM. */
int own_alloc(void **own, size_t size);

/* A number from a file of /proc/sys; @otherwise if it cannot be read. */
size_t limit_read(const char *path, size_t otherwise);

#endif /* IPCBENCH_FD_H */
