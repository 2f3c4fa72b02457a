// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysv-msg - whole messages with a type, in a queue with a number
 *
 * A receiver can choose by type. There is no descriptor, so poll() is out, and no
 * time limit, so a signal must do. The queue stays until it is removed, whoever
 * dies; and it tells who sent last, which need not be who sent the message that
 * one has received.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include "../lab/guard.h"
#include "fd.h"
#include "time_limit.h"

#define LIMIT_FILE	"/proc/sys/kernel/msgmax"
#define LIMIT_DEFAULT	8192

/* What MSGMNB is unless it has been changed. */
#define QUEUE_DEFAULT	16384

/* Priorities are 0 to 9; of types the lowest comes first. */
#define TYPE_OF(priority)	(10 - (long)(priority))

/**
 * struct queue_end - an end's @own
 * @id: number of the queue
 * @message: what is passed to the kernel: the type and, next to it, the bytes
 */
struct queue_end {
	int id;
	struct message {
		long type;
		char bytes[];
	} *message;
};

static const char *absent(void)
{
	struct msqid_ds queue;

	if (msgctl(-1, IPC_STAT, &queue) && errno == ENOSYS)
		return "the kernel has no System V IPC: use one with CONFIG_SYSVIPC";
	return NULL;
}

static size_t max_size(void)
{
	return limit_read(LIMIT_FILE, LIMIT_DEFAULT);
}

/*
 * As deep as every system has it, or as is asked for: a limit that has been raised
 * for large messages is not to give small ones a deeper queue. As many bytes as
 * the system gives to each queue may be exceeded by root alone.
 */
static int set_depth(int id, size_t bytes)
{
	struct msqid_ds queue;

	if (msgctl(id, IPC_STAT, &queue))
		return -errno;
	queue.msg_qbytes = bytes > QUEUE_DEFAULT ? bytes : QUEUE_DEFAULT;
	return or_errno(msgctl(id, IPC_SET, &queue));
}

static key_t key_of(const char *address)
{
	return strtol(address, NULL, 0);
}

static void close_queue(struct lane *lane)
{
	guard_remove_key(GUARD_MSG_KEY, key_of(lane->address));
}

static int open_queue(struct lane *lane)
{
	size_t count = lane->depth ? lane->depth : 1;
	key_t key;
	int ret;

	if (lane->broadcast)
		return -EOPNOTSUPP;
	key = guard_key(GUARD_MSG_KEY);
	if (key < 0)
		return -errno;
	snprintf(lane->address, sizeof(lane->address), "0x%08x", (unsigned int)key);
	ret = or_errno(msgget(key, IPC_CREAT | IPC_EXCL | 0600));
	if (ret >= 0)
		ret = set_depth(ret, count * lane->size);
	if (ret < 0)
		close_queue(lane);
	return ret < 0 ? ret : 0;
}

static int join_queue(struct end *end)
{
	const struct lane *lane = end->lane;
	int id = msgget(key_of(lane->address), 0);
	struct queue_end *own;

	if (id < 0)
		return -errno;
	if (own_alloc(&end->own, sizeof(*own)))
		return -ENOMEM;
	own = end->own;
	own->id = id;
	own->message = malloc(sizeof(*own->message) + lane->size);
	if (own->message)
		return 0;
	free(own);
	return -ENOMEM;
}

static void leave_queue(struct end *end)
{
	struct queue_end *own = end->own;

	free(own->message);
	free(own);
	end->own = NULL;
}

static int send_queue(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	struct queue_end *own = end->own;
	struct time_limit limit;
	int ret;

	if (len > end->lane->size)
		return -EMSGSIZE;
	own->message->type = type;
	memcpy(own->message->bytes, data, len);
	if (wait <= 0)
		return or_errno(msgsnd(own->id, own->message, len, wait ? 0 : IPC_NOWAIT));
	ret = time_limit_start(&limit, wait);
	if (ret)
		return ret;
	ret = or_errno(msgsnd(own->id, own->message, len, 0));
	return time_limit_stop(&limit) && ret == -EINTR ? -ETIMEDOUT : ret;
}

/* @type as msgrcv() has it: 0 for any, below 0 for the lowest up to -@type. */
static ssize_t take(struct end *end, long type, void *buf, size_t size, int flags)
{
	struct queue_end *own = end->own;
	ssize_t n;

	if (size > end->lane->size)
		size = end->lane->size;
	n = msgrcv(own->id, own->message, size, type, flags);
	if (n >= 0) {
		memcpy(buf, own->message->bytes, n);
		return n;
	}
	if (errno == E2BIG)
		return -EMSGSIZE;
	return errno == ENOMSG ? -EAGAIN : -errno;
}

static ssize_t recv_queue(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	struct time_limit limit;
	ssize_t ret;

	if (wait <= 0)
		return take(end, type, buf, size, wait ? 0 : IPC_NOWAIT);
	ret = time_limit_start(&limit, wait);
	if (ret)
		return ret;
	ret = take(end, type, buf, size, 0);
	return time_limit_stop(&limit) && ret == -EINTR ? -ETIMEDOUT : ret;
}

/* MSG_COPY takes the number of the message, from 0, in the place of a type. */
static ssize_t peek(struct end *end, void *buf, size_t size)
{
	ssize_t ret = take(end, 0, buf, size, MSG_COPY | IPC_NOWAIT);

	return ret == -ENOSYS ? -EOPNOTSUPP : ret;
}

static int send_priority(struct end *end, unsigned int priority, const void *data, size_t len)
{
	return send_queue(end, TYPE_OF(priority), data, len, WAIT_FOREVER);
}

static ssize_t recv_priority(struct end *end, void *buf, size_t size)
{
	return take(end, -TYPE_OF(0), buf, size, 0);
}

static bool remains(const char *address)
{
	return msgget(key_of(address), 0) >= 0;
}

const struct mechanism mech_sysv_msg = {
	.name = "sysv-msg",
	.title = "SysV queue",
	.group = "queue",
	.flags = MECHANISM_TYPES | MECHANISM_TIMER,
	.absent = absent,
	.max_size = max_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_queue,
	.close = close_queue,
	.join = join_queue,
	.leave = leave_queue,
	.send = send_queue,
	.recv = recv_queue,
	.peek = peek,
	.send_priority = send_priority,
	.recv_priority = recv_priority,
	.remains = remains,
};
