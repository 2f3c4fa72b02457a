/* SPDX-License-Identifier: GPL-2.0-only */
/* Verbs, their options, and how a command ends. */
#ifndef MBOX_TOOLS_CLI_H
#define MBOX_TOOLS_CLI_H

#include <stdbool.h>
#include <stdio.h>

enum cli_exit {
	CLI_OK = 0,
	CLI_USAGE = 1,
	CLI_FAILURE = 2,
	CLI_NO_MAILBOX = 3,
	CLI_NOT_PERMITTED = 4,
	CLI_WOULD_BLOCK = 11,
	CLI_NO_REPLY = 69,
	CLI_DISCARDED = 74,
	CLI_QUOTA = 75,
	CLI_TIMEOUT = 124,
	CLI_INTERRUPTED = 130,
};

/* Keys of options: their letter, or one of these for options without one. */
enum cli_key {
	CLI_END = -1,
	CLI_NOHEADINGS = 256,
	CLI_KIND,
	CLI_PERSIST,
	CLI_MODE,
	CLI_OWNER,
	CLI_GROUP,
	CLI_POLICY,
	CLI_MAX_MSGS,
	CLI_MAX_BYTES,
	CLI_MAX_SIZE,
	CLI_RETAIN,
	CLI_MAX_DELIVERIES,
	CLI_DEAD_LETTER,
	CLI_TTL,
	CLI_TO,
	CLI_LEASE,
	CLI_POOL,
	CLI_EXEC,
	CLI_RING,
	CLI_SYSV,
	CLI_TRACE,
};

/**
 * struct cli_option - an option of a verb
 * @key: what cli_option() returns for it
 * @name: its long form
 * @arg: name of its argument in the help, or NULL if it takes none
 * @help: what it does, in less than 50 characters
 */
struct cli_option {
	int key;
	const char *name;
	const char *arg;
	const char *help;
};

#define CLI_ANY_NUMBER	-1

struct cli;

/**
 * struct cli_verb - a verb
 * @name: the verb
 * @synopsis: its arguments in the usage line
 * @summary: what it does, in less than 60 characters
 * @options: its options, the last one without a name
 * @details: text for the end of its help, or NULL
 * @more_help: prints what @details cannot hold, or NULL
 * @command: its arguments are a command: the first one ends the options
 * @min_operands: how many arguments it needs
 * @max_operands: how many it takes at most, or CLI_ANY_NUMBER
 * @run: does it; returns an &enum cli_exit
 */
struct cli_verb {
	const char *name;
	const char *synopsis;
	const char *summary;
	const struct cli_option *options;
	const char *details;
	void (*more_help)(FILE *out);
	bool command;
	int min_operands;
	int max_operands;
	int (*run)(struct cli *cli);
};

#define CLI_LETTERS_MAX	64
#define CLI_OPTIONS_MAX	16

/**
 * struct cli - a command line that is being read
 * @verb: its verb
 * @argc: number of @argv
 * @argv: verb and arguments
 * @value: argument of the option that cli_option() returned
 * @operands: what is no option, complete when cli_option() returned CLI_END
 * @count: how many of them
 */
struct cli {
	const struct cli_verb *verb;
	int argc;
	char **argv;
	const char *value;
	char **operands;
	int count;
};

extern const struct cli_verb *const cli_verbs[];
const struct cli_verb *cli_find_verb(const char *name);

/*
 * The next option's key, or CLI_END. Answers --help by itself, and does not
 * return if the command line is wrong.
 */
int cli_option(struct cli *cli);

void cli_help(FILE *out, const struct cli_verb *verb);

/* The mailbox that an operand names, checked. */
const char *cli_mailbox(struct cli *cli, int index);

#endif /* MBOX_TOOLS_CLI_H */
