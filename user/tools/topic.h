/* SPDX-License-Identifier: GPL-2.0-only */
/* What pub and sub share. */
#ifndef MBOX_TOOLS_TOPIC_H
#define MBOX_TOOLS_TOPIC_H

#include <mbox.h>

/* Opens a topic; reports what is wrong, as that it is none, and returns the exit code. */
int topic_open(struct mbox **mbox, const char *name, const struct mbox_open_options *how);

#endif /* MBOX_TOOLS_TOPIC_H */
