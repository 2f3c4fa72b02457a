// SPDX-License-Identifier: GPL-2.0-only
/* ipcbench: every way that processes have to talk to each other, measured alike. */
#include <stdio.h>
#include <string.h>

#include <mbox.h>

#include "../lab/array.h"
#include "command.h"
#include "feature.h"
#include "report.h"

static const char help[] =
	"Usage: ipcbench [run] [OPTION...] [MECHANISM...]\n"
	"       ipcbench list | features | report | help | version [ARGUMENT...]\n"
	"\n"
	"Measures the mechanisms by which processes send each other messages, all with\n"
	"the same workloads.\n"
	"\n"
	"  run       measure, all mechanisms if none is named (the default)\n"
	"  list      the mechanisms, whether they are there, and the workloads\n"
	"  features  find out by trying what each mechanism can do\n"
	"  report    make tables and pages of results that were kept\n"
	"  help      this text\n"
	"  version   the version\n"
	"\n"
	"'ipcbench VERB --help' and ipcbench(1) tell more.\n"
	"\n"
	"  ipcbench --quick pipe unix-stream mbox\n"
	"  ipcbench --json all.json\n"
	"  ipcbench report --html all.html all.json\n"
	"\n"
	"Exit codes: 0 ok, 1 something failed or got stuck, 2 wrong usage.\n";

static int help_main(int argc, char **argv)
{
	if (argc > 1)
		wrong_usage("one argument too many: %s", argv[1]);
	fputs(help, stdout);
	return fflush(stdout) ? EXIT_TROUBLE : EXIT_DONE;
}

static int version_main(int argc, char **argv)
{
	if (argc > 1)
		wrong_usage("one argument too many: %s", argv[1]);
	printf("ipcbench %s\n", mbox_version());
	return fflush(stdout) ? EXIT_TROUBLE : EXIT_DONE;
}

/**
 * struct verb - a verb
 * @name: the word
 * @main: does it
 */
struct verb {
	const char *name;
	int (*main)(int argc, char **argv);
};

static const struct verb verbs[] = {
	{ "run", run_main },
	{ "list", list_main },
	{ "features", features_main },
	{ "report", report_main },
	{ "help", help_main },
	{ "--help", help_main },
	{ "-h", help_main },
	{ "version", version_main },
	{ "--version", version_main },
	{ "-V", version_main },
};

int main(int argc, char **argv)
{
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].main(argc - 1, argv + 1);
	return run_main(argc, argv);
}
