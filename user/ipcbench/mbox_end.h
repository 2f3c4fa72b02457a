/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the mechanisms of /dev/mbox have in common, however they send and receive.
 *
 * The mailbox is anonymous: it goes with the last who has it open, and its ends
 * learn of each other as those of a pipe do. Everybody opens it by its number,
 * and not with what is inherited, so that the messages name the process that sends.
 * For a broadcast it is a topic.
 */
#ifndef IPCBENCH_MBOX_END_H
#define IPCBENCH_MBOX_END_H

#include <mbox.h>

#include "mechanism.h"

/**
 * struct mbox_end - an end's @own
 * @mbox: this process's handle
 * @header: of the message received last
 */
struct mbox_end {
	struct mbox *mbox;
	struct mbox_header header;
};

/* As the members of struct mechanism; release() is close() as well. */
const char *mbox_end_absent(void);
size_t mbox_end_max_size(void);
int mbox_end_open(struct lane *lane);
void mbox_end_release(struct lane *lane);
int mbox_end_join(struct end *end);
void mbox_end_leave(struct end *end);
int mbox_end_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait);
ssize_t mbox_end_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait);
int mbox_end_poll_fd(struct end *end);
ssize_t mbox_end_call(struct end *end, const void *data, size_t len, void *reply, size_t size,
		      int64_t wait);
bool mbox_end_remains(const char *address);

/* Receive with a filter, or any with NULL, and flags of MBOX_IOC_RECV. */
ssize_t mbox_end_take(struct end *end, const struct mbox_filter *filter, uint32_t flags,
		      void *buf, size_t size, int64_t wait);

#endif /* IPCBENCH_MBOX_END_H */
