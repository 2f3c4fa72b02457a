/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages that stay with their sender until the receiver takes them out of its
 * memory: the sender only says where they are, in memory that both share, and
 * waits. How they are taken is the mechanism's.
 *
 * One word says whose turn it is; what else is shared belongs to whose turn it is:
 *
 *	OFFER_NONE	the sender's, who writes pid, data and len, and then
 *	OFFER_MADE	anyone's: the sender may go back to OFFER_NONE, the receiver
 *			go on to
 *	OFFER_TAKING	the receiver's, who reads the message, and then OFFER_NONE
 *
 * Each step is a single change of the word: of the two who leave OFFER_MADE only
 * one succeeds. While it is OFFER_TAKING, the sender waits whatever happens: its
 * memory is being read. With the word goes a bit that the one who waits sleeps.
 */
#ifndef IPCBENCH_OFFER_H
#define IPCBENCH_OFFER_H

#include <stdatomic.h>

#include "mechanism.h"

/**
 * struct offer - memory shared by a sender and a receiver
 * @turn: whose turn it is, and whether the other one sleeps
 * @taker: the receiver
 * @pid: the sender
 * @parent: who waits for the sender's end
 * @data: where the message lies in the sender's memory
 * @len: its length
 */
struct offer {
	_Atomic uint32_t turn;
	pid_t taker;
	pid_t pid;
	pid_t parent;
	const void *data;
	size_t len;
};

/* Take @len bytes out of the memory of the offer's sender: 0 or a negative errno. */
typedef int (*offer_take_fn)(const struct offer *offer, void *buf, size_t len);

/* Why processes may not look into each other, or NULL: for &mechanism.absent. */
const char *offer_absent(void);

int offer_open(struct lane *lane);
void offer_close(struct lane *lane);
int offer_join(struct end *end);
void offer_leave(struct end *end);
int offer_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait);

/* The message is taken, or only looked at. */
ssize_t offer_recv(struct end *end, offer_take_fn take, void *buf, size_t size, int64_t wait);
ssize_t offer_peek(struct end *end, offer_take_fn take, void *buf, size_t size);

/* The usual way to take: one call that copies from process to process. */
int offer_read(const struct offer *offer, void *buf, size_t len);

#endif /* IPCBENCH_OFFER_H */
