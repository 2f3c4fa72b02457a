/* SPDX-License-Identifier: GPL-2.0-only */
/* A command that works on one message. */
#ifndef MBOX_TOOLS_CHILD_H
#define MBOX_TOOLS_CHILD_H

#include <mbox.h>

/**
 * struct child - a command and its message
 * @argv: the command, ends with NULL
 * @mbox: handle that the message came from
 * @header: of the message; its @cookie, if any, is asked for now and then
 * @data: payload, for the standard input of the command
 * @output: what the command wrote, if that is kept; to be freed
 * @length: how much that is
 * @room: most bytes to keep
 * @cut: it wrote more than that
 * @keep: keep the output, else it goes where ours goes
 */
struct child {
	char *const *argv;
	struct mbox *mbox;
	const struct mbox_header *header;
	const void *data;
	char *output;
	size_t length;
	size_t room;
	bool cut;
	bool keep;
};

/*
 * Runs the command to its end. In its environment are MBOX_TYPE, MBOX_PID, MBOX_UID
 * and MBOX_SEQ. Returns its wait status; -ECANCELED if nobody wants the outcome any
 * more, and -EINTR after a signal to us, with the command and what it has started
 * killed; or another negative errno if it could not be run.
 */
int child_run(struct child *child);

#endif /* MBOX_TOOLS_CHILD_H */
