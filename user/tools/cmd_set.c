// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>

#include "arg.h"
#include "cli.h"
#include "cmd.h"
#include "manage.h"
#include "report.h"

static const struct cli_option options[] = {
	{ CLI_MODE, "mode", "MODE", "who may receive (r) and send (w), as 0660" },
	{ CLI_OWNER, "owner", "USER", "owner, by name or number (CAP_IPC_OWNER)" },
	{ CLI_GROUP, "group", "GROUP", "group, by name or number (CAP_IPC_OWNER)" },
	{ CLI_MAX_MSGS, "max-msgs", "N", "most queued messages" },
	{ CLI_MAX_BYTES, "max-bytes", "N", "most queued bytes" },
	{ CLI_MAX_SIZE, "max-size", "N", "most bytes of a message" },
	{ CLI_POLICY, "policy", "POLICY", "when full: block, drop-oldest, drop-newest" },
	{ CLI_MAX_DELIVERIES, "max-deliveries", "N", "discard what came back N times; 0: never" },
	{ CLI_DEAD_LETTER, "dead-letter", "NAME", "or send it there; '' for nowhere" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"All of it is changed or nothing is. Queued messages stay, even those beyond a\n"
	"new limit. N may end in K, M or G.\n"
	"\n"
	"  mbox set jobs --max-size 1M --max-bytes 16M\n";

/* What is refused may contradict what is in force. */
static int fail_set(struct mbox_ctl *ctl, const char *name, int err)
{
	struct mbox_stat stat;
	int code = fail_ctl(ctl, name, err);

	if (err == -EINVAL && !mbox_ctl_get(ctl, name, &stat))
		report("%s: max-size is %u and max-bytes %ju", name,
		       stat.limits.max_size, (uintmax_t)stat.limits.max_bytes);
	return code;
}

static int set_dead_letter(struct mbox_ctl *ctl, const char *name,
			   struct mbox_settings *settings)
{
	struct mbox_stat stat = { .id = 0 };
	int code = *name ? manage_get(ctl, name, &stat) : CLI_OK;

	settings->which |= MBOX_SET_DEAD_LETTER;
	settings->dead_letter = stat.id;
	return code;
}

static int run(struct cli *cli)
{
	struct mbox_settings settings = { .which = 0 };
	struct mbox_ctl *ctl;
	const char *name, *letters = NULL;
	int key, code, err;

	while ((key = cli_option(cli)) != CLI_END) {
		if (key == CLI_DEAD_LETTER)
			letters = cli->value;
		else
			arg_setting(&settings, key, cli->value);
	}
	name = cli_mailbox(cli, 0);
	if (!settings.which && !letters)
		usage_error("nothing is said that should change");
	ctl = manage_open(&code);
	if (!ctl)
		return code;
	code = letters ? set_dead_letter(ctl, letters, &settings) : CLI_OK;
	err = code ? 0 : mbox_ctl_set(ctl, name, &settings);
	if (err)
		code = fail_set(ctl, name, err);
	mbox_ctl_close(ctl);
	return code;
}

const struct cli_verb verb_set = {
	.name = "set",
	.synopsis = "NAME OPTION...",
	.summary = "Change mode, owner, limits or policy of a mailbox",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
