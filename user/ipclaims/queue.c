// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/msg.h>

#include "finding.h"
#include "queue.h"

void put(int queue, long type, const char *text)
{
	struct message message = { .type = type };
	size_t length = strlen(text);

	memcpy(message.text, text, length);
	must(msgsnd(queue, &message, length, IPC_NOWAIT), "msgsnd");
}

long take(int queue, long type, int flags)
{
	struct message message;

	if (msgrcv(queue, &message, sizeof(message.text), type, flags | IPC_NOWAIT) < 0)
		return -errno;
	return message.type;
}

long queued(int queue)
{
	struct msqid_ds state;

	must(msgctl(queue, IPC_STAT, &state), "msgctl");
	return state.msg_qnum;
}
