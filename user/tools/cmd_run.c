// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "cmd.h"
#include "manage.h"
#include "program.h"
#include "report.h"

#define LIBRARY		"libmbox-compat.so"
#define PRELOAD		"LD_PRELOAD"
#define VARIABLE	"MBOX_COMPAT"

/**
 * struct run - what run was asked for
 * @trace: say what passes mbox by
 */
struct run {
	bool trace;
};

static const struct cli_option options[] = {
	{ CLI_SYSV, "sysv", NULL, "serve SysV queues, as is done anyway" },
	{ CLI_TRACE, "trace", NULL, "say what is not served, as it happens" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"Runs a program with libmbox-compat, so that its SysV message queues, those of\n"
	"msgget(2), are mailboxes. The processes that it starts are served, too. See\n"
	"libmbox-compat(7) for what cannot be.\n";

static void take_option(struct run *args, int key)
{
	if (key == CLI_TRACE)
		args->trace = true;
}

static bool own_folder(char *folder, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", folder, size - 1);

	if (len <= 0)
		return false;
	folder[len] = '\0';
	*strrchr(folder, '/') = '\0';
	return true;
}

static bool is_in(char *path, size_t size, const char *folder, const char *below)
{
	int len = snprintf(path, size, "%s%s/%s", folder, below, LIBRARY);

	return len > 0 && (size_t)len < size && !access(path, R_OK);
}

/* Beside the command, where it was built; near it, where all was moved; or at home. */
static int find_library(char *path, size_t size)
{
	char folder[PATH_MAX];

	if (own_folder(folder, sizeof(folder)) &&
	    (is_in(path, size, folder, "") || is_in(path, size, folder, "/../lib")))
		return 0;
	return is_in(path, size, MBOX_LIBDIR, "") ? 0 : -errno;
}

/* Ours comes first: another library may stand in for the same functions. */
static int preload(const char *library)
{
	const char *others = getenv(PRELOAD);
	char *list;
	int err;

	if (!others || !*others)
		return setenv(PRELOAD, library, 1) ? -errno : 0;
	if (asprintf(&list, "%s:%s", library, others) < 0)
		return -ENOMEM;
	err = setenv(PRELOAD, list, 1) ? -errno : 0;
	free(list);
	return err;
}

static int set_variable(const struct run *args)
{
	return setenv(VARIABLE, args->trace ? "sysv,trace" : "sysv", 1) ? -errno : 0;
}

static int prepare_environment(const struct run *args)
{
	char library[PATH_MAX];
	int err = find_library(library, sizeof(library));

	if (err) {
		report("%s: %s", library, strerror(-err));
		return CLI_FAILURE;
	}
	err = preload(library);
	if (!err)
		err = set_variable(args);
	if (!err)
		return CLI_OK;
	report("%s", strerror(-err));
	return CLI_FAILURE;
}

/* Before the program has begun to do what it then cannot finish. */
static int check_device(void)
{
	struct mbox_ctl *ctl;
	int code = CLI_OK;

	ctl = manage_open(&code);
	mbox_ctl_close(ctl);
	return code;
}

static int check_program(const char *name)
{
	char path[PATH_MAX];
	const char *refusal;

	if (!program_find(name, path, sizeof(path))) {
		report("%s: there is no such program", name);
		return CLI_FAILURE;
	}
	refusal = program_refusal(path);
	if (!refusal)
		return CLI_OK;
	report("%s %s", path, refusal);
	return CLI_FAILURE;
}

static int run(struct cli *cli)
{
	struct run args = { .trace = false };
	int key, code;

	while ((key = cli_option(cli)) != CLI_END)
		take_option(&args, key);
	code = check_program(cli->operands[0]);
	if (!code)
		code = check_device();
	if (!code)
		code = prepare_environment(&args);
	if (code)
		return code;
	execvp(cli->operands[0], cli->operands);
	report("%s: %s", cli->operands[0], strerror(errno));
	return CLI_FAILURE;
}

const struct cli_verb verb_run = {
	.name = "run",
	.synopsis = "[--sysv] [--trace] [--] PROGRAM...",
	.summary = "Run a program with its SysV queues in mailboxes",
	.options = options,
	.details = details,
	.command = true,
	.min_operands = 1,
	.max_operands = CLI_ANY_NUMBER,
	.run = run,
};
