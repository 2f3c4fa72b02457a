/* SPDX-License-Identifier: GPL-2.0-only */
/* What the guard would have to remove: a table that all its processes share. */
#ifndef LAB_BELONGINGS_H
#define LAB_BELONGINGS_H

#include <stdbool.h>

/* Make the table, before any other process exists: 0 or -1 with errno. */
int belongings_start(void);

/*
 * Remove everything that is entered. No other process may be using the table any
 * more.
 */
void belongings_remove_all(void);

#endif /* LAB_BELONGINGS_H */
