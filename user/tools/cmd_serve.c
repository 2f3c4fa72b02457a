// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "arg.h"
#include "child.h"
#include "cli.h"
#include "cmd.h"
#include "interrupt.h"
#include "report.h"

/* Type of a reply: this if all went well, else so many more as the exit status is. */
#define REPLY_TYPE	1

/* As a shell has it. */
#define KILLED		128

/**
 * struct serve - what serve was asked for
 * @name: the mailbox
 * @mbox: handle on it
 * @filter: which requests
 * @count: how many; 0 for no end
 * @echo: answer with the request
 * @argv: command that answers
 */
struct serve {
	const char *name;
	struct mbox *mbox;
	struct mbox_filter filter;
	uint64_t count;
	bool echo;
	char *const *argv;
};

static const struct cli_option options[] = {
	{ 't', "type", "SPEC", "only these: 5, 3-9, <=4, !5, !3-9, any" },
	{ 'C', "count", "COUNT", "serve COUNT messages, then end" },
	{ 'e', "echo", NULL, "answer each request with its own payload" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"COMMAND gets the request on standard input, and MBOX_TYPE, MBOX_PID, MBOX_UID\n"
	"and MBOX_SEQ in its environment. What it prints is the reply: of type 1, or 1\n"
	"more than its exit status. It is killed if the caller gives up. A message that\n"
	"is no request is handed to COMMAND, too, and what that prints is printed.\n"
	"\n"
	"  mbox serve upper -- tr a-z A-Z\n"
	"  mbox serve ping --echo -C 10\n";

static void take_option(struct serve *args, int key, const char *value)
{
	switch (key) {
	case 't':
		args->filter = arg_filter(value);
		break;
	case 'C':
		args->count = arg_number("--count", value, 1, INT64_MAX);
		break;
	case 'e':
		args->echo = true;
		break;
	}
}

/* A reply that was cut is no success, whatever the command thought of it. */
static int exit_status(const struct child *child, int status)
{
	if (child->cut)
		return KILLED + SIGPIPE;
	return WIFSIGNALED(status) ? KILLED + WTERMSIG(status) : WEXITSTATUS(status);
}

static void report_status(const struct serve *args, const struct child *child, int status)
{
	const struct mbox_header *header = child->header;

	if (child->cut)
		report("%s: message %llu: %s printed more than the %u bytes that its caller has\n"
		       "room for; the rest is lost (mbox set %s --max-size N)", args->name,
		       header->seq, args->argv[0], header->room, args->name);
	else if (WIFSIGNALED(status))
		report("%s: message %llu: %s was killed by signal %d", args->name,
		       header->seq, args->argv[0], WTERMSIG(status));
	else if (status)
		report("%s: message %llu: %s ended with status %d", args->name,
		       header->seq, args->argv[0], WEXITSTATUS(status));
}

/* That the caller has gone is no failure of ours. */
static int fail_reply(const struct serve *args, const struct mbox_header *header, int err)
{
	if (err == -ECANCELED) {
		report("%s: message %llu: the caller gave up", args->name, header->seq);
		return CLI_OK;
	}
	return err ? fail_recv(args->name, NULL, NULL, err) : CLI_OK;
}

static int answer(const struct serve *args, struct child *child, int status)
{
	const struct mbox_header *header = child->header;
	int err = mbox_reply(args->mbox, header->cookie, REPLY_TYPE + exit_status(child, status),
			     child->output, child->length);

	return fail_reply(args, header, err);
}

static int fail_child(const struct serve *args, const struct mbox_header *header, int err)
{
	if (err == -ECANCELED) {
		/* Settles what nobody waits for. */
		mbox_return(args->mbox, header->cookie);
		return fail_reply(args, header, err);
	}
	/* Another server may do it. */
	if (header->cookie)
		mbox_return(args->mbox, header->cookie);
	else
		report("%s: message %llu was taken, and nothing became of it", args->name,
		       header->seq);
	if (err == -EINTR)
		return CLI_INTERRUPTED;
	report("%s: %s", args->argv[0], strerror(-err));
	return CLI_FAILURE;
}

static int run_command(const struct serve *args, const struct mbox_header *header,
		       const void *data)
{
	struct child child = {
		.argv = args->argv,
		.mbox = args->mbox,
		.header = header,
		.data = data,
		.room = header->room,
		.keep = header->cookie,
	};
	int status = child_run(&child), code = CLI_OK;

	if (status < 0)
		code = fail_child(args, header, status);
	else if (header->cookie)
		code = answer(args, &child, status);
	if (status >= 0)
		report_status(args, &child, status);
	free(child.output);
	return code;
}

static int serve_with_command(const struct serve *args)
{
	struct mbox_header header;
	int code = CLI_OK;
	void *data;

	for (uint64_t i = 0; !code && (!args->count || i < args->count); i++) {
		int ret = mbox_recv_alloc(args->mbox, &args->filter, &header, &data,
					  MBOX_FOREVER);

		if (interrupted())
			ret = ret == 1 ? ret : -EINTR;
		if (ret != 1)
			return fail_recv(args->name, NULL, NULL, ret ? ret : -EPIPE);
		code = run_command(args, &header, data);
		free(data);
	}
	return code;
}

static size_t echo_length(const struct mbox_header *header)
{
	return header->len < header->room ? header->len : header->room;
}

/* One system call a message: the reply, and the wait for the next one. */
static int echo_messages(const struct serve *args, struct mbox_header *header, char *buf)
{
	uint64_t done = 0;

	while (!args->count || done < args->count) {
		uint64_t cookie = header->cookie;
		int ret = mbox_reply_recv(args->mbox, &cookie, REPLY_TYPE, buf,
					  echo_length(header), header, buf,
					  MBOX_SIZE_MAX, MBOX_FOREVER);

		header->cookie = ret == 1 ? header->cookie : 0;
		if (ret != 1 && ret != -ECANCELED)
			return ret ? ret : -EPIPE;
		done += ret == 1;
	}
	return 0;
}

static int serve_echo(const struct serve *args)
{
	struct mbox_header header = { .cookie = 0 };
	char *buf = malloc(MBOX_SIZE_MAX);
	int err = buf ? echo_messages(args, &header, buf) : -ENOMEM;

	if (!err && header.cookie)
		err = mbox_reply(args->mbox, header.cookie, REPLY_TYPE, buf,
				 echo_length(&header));
	free(buf);
	return fail_reply(args, &header, err);
}

static void check_command(const struct serve *args)
{
	if (args->echo && args->argv[0])
		usage_error("--echo and a command contradict each other");
	if (!args->echo && !args->argv[0])
		usage_error("who answers? --echo, or -- COMMAND");
}

static int run(struct cli *cli)
{
	struct serve args = { .filter = mbox_filter_any() };
	struct mbox_open_options how = { .rights = MBOX_RIGHT_RECV, .filter = &args.filter };
	int key, code;

	while ((key = cli_option(cli)) != CLI_END)
		take_option(&args, key, cli->value);
	args.name = cli_mailbox(cli, 0);
	args.argv = cli->operands + 1;
	check_command(&args);
	interrupt_catch();
	code = mbox_open(&args.mbox, args.name, &how);
	if (code)
		return fail_open(args.name, MBOX_RIGHT_RECV, code);
	code = args.echo ? serve_echo(&args) : serve_with_command(&args);
	mbox_close(args.mbox);
	return code;
}

const struct cli_verb verb_serve = {
	.name = "serve",
	.synopsis = "NAME [-t SPEC] [-C COUNT] [-e | -- COMMAND...]",
	.summary = "Answer requests, with what a command prints",
	.options = options,
	.details = details,
	.min_operands = 1,
	.max_operands = CLI_ANY_NUMBER,
	.run = run,
};
