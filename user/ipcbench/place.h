/* SPDX-License-Identifier: GPL-2.0-only */
/* Which processor a process runs on. */
#ifndef IPCBENCH_PLACE_H
#define IPCBENCH_PLACE_H

#include <stdbool.h>

#include "result.h"

/* Processors that we may use. */
unsigned int place_processors(void);

/* Why processes cannot be placed so, or NULL if they can. */
const char *place_refusal(enum placement place);

/* Place this process: with the receivers or with the senders. 0 or a negative errno. */
int place_self(enum placement place, bool with_receivers);

#endif /* IPCBENCH_PLACE_H */
