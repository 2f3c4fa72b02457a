// SPDX-License-Identifier: GPL-2.0-only
#include "arg.h"
#include "cmd.h"
#include "control.h"

static const struct cli_option options[] = {
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"N (default: 1) messages are given out as soon as somebody receives them; what is\n"
	"left of former steps is added. Takes the owner.\n";

static int run(struct cli *cli)
{
	struct mbox_settings settings = { .which = MBOX_SET_STEPS, .steps = 1 };

	while (cli_option(cli) != CLI_END)
		;
	if (cli->count > 1)
		settings.steps = arg_number("N", cli->operands[1], 1, MBOX_MSGS_MAX);
	return control(cli, &settings);
}

const struct cli_verb verb_step = {
	.name = "step",
	.synopsis = "NAME [N]",
	.summary = "Have a frozen mailbox give out some messages",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 2,
	.run = run,
};
