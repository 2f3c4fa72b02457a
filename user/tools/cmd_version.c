// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include <mbox.h>

#include "cli.h"
#include "cmd.h"
#include "stream.h"

static const struct cli_option options[] = {
	{ 0, NULL, NULL, NULL }
};

static void print_module(void)
{
	FILE *file = fopen("/sys/module/mbox/version", "re");
	char version[64] = "";

	if (file && fgets(version, sizeof(version), file))
		version[strcspn(version, "\n")] = '\0';
	printf("module %s\n", *version ? version : "not loaded");
	if (file)
		fclose(file);
}

static int run(struct cli *cli)
{
	while (cli_option(cli) != CLI_END)
		;
	printf("mbox %s\nlibmbox %s\n", MBOX_VERSION, mbox_version());
	print_module();
	return stream_flush();
}

const struct cli_verb verb_version = {
	.name = "version",
	.synopsis = "",
	.summary = "Print the versions of command, library and module",
	.options = options,
	.max_operands = 0,
	.run = run,
};
