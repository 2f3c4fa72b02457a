// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cli.h"
#include "cmd.h"
#include "report.h"
#include "stream.h"

static const struct cli_option options[] = {
	{ 0, NULL, NULL, NULL }
};

static const char introduction[] =
	"Usage: mbox VERB [ARGUMENT...]\n"
	"\n"
	"Typed messages between processes, by way of the mailboxes of /dev/mbox.\n"
	"\n";

static const char conclusion[] =
	"\n"
	"'mbox VERB --help' and mbox(1) tell more. Options may come before or after a\n"
	"mailbox name; after -- nothing is an option.\n"
	"\n"
	"  mbox create jobs --persist\n"
	"  mbox send jobs -t 5 hello\n"
	"  mbox recv jobs -t 3-9\n"
	"\n"
	"Exit codes: 0 ok, 1 wrong usage, 2 failure, 3 no such mailbox, 4 not permitted,\n"
	"11 would have to wait, 69 receiver gone, 74 request discarded, 75 quota used up,\n"
	"124 time over, 130 interrupted.\n";

void print_help(FILE *out)
{
	fputs(introduction, out);
	for (const struct cli_verb *const *verb = cli_verbs; *verb; verb++)
		fprintf(out, "  %-9s %s\n", (*verb)->name, (*verb)->summary);
	fputs(conclusion, out);
}

static int run(struct cli *cli)
{
	const struct cli_verb *verb;

	while (cli_option(cli) != CLI_END)
		;
	if (!cli->count) {
		print_help(stdout);
		return stream_flush();
	}
	verb = cli_find_verb(cli->operands[0]);
	if (!verb)
		usage_error("there is no verb '%s'", cli->operands[0]);
	cli_help(stdout, verb);
	return stream_flush();
}

const struct cli_verb verb_help = {
	.name = "help",
	.synopsis = "[VERB]",
	.summary = "Explain the command, or a verb",
	.options = options,
	.max_operands = 1,
	.run = run,
};
