// SPDX-License-Identifier: LGPL-2.1-or-later
/* The names of the mailboxes that are SysV queues. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sysv.h"

#define KEY_PREFIX	SYSV_PREFIX "0x"
#define PRIVATE_PREFIX	SYSV_PREFIX "private:"

void sysv_name_of_key(key_t key, char name[SYSV_NAME_SIZE])
{
	snprintf(name, SYSV_NAME_SIZE, KEY_PREFIX "%08x", (unsigned int)key);
}

/* Whoever takes it at the same time finds it taken and asks for another one. */
void sysv_name_private(char name[SYSV_NAME_SIZE])
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(name, SYSV_NAME_SIZE, PRIVATE_PREFIX "%d:%jx.%lx", getpid(),
		 (uintmax_t)now.tv_sec, now.tv_nsec);
}

bool sysv_is_queue(const struct mbox_stat *stat)
{
	return !strncmp(stat->name, SYSV_PREFIX, strlen(SYSV_PREFIX)) &&
	       stat->kind == MBOX_KIND_QUEUE && stat->id <= INT32_MAX;
}

key_t sysv_key_of_name(const char *name)
{
	if (strncmp(name, KEY_PREFIX, strlen(KEY_PREFIX)) != 0)
		return IPC_PRIVATE;
	return (key_t)strtoul(name + strlen(KEY_PREFIX), NULL, 16);
}
