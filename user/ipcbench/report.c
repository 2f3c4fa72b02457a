// SPDX-License-Identifier: GPL-2.0-only
/* ipcbench report: results that were kept as JSON, written in other forms. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <string.h>

#include "output.h"
#include "report.h"

static const char usage[] =
	"Usage: ipcbench report [-q] [--csv FILE] [--html FILE] RESULT.json\n"
	"\n"
	"Prints the results of a run as text, and writes them as CSV or as a page.\n"
	"\n"
	"  --csv FILE   every row, comma-separated\n"
	"  --html FILE  a page with pictures (needs gnuplot)\n"
	"  -q           no text\n"
	"\n"
	"RESULT.json is what \"ipcbench run --json\" has written; - is standard input.\n";

static struct results *read_file(const char *path)
{
	struct results *results;
	FILE *in = strcmp(path, "-") ? fopen(path, "re") : stdin;

	if (!in) {
		fprintf(stderr, "ipcbench: %s: %s\n", path, strerror(errno));
		return NULL;
	}
	results = results_read_json(in, path);
	if (in != stdin)
		fclose(in);
	return results;
}

int report_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "csv", required_argument, NULL, 'c' },
		{ "html", required_argument, NULL, 'h' },
		{ "help", no_argument, NULL, '?' + 256 },
		{ 0 },
	};
	struct output_files files = { .text = true };
	struct results *results;
	int option, ret;

	while ((option = getopt_long(argc, argv, "q", options, NULL)) >= 0) {
		switch (option) {
		case 'c':
			files.csv = optarg;
			break;
		case 'h':
			files.html = optarg;
			break;
		case 'q':
			files.text = false;
			break;
		case '?' + 256:
			fputs(usage, stdout);
			return 0;
		default:
			fputs("ipcbench: try 'ipcbench report --help'\n", stderr);
			return 2;
		}
	}
	if (optind != argc - 1) {
		fputs("ipcbench: report takes one file of results\n", stderr);
		return 2;
	}
	results = read_file(argv[optind]);
	if (!results)
		return 1;
	ret = output_write(results, &files);
	results_free(results);
	return ret ? 1 : 0;
}
