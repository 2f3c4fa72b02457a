/* SPDX-License-Identifier: GPL-2.0-only */
/* Management requests that more than one verb makes. */
#ifndef MBOX_TOOLS_MANAGE_H
#define MBOX_TOOLS_MANAGE_H

#include <stddef.h>

#include <mbox.h>

#include "cli.h"

/* A management socket, or NULL and the reported exit code in *@code. */
struct mbox_ctl *manage_open(int *code);

/* The state of the mailbox @name; returns an exit code, which is reported. */
int manage_get(struct mbox_ctl *ctl, const char *name, struct mbox_stat *stat);

#endif /* MBOX_TOOLS_MANAGE_H */
