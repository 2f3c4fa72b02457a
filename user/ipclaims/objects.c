// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <errno.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "finding.h"
#include "objects.h"

#define OBJECTS_MAX	16

static struct {
	enum guard_kind kind;
	key_t key;
	char name[OBJECT_NAME_MAX];
} objects[OBJECTS_MAX];
static int count;

static int next_object(void)
{
	if (count == OBJECTS_MAX)
		fault("one experiment has more than %d objects", OBJECTS_MAX);
	return count++;
}

static int find(enum guard_kind kind, key_t key)
{
	switch (kind) {
	case GUARD_MSG_KEY:
		return msgget(key, 0);
	case GUARD_SEM_KEY:
		return semget(key, 0, 0);
	default:
		return shmget(key, 0, 0);
	}
}

/* A kernel may be built without these objects; any key tells. */
static key_t new_key(enum guard_kind kind)
{
	if (find(kind, 1) < 0 && errno == ENOSYS)
		skip("no System V IPC here");
	return need(guard_key(kind), "a key for an object");
}

key_t object_key(enum guard_kind kind)
{
	int index = next_object();

	objects[index].kind = kind;
	objects[index].key = new_key(kind);
	return objects[index].key;
}

int make_and_remove_queue(void)
{
	key_t key = new_key(GUARD_MSG_KEY);
	int id = need(msgget(key, IPC_CREAT | IPC_EXCL | 0600), "msgget");

	guard_remove_key(GUARD_MSG_KEY, key);
	return id;
}

void object_name(enum guard_kind kind, char name[OBJECT_NAME_MAX])
{
	int index = next_object(), error = guard_name(kind, name, OBJECT_NAME_MAX);

	errno = -error;
	need(error, "a name for an object");
	snprintf(objects[index].name, sizeof(objects[index].name), "%s", name);
}

int make_queue(void)
{
	return need(msgget(object_key(GUARD_MSG_KEY), IPC_CREAT | IPC_EXCL | 0600), "msgget");
}

int make_semaphores(int number)
{
	key_t key = object_key(GUARD_SEM_KEY);

	return need(semget(key, number, IPC_CREAT | IPC_EXCL | 0600), "semget");
}

int make_segment(size_t size)
{
	key_t key = object_key(GUARD_SHM_KEY);

	return need(shmget(key, size, IPC_CREAT | IPC_EXCL | 0600), "shmget");
}

void file_path(const char *file, char path[FILE_PATH_MAX])
{
	snprintf(path, FILE_PATH_MAX, "%s/%s", guard_folder(), file);
}

void remove_objects(void)
{
	while (count--)
		if (*objects[count].name)
			guard_remove_name(objects[count].name);
		else
			guard_remove_key(objects[count].kind, objects[count].key);
}
