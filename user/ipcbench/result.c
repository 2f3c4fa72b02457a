// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdlib.h>

#include "result.h"

static const char *const placement_names[] = {
	[PLACED_SAME] = "same",
	[PLACED_ACROSS] = "across",
	[PLACED_FREE] = "free",
};

static const char *const row_state_names[] = {
	[ROW_DONE] = "done",
	[ROW_ABSENT] = "absent",
	[ROW_REFUSED] = "refused",
	[ROW_STUCK] = "stuck",
	[ROW_FAILED] = "failed",
};

const char *placement_name(enum placement place)
{
	return placement_names[place];
}

const char *row_state_name(enum row_state state)
{
	return row_state_names[state];
}

struct row *results_add_row(struct results *results)
{
	struct row *rows = reallocarray(results->rows, results->row_count + 1, sizeof(*rows));

	if (!rows)
		return NULL;
	results->rows = rows;
	rows += results->row_count++;
	*rows = (struct row){ .syscalls = NAN };
	return rows;
}

void results_free(struct results *results)
{
	if (!results)
		return;
	free(results->mechanisms);
	free(results->rows);
	free(results);
}
