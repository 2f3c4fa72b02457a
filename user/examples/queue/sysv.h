/* SPDX-License-Identifier: GPL-2.0-only */
/* System V queues that do not outlive the example, even if it is killed. */
#ifndef EXAMPLES_SYSV_H
#define EXAMPLES_SYSV_H

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/random.h>

#include "../keep.h"

#define TEXT_SIZE	64

struct text_message {
	long type;
	char text[TEXT_SIZE];
};

static key_t queue_key = IPC_PRIVATE;

static inline int make_queue(void)
{
	return check_sys(msgget(queue_key, IPC_CREAT | IPC_EXCL | 0600),
			 "msgget (who has the key: ipcs -q)");
}

static inline void remove_queue(int id)
{
	msgctl(id, IPC_RMID, NULL);
}

/* Without a key. */
static inline int new_queue(void)
{
	return keep(make_queue, remove_queue);
}

/* With the key, or for 0 with one that nobody has; odd, as 0 would be IPC_PRIVATE. */
static inline int make_queue_with_key(void)
{
	int id;

	if (queue_key)
		return make_queue();
	do {
		key_t key;

		check_sys(getrandom(&key, sizeof(key), 0), "getrandom");
		id = msgget(key | 1, IPC_CREAT | IPC_EXCL | 0600);
	} while (id < 0 && errno == EEXIST);
	return check_sys(id, "msgget");
}

static inline struct msqid_ds state_of_queue(int id)
{
	struct msqid_ds state;

	check_sys(msgctl(id, IPC_STAT, &state), "msgctl(IPC_STAT)");
	return state;
}

/* The size is that of the text: the type does not count. */
static inline int try_to_send(int id, long type, const char *text, int flags)
{
	struct text_message message = { .type = type };

	snprintf(message.text, sizeof(message.text), "%s", text);
	return msgsnd(id, &message, strlen(message.text), flags);
}

static inline void send_text(int id, long type, const char *text)
{
	check_sys(try_to_send(id, type, text, 0), "msgsnd");
}

#endif /* EXAMPLES_SYSV_H */
