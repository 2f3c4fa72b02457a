// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "arg.h"
#include "child.h"
#include "cli.h"
#include "cmd.h"
#include "reader.h"
#include "report.h"
#include "ring_end.h"

/* Some of the longest messages that there are. */
#define POOL_BYTES	(4 * MBOX_SIZE_MAX)

/**
 * struct recv - what recv was asked for
 * @reader: mailbox and style
 * @count: how many messages; 0 for one
 * @follow: never to stop
 * @in_place: large payloads are received where they land
 * @pool: where that is, or NULL
 * @lease: messages come back unless the command or the output succeeds
 * @lease_time: for how long; 0 for as long as it takes
 * @command: shell command that gets each message, or NULL
 * @over_ring: from the ring of the mailbox
 * @ring: its end, or NULL
 */
struct recv {
	struct reader reader;
	uint64_t count;
	bool follow;
	bool lease;
	int64_t lease_time;
	const char *command;
	bool over_ring;
	struct mbox_ring *ring;
	bool in_place;
	struct mbox_pool *pool;
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
	{ 'l', "lease", NULL, "take it for good only when it was worked on" },
	{ CLI_LEASE, "lease-time", "TIME", "as -l, but for TIME at most" },
	{ CLI_RING, "ring", NULL, "from the ring of the mailbox; -f: to its end" },
	{ CLI_POOL, "pool", NULL, "let large payloads land in memory of recv" },
	{ CLI_EXEC, "exec", "COMMAND", "run COMMAND for each message, print nothing" },
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
	"COMMAND is for the shell; it gets the payload on standard input, and MBOX_TYPE,\n"
	"MBOX_PID, MBOX_UID and MBOX_SEQ. With --lease the message is acknowledged if\n"
	"COMMAND exits with 0, or after it was printed; else it goes back to its place.\n"
	"\n"
	"  mbox recv jobs -t 3-9 -F '%t %P'\n"
	"  mbox recv jobs -f --lease --exec ./work\n"
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
	case 'l':
		args->lease = true;
		break;
	case CLI_LEASE:
		args->lease = true;
		args->lease_time = arg_duration("--lease-time", value);
		break;
	case CLI_RING:
		args->over_ring = true;
		break;
	case CLI_POOL:
		args->in_place = true;
		break;
	case CLI_EXEC:
		args->command = value;
		break;
	default:
		reader_option(&args->reader, key, value);
	}
}

static struct recv *to_recv(struct reader *reader)
{
	return (struct recv *)((char *)reader - offsetof(struct recv, reader));
}

/* Whoever gets it does not write to it. */
static int take_landed(const struct recv *args, struct mbox_header *header, void **data,
		       int64_t timeout)
{
	const void *place;
	int ret;

	if (args->lease)
		ret = mbox_pool_lease(args->pool, NULL, args->lease_time, header, &place,
				      timeout);
	else
		ret = mbox_pool_recv(args->pool, NULL, header, &place, timeout);
	if (ret == 1)
		*data = (void *)(uintptr_t)place;
	return ret;
}

static void release(struct reader *reader, void *data)
{
	struct mbox_pool *pool = to_recv(reader)->pool;

	/* At once: the next message may be long in coming. */
	mbox_pool_release(pool, data);
	mbox_pool_flush(pool);
}

static int take(struct reader *reader, struct mbox_header *header, void **data,
		int64_t timeout)
{
	const struct recv *args = to_recv(reader);

	if (args->ring)
		return ring_end_take(args->ring, header, data, timeout);
	if (args->pool)
		return take_landed(args, header, data, timeout);
	if (args->lease)
		return mbox_lease(reader->mbox, NULL, args->lease_time, header, data, timeout);
	return mbox_recv_alloc(reader->mbox, NULL, header, data, timeout);
}

/* Done with, or to be tried again, where that is open. */
static int settle(const struct recv *args, const struct mbox_header *header, bool done)
{
	struct mbox *mbox = args->reader.mbox;
	int err;

	if (!header->cookie || !args->lease)
		return CLI_OK;
	/* Work is no reply: a request is for who answers it. */
	done = done && !(header->flags & MBOX_MSG_CALL);
	err = done ? mbox_ack(mbox, header->cookie) : mbox_return(mbox, header->cookie);
	if (err == -ECANCELED)
		report("%s: message %llu: its lease ended before the work did; it went back",
		       args->reader.name, header->seq);
	else if (err)
		return fail_recv(args->reader.name, NULL, NULL, err);
	return CLI_OK;
}

