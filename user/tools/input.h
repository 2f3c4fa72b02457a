/* SPDX-License-Identifier: GPL-2.0-only */
/* Standard input as a message. */
#ifndef MBOX_TOOLS_INPUT_H
#define MBOX_TOOLS_INPUT_H

#include <stddef.h>

/*
 * All of it, in memory that is to be freed: at most one byte more than a message can
 * have. On a terminal it says how to end it. NULL with errno set on failure.
 */
char *input_read(size_t *len);

/* Reports why input could not be read, by errno, and returns the exit code. */
int fail_input(void);

#endif /* MBOX_TOOLS_INPUT_H */
