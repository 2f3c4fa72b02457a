/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of System V queues. */
#ifndef IPCLAIMS_QUEUE_H
#define IPCLAIMS_QUEUE_H

#define TEXT_MAX	4096

struct message {
	long type;
	char text[TEXT_MAX];
};

/* Sends a message of @type with the text @text, without its NUL. */
void put(int queue, long type, const char *text);

/*
 * Receives without waiting what msgrcv() takes for @type and @flags: the type of
 * the message, or a negative errno.
 */
long take(int queue, long type, int flags);

/* Messages in the queue. */
long queued(int queue);

#endif /* IPCLAIMS_QUEUE_H */
