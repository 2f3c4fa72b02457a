/* SPDX-License-Identifier: GPL-2.0-only */
/* Columns of text, each as wide as it needs to be. */
#ifndef MBOX_TOOLS_TABLE_H
#define MBOX_TOOLS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TABLE_COLUMNS_MAX	32

/**
 * struct table - a table that is filled row by row
 * @columns: how many columns
 * @right: which of them are flush right
 * @widths: how wide each is so far
 * @cells: texts, row by row
 * @count: how many of them
 */
struct table {
	size_t columns;
	bool right[TABLE_COLUMNS_MAX];
	size_t widths[TABLE_COLUMNS_MAX];
	char **cells;
	size_t count;
};

/* Adds the next cell, left to right and top down; 0 or -ENOMEM. */
int table_add(struct table *table, const char *text);
void table_print(const struct table *table, FILE *out);
void table_free(struct table *table);

#endif /* MBOX_TOOLS_TABLE_H */
