// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "arg.h"
#include "cli.h"
#include "cmd.h"
#include "manage.h"
#include "parse.h"
#include "report.h"

static const struct cli_option options[] = {
	{ CLI_KIND, "kind", "KIND", "queue: a message goes to one receiver; topic: to all" },
	{ CLI_RETAIN, "retain", NULL, "a topic: give newcomers the last message" },
	{ CLI_PERSIST, "persist", NULL, "keep it until it is removed" },
	{ CLI_MODE, "mode", "MODE", "who may receive (r) and send (w) (default: 0600)" },
	{ CLI_MAX_MSGS, "max-msgs", "N", "most queued messages (default: 1024)" },
	{ CLI_MAX_BYTES, "max-bytes", "N", "most queued bytes (default: 1M)" },
	{ CLI_MAX_SIZE, "max-size", "N", "most bytes of a message (default: 64K)" },
	{ CLI_POLICY, "policy", "POLICY", "when full: block (default), drop-oldest, drop-newest" },
	{ CLI_MAX_DELIVERIES, "max-deliveries", "N", "discard what came back N times" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Without --persist the mailbox goes, with all its messages, when the last program\n"
	"that has it open closes it. N may end in K, M or G.\n"
	"\n"
	"  mbox create jobs --persist --mode 0660 --max-msgs 100\n";

static uint32_t arg_kind(const char *text)
{
	uint32_t kind = 0;

	if (parse_kind(text, &kind))
		usage_error("--kind: '%s' is neither queue nor topic", text);
	return kind;
}

/* The library takes mode 0 for the default. */
static void check_mode(const struct mbox_settings *settings)
{
	if ((settings->which & MBOX_SET_MODE) && !settings->mode)
		usage_error("--mode: 0 would let nobody in ('mbox set' can do that later)");
}

static struct mbox_open_options read_options(struct cli *cli)
{
	struct mbox_open_options how = { .flags = 0 };
	struct mbox_settings settings = { .which = 0 };
	int key;

	while ((key = cli_option(cli)) != CLI_END) {
		if (key == CLI_KIND)
			how.kind = arg_kind(cli->value);
		else if (key == CLI_RETAIN)
			how.flags |= MBOX_OPEN_RETAIN;
		else if (key == CLI_PERSIST)
			how.flags |= MBOX_OPEN_PERSIST;
		else
			arg_setting(&settings, key, cli->value);
	}
	check_mode(&settings);
	if (how.flags & MBOX_OPEN_RETAIN && how.kind != MBOX_KIND_TOPIC)
		usage_error("--retain is for --kind topic");
	how.mode = settings.mode;
	how.limits = settings.limits;
	return how;
}

static void note_life(const char *name, const struct mbox_open_options *how)
{
	if ((how->flags & MBOX_OPEN_PERSIST) || !isatty(STDERR_FILENO))
		return;
	report("note: %s goes with its first user (--persist keeps it)", name);
}

/* What contradicts itself was all on the command line. */
static int fail_create(struct mbox_ctl *ctl, const char *name,
		       const struct mbox_limits *limits, int err)
{
	int code = fail_ctl(ctl, name, err);

	if (err == -EINVAL && limits->max_bytes && limits->max_size > limits->max_bytes)
		report("%s: max-size is %u and max-bytes %ju", name,
		       limits->max_size, (uintmax_t)limits->max_bytes);
	return code;
}

static int run(struct cli *cli)
{
	const struct mbox_open_options how = read_options(cli);
	const char *name = cli_mailbox(cli, 0);
	struct mbox_ctl *ctl;
	int code, err;

	ctl = manage_open(&code);
	if (!ctl)
		return code;
	err = mbox_ctl_new(ctl, name, &how, NULL);
	if (err)
		code = fail_create(ctl, name, &how.limits, err);
	else
		note_life(name, &how);
	mbox_ctl_close(ctl);
	return code;
}

const struct cli_verb verb_create = {
	.name = "create",
	.synopsis = "NAME [OPTION...]",
	.summary = "Create a mailbox",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
