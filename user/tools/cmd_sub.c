// SPDX-License-Identifier: GPL-2.0-only
#include "arg.h"
#include "cli.h"
#include "cmd.h"
#include "reader.h"
#include "report.h"
#include "topic.h"

static const struct cli_option options[] = {
	{ 't', "type", "SPEC", "only these: 5, 3-9, <=4, !5, !3-9, any" },
	{ 'C', "count", "COUNT", "end after COUNT messages" },
	{ 'W', "wait", "TIME", "wait TIME in all, then exit 124" },
	{ 'F', "format", "FORMAT", "print messages in this form, as recv does" },
	{ 'j', "json", NULL, "print a JSON object for each message" },
	{ 'x', "hex", NULL, "print a hex dump of each message" },
	{ '0', "null", NULL, "end each message with a NUL, not a line feed" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Prints the messages that are sent from now on, and the last one before if the\n"
	"topic retains it, until it is interrupted. What it was too slow for is counted\n"
	"and told.\n"
	"\n"
	"  mbox sub news -t 3-9 -F '%s %P'\n";

static int take(struct reader *reader, struct mbox_header *header, void **data,
		int64_t timeout)
{
	return mbox_recv_alloc(reader->mbox, NULL, header, data, timeout);
}

static int follow(struct reader *reader, uint64_t count)
{
	int code = CLI_OK;

	for (uint64_t i = 0; !code && (!count || i < count); i++)
		code = reader_print(reader, take);
	return code;
}

static int run(struct cli *cli)
{
	struct reader reader;
	uint64_t count = 0;
	int key, code;

	reader_init(&reader);
	while ((key = cli_option(cli)) != CLI_END) {
		if (key == 'C')
			count = arg_number("--count", cli->value, 1, INT64_MAX);
		else
			reader_option(&reader, key, cli->value);
	}
	reader_check(&reader);
	reader.topic = true;
	code = reader_open(&reader, cli_mailbox(cli, 0));
	if (code)
		return code;
	code = follow(&reader, count);
	mbox_close(reader.mbox);
	return code;
}

const struct cli_verb verb_sub = {
	.name = "sub",
	.synopsis = "NAME [-t SPEC] [-C COUNT] [-W TIME]\n"
		    "                 [-F FORMAT | -j | -x] [-0]",
	.summary = "Subscribe to a topic and print its messages",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
