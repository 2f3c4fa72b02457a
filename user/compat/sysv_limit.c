// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The limits that the administrator has set for the kernel's own queues. They hold
 * for ours: a program that asks what it may do finds what it does find.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "sysv.h"

#define MSGMAX_DEFAULT	8192
#define MSGMNB_DEFAULT	16384
#define MSGMNI_DEFAULT	32000

/* Where the kernel has no SysV queues it has no limits of them either. */
static unsigned long read_limit(const char *path, unsigned long otherwise)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[32];
	ssize_t len;

	if (fd < 0)
		return otherwise;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return otherwise;
	text[len] = '\0';
	return strtoul(text, NULL, 10);
}

static atomic_ulong known_msgmax;

unsigned long sysv_msgmax(void)
{
	unsigned long limit = read_limit("/proc/sys/kernel/msgmax", MSGMAX_DEFAULT);

	atomic_store_explicit(&known_msgmax, limit, memory_order_relaxed);
	return limit;
}

unsigned long sysv_msgmnb(void)
{
	return read_limit("/proc/sys/kernel/msgmnb", MSGMNB_DEFAULT);
}

unsigned long sysv_msgmni(void)
{
	return read_limit("/proc/sys/kernel/msgmni", MSGMNI_DEFAULT);
}

/* A limit that was lowered meanwhile is not seen before the next longer message. */
bool sysv_too_long(size_t size)
{
	return size > atomic_load_explicit(&known_msgmax, memory_order_relaxed) &&
	       size > sysv_msgmax();
}

static unsigned long clamp(unsigned long value, unsigned long most)
{
	if (value < 1)
		return 1;
	return value < most ? value : most;
}

/* A queue of N bytes has N messages at most, since they may be empty. */
void sysv_limits(unsigned long qbytes, struct mbox_limits *limits)
{
	limits->max_bytes = clamp(qbytes, MBOX_BYTES_MAX);
	limits->max_msgs = clamp(qbytes, MBOX_MSGS_MAX);
	limits->max_size = clamp(qbytes, MBOX_SIZE_MAX);
	limits->policy = MBOX_POLICY_BLOCK;
}
