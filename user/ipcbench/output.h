/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the results of a run go. */
#ifndef IPCBENCH_OUTPUT_H
#define IPCBENCH_OUTPUT_H

#include <stdbool.h>

#include "result.h"

/**
 * struct output_files - what is to be written
 * @text: tables on standard output
 * @json: path, or NULL
 * @csv: path, or NULL
 * @html: path, or NULL
 */
struct output_files {
	bool text;
	const char *json;
	const char *csv;
	const char *html;
};

/* Write it all; 0, or -1 when it has said on standard error what went wrong. */
int output_write(const struct results *results, const struct output_files *files);

#endif /* IPCBENCH_OUTPUT_H */
