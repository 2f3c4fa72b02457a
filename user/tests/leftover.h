/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is left in the system: descriptors, and all that has a name in the spaces
 * that mechanisms use. To see nobody else's, the process moves to spaces of its
 * own, which only root may do.
 */
#ifndef MBOX_TESTS_LEFTOVER_H
#define MBOX_TESTS_LEFTOVER_H

#include <dirent.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "../lab/guard.h"

/**
 * struct leftover - all the names at one moment
 * @sum: of a sum over each
 */
struct leftover {
	uint64_t sum;
};

/* Where the names of queues can be seen; "" if names are not looked at. */
static char queue_folder[128];

static inline bool leftover_isolate(void)
{
	char path[sizeof(queue_folder)];
	const char *folder = guard_folder();

	if (!folder || unshare(CLONE_NEWIPC | CLONE_NEWNS))
		return false;
	snprintf(path, sizeof(path), "%s/queues", folder);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) || mkdir(path, 0700) ||
	    mount("tmpfs", "/dev/shm", "tmpfs", 0, NULL) ||
	    mount("mqueue", path, "mqueue", 0, NULL))
		return false;
	snprintf(queue_folder, sizeof(queue_folder), "%s", path);
	return true;
}

static inline void leftover_add(struct leftover *leftover, const char *name)
{
	uint64_t sum = 0xcbf29ce484222325;

	while (*name)
		sum = (sum ^ (unsigned char)*name++) * 0x100000001b3;
	leftover->sum += sum;
}

static inline void leftover_add_folder(struct leftover *leftover, const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder)))
		leftover_add(leftover, entry->d_name);
	closedir(folder);
}

/* A line for each object; it begins with its key and its number. */
static inline void leftover_add_objects(struct leftover *leftover, const char *path)
{
	char key[32], number[32], name[80];
	FILE *file = fopen(path, "re");

	if (!file)
		return;
	while (fscanf(file, "%31s %31s%*[^\n]", key, number) == 2) {
		snprintf(name, sizeof(name), "%s %s", key, number);
		leftover_add(leftover, name);
	}
	fclose(file);
}

static inline bool leftover_is_seen(void)
{
	return *queue_folder;
}

static inline struct leftover leftover_now(void)
{
	struct leftover leftover = { 0 };

	if (!leftover_is_seen())
		return leftover;
	leftover_add_objects(&leftover, "/proc/sysvipc/msg");
	leftover_add_objects(&leftover, "/proc/sysvipc/sem");
	leftover_add_objects(&leftover, "/proc/sysvipc/shm");
	leftover_add_folder(&leftover, "/dev/shm");
	leftover_add_folder(&leftover, queue_folder);
	leftover_add_folder(&leftover, guard_folder());
	return leftover;
}

static inline bool leftover_same(const struct leftover *before)
{
	return leftover_now().sum == before->sum;
}

/* How many descriptors this process has. */
static inline unsigned int leftover_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (folder && readdir(folder))
		count++;
	closedir(folder);
	return count;
}

#endif /* MBOX_TESTS_LEFTOVER_H */
