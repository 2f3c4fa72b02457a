/* SPDX-License-Identifier: GPL-2.0-only */
/* What this machine is, and its limits. */
#ifndef IPCBENCH_MACHINE_H
#define IPCBENCH_MACHINE_H

#include "result.h"

/* @unit: what the clock counts, "ns" or "instructions". */
void machine_describe(struct machine *machine, const char *unit);

#endif /* IPCBENCH_MACHINE_H */
