/* SPDX-License-Identifier: GPL-2.0-only */
/* The standard streams. */
#ifndef MBOX_TOOLS_STREAM_H
#define MBOX_TOOLS_STREAM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Makes standard error line-buffered and fills the places of closed standard
 * streams. Otherwise a mailbox would become standard output, and what is printed
 * would be sent to it.
 */
int stream_init(void);

/* 0, or the reported exit code if nothing can be written to standard output. */
int stream_writable(void);

/* Whether standard output has a reader that can go away: a pipe or a socket. */
bool stream_has_reader(void);

/*
 * Waits until @fd is readable or @timeout, which can be MBOX_FOREVER, is over,
 * and gives 0 or -EINTR. Ends the command as SIGPIPE does, without a word, as
 * soon as standard output has no reader any more.
 */
int stream_wait(int fd, int64_t timeout);

/* 0, or the reported exit code if what was printed did not get out. */
int stream_flush(void);

#endif /* MBOX_TOOLS_STREAM_H */
