/* SPDX-License-Identifier: GPL-2.0-only */
/* Which claims the command line asks for. */
#ifndef IPCLAIMS_SELECT_H
#define IPCLAIMS_SELECT_H

#include "claim.h"

/* The table that a claim stands in: "A1", "A2" or "A3". */
const char *section_of(const struct claim *claim);

/* Whether @word is a group, a table or a row. */
bool is_selector(const char *word);

/*
 * Whether one of @words, the last of which is NULL, asks for @claim. No words at
 * all ask for every claim that can be checked here.
 */
bool is_selected(const struct group *group, const struct claim *claim, char *const *words);

#endif /* IPCLAIMS_SELECT_H */
