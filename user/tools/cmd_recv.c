// SPDX-License-Identifier: GPL-2.0-only
#include "arg.h"
#include "cli.h"
#include "cmd.h"
#include "reader.h"
#include "report.h"

/**
 * struct recv - what recv was asked for
 * @reader: mailbox and style
 * @count: how many messages; 0 for one
 * @follow: never to stop
 */
struct recv {
	struct reader reader;
	uint64_t count;
	bool follow;
};

static const struct cli_option options[] = {
	{ 't', "type", "SPEC", "only these: 5, 3-9, <=4, !5, !3-9, any" },
	{ 'C', "count", "COUNT", "receive COUNT messages, not one" },
	{ 'f', "follow", NULL, "go on receiving for ever" },
	{ 'n', "nonblock", NULL, "do not wait: exit 11 if no message is there" },
	{ 'W', "wait", "TIME", "wait TIME in all, then exit 124" },
	{ 'F', "format", "FORMAT", "print messages in this form, see below" },
	{ 'j', "json", NULL, "print a JSON object for each message" },
	{ 'x', "hex", NULL, "print a hex dump of each message" },
	{ '0', "null", NULL, "end each message with a NUL, not a line feed" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"<=4, which is lowest:1-4, takes the lowest type first, 1-4 the oldest message.\n"
	"TIME is 500ms, 2s, 1.5 (seconds), 1m. FORMAT has %t type, %s number in the\n"
	"mailbox, %p pid and %u uid of the sender, %T time, %l length, %L messages lost\n"
	"since the last receive, %P payload, %%, \\n, \\t, \\\\, and \\c: nothing follows, not\n"
	"even a line feed.\n"
	"\n"
	"Without -F, -j and -x the payload is printed. A line feed follows what is\n"
	"printed unless it ends in one. On a terminal control characters appear as \\xNN.\n"
	"\n"
	"  mbox recv jobs -t 3-9 -F '%t %P'\n"
	"  mbox recv jobs -f -j | jq .payload\n";

static void take_option(struct recv *args, int key, const char *value)
{
	switch (key) {
	case 'C':
		args->count = arg_number("--count", value, 1, INT64_MAX);
		break;
	case 'f':
		args->follow = true;
		break;
	default:
		reader_option(&args->reader, key, value);
	}
}

static int take(struct reader *reader, struct mbox_header *header, void **data,
		int64_t timeout)
{
	return mbox_recv_alloc(reader->mbox, &reader->filter, header, data, timeout);
}

static int receive(struct recv *args)
{
	uint64_t count = args->count ? args->count : 1;
	int code = CLI_OK;

	for (uint64_t i = 0; !code && (args->follow || i < count); i++)
		code = reader_print(&args->reader, take);
	return code;
}

static int run(struct cli *cli)
{
	struct recv args = { .count = 0 };
	int key, code;

	reader_init(&args.reader);
	while ((key = cli_option(cli)) != CLI_END)
		take_option(&args, key, cli->value);
	reader_check(&args.reader);
	if (args.count && args.follow)
		usage_error("--count and --follow contradict each other");
	code = reader_open(&args.reader, cli_mailbox(cli, 0));
	if (code)
		return code;
	code = receive(&args);
	mbox_close(args.reader.mbox);
	return code;
}

const struct cli_verb verb_recv = {
	.name = "recv",
	.synopsis = "NAME [-t SPEC] [-C COUNT | -f] [-n | -W TIME]\n"
		    "                 [-F FORMAT | -j | -x] [-0]",
	.summary = "Receive messages from a mailbox",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
