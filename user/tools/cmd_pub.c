// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "arg.h"
#include "cli.h"
#include "cmd.h"
#include "input.h"
#include "interrupt.h"
#include "report.h"
#include "topic.h"

/**
 * struct pub - what pub was asked for
 * @name: the topic
 * @mbox: handle on it
 * @type: type of the messages
 */
struct pub {
	const char *name;
	struct mbox *mbox;
	uint64_t type;
};

static const struct cli_option options[] = {
	{ 't', "type", "TYPE", "type of the messages, from 1 on (default: 1)" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Each MSG goes to every subscriber. Without MSG all of standard input is one\n"
	"message. Waits only if the policy is block and a subscriber has no room.\n"
	"\n"
	"  mbox create news --kind topic --persist --policy drop-oldest\n"
	"  mbox pub news 'it rains'\n";

static int publish(const struct pub *args, const void *data, size_t len)
{
	int err = mbox_send(args->mbox, args->type, data, len, MBOX_FOREVER);

	return err ? fail_send(args->mbox, args->name, len, MBOX_FOREVER, err) : CLI_OK;
}

static int publish_input(const struct pub *args)
{
	size_t len = 0;
	char *data = input_read(&len);
	int code;

	if (!data)
		return fail_input();
	code = publish(args, data, len);
	free(data);
	return code;
}

static int publish_all(const struct pub *args, char **messages, int count)
{
	int code = CLI_OK;

	if (!count)
		return publish_input(args);
	for (int i = 0; i < count && !code; i++)
		code = publish(args, messages[i], strlen(messages[i]));
	return code;
}

static int run(struct cli *cli)
{
	static const struct mbox_open_options how = { .rights = MBOX_RIGHT_SEND };
	struct pub args = { .type = 1 };
	int code;

	while (cli_option(cli) != CLI_END)
		args.type = arg_type(cli->value);
	args.name = cli_mailbox(cli, 0);
	interrupt_catch();
	code = topic_open(&args.mbox, args.name, &how);
	if (code)
		return code;
	code = publish_all(&args, cli->operands + 1, cli->count - 1);
	mbox_close(args.mbox);
	return code;
}

const struct cli_verb verb_pub = {
	.name = "pub",
	.synopsis = "NAME [-t TYPE] [MSG...]",
	.summary = "Send messages to every subscriber of a topic",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = CLI_ANY_NUMBER,
	.run = run,
};
