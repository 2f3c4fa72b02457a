/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SysV queues. Each is a persistent mailbox of kind queue whose name begins with
 * SYSV_PREFIX, and its msqid is the id of the mailbox. All functions return a negative
 * errno where they fail.
 */
#ifndef MBOX_COMPAT_SYSV_H
#define MBOX_COMPAT_SYSV_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/types.h>

#include <mbox.h>

/* ---- names ------------------------------------------------------------------- */

#define SYSV_PREFIX	"sysv:"
#define SYSV_NAME_SIZE	48

/* The name of the queue with a key other than IPC_PRIVATE. */
void sysv_name_of_key(key_t key, char name[SYSV_NAME_SIZE]);

/* A name that no queue is likely to have, and that no key finds. */
void sysv_name_private(char name[SYSV_NAME_SIZE]);

/* Is this mailbox a SysV queue? */
bool sysv_is_queue(const struct mbox_stat *stat);

/* The key in the name of a queue; IPC_PRIVATE where it was made without one. */
key_t sysv_key_of_name(const char *name);

/* ---- handles ------------------------------------------------------------------ */

/**
 * sysv_handle_get() - get the descriptor for a queue
 * @msqid: queue
 * @right: MBOX_RIGHT_SEND or MBOX_RIGHT_RECV
 *
 * It is kept for the next call where there is room, and goes with sysv_handle_put().
 * Safe in threads and in signal handlers.
 *
 * Return: the descriptor; -EINVAL if there is no such queue; -EACCES.
 */
int sysv_handle_get(int msqid, uint32_t right);
void sysv_handle_put(int msqid, int fd);

/* Does this error say that the descriptor is not what it was? Then get another one. */
bool sysv_handle_is_stale(int err);

/* Open it anew next time: the queue is gone. */
void sysv_handle_forget(int msqid);

/* As sysv_handle_forget() of all: the process has another identity. */
void sysv_handle_forget_all(void);

/* The program has closed these descriptors, or put another file there. */
void sysv_handle_lost(unsigned int first, unsigned int last);

/* ---- limits of the kernel, which are those of its own queues, too --------------- */

/* Bytes of a message, bytes of a new queue, number of queues. */
unsigned long sysv_msgmax(void);
unsigned long sysv_msgmnb(void);
unsigned long sysv_msgmni(void);

/* Is that more than a message may have? Asks the kernel only if it seems so. */
bool sysv_too_long(size_t size);

/* Limits of a mailbox that make it a queue of @qbytes. */
void sysv_limits(unsigned long qbytes, struct mbox_limits *limits);

/* ---- state ---------------------------------------------------------------------- */

/* One queue; -EINVAL if there is none of that id. */
int sysv_stat(int msqid, struct mbox_stat *stat);

/* All of them by ascending id, to be freed with free(3). */
int sysv_list(struct mbox_stat **list, size_t *count);

/* What msgctl(2) tells of it. */
void sysv_ds(const struct mbox_stat *stat, struct msqid_ds *ds);

/* ---- the calls -------------------------------------------------------------------- */

long sysv_get(key_t key, int flags);
long sysv_send(int msqid, const void *msgp, size_t size, int flags);
long sysv_recv(int msqid, void *msgp, size_t size, long type, int flags);
long sysv_ctl(int msqid, int cmd, struct msqid_ds *buf);

/* ---- memory of the caller ----------------------------------------------------------- */

/* As memcpy(3), but -EFAULT where the memory of the caller is not there. */
int sysv_copy_in(void *to, const void *from, size_t size);
int sysv_copy_out(void *to, const void *from, size_t size);

/* Could a long be read there? */
bool sysv_readable_long(const void *address);

#endif /* MBOX_COMPAT_SYSV_H */
