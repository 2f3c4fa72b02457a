/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of compare share: one file a mechanism, probes, rates. */
#ifndef EXAMPLES_COMPARE_H
#define EXAMPLES_COMPARE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "../check.h"

#define MESSAGE_SIZE	64

struct mbox;
struct mechanism;

/**
 * struct channel - one way from senders to one receiver
 * @how: the mechanism
 * @number: tells the channels of one exchange apart
 * @receiver: process that receives; set after the fork
 * @mbox: mbox: this process's handle
 * @id: mbox, SysV: of the mailbox or queue
 * @in: descriptor to receive from
 * @out: descriptor to send to
 * @path: FIFO: where it is
 */
struct channel {
	const struct mechanism *how;
	int number;
	pid_t receiver;
	struct mbox *mbox;
	uint64_t id;
	int in;
	int out;
	char path[64];
};

/**
 * struct mechanism - how one mechanism does what all are asked for
 * @name: name, as in the table and on the command line
 * @note: what the table should say about it, or NULL
 * @payload: bytes of a message that it carries, MESSAGE_SIZE if it can
 * @open: make the channel, before any other process exists
 * @attach: get ready to send, in the sending process; may be NULL
 * @close: undo @open
 * @send: send a message of a type; a mechanism without types ignores that
 * @recv: receive a message of a type, 0 for any; a mechanism without types
 *	  takes the first. Tells the sender, 0 if it cannot, unless @sender is
 *	  NULL. Returns its length or a negative errno
 * @poll_fd: descriptor that polls readable when there is a message; NULL if
 *	     there is none
 */
struct mechanism {
	const char *name;
	const char *note;
	size_t payload;
	void (*open)(struct channel *channel);
	void (*attach)(struct channel *channel);
	void (*close)(struct channel *channel);
	void (*send)(struct channel *channel, uint64_t type, const void *data,
		     size_t len);
	ssize_t (*recv)(struct channel *channel, uint64_t type, void *buf,
			size_t size, pid_t *sender);
	int (*poll_fd)(struct channel *channel);
};

extern const struct mechanism mbox_mechanism;
extern const struct mechanism pipe_mechanism;
extern const struct mechanism fifo_mechanism;
extern const struct mechanism signal_mechanism;
extern const struct mechanism sysv_mechanism;
extern const struct mechanism seqpacket_mechanism;

void channel_open(struct channel *channel, const struct mechanism *how, int number);
void channel_attach(struct channel *channel);

/* What pipe and FIFO have in common. */
void stream_close(struct channel *channel);
void stream_send(struct channel *channel, uint64_t type, const void *data, size_t len);
ssize_t stream_recv(struct channel *channel, uint64_t type, void *buf, size_t size,
		    pid_t *sender);
int in_fd(struct channel *channel);

/* Each answers from an experiment, with a word for the table. */
const char *probe_boundaries(const struct mechanism *how);
const char *probe_sender(const struct mechanism *how);
const char *probe_choice(const struct mechanism *how);
const char *probe_poll(const struct mechanism *how);

/**
 * struct rate - result of one exchange
 * @per_second: messages, or round trips
 * @seconds: how long it took
 * @lost: messages that did not arrive, or not as they were sent
 */
struct rate {
	double per_second;
	double seconds;
	unsigned long lost;
};

struct rate rate_one_way(const struct mechanism *how, unsigned long count);
struct rate rate_round_trip(const struct mechanism *how, unsigned long count);

#endif /* EXAMPLES_COMPARE_H */
