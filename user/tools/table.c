// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

/* Characters of UTF-8 text: all bytes but those that continue one. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

int table_add(struct table *table, const char *text)
{
	size_t column = table->count % table->columns;
	size_t width = width_of(text);
	char **cells = reallocarray(table->cells, table->count + 1, sizeof(*cells));

	if (!cells)
		return -ENOMEM;
	table->cells = cells;
	cells[table->count] = strdup(text);
	if (!cells[table->count])
		return -ENOMEM;
	table->count++;
	if (width > table->widths[column])
		table->widths[column] = width;
	return 0;
}

static void print_cell(const struct table *table, size_t index, FILE *out)
{
	const char *text = table->cells[index];
	size_t column = index % table->columns;
	bool last = column == table->columns - 1;
	int pad = table->widths[column] - width_of(text);

	if (table->right[column])
		fprintf(out, "%*s%s", pad, "", text);
	else
		fprintf(out, "%s%*s", text, last ? 0 : pad, "");
	fputc(last ? '\n' : ' ', out);
}

void table_print(const struct table *table, FILE *out)
{
	for (size_t i = 0; i < table->count; i++)
		print_cell(table, i, out);
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->count = 0;
}
