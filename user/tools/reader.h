/* SPDX-License-Identifier: GPL-2.0-only */
/* What recv and peek share: options, waiting, printing. */
#ifndef MBOX_TOOLS_READER_H
#define MBOX_TOOLS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include <mbox.h>

#include "format.h"

struct reader;

/* Gets one message within @timeout; returns as mbox_recv_alloc(). */
typedef int (*reader_take_fn)(struct reader *reader, struct mbox_header *header,
			      void **data, int64_t timeout);

/* Works on a message instead of printing it; returns an exit code. */
typedef int (*reader_work_fn)(struct reader *reader, const struct mbox_header *header,
			      const void *data);

/* Gives back @data of a message that is done with. */
typedef void (*reader_drop_fn)(struct reader *reader, void *data);

/* The message was printed, and is out; returns an exit code. */
typedef int (*reader_done_fn)(struct reader *reader, const struct mbox_header *header);

/**
 * struct reader - a mailbox that messages are read from
 * @name: the mailbox
 * @mbox: handle on it
 * @fd: what polls readable when there is one to take
 * @ends: that no more will come is no failure
 * @ended: and so it was
 * @filter: which messages
 * @spec: @filter as it was given, or NULL
 * @wait: longest wait in all as it was given, or NULL
 * @timeout: that in nanoseconds, or MBOX_FOREVER
 * @nowait: not to wait at all
 * @peek: messages stay in the mailbox
 * @topic: it has to be a topic
 * @deadline: when @timeout is over
 * @style: how messages are printed
 * @work: what is done with them instead, or NULL
 * @done: what is done after that, or NULL
 * @drop: what then becomes of the payload; NULL: it is freed
 */
struct reader {
	const char *name;
	struct mbox *mbox;
	int fd;
	bool ends;
	bool ended;
	struct mbox_filter filter;
	const char *spec;
	const char *wait;
	int64_t timeout;
	bool nowait;
	bool peek;
	bool topic;
	int64_t deadline;
	struct style style;
	reader_work_fn work;
	reader_done_fn done;
	reader_drop_fn drop;
};

void reader_init(struct reader *reader);

/* Takes the options that recv and peek share. */
void reader_option(struct reader *reader, int key, const char *value);

/* Refuses options that contradict each other. */
void reader_check(const struct reader *reader);

/* These return an exit code, and report what went wrong. */
int reader_open(struct reader *reader, const char *name);
int reader_print(struct reader *reader, reader_take_fn take);

/* Says on standard error how many messages were lost, if any. */
void report_lost(const char *name, const struct mbox_header *header);

/* stream_flush() of a message that is in the mailbox no longer. */
int flush_taken(const char *name);

#endif /* MBOX_TOOLS_READER_H */
