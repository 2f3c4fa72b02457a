/* SPDX-License-Identifier: GPL-2.0-only */
/* What carries the messages of calls and replies between two processes. */
#ifndef EXAMPLES_CARRIER_H
#define EXAMPLES_CARRIER_H

#include <stdint.h>
#include <sys/types.h>

#define MESSAGE_MAX	1024

struct mbox;

/**
 * struct carrier - one side of a connection
 * @name: of the mechanism
 * @send: sends a message: 0 or a negative errno
 * @recv: receives one within so many nanoseconds, or -1 for ever: its length, 0
 *	  if the other side has gone, or a negative errno
 * @close: ends the connection
 * @fd: socket: the descriptor
 * @in: mbox: handle to receive from
 * @out: mbox: handle to send to
 */
struct carrier {
	const char *name;
	int (*send)(struct carrier *carrier, const void *data, size_t len);
	ssize_t (*recv)(struct carrier *carrier, void *buf, size_t size, int64_t timeout);
	void (*close)(struct carrier *carrier);
	int fd;
	struct mbox *in;
	struct mbox *out;
};

/* Both sides of a connection. */
void connect_mbox(struct carrier *client, struct carrier *server);
void connect_socket(struct carrier *client, struct carrier *server);

#endif /* EXAMPLES_CARRIER_H */
