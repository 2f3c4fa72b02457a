// SPDX-License-Identifier: GPL-2.0-only
/* mbox: the command for /dev/mbox. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cmd.h"
#include "report.h"
#include "stream.h"

const struct cli_verb *const cli_verbs[] = {
	&verb_create,
	&verb_rm,
	&verb_ls,
	&verb_show,
	&verb_set,
	&verb_purge,
	&verb_freeze,
	&verb_thaw,
	&verb_step,
	&verb_send,
	&verb_recv,
	&verb_peek,
	&verb_cat,
	&verb_call,
	&verb_serve,
	&verb_pub,
	&verb_sub,
	&verb_run,
	&verb_monitor,
	&verb_top,
	&verb_help,
	&verb_version,
	NULL
};

/* The habits -h and --version stand for verbs. */
static const char *verb_word(const char *word)
{
	if (!strcmp(word, "-h") || !strcmp(word, "--help"))
		return "help";
	if (!strcmp(word, "-V") || !strcmp(word, "--version"))
		return "version";
	return word;
}

static int run_verb(const struct cli_verb *verb, int argc, char **argv)
{
	struct cli cli = {
		.verb = verb,
		.argc = argc,
		.argv = argv,
		.operands = calloc(argc + 1, sizeof(*argv)),
	};
	int code;

	report_verb(verb->name);
	if (!cli.operands)
		return CLI_FAILURE;
	code = verb->run(&cli);
	free(cli.operands);
	return code;
}

int main(int argc, char **argv)
{
	const struct cli_verb *verb;

	if (stream_init())
		return CLI_FAILURE;
	if (argc < 2) {
		print_help(stderr);
		return CLI_USAGE;
	}
	verb = cli_find_verb(verb_word(argv[1]));
	if (!verb)
		usage_error("there is no verb '%s'", argv[1]);
	return run_verb(verb, argc - 1, argv + 1);
}