static int run_command(const struct recv *args, const struct mbox_header *header,
		       const void *data)
{
	char *argv[] = { "sh", "-c", (char *)args->command, NULL };
	struct child child = {
		.argv = argv,
		.mbox = args->reader.mbox,
		.header = header,
		.data = data,
	};
	int status = child_run(&child);

	if (status > 0)
		report("%s: message %llu: the command failed", args->reader.name, header->seq);
	if (status < 0 && status != -EINTR && status != -ECANCELED)
		report("%s: %s", args->command, strerror(-status));
	return status;
}

static int work(struct reader *reader, const struct mbox_header *header, const void *data)
{
	const struct recv *args = to_recv(reader);
	int status = run_command(args, header, data);
	int code = settle(args, header, status == 0);

	if (status == -EINTR)
		return CLI_INTERRUPTED;
	return code ? code : status ? CLI_FAILURE : CLI_OK;
}

static int acknowledge(struct reader *reader, const struct mbox_header *header)
{
	return settle(to_recv(reader), header, true);
}

static int receive(struct recv *args)
{
	uint64_t count = args->count ? args->count : 1;
	int code = CLI_OK;

	for (uint64_t i = 0; !code && (args->follow || i < count); i++) {
		code = reader_print(&args->reader, take);
		if (args->reader.ended)
			return args->follow ? CLI_OK : fail_ring(args->reader.name, -EPIPE);
		/* With --follow the next one may fare better. */
		if (code == CLI_FAILURE && args->follow && args->command)
			code = CLI_OK;
	}
	return code;
}

static void check_options(const struct recv *args)
{
	const struct style *style = &args->reader.style;

	reader_check(&args->reader);
	if (args->count && args->follow)
		usage_error("--count and --follow contradict each other");
	if (args->over_ring && (args->lease || args->reader.spec))
		usage_error("a ring has no leases and no filter: no --lease or --type");
	if (args->over_ring && args->in_place)
		usage_error("--ring and --pool contradict each other");
	if (args->command && (style->format || style->json || style->hex || style->null))
		usage_error("--exec prints nothing: no --format, --json, --hex or --null");
}

/* What a ring has is polled for at its own descriptor, and has an end. */
static int open_ring(struct recv *args)
{
	struct reader *reader = &args->reader;
	int code;

	if (!args->over_ring)
		return CLI_OK;
	code = ring_end_open(&args->ring, reader->mbox, reader->name, MBOX_MAP_CONSUMER);
	if (code)
		return code;
	reader->fd = mbox_ring_fd(args->ring);
	reader->ends = true;
	return CLI_OK;
}

static int fail_pool(const char *name, int err)
{
	if (err == -EOPNOTSUPP)
		report("%s: a topic has no pool", name);
	else if (err == -EDQUOT || err == -ENOSPC)
		report("%s: no bytes are left for a pool, of those in messages", name);
	else
		report("%s: %s", name, strerror(-err));
	return exit_code(err);
}

static int open_pool(struct recv *args)
{
	struct reader *reader = &args->reader;
	int err;

	if (!args->in_place)
		return CLI_OK;
	err = mbox_pool_open(&args->pool, reader->mbox, POOL_BYTES);
	if (err)
		return fail_pool(reader->name, err);
	reader->drop = release;
	return CLI_OK;
}

static int run(struct cli *cli)
{
	struct recv args = { .count = 0 };
	int key, code;

	reader_init(&args.reader);
	while ((key = cli_option(cli)) != CLI_END)
		take_option(&args, key, cli->value);
	check_options(&args);
	args.reader.work = args.command ? work : NULL;
	args.reader.done = acknowledge;
	code = reader_open(&args.reader, cli_mailbox(cli, 0));
	if (code)
		return code;
	code = open_ring(&args);
	if (!code)
		code = open_pool(&args);
	if (!code)
		code = receive(&args);
	mbox_pool_close(args.pool);
	mbox_ring_close(args.ring);
	mbox_close(args.reader.mbox);
	return code;
}

const struct cli_verb verb_recv = {
	.name = "recv",
	.synopsis = "NAME [-t SPEC] [-C COUNT | -f] [-n | -W TIME] [-l]\n"
		    "                 [-F FORMAT | -j | -x] [-0] [--ring | --pool] [--exec COMMAND]",
	.summary = "Receive messages from a mailbox",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
