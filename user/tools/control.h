/* SPDX-License-Identifier: GPL-2.0-only */
/* What freeze, thaw and step do. */
#ifndef MBOX_TOOLS_CONTROL_H
#define MBOX_TOOLS_CONTROL_H

#include <mbox.h>

#include "cli.h"

/* Changes the mailbox that the first operand names; returns an exit code. */
int control(struct cli *cli, const struct mbox_settings *settings);

#endif /* MBOX_TOOLS_CONTROL_H */
