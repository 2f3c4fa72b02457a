/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Leaves nothing behind: no process, no object with a name, whatever ends us.
 *
 * The program runs as two processes, the one that was started (the watcher) and
 * one that does the work. Whichever of them outlives the other kills all that
 * descend from it and removes all that is entered here. Only killing both at the
 * same instant could leave something.
 */
#ifndef LAB_GUARD_H
#define LAB_GUARD_H

#include <stddef.h>
#include <sys/types.h>

enum guard_kind {
	GUARD_MSG_KEY,		/* System V message queue, by key */
	GUARD_SEM_KEY,		/* System V semaphores, by key */
	GUARD_SHM_KEY,		/* System V shared memory, by key */
	GUARD_SHM_NAME,		/* shm_open() */
	GUARD_SEM_NAME,		/* sem_open() */
	GUARD_MQ_NAME,		/* mq_open() */
};

/**
 * guard_run - do the work of the program, guarded
 * @work: what to do, in a process of its own; its return value is the program's
 *	  exit status
 * @argument: for @work
 *
 * SIGINT, SIGTERM and SIGHUP end the work. The standard descriptors are shared.
 *
 * Returns the status for exit(): what @work returned, or 128 + the signal.
 */
int guard_run(int (*work)(void *argument), void *argument);

/**
 * guard_folder - the one temporary folder of this run
 *
 * Made at the first call, which must be in the working process itself, before
 * it forks; removed with all that is in it. Returns its path, at most 64
 * characters (a socket's address has room for 108), or NULL with errno.
 */
const char *guard_folder(void);

/**
 * guard_key - a System V key that nothing has yet, entered for removal
 * @kind: GUARD_*_KEY
 *
 * The caller makes the object with IPC_CREAT | IPC_EXCL. Returns the key, or -1
 * with errno (ENOSPC: 1024 things are entered already).
 */
key_t guard_key(enum guard_kind kind);

/**
 * guard_name - a name that nothing has yet, entered for removal
 * @kind: GUARD_*_NAME
 * @name: gets it, with its leading slash
 * @size: of @name, at least 32
 *
 * Returns 0 or a negative errno.
 */
int guard_name(enum guard_kind kind, char *name, size_t size);

/*
 * Remove the object now and strike it off. The key's or name's kind is known.
 */
void guard_remove_key(enum guard_kind kind, key_t key);
void guard_remove_name(const char *name);

#endif /* LAB_GUARD_H */
