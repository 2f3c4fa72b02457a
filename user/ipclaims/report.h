/* SPDX-License-Identifier: GPL-2.0-only */
/* The findings as TAP or as JSON. */
#ifndef IPCLAIMS_REPORT_H
#define IPCLAIMS_REPORT_H

#include "claim.h"
#include "finding.h"

enum report_form {
	REPORT_TAP,
	REPORT_QUIET,	/* TAP, a line a claim */
	REPORT_JSON,
};

void report_begin(enum report_form form);
void report_claim(const struct group *group, const struct claim *claim,
		  const struct finding *finding, enum verdict verdict);

/* Ends the report; returns how many claims were unexpected. */
int report_end(void);

#endif /* IPCLAIMS_REPORT_H */
