/* SPDX-License-Identifier: GPL-2.0-only */
/* The answers as a table, JSON and a page. */
#ifndef IPCBENCH_FEATURES_REPORT_H
#define IPCBENCH_FEATURES_REPORT_H

#include "feature.h"

/**
 * struct feature_line - one mechanism's answers
 * @how: the mechanism
 * @absent: why it could not be asked, or NULL
 * @answers: in the order of features[]
 */
struct feature_line {
	const struct mechanism *how;
	const char *absent;
	struct answer *answers;
};

/**
 * features_output - print the table, write the files
 * @lines: the mechanisms
 * @count: how many
 * @wanted: which of features[] were asked
 * @json: path, or NULL
 * @html: path, or NULL
 *
 * Returns 0, or -1 when it has said on standard error what went wrong; a probe
 * that failed counts as that.
 */
int features_output(const struct feature_line *lines, size_t count, const bool *wanted,
		    const char *json, const char *html);

#endif /* IPCBENCH_FEATURES_REPORT_H */
