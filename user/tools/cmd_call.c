// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arg.h"
#include "cli.h"
#include "cmd.h"
#include "input.h"
#include "interrupt.h"
#include "reader.h"
#include "report.h"
#include "stream.h"

/**
 * struct call - what call was asked for
 * @name: the mailbox
 * @mbox: handle on it
 * @type: type of the request
 * @wait: longest wait as it was given, or NULL
 * @timeout: that in nanoseconds, or MBOX_FOREVER
 * @style: how the reply is printed
 */
struct call {
	const char *name;
	struct mbox *mbox;
	uint64_t type;
	const char *wait;
	int64_t timeout;
	struct style style;
};

static const struct cli_option options[] = {
	{ 't', "type", "TYPE", "type of the request, from 1 on (default: 1)" },
	{ 'W', "wait", "TIME", "wait TIME in all, then exit 124" },
	{ 'F', "format", "FORMAT", "print the reply in this form, as recv does" },
	{ 'j', "json", NULL, "print the reply as a JSON object" },
	{ 'x', "hex", NULL, "print a hex dump of the reply" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Without MSG all of standard input is the request. The reply is printed as recv\n"
	"prints a message. 'mbox serve' answers with type 1 if its command ended well,\n"
	"and with 1 more than its exit status if not.\n"
	"\n"
	"  mbox call upper -W 2s 'make me tall'\n"
	"  mbox call upper -F '%t %P' hello\n";

static void take_option(struct call *args, int key, const char *value)
{
	switch (key) {
	case 't':
		args->type = arg_type(value);
		break;
	case 'W':
		args->timeout = arg_duration("--wait", value);
		args->wait = value;
		break;
	default:
		style_option(&args->style, key, value);
	}
}

static void check_options(const struct call *args)
{
	style_check(&args->style);
	if (args->wait && !args->timeout)
		usage_error("--wait: no reply can come in no time");
}

/* The room for the reply counts, too: as much as a message can have here. */
static int fail_memory(const struct call *args, size_t len, int err)
{
	struct mbox_stat stat;
	char more[96];

	if (mbox_info(args->mbox, &stat, NULL))
		return fail_send(args->mbox, args->name, len, args->timeout, -EIDRM);
	snprintf(more, sizeof(more), "a call of %zu bytes, with %u for the reply,", len,
		 stat.limits.max_size);
	return fail_bytes(args->name, more, err);
}

/* Each way in which a call ends without a reply, and what can be done. */
static int fail_call(const struct call *args, size_t len, int err)
{
	switch (-err) {
	case ETIMEDOUT:
		report("%s: no reply came within %s%s\n"
		       "(does anybody serve it? mbox show %s)", args->name, args->wait,
		       time_unit(args->wait), args->name);
		return exit_code(err);
	case EOWNERDEAD:
		report("%s: the receiver took the request and ended without a reply\n"
		       "(it may have done the work: call again if that does no harm)",
		       args->name);
		return exit_code(err);
	case ENOBUFS:
		report("%s: the request was discarded, by the policy or a purge\n"
		       "(nobody has seen it: call again)", args->name);
		return exit_code(err);
	case EDQUOT:
	case ENOSPC:
		return fail_memory(args, len, err);
	case EOPNOTSUPP:
		report("%s: a topic has no one who could reply (mbox pub sends to it)",
		       args->name);
		return exit_code(err);
	}
	return fail_send(args->mbox, args->name, len, args->timeout, err);
}

static int print_reply(const struct call *args, const struct mbox_header *header,
		       const void *reply)
{
	print_message(stdout, &args->style, header, reply);
	return stream_flush();
}

static int call(const struct call *args, const void *data, size_t len)
{
	struct mbox_header header;
	char *reply = malloc(MBOX_SIZE_MAX + 1);
	int code;

	if (!reply)
		return fail_call(args, len, -ENOMEM);
	code = mbox_call(args->mbox, args->type, data, len, &header, reply, MBOX_SIZE_MAX,
			 args->timeout);
	if (code)
		code = fail_call(args, len, code);
	else
		code = print_reply(args, &header, reply);
	free(reply);
	return code;
}

static int call_with_input(const struct call *args)
{
	size_t len = 0;
	char *data = input_read(&len);
	int code;

	if (!data)
		return fail_input();
	if (len > MBOX_SIZE_MAX)
		code = fail_size(args->name, len, MBOX_SIZE_MAX);
	else
		code = call(args, data, len);
	free(data);
	return code;
}

static int run(struct cli *cli)
{
	static const struct mbox_open_options how = { .rights = MBOX_RIGHT_SEND };
	struct call args = { .type = 1, .timeout = MBOX_FOREVER };
	int key, code;

	while ((key = cli_option(cli)) != CLI_END)
		take_option(&args, key, cli->value);
	check_options(&args);
	args.name = cli_mailbox(cli, 0);
	code = stream_writable();
	if (code)
		return code;
	style_terminal(&args.style);
	interrupt_catch();
	code = mbox_open(&args.mbox, args.name, &how);
	if (code)
		return fail_open(args.name, MBOX_RIGHT_SEND, code);
	if (cli->count > 1)
		code = call(&args, cli->operands[1], strlen(cli->operands[1]));
	else
		code = call_with_input(&args);
	mbox_close(args.mbox);
	return code;
}

const struct cli_verb verb_call = {
	.name = "call",
	.synopsis = "NAME [-t TYPE] [-W TIME] [-F FORMAT | -j | -x] [MSG]",
	.summary = "Send a request and print its reply",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 2,
	.run = run,
};
