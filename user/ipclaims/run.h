/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes the experiments, each in a process of its own and within a time limit. */
#ifndef IPCLAIMS_RUN_H
#define IPCLAIMS_RUN_H

#include "claim.h"
#include "finding.h"

/* Once, in the process that will call run_claim(): 0, or -1 with errno. */
int run_begin(void);

/*
 * What comes of checking @claim within @limit seconds. None of its processes is
 * left then. @group has said why it cannot be checked, if it cannot.
 */
enum verdict run_claim(const struct group *group, const struct claim *claim,
		       unsigned int limit, const struct finding **finding);

#endif /* IPCLAIMS_RUN_H */
