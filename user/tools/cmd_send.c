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
#include "report.h"
#include "ring_end.h"

/**
 * struct send - what send was asked for
 * @name: the mailbox
 * @mbox: handle on it
 * @type: type of the messages
 * @wait: a longest wait was given
 * @timeout: it, or MBOX_FOREVER
 * @nowait: not to wait at all
 * @lines: each line of the input is a message
 * @null: each NUL-terminated record of it is one
 * @create: make the mailbox if it is not there
 * @how: address, lifetime, rendezvous
 * @over_ring: through the ring of the mailbox
 * @ring: its end, or NULL
 * @sent: messages sent so far
 */
struct send {
	const char *name;
	struct mbox *mbox;
	uint64_t type;
	bool wait;
	int64_t timeout;
	bool nowait;
	bool lines;
	bool null;
	bool create;
	struct mbox_send_options how;
	bool over_ring;
	struct mbox_ring *ring;
	unsigned long long sent;
};

static const struct cli_option options[] = {
	{ 't', "type", "TYPE", "type of the messages, from 1 on (default: 1)" },
	{ 'n', "nonblock", NULL, "do not wait for room: exit 11 if there is none" },
	{ 'W', "wait", "TIME", "wait TIME for room for a message, then exit 124" },
	{ 'l', "lines", NULL, "send each line of standard input" },
	{ '0', "null", NULL, "send each NUL-terminated record of it" },
	{ 'c', "create", NULL, "create the mailbox, persistent, if need be" },
	{ 's', "sync", NULL, "wait until a receiver has the message" },
	{ CLI_TTL, "ttl", "TIME", "discard it if nobody receives it within TIME" },
	{ CLI_TO, "to", "HANDLE", "for the receiver with this handle alone" },
	{ CLI_RING, "ring", NULL, "through the ring of the mailbox, to recv --ring" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Each MSG is a message. Without MSG all of standard input is one message, byte\n"
	"for byte. TIME is 500ms, 2s, 1.5 (seconds), 1m.\n"
	"\n"
	"  mbox send jobs -t 5 hello 'a second message'\n"
	"  mbox send jobs -- -begins-with-a-dash\n"
	"  seq 1000 | mbox send -l jobs\n";

static void take_option(struct send *args, int key, const char *value)
{
	switch (key) {
	case 't':
		args->type = arg_type(value);
		break;
	case 'n':
		args->nowait = true;
		break;
	case 'W':
		args->wait = true;
		args->timeout = arg_duration("--wait", value);
		break;
	case 'l':
		args->lines = true;
		break;
	case '0':
		args->null = true;
		break;
	case 'c':
		args->create = true;
		break;
	case 's':
		args->how.sync = true;
		break;
	case CLI_TTL:
		args->how.ttl = arg_duration("--ttl", value);
		break;
	case CLI_RING:
		args->over_ring = true;
		break;
	case CLI_TO:
		args->how.to = arg_number("--to", value, 1, UINT64_MAX);
		break;
	}
}

static void check_options(const struct send *args, bool has_message)
{
	if (args->nowait && args->wait)
		usage_error("--nonblock and --wait contradict each other");
	if (args->lines && args->null)
		usage_error("--lines and --null contradict each other");
	if (args->over_ring && (args->how.sync || args->how.ttl || args->how.to))
		usage_error("a ring carries no messages: no --sync, --ttl or --to");
	if (has_message && (args->lines || args->null))
		usage_error("--lines and --null are for standard input, not for MSG");
}

/* What is said of sends that wait for a receiver, or are for one. */
static int fail_delivery(const struct send *args, size_t len, int64_t timeout, int err)
{
	const char *why;

	if (err == -EHOSTUNREACH || err == -EOWNERDEAD)
		why = "no handle of that number receives here (any more)";
	else if (err == -ENOBUFS)
		why = "the message was discarded before anyone took it";
	else if (err == -EOPNOTSUPP)
		why = "a topic has no one receiver that --sync could wait for";
	else if (args->how.sync && (err == -EAGAIN || err == -ETIMEDOUT))
		why = "nobody took the message; it was taken back";
	else
		return fail_send(args->mbox, args->name, len, timeout, err);
	report("%s: %s", args->name, why);
	return exit_code(err);
}

static int fail_message(const struct send *args, size_t len, int err)
{
	int64_t timeout = args->nowait ? 0 : args->timeout;
	int code;

	if (args->ring)
		return fail_ring(args->name, err);
	/* With no time at all the library does not wait, and gives EAGAIN. */
	if (err == -EAGAIN && args->wait)
		err = -ETIMEDOUT;
	code = fail_delivery(args, len, timeout, err);
	if (args->sent)
		report("%s: %llu %s sent before that", args->name, args->sent,
		       messages(args->sent));
	return code;
}

static int open_mailbox(struct send *args, uint32_t flags)
{
	const struct mbox_open_options how = {
		.rights = MBOX_RIGHT_SEND,
		.flags = flags,
	};

	return mbox_open(&args->mbox, args->name, &how);
}

static uint32_t max_size_of(const struct send *args)
{
	struct mbox_stat stat;

	if (args->ring)
		return mbox_ring_room(args->ring);
	if (!args->mbox)
		return MBOX_SIZE_DEFAULT;
	return mbox_info(args->mbox, &stat, NULL) ? MBOX_SIZE_MAX : stat.limits.max_size;
}

/* A missing mailbox is made for a message that it will take, and not before. */
static int create_mailbox(struct send *args, size_t len)
{
	int err;

	if (len > MBOX_SIZE_DEFAULT)
		return fail_size(args->name, len, MBOX_SIZE_DEFAULT);
	err = open_mailbox(args, MBOX_OPEN_CREATE | MBOX_OPEN_PERSIST);
	return err ? fail_open(args->name, MBOX_RIGHT_SEND, err) : CLI_OK;
}

static int send_one(struct send *args, const void *data, size_t len)
{
	int64_t timeout = args->nowait ? 0 : args->timeout;

	if (args->ring)
		return ring_end_send(args->ring, args->type, data, len, timeout);
	return mbox_send_with(args->mbox, args->type, data, len, &args->how, timeout);
}

static int send_message(struct send *args, const void *data, size_t len)
{
	int code = interrupted() ? CLI_INTERRUPTED : CLI_OK;
	int err;

	if (!code && !args->mbox)
		code = create_mailbox(args, len);
	if (code)
		return code;
	err = send_one(args, data, len);
	if (err)
		return fail_message(args, len, err);
	args->sent++;
	return CLI_OK;
}

/* All sizes are checked first, so that none is sent if one cannot be. */
static int send_arguments(struct send *args, char **messages, int count)
{
	uint32_t max_size = max_size_of(args);
	int code = CLI_OK;

	for (int i = 0; i < count; i++)
		if (strlen(messages[i]) > max_size)
			return fail_size(args->name, strlen(messages[i]), max_size);
	for (int i = 0; i < count && !code; i++)
		code = send_message(args, messages[i], strlen(messages[i]));
	return code;
}

static int send_records(struct send *args, char end)
{
	char *record = NULL;
	size_t room = 0;
	int code = CLI_OK;

	while (!code) {
		ssize_t len = getdelim(&record, &room, end, stdin);

		if (len < 0)
			break;
		if (len && record[len - 1] == end)
			len--;
		code = send_message(args, record, len);
	}
	free(record);
	return !code && ferror(stdin) ? fail_input() : code;
}

static int send_input(struct send *args)
{
	size_t len = 0;
	char *data = input_read(&len);
	int code;

	if (!data)
		return fail_input();
	if (len > max_size_of(args))
		code = fail_size(args->name, len, max_size_of(args));
	else
		code = send_message(args, data, len);
	free(data);
	return code;
}

static int send_all(struct send *args, char **messages, int count)
{
	if (count)
		return send_arguments(args, messages, count);
	if (args->lines || args->null)
		return send_records(args, args->null ? '\0' : '\n');
	return send_input(args);
}

/* What was sent to a mailbox that goes with this command is lost. */
static void warn_of_loss(const struct send *args)
{
	struct mbox_stat stat;

	if (!args->sent || args->ring || mbox_info(args->mbox, &stat, NULL))
		return;
	if (stat.persist || stat.receivers || stat.senders > 1 || !stat.msgs)
		return;
	report("%s: not persistent, and nobody else has it open: %u %s lost",
	       args->name, stat.msgs, messages(stat.msgs));
}

static int open_ring(struct send *args)
{
	int code = CLI_OK;

	if (!args->over_ring)
		return CLI_OK;
	if (!args->mbox)
		code = create_mailbox(args, 0);
	if (code)
		return code;
	return ring_end_open(&args->ring, args->mbox, args->name, MBOX_MAP_PRODUCER);
}

/* What nobody has read is gone with this end. */
static int wait_for_reader(const struct send *args)
{
	int err = mbox_ring_wait(args->ring, args->wait ? args->timeout : MBOX_FOREVER);

	return err ? fail_ring(args->name, err) : CLI_OK;
}

static int run(struct cli *cli)
{
	struct send args = { .type = 1, .timeout = MBOX_FOREVER };
	int key, err, code;

	while ((key = cli_option(cli)) != CLI_END)
		take_option(&args, key, cli->value);
	check_options(&args, cli->count > 1);
	args.name = cli_mailbox(cli, 0);
	interrupt_catch();
	err = open_mailbox(&args, 0);
	if (err && !(err == -ENOENT && args.create))
		return fail_open(args.name, MBOX_RIGHT_SEND, err);
	code = open_ring(&args);
	if (!code)
		code = send_all(&args, cli->operands + 1, cli->count - 1);
	if (!code && args.ring)
		code = wait_for_reader(&args);
	warn_of_loss(&args);
	mbox_ring_close(args.ring);
	mbox_close(args.mbox);
	return code;
}

const struct cli_verb verb_send = {
	.name = "send",
	.synopsis = "NAME [-t TYPE] [-n | -W TIME] [-c] [-s] [--ttl TIME]\n"
		    "                 [--to HANDLE] [--ring] [MSG... | -l | -0]",
	.summary = "Send messages to a mailbox",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = CLI_ANY_NUMBER,
	.run = run,
};
