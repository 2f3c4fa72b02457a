// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "cmd.h"
#include "field.h"
#include "manage.h"
#include "parse.h"
#include "stream.h"

static const struct cli_option options[] = {
	{ 'j', "json", NULL, "print a JSON object for each, on a line" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"A peak is the most that was ever queued. Lost messages were discarded by the\n"
	"policy or a purge. What was sent was received or lost, or is queued.\n";

static void show_field(const char *label, const char *name, const struct mbox_stat *stat)
{
	char text[FIELD_TEXT_MAX];

	field_text(field_find(name, strlen(name)), stat, text);
	printf("  %-12s%s\n", label, text);
}

static void show_owner(const struct mbox_stat *stat)
{
	char owner[FIELD_TEXT_MAX], group[FIELD_TEXT_MAX];

	field_text(field_find("owner", 5), stat, owner);
	field_text(field_find("group", 5), stat, group);
	printf("  %-12s%s (%u), group %s (%u)\n", "owner", owner,
	       stat->uid, group, stat->gid);
}

static void show_level(const char *label, uint64_t now, uint64_t max, uint64_t peak)
{
	printf("  %-12s%ju queued of at most %ju, peak %ju\n",
	       label, now, max, peak);
}

static void show_users(const char *label, uint32_t handles, uint32_t waiting)
{
	printf("  %-12s%u open, %u waiting\n", label, handles, waiting);
}

/* What few mailboxes have. */
static void show_state(const struct mbox_stat *stat)
{
	if (stat->kind == MBOX_KIND_TOPIC)
		show_field("retain", "retain", stat);
	if (stat->frozen)
		printf("  %-12syes, %u more to be given out\n", "frozen", stat->steps);
	if (stat->limits.max_deliveries)
		printf("  %-12sdiscarded, or sent to mailbox %ju (0: none)\n", "comes back",
		       (uintmax_t)stat->dead_letter);
}

static void show_text(const struct mbox_stat *stat)
{
	const struct mbox_limits *limits = &stat->limits;
	char name[ESCAPED_NAME_MAX], time[TIME_TEXT_MAX];

	printf("%s\n", escaped_name(stat->name, name));
	show_field("id", "id", stat);
	show_field("kind", "kind", stat);
	show_field("persist", "persist", stat);
	show_state(stat);
	show_owner(stat);
	show_field("mode", "mode", stat);
	show_field("policy", "policy", stat);
	show_level("messages", stat->msgs, limits->max_msgs, stat->peak_msgs);
	show_level("bytes", stat->bytes, limits->max_bytes, stat->peak_bytes);
	show_field("max-size", "max_size", stat);
	show_field("sent", "sent", stat);
	show_field("received", "received", stat);
	show_field("lost", "lost", stat);
	show_field("withdrawn", "withdrawn", stat);
	show_field("expired", "expired", stat);
	show_field("leased", "leased", stat);
	show_field("calls", "calls", stat);
	show_users("receivers", stat->receivers, stat->waiting_receivers);
	show_users("senders", stat->senders, stat->waiting_senders);
	printf("  %-12s%s\n", "created", format_time_short(stat->created, time));
}

static void show_json(const struct mbox_stat *stat)
{
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	stat_json(stat, &json);
	json_close(&json, '}');
	putchar('\n');
}

static int show_all(struct mbox_ctl *ctl, struct cli *cli, bool as_json)
{
	struct mbox_stat stat;
	int code = CLI_OK;

	for (int i = 0; i < cli->count; i++) {
		int got = manage_get(ctl, cli->operands[i], &stat);

		if (!code)
			code = got;
		if (!got && as_json)
			show_json(&stat);
		else if (!got)
			show_text(&stat);
	}
	return code;
}

static int run(struct cli *cli)
{
	struct mbox_ctl *ctl;
	bool as_json = false;
	int key, code, written;

	while ((key = cli_option(cli)) != CLI_END)
		as_json |= key == 'j';
	for (int i = 0; i < cli->count; i++)
		cli_mailbox(cli, i);
	ctl = manage_open(&code);
	if (!ctl)
		return code;
	code = show_all(ctl, cli, as_json);
	mbox_ctl_close(ctl);
	written = stream_flush();
	return code ? code : written;
}

const struct cli_verb verb_show = {
	.name = "show",
	.synopsis = "NAME... [-j]",
	.summary = "Show all there is to know about mailboxes",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = CLI_ANY_NUMBER,
	.run = run,
};
