// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "parse.h"
#include "report.h"

static const struct cli_option help_option = {
	'h', "help", NULL, "show this help"
};

const struct cli_verb *cli_find_verb(const char *name)
{
	for (const struct cli_verb *const *verb = cli_verbs; *verb; verb++)
		if (!strcmp((*verb)->name, name))
			return *verb;
	return NULL;
}

static void help_line(FILE *out, const struct cli_option *option)
{
	int width;

	if (option->key < CLI_NOHEADINGS)
		width = fprintf(out, "  -%c, --%s", option->key, option->name);
	else
		width = fprintf(out, "      --%s", option->name);
	if (option->arg)
		width += fprintf(out, " %s", option->arg);
	fprintf(out, "%*s%s\n", width < 26 ? 26 - width : 1, "", option->help);
}

void cli_help(FILE *out, const struct cli_verb *verb)
{
	fprintf(out, "Usage: mbox %s%s%s\n\n%s.\n\n", verb->name,
		*verb->synopsis ? " " : "", verb->synopsis, verb->summary);
	for (const struct cli_option *o = verb->options; o->name; o++)
		help_line(out, o);
	help_line(out, &help_option);
	if (verb->more_help)
		verb->more_help(out);
	if (verb->details)
		fprintf(out, "\n%s", verb->details);
}

struct getopt_tables {
	char letters[CLI_LETTERS_MAX];
	struct option options[CLI_OPTIONS_MAX + 2];
};

static void add_option(struct getopt_tables *tables, int index,
		       const struct cli_option *option)
{
	struct option *entry = &tables->options[index];
	size_t end = strlen(tables->letters);

	entry->name = option->name;
	entry->has_arg = option->arg ? required_argument : no_argument;
	entry->val = option->key;
	if (option->key >= CLI_NOHEADINGS)
		return;
	tables->letters[end++] = option->key;
	if (option->arg)
		tables->letters[end] = ':';
}

/*
 * The leading '-' hands out operands in order, so that options may follow
 * them whatever POSIXLY_CORRECT says; '+' leaves those of a command to it.
 */
static const struct getopt_tables *build_tables(const struct cli_verb *verb)
{
	static struct getopt_tables tables = { .letters = "-:" };
	static int count;

	if (verb->command)
		*tables.letters = '+';
	for (; !count || verb->options[count - 1].name; count++) {
		const struct cli_option *option =
			count ? &verb->options[count - 1] : &help_option;

		add_option(&tables, count, option);
	}
	return &tables;
}

static const struct cli_option *find_option(const struct cli_verb *verb, int key)
{
	for (const struct cli_option *o = verb->options; o->name; o++)
		if (o->key == key)
			return o;
	return key == help_option.key ? &help_option : NULL;
}

static void bad_option(struct cli *cli, int result)
{
	const struct cli_option *option = find_option(cli->verb, optopt);

	if (result == ':' && option)
		usage_error("option --%s needs its %s", option->name, option->arg);
	if (option)
		usage_error("option --%s takes no value", option->name);
	if (!optopt)
		usage_error("there is no option %s", cli->argv[optind - 1]);
	usage_error("there is no option -%c (what begins with '-' goes after --)",
		    optopt);
}

static void check_operands(struct cli *cli)
{
	const struct cli_verb *verb = cli->verb;

	if (cli->count < verb->min_operands)
		usage_error("%s is missing",
			    verb->command ? "a program" : "a mailbox name");
	if (verb->max_operands == CLI_ANY_NUMBER || cli->count <= verb->max_operands)
		return;
	usage_error("one argument too many: %s",
		    cli->operands[verb->max_operands]);
}

static void end_options(struct cli *cli)
{
	while (optind < cli->argc)
		cli->operands[cli->count++] = cli->argv[optind++];
	check_operands(cli);
}

static void answer_help(struct cli *cli)
{
	cli_help(stdout, cli->verb);
	exit(fflush(stdout) ? fail_output() : CLI_OK);
}

int cli_option(struct cli *cli)
{
	const struct getopt_tables *tables = build_tables(cli->verb);

	for (;;) {
		int key = getopt_long(cli->argc, cli->argv, tables->letters,
				      tables->options, NULL);

		switch (key) {
		case 1:
			cli->operands[cli->count++] = optarg;
			continue;
		case 'h':
			answer_help(cli);
			break;
		case '?':
		case ':':
			bad_option(cli, key);
			break;
		case -1:
			end_options(cli);
			return CLI_END;
		}
		cli->value = optarg;
		return key;
	}
}

const char *cli_mailbox(struct cli *cli, int index)
{
	const char *name = cli->operands[index];
	const char *why = name_error(name);

	if (why)
		usage_error("the mailbox name %s", why);
	return name;
}
