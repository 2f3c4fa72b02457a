// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <string.h>

#include "cli.h"
#include "cmd.h"
#include "manage.h"
#include "report.h"

static const struct cli_option options[] = {
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Its messages are discarded, and all who wait on it are told that it is gone.\n"
	"If one of the mailboxes is missing, none is removed.\n";

static bool is_among(char **names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* A mailbox that is named twice is removed once. */
static void skip_repeated(struct cli *cli)
{
	char **names = cli->operands;
	int kept = 0;

	for (int i = 0; i < cli->count; i++)
		if (!is_among(names, kept, names[i]))
			names[kept++] = names[i];
	cli->count = kept;
}

static int check_all(struct mbox_ctl *ctl, struct cli *cli)
{
	struct mbox_stat stat;
	int code = CLI_OK;

	for (int i = 0; i < cli->count; i++) {
		int got = manage_get(ctl, cli->operands[i], &stat);

		if (!code)
			code = got;
	}
	return code;
}

static int remove_all(struct mbox_ctl *ctl, struct cli *cli)
{
	int code = CLI_OK;

	for (int i = 0; i < cli->count; i++) {
		int err = mbox_ctl_del(ctl, cli->operands[i]);
		int got = err ? fail_ctl(ctl, cli->operands[i], err) : CLI_OK;

		if (!code)
			code = got;
	}
	return code;
}

static int run(struct cli *cli)
{
	struct mbox_ctl *ctl;
	int code;

	while (cli_option(cli) != CLI_END)
		;
	for (int i = 0; i < cli->count; i++)
		cli_mailbox(cli, i);
	skip_repeated(cli);
	ctl = manage_open(&code);
	if (!ctl)
		return code;
	code = check_all(ctl, cli);
	if (!code)
		code = remove_all(ctl, cli);
	mbox_ctl_close(ctl);
	return code;
}

const struct cli_verb verb_rm = {
	.name = "rm",
	.synopsis = "NAME...",
	.summary = "Remove mailboxes",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = CLI_ANY_NUMBER,
	.run = run,
};
