// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "report.h"

typedef int (*writer)(const struct results *results, FILE *out);

static int complain(const char *path, int error)
{
	fprintf(stderr, "ipcbench: %s: %s\n", path,
		error == ENOENT ? "the pictures need gnuplot: install gnuplot-nox" :
				  strerror(error));
	return -1;
}

static int write_file(const struct results *results, const char *path, writer write)
{
	FILE *out;
	int ret;

	if (!path)
		return 0;
	out = fopen(path, "we");
	if (!out) {
		fprintf(stderr, "ipcbench: %s: %s\n", path, strerror(errno));
		return -1;
	}
	ret = write(results, out);
	if (ferror(out) && !ret)
		ret = -EIO;
	if (fclose(out) && !ret)
		ret = -errno;
	return ret ? complain(path, -ret) : 0;
}

int output_write(const struct results *results, const struct output_files *files)
{
	int ret = 0;

	if (files->text && (report_text(results, stdout) || fflush(stdout)))
		ret = complain("standard output", errno);
	if (write_file(results, files->json, results_write_json) < 0)
		ret = -1;
	if (write_file(results, files->csv, report_csv) < 0)
		ret = -1;
	if (write_file(results, files->html, report_html) < 0)
		ret = -1;
	return ret;
}
