/* SPDX-License-Identifier: GPL-2.0-only */
/* SIGINT and SIGTERM end a wait, and never what was received before it. */
#ifndef MBOX_TOOLS_INTERRUPT_H
#define MBOX_TOOLS_INTERRUPT_H

#include <stdbool.h>

/* Waits end with EINTR from now on; a signal that was ignored stays so. */
void interrupt_catch(void);

/* Whether one of the signals came. */
bool interrupted(void);

#endif /* MBOX_TOOLS_INTERRUPT_H */
