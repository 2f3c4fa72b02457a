// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cmd.h"
#include "field.h"
#include "interrupt.h"
#include "manage.h"
#include "output.h"
#include "report.h"
#include "stream.h"

/**
 * struct monitor - what monitor was asked for
 * @events: the subscription
 * @names: mailboxes to report, or none for all
 * @count: how many
 * @json: print JSON
 */
struct monitor {
	struct mbox_events *events;
	char **names;
	int count;
	bool json;
};

static const struct cli_option options[] = {
	{ 'j', "json", NULL, "print a JSON object for each event" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Events: created removed changed attached detached full writable lost timed-out\n"
	"owner-died.\n"
	"They go on until the command is interrupted. Where events themselves were lost,\n"
	"there is a line 'LOST n events', and a line 'now' for each mailbox that there is\n"
	"then. Payloads never appear here. Needs CAP_NET_ADMIN.\n";

static const char *rights_name(uint32_t rights)
{
	static const char *const names[] = { "none", "recv", "send", "recv+send" };

	return names[rights & (MBOX_RIGHT_RECV | MBOX_RIGHT_SEND)];
}

static void print_start(int64_t monotonic, const char *event, const char *mailbox,
			uint64_t id)
{
	char time[TIME_TEXT_MAX], name[ESCAPED_NAME_MAX];

	printf("%s %-10s %s id=%ju",
	       format_time_short(time_of_day(monotonic), time), event,
	       escaped_name(mailbox, name), id);
}

static void print_text(const struct mbox_event *event)
{
	char time[TIME_TEXT_MAX];

	if (event->type == MBOX_EVENT_MISSED) {
		printf("%s LOST %ju events\n",
		       format_time_short(time_of_day(event->time), time), event->count);
		return;
	}
	print_start(event->time, mbox_event_name(event->type), event->name, event->id);
	if (event->handle)
		printf(" handle=%ju", event->handle);
	if (event->rights)
		printf(" rights=%s", rights_name(event->rights));
	if (event->count)
		printf(" %s=%ju", event->type == MBOX_EVENT_OWNER_DIED ? "calls" : "messages",
		       event->count);
	putchar('\n');
}

static void json_name(struct json *json, const struct mbox_event *event)
{
	if (*event->name)
		json_string(json, "name", event->name);
	else
		json_null(json, "name");
}

static void print_json(const struct mbox_event *event)
{
	struct json json = { .out = stdout };
	char time[TIME_TEXT_MAX];

	json_open(&json, NULL, '{');
	json_string(&json, "event", mbox_event_name(event->type));
	json_unsigned(&json, "seq", event->seq);
	json_string(&json, "time", format_time(time_of_day(event->time), time));
	json_number(&json, "monotonic", event->time);
	if (event->type != MBOX_EVENT_MISSED) {
		json_unsigned(&json, "id", event->id);
		json_name(&json, event);
	}
	if (event->handle)
		json_unsigned(&json, "handle", event->handle);
	if (event->rights)
		json_string(&json, "rights", rights_name(event->rights));
	if (event->count)
		json_unsigned(&json, "count", event->count);
	json_close(&json, '}');
	putchar('\n');
}

static void print_now_text(const struct mbox_stat *stat)
{
	print_start(0, "now", stat->name, stat->id);
	printf(" messages=%u bytes=%ju\n", stat->msgs, stat->bytes);
}

static void print_now_json(const struct mbox_stat *stat)
{
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_string(&json, "event", "now");
	stat_json(stat, &json);
	json_close(&json, '}');
	putchar('\n');
}

static bool is_wanted(const struct monitor *args, const char *name)
{
	for (int i = 0; i < args->count; i++)
		if (!strcmp(args->names[i], name))
			return true;
	return !args->count;
}

/* What there is, after events were lost that would have told. */
static int print_now(const struct monitor *args)
{
	struct mbox_stat *list = NULL;
	struct mbox_ctl *ctl;
	size_t count = 0;
	int code, err;

	ctl = manage_open(&code);
	if (!ctl)
		return code;
	err = mbox_ctl_list(ctl, &list, &count);
	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(args, list[i].name))
			continue;
		if (args->json)
			print_now_json(&list[i]);
		else
			print_now_text(&list[i]);
	}
	free(list);
	mbox_ctl_close(ctl);
	return err ? fail_device(err) : CLI_OK;
}

static int print_event(const struct monitor *args, const struct mbox_event *event)
{
	bool missed = event->type == MBOX_EVENT_MISSED;
	int code = CLI_OK;

	if (!missed && !is_wanted(args, event->name))
		return CLI_OK;
	if (args->json)
		print_json(event);
	else
		print_text(event);
	if (missed)
		code = print_now(args);
	return code ? code : stream_flush();
}

static int follow(const struct monitor *args)
{
	struct mbox_event event;
	int ret, code = CLI_OK;

	while (!code) {
		if (interrupted())
			return CLI_INTERRUPTED;
		ret = mbox_events_next(args->events, &event, MBOX_FOREVER);
		code = ret < 0 ? fail_device(ret) : print_event(args, &event);
	}
	return code;
}

static int subscribe(struct monitor *args)
{
	int err = mbox_events_open(&args->events);

	if (err != -EPERM)
		return err ? fail_device(err) : CLI_OK;
	report("events need CAP_NET_ADMIN over the network namespace (run it as root)");
	return exit_code(err);
}

static int run(struct cli *cli)
{
	struct monitor args = { .json = false };
	int key, code;

	while ((key = cli_option(cli)) != CLI_END)
		args.json |= key == 'j';
	for (int i = 0; i < cli->count; i++)
		cli_mailbox(cli, i);
	args.names = cli->operands;
	args.count = cli->count;
	code = stream_writable();
	if (code)
		return code;
	interrupt_catch();
	code = subscribe(&args);
	if (code)
		return code;
	code = follow(&args);
	mbox_events_close(args.events);
	return code;
}

const struct cli_verb verb_monitor = {
	.name = "monitor",
	.synopsis = "[-j] [NAME...]",
	.summary = "Print what happens to mailboxes as it happens",
	.options = options,
	.details = details,
	.max_operands = CLI_ANY_NUMBER,
	.run = run,
};
