// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cmd.h"
#include "field.h"
#include "manage.h"
#include "report.h"
#include "stream.h"
#include "sysv.h"
#include "table.h"

#define DEFAULT_COLUMNS	"NAME,OWNER,MODE,MSGS,BYTES,RECEIVERS,SENDERS,LOST"

/**
 * struct ls - what ls was asked for
 * @columns: fields to print
 * @count: how many
 * @json: print JSON
 * @noheadings: leave the headings out
 * @sysv: only SysV queues, with what ipcs(1) tells of them
 * @chosen: columns were asked for
 */
struct ls {
	const struct field *columns[TABLE_COLUMNS_MAX];
	size_t count;
	bool json;
	bool noheadings;
	bool sysv;
	bool chosen;
};

static const struct cli_option options[] = {
	{ 'o', "output", "COLUMNS", "these, with commas between; +COLUMNS adds some" },
	{ 'J', "json", NULL, "print a JSON object with an array of mailboxes" },
	{ CLI_NOHEADINGS, "noheadings", NULL, "leave out the headings" },
	{ CLI_SYSV, "sysv", NULL, "list the SysV queues of \"mbox run\", as ipcs -q" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Which columns are the default may change: name them with -o in a script. A name\n"
	"never contains a blank here: what would not print appears as \\xNN, and - is a\n"
	"mailbox without a name.\n";

static void list_columns(FILE *out)
{
	int width = fprintf(out, "\nColumns:");

	for (const struct field *field = fields; field->name; field++) {
		char heading[FIELD_TEXT_MAX];

		field_heading(field, heading);
		if (width + strlen(heading) > 78)
			width = fprintf(out, "\n  ");
		width += fprintf(out, " %s", heading);
	}
	fprintf(out, "\n");
}

static bool has_column(const struct ls *args, const struct field *field)
{
	for (size_t i = 0; i < args->count; i++)
		if (args->columns[i] == field)
			return true;
	return false;
}

/* One that is there already stays where it is. */
static void add_column(struct ls *args, const char *name, size_t len)
{
	const struct field *field = field_find(name, len);

	if (!field)
		usage_error("--output: there is no column '%.*s'", (int)len, name);
	if (has_column(args, field))
		return;
	if (args->count == TABLE_COLUMNS_MAX)
		usage_error("--output: more than %d columns", TABLE_COLUMNS_MAX);
	args->columns[args->count++] = field;
}

static void add_columns(struct ls *args, const char *list)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		add_column(args, list, len);
		if (!list[len])
			return;
		list += len + 1;
	}
}

static void set_columns(struct ls *args, const char *list)
{
	args->count = 0;
	if (*list == '+') {
		add_columns(args, DEFAULT_COLUMNS);
		list++;
	}
	add_columns(args, list);
}

static void take_option(struct ls *args, int key, const char *value)
{
	switch (key) {
	case 'o':
		set_columns(args, value);
		args->chosen = true;
		break;
	case 'J':
		args->json = true;
		break;
	case CLI_NOHEADINGS:
		args->noheadings = true;
		break;
	case CLI_SYSV:
		args->sysv = true;
		break;
	}
}

static void check_options(const struct ls *args)
{
	if (args->sysv && args->json)
		usage_error("--sysv and --json contradict each other");
	if (args->sysv && args->chosen)
		usage_error("--sysv and --output contradict each other");
}

static int add_headings(const struct ls *args, struct table *table)
{
	char text[FIELD_TEXT_MAX];
	int err = 0;

	for (size_t i = 0; i < args->count && !err; i++) {
		field_heading(args->columns[i], text);
		err = table_add(table, text);
	}
	return err;
}

static int add_row(const struct ls *args, struct table *table,
		   const struct mbox_stat *stat)
{
	char text[FIELD_TEXT_MAX];
	int err = 0;

	for (size_t i = 0; i < args->count && !err; i++) {
		field_text(args->columns[i], stat, text);
		err = table_add(table, text);
	}
	return err;
}

