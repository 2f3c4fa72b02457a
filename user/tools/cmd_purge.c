// SPDX-License-Identifier: GPL-2.0-only

#include <stdint.h>
#include <stdio.h>

#include "cli.h"
#include "cmd.h"
#include "manage.h"
#include "report.h"
#include "stream.h"

static const struct cli_option options[] = {
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Their number is printed. The next receiver learns of them as lost messages.\n";

static int run(struct cli *cli)
{
	struct mbox_ctl *ctl;
	uint64_t purged;
	const char *name;
	int code, err;

	while (cli_option(cli) != CLI_END)
		;
	name = cli_mailbox(cli, 0);
	ctl = manage_open(&code);
	if (!ctl)
		return code;
	err = mbox_ctl_purge(ctl, name, &purged);
	if (err) {
		code = fail_ctl(ctl, name, err);
	} else {
		printf("%ju %s discarded\n", (uintmax_t)purged, messages(purged));
		code = stream_flush();
	}
	mbox_ctl_close(ctl);
	return code;
}

const struct cli_verb verb_purge = {
	.name = "purge",
	.synopsis = "NAME",
	.summary = "Discard all queued messages of a mailbox",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
