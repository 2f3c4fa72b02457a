// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"
#include "control.h"

static const struct cli_option options[] = {
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Messages are sent and queued as before, and receivers find none. Only the owner\n"
	"may do this.\n"
	"\n"
	"  mbox freeze jobs; mbox send jobs 1 2 3; mbox step jobs; mbox thaw jobs\n";

static int run(struct cli *cli)
{
	static const struct mbox_settings settings = {
		.which = MBOX_SET_FROZEN,
		.frozen = true,
	};

	while (cli_option(cli) != CLI_END)
		;
	return control(cli, &settings);
}

const struct cli_verb verb_freeze = {
	.name = "freeze",
	.synopsis = "NAME",
	.summary = "Have a mailbox give out no message",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