static int print_table(const struct ls *args, const struct mbox_stat *list, size_t count)
{
	struct table table = { .columns = args->count };
	int err = 0;

	for (size_t i = 0; i < args->count; i++)
		table.right[i] = !args->columns[i]->text;
	if (!args->noheadings)
		err = add_headings(args, &table);
	for (size_t i = 0; i < count && !err; i++)
		err = add_row(args, &table, &list[i]);
	if (!err)
		table_print(&table, stdout);
	table_free(&table);
	return err;
}

/* ---- as ipcs -q ------------------------------------------------------------------ */

static const char *const sysv_headings[] = {
	"KEY", "MSQID", "OWNER", "PERMS", "USED-BYTES", "MESSAGES"
};

#define SYSV_COLUMNS	6

static int add_texts(struct table *table, const char *const *texts)
{
	int err = 0;

	for (int i = 0; i < SYSV_COLUMNS && !err; i++)
		err = table_add(table, texts[i]);
	return err;
}

static int add_queue(struct table *table, const struct mbox_stat *stat)
{
	char key[16], id[24], owner[FIELD_TEXT_MAX], mode[16], bytes[24], msgs[16];
	const char *const texts[] = { key, id, owner, mode, bytes, msgs };

	snprintf(key, sizeof(key), "0x%08x", (unsigned int)sysv_key_of_name(stat->name));
	snprintf(id, sizeof(id), "%ju", (uintmax_t)stat->id);
	field_text(field_find("OWNER", strlen("OWNER")), stat, owner);
	snprintf(mode, sizeof(mode), "%03o", stat->mode);
	snprintf(bytes, sizeof(bytes), "%ju", (uintmax_t)stat->bytes);
	snprintf(msgs, sizeof(msgs), "%u", stat->msgs);
	return add_texts(table, texts);
}

static int print_sysv(const struct ls *args, const struct mbox_stat *list, size_t count)
{
	struct table table = {
		.columns = SYSV_COLUMNS,
		.right = { [1] = true, [4] = true, [5] = true },
	};
	int err = args->noheadings ? 0 : add_texts(&table, sysv_headings);

	for (size_t i = 0; i < count && !err; i++)
		if (sysv_is_queue(&list[i]))
			err = add_queue(&table, &list[i]);
	if (!err)
		table_print(&table, stdout);
	table_free(&table);
	return err;
}

/* ---- as JSON ----------------------------------------------------------------------- */

static void print_object(const struct ls *args, const struct mbox_stat *stat,
			 struct json *json)
{
	json_open(json, NULL, '{');
	for (size_t i = 0; i < args->count; i++)
		field_json(args->columns[i], stat, json);
	json_close(json, '}');
}

static int print_json(const struct ls *args, const struct mbox_stat *list, size_t count)
{
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_open(&json, "mailboxes", '[');
	for (size_t i = 0; i < count; i++)
		print_object(args, &list[i], &json);
	json_close(&json, ']');
	json_close(&json, '}');
	putchar('\n');
	return 0;
}

static int print_list(const struct ls *args, const struct mbox_stat *list, size_t count)
{
	int err;

	if (args->sysv)
		err = print_sysv(args, list, count);
	else
		err = args->json ? print_json(args, list, count) :
				   print_table(args, list, count);
	return err ? fail_device(err) : stream_flush();
}

static int run(struct cli *cli)
{
	struct ls args = { .count = 0 };
	struct mbox_stat *list = NULL;
	struct mbox_ctl *ctl;
	size_t count = 0;
	int key, code, err;

	set_columns(&args, DEFAULT_COLUMNS);
	while ((key = cli_option(cli)) != CLI_END)
		take_option(&args, key, cli->value);
	check_options(&args);
	ctl = manage_open(&code);
	if (!ctl)
		return code;
	err = mbox_ctl_list(ctl, &list, &count);
	code = err ? fail_device(err) : print_list(&args, list, count);
	free(list);
	mbox_ctl_close(ctl);
	return code;
}

const struct cli_verb verb_ls = {
	.name = "ls",
	.synopsis = "[-o COLUMNS | --sysv] [-J] [--noheadings]",
	.summary = "List the mailboxes",
	.options = options,
	.details = details,
	.more_help = list_columns,
	.max_operands = 0,
	.run = run,
};
