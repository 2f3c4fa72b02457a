// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arg.h"
#include "cli.h"
#include "cmd.h"
#include "interrupt.h"
#include "reader.h"
#include "report.h"
#include "stream.h"

/**
 * struct cat - what cat was asked for
 * @name: the mailbox
 * @mbox: handle on it
 * @input: copy from standard input
 * @create: make the mailbox if it is not there
 * @spec: types, as they were given, or NULL
 * @filter: @spec of messages to receive
 * @type: @spec of messages to send
 */
struct cat {
	const char *name;
	struct mbox *mbox;
	bool input;
	bool create;
	const char *spec;
	struct mbox_filter filter;
	uint64_t type;
};

static const struct cli_option options[] = {
	{ 'i', "input", NULL, "copy from standard input to the mailbox" },
	{ 't', "type", "SPEC", "only these types; with -i the type to send" },
	{ 'c', "create", NULL, "create the mailbox, persistent, if need be" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Payloads are written as they are, with nothing between them, as cat(1) does with\n"
	"the device. An empty message is the end of the stream: -i sends one at the end\n"
	"of its input, and the other side stops there. So a mailbox can carry files:\n"
	"\n"
	"  tar c . | mbox cat -ic files\n"
	"  mbox cat -c files | tar x\n";

static void take_option(struct cat *args, int key, const char *value)
{
	switch (key) {
	case 'i':
		args->input = true;
		break;
	case 'c':
		args->create = true;
		break;
	case 't':
		args->spec = value;
		break;
	}
}

static void read_spec(struct cat *args)
{
	args->type = 1;
	args->filter = mbox_filter_any();
	if (!args->spec)
		return;
	if (args->input)
		args->type = arg_type(args->spec);
	else
		args->filter = arg_filter(args->spec);
}

static int open_mailbox(struct cat *args)
{
	const struct mbox_open_options how = {
		.rights = args->input ? MBOX_RIGHT_SEND : MBOX_RIGHT_RECV,
		.flags = args->create ? MBOX_OPEN_CREATE | MBOX_OPEN_PERSIST : 0,
	};
	int err = mbox_open(&args->mbox, args->name, &how);

	if (!err && !args->input)
		err = mbox_set_filter(args->mbox, &args->filter);
	return err ? fail_open(args->name, how.rights, err) : CLI_OK;
}

static int send_piece(struct cat *args, const void *data, size_t len)
{
	int err = interrupted() ? -EINTR :
				  mbox_send(args->mbox, args->type, data, len, MBOX_FOREVER);

	return err ? fail_send(args->mbox, args->name, len, MBOX_FOREVER, err) : CLI_OK;
}

static int copy_pieces(struct cat *args, char *buf, size_t size)
{
	ssize_t len;
	int code;

	do {
		len = read(STDIN_FILENO, buf, size);
		if (len < 0 && errno == EINTR)
			return CLI_INTERRUPTED;
		if (len < 0) {
			report("standard input: %s", strerror(errno));
			return CLI_FAILURE;
		}
		code = send_piece(args, buf, len);
	} while (len && !code);
	return code;
}

static int copy_in(struct cat *args)
{
	struct mbox_stat stat;
	char *buf;
	int code, err;

	err = mbox_info(args->mbox, &stat, NULL);
	if (err)
		return fail_open(args->name, MBOX_RIGHT_SEND, err);
	buf = malloc(stat.limits.max_size);
	if (!buf)
		return fail_open(args->name, MBOX_RIGHT_SEND, -ENOMEM);
	code = copy_pieces(args, buf, stat.limits.max_size);
	free(buf);
	return code;
}

static int take(struct cat *args, struct mbox_header *header, void **data)
{
	int ret;

	if (!stream_has_reader())
		return mbox_recv_alloc(args->mbox, NULL, header, data, MBOX_FOREVER);
	do {
		ret = stream_wait(mbox_fd(args->mbox), MBOX_FOREVER);
		if (!ret)
			ret = mbox_recv_alloc(args->mbox, NULL, header, data, 0);
	} while (ret == -EAGAIN);
	return ret;
}

/* The length of the message that was copied goes to *@len. */
static int copy_message(struct cat *args, uint64_t *len)
{
	struct mbox_header header;
	void *data;
	int ret;

	if (interrupted())
		return CLI_INTERRUPTED;
	ret = take(args, &header, &data);
	if (ret <= 0)
		return fail_recv(args->name, args->spec, NULL, ret ? ret : -EPIPE);
	*len = header.len;
	fwrite(data, 1, header.len, stdout);
	free(data);
	ret = flush_taken(args->name);
	report_lost(args->name, &header);
	return ret;
}

static int copy_out(struct cat *args)
{
	uint64_t len;
	int code;

	do {
		code = copy_message(args, &len);
	} while (!code && len);
	return code;
}

static int run(struct cli *cli)
{
	struct cat args = { .input = false };
	int key, code;

	while ((key = cli_option(cli)) != CLI_END)
		take_option(&args, key, cli->value);
	read_spec(&args);
	args.name = cli_mailbox(cli, 0);
	code = args.input ? CLI_OK : stream_writable();
	if (code)
		return code;
	interrupt_catch();
	code = open_mailbox(&args);
	if (code)
		return code;
	code = args.input ? copy_in(&args) : copy_out(&args);
	mbox_close(args.mbox);
	return code;
}

const struct cli_verb verb_cat = {
	.name = "cat",
	.synopsis = "NAME [-i] [-t SPEC] [-c]",
	.summary = "Copy a stream of bytes out of a mailbox, or into it",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
