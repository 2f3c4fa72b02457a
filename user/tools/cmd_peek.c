// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "cli.h"
#include "cmd.h"
#include "reader.h"

static const struct cli_option options[] = {
	{ 't', "type", "SPEC", "only these: 5, 3-9, <=4, !5, !3-9, any" },
	{ 'n', "nonblock", NULL, "do not wait: exit 11 if no message is there" },
	{ 'W', "wait", "TIME", "wait TIME at most, then exit 124" },
	{ 'F', "format", "FORMAT", "print the message in this form, as in recv" },
	{ 'j', "json", NULL, "print a JSON object" },
	{ 'x', "hex", NULL, "print a hex dump" },
	{ '0', "null", NULL, "end the message with a NUL, not a line feed" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"The message that 'mbox recv' with the same -t would take is printed, and stays.\n";

/* The message can be another one, and longer, each time. */
static int take(struct reader *reader, struct mbox_header *header, void **data,
		int64_t timeout)
{
	size_t size = MBOX_SIZE_DEFAULT;
	int ret;

	do {
		*data = malloc(size);
		if (!*data)
			return -ENOMEM;
		ret = mbox_recv_filter(reader->mbox, &reader->filter, MBOX_RECV_PEEK,
				       header, *data, size, timeout);
		if (ret > 0)
			return ret;
		free(*data);
		size = header->len;
	} while (ret == -EMSGSIZE);
	return ret;
}

static int run(struct cli *cli)
{
	struct reader reader;
	int key, code;

	reader_init(&reader);
	reader.peek = true;
	while ((key = cli_option(cli)) != CLI_END)
		reader_option(&reader, key, cli->value);
	reader_check(&reader);
	code = reader_open(&reader, cli_mailbox(cli, 0));
	if (code)
		return code;
	code = reader_print(&reader, take);
	mbox_close(reader.mbox);
	return code;
}

const struct cli_verb verb_peek = {
	.name = "peek",
	.synopsis = "NAME [-t SPEC] [-n | -W TIME] [-F FORMAT | -j | -x] [-0]",
	.summary = "Show the next message of a mailbox and leave it there",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
