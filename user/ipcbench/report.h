/* SPDX-License-Identifier: GPL-2.0-only */
/* The results as text, CSV, JSON and a page. */
#ifndef IPCBENCH_REPORT_H
#define IPCBENCH_REPORT_H

#include <stdio.h>

#include "result.h"

/*
 * Each writes all of the results and returns 0 or a negative errno; a failed
 * write of the stream is left for the caller to find with ferror().
 */
int report_text(const struct results *results, FILE *out);
int report_csv(const struct results *results, FILE *out);

/*
 * The page stands alone: style and pictures are in it. The pictures are made
 * by gnuplot; -ENOENT if that is not installed.
 */
int report_html(const struct results *results, FILE *out);

int results_write_json(const struct results *results, FILE *out);

/*
 * NULL with words on standard error if it is not a file that
 * results_write_json() has written.
 */
struct results *results_read_json(FILE *in, const char *name);

/* "ipcbench report": the arguments after the verb. */
int report_main(int argc, char **argv);

#endif /* IPCBENCH_REPORT_H */
