/* SPDX-License-Identifier: GPL-2.0-only */
/* Pictures of the results, drawn by gnuplot as SVG. */
#ifndef IPCBENCH_PLOT_H
#define IPCBENCH_PLOT_H

#include <stdio.h>

#include "view.h"

enum plot_kind {
	PLOT_TIME,		/* time over size, or over depth */
	PLOT_THROUGHPUT,	/* bytes a second over size */
	PLOT_DISTRIBUTION,	/* quantiles of the round trips at one size */
};

/**
 * plot_write - one picture
 * @kind: what it shows
 * @view: of which rows
 * @column: PLOT_DISTRIBUTION: of which size
 * @out: gets the SVG
 *
 * Returns 0, -ENODATA if there is nothing to show, -ENOENT if there is no
 * gnuplot, -EIO if it failed.
 */
int plot_write(enum plot_kind kind, const struct view *view, size_t column, FILE *out);

#endif /* IPCBENCH_PLOT_H */
