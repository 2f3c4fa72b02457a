// SPDX-License-Identifier: GPL-2.0-only
#include <sys/ipc.h>
#include <sys/msg.h>

#include "compare.h"

struct sysv_message {
	long type;
	char data[MESSAGE_SIZE];
};

static void open_sysv(struct channel *channel)
{
	channel->id = check_sys(msgget(IPC_PRIVATE, 0600), "msgget");
}

static void close_sysv(struct channel *channel)
{
	check_sys(msgctl(channel->id, IPC_RMID, NULL), "msgctl");
}

static void send_sysv(struct channel *channel, uint64_t type, const void *data,
		      size_t len)
{
	struct sysv_message message = { .type = type };

	memcpy(message.data, data, len);
	check_sys(msgsnd(channel->id, &message, len, 0), "msgsnd");
}

/* The queue remembers who sent last, a message does not. */
static pid_t last_sender(const struct channel *channel)
{
	struct msqid_ds state;

	check_sys(msgctl(channel->id, IPC_STAT, &state), "msgctl");
	return state.msg_lspid;
}

static ssize_t recv_sysv(struct channel *channel, uint64_t type, void *buf, size_t size,
			 pid_t *sender)
{
	struct sysv_message message;
	ssize_t len;

	if (size > sizeof(message.data))
		size = sizeof(message.data);
	len = msgrcv(channel->id, &message, size, type, 0);
	if (len < 0)
		return -errno;
	memcpy(buf, message.data, len);
	if (sender)
		*sender = last_sender(channel);
	return len;
}

const struct mechanism sysv_mechanism = {
	.name = "SysV msg",
	.note = "the queue names its last sender, whoever sent the message at hand",
	.payload = MESSAGE_SIZE,
	.open = open_sysv,
	.close = close_sysv,
	.send = send_sysv,
	.recv = recv_sysv,
};
