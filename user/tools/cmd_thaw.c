// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"
#include "control.h"

static const struct cli_option options[] = {
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Receivers that wait get what is there. Takes the owner.\n";

static int run(struct cli *cli)
{
	static const struct mbox_settings settings = {
		.which = MBOX_SET_FROZEN,
		.frozen = false,
	};

	while (cli_option(cli) != CLI_END)
		;
	return control(cli, &settings);
}

const struct cli_verb verb_thaw = {
	.name = "thaw",
	.synopsis = "NAME",
	.summary = "Have a frozen mailbox go on",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
