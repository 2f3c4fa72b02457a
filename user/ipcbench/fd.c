// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../lab/guard.h"
#include "fd.h"

#define NSEC_PER_SEC	INT64_C(1000000000)

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

int64_t wait_end(int64_t wait)
{
	return wait > 0 ? now_ns() + wait : wait;
}

int fd_wait(int fd, short events, int64_t end)
{
	struct pollfd poller = { .fd = fd, .events = events };
	int64_t left = end > 0 ? end - now_ns() : 0;
	struct timespec ts = { 0, 0 };
	int ret;

	if (end == WAIT_NEVER)
		return -EAGAIN;
	if (left > 0)
		ts = (struct timespec){ left / NSEC_PER_SEC, left % NSEC_PER_SEC };
	ret = ppoll(&poller, 1, end == WAIT_FOREVER ? NULL : &ts, NULL);
	if (ret < 0)
		return -errno;
	return ret ? 0 : -ETIMEDOUT;
}

int fd_open(const char *path, int flags)
{
	return or_errno(open(path, flags | O_CLOEXEC));
}

int fd_reopen(int fd, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return fd_open(path, flags);
}

void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int path_choose(struct lane *lane)
{
	static unsigned int count;
	const char *folder = guard_folder();

	if (!folder)
		return -errno;
	snprintf(lane->address, sizeof(lane->address), "%s/%s-%d-%u", folder,
		 lane->how->name, (int)getpid(), count++);
	return 0;
}

bool path_remains(const char *path)
{
	return !access(path, F_OK);
}

int own_alloc(void **own, size_t size)
{
	*own = calloc(1, size);
	return *own ? 0 : -ENOMEM;
}

size_t limit_read(const char *path, size_t otherwise)
{
	FILE *file = fopen(path, "re");
	size_t limit;

	if (!file)
		return otherwise;
	if (fscanf(file, "%zu", &limit) != 1)
		limit = otherwise;
	fclose(file);
	return limit;
}
