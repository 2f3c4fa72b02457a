/* SPDX-License-Identifier: GPL-2.0-only */
/* System V objects and names of an experiment, which go whatever happens. */
#ifndef IPCLAIMS_OBJECTS_H
#define IPCLAIMS_OBJECTS_H

#include <stddef.h>
#include <sys/types.h>

#include "../lab/guard.h"

#define OBJECT_NAME_MAX	40

/* A key for an object that the caller makes with IPC_CREAT | IPC_EXCL. */
key_t object_key(enum guard_kind kind);

/* New objects: their ids. */
int make_queue(void);
int make_semaphores(int count);
int make_segment(size_t size);

/* The id that a queue had which is there no more. */
int make_and_remove_queue(void);

/* A name for an object that the caller makes. */
void object_name(enum guard_kind kind, char name[OBJECT_NAME_MAX]);

/* The path of @file in the folder that goes with the program. */
#define FILE_PATH_MAX	96
void file_path(const char *file, char path[FILE_PATH_MAX]);

/* Removes all keys and names that this process has got. */
void remove_objects(void);

#endif /* IPCLAIMS_OBJECTS_H */
