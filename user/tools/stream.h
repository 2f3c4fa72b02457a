/* SPDX-License-Identifier: GPL-2.0-only */
/* The standard streams. */
#ifndef MBOX_TOOLS_STREAM_H
#define MBOX_TOOLS_STREAM_H

/*
 * Makes standard error line-buffered and fills the places of closed standard
 * streams. Otherwise a mailbox would become standard output, and what is printed
 * would be sent to it.
 */
int stream_init(void);

/* 0, or the reported exit code if nothing can be written to standard output. */
int stream_writable(void);

/* 0, or the reported exit code if what was printed did not get out. */
int stream_flush(void);

#endif /* MBOX_TOOLS_STREAM_H */
