// SPDX-License-Identifier: GPL-2.0-only
/* ipclaims: checks what lectures on inter-process communication claim. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mbox.h>

#include "../lab/guard.h"
#include "../tools/parse.h"
#include "claim.h"
#include "report.h"
#include "run.h"
#include "select.h"

#define LIMIT_SECONDS	60
#define LIMIT_MAX	3600

enum status {
	STATUS_GOOD = 0,
	STATUS_UNEXPECTED = 1,
	STATUS_FAILURE = 2,
};

enum key {
	KEY_JSON = 256,
	KEY_LIMIT,
};

struct request {
	char **words;
	unsigned int limit;
	enum report_form form;
	bool list;
};

static const char help[] =
	"Usage: ipclaims [-q | --json] [--limit SECONDS] [GROUP | TABLE | ROW]...\n"
	"       ipclaims -l [GROUP | TABLE | ROW]...\n"
	"\n"
	"Check what lectures on inter-process communication claim: an experiment a claim,\n"
	"made now, on this kernel, and a line of TAP on how it went.\n"
	"\n"
	"  -l, --list              list the claims and check none\n"
	"  -q, --quiet             a line a claim, without comments\n"
	"      --json              a JSON object instead of TAP\n"
	"      --limit SECONDS     longest time for one claim; 60 by default\n"
	"  -h, --help              show this help\n"
	"  -V, --version           show the version\n"
	"\n"
	"Without words all claims are checked, those on mbox where its module is loaded.\n"
	"TABLE is A1 (rows of the lectures), A2 (claims in doubt) or A3 (what mbox\n"
	"answers); ROW is one of them, such as 73 or A2.10. The groups are\n"
	"\n";

static const char help_end[] =
	"\n"
	"Exit codes: 0 every claim was checked or skipped, 1 some experiment went as Linux\n"
	"is not known to do, 2 wrong usage or no output.\n";

static const char letters[] = "-:lqhV";

static const struct option options[] = {
	{ "list", no_argument, NULL, 'l' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "json", no_argument, NULL, KEY_JSON },
	{ "limit", required_argument, NULL, KEY_LIMIT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 }
};

static void say(const char *format, va_list args)
{
	fflush(stdout);
	fputs("ipclaims: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

__attribute__((format(printf, 1, 2), noreturn))
static void usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	fputs("Try 'ipclaims --help'.\n", stderr);
	exit(STATUS_FAILURE);
}

__attribute__((format(printf, 1, 2)))
static enum status failure(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return STATUS_FAILURE;
}

/* What was printed must get out. */
static enum status flush_output(enum status status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	return failure("standard output: %s", strerror(errno));
}

static enum status print_help(void)
{
	fputs(help, stdout);
	for (const struct group *group = groups; group->name; group++)
		printf("  %-9s %s\n", group->name, group->about);
	fputs(help_end, stdout);
	return flush_output(STATUS_GOOD);
}

static enum status print_version(void)
{
	puts("ipclaims " MBOX_VERSION);
	return flush_output(STATUS_GOOD);
}

/* The listing has all claims, whether they can be checked here or not. */
static enum status list(const struct request *request)
{
	printf("%-6s %-8s %-11s %s\n", "ROW", "GROUP", "LECTURES", "CLAIM");
	for (const struct group *group = groups; group->name; group++)
		for (const struct claim *claim = group->claims; claim->row; claim++)
			if (!*request->words || is_selected(group, claim, request->words))
				printf("%-6s %-8s %-11s %s\n", claim->row, group->name,
				       claim->lectures, claim->text);
	return flush_output(STATUS_GOOD);
}

static void check_group(const struct request *request, const struct group *group)
{
	for (const struct claim *claim = group->claims; claim->row; claim++) {
		const struct finding *finding;
		enum verdict verdict;

		if (!is_selected(group, claim, request->words))
			continue;
		verdict = run_claim(group, claim, request->limit, &finding);
		report_claim(group, claim, finding, verdict);
	}
}

static int check(void *argument)
{
	const struct request *request = argument;
	enum status status;

	/* The experiments watch their processes there, and the guard finds them there. */
	if (access("/proc/self/stat", R_OK))
		return failure("/proc is not mounted: %s", strerror(errno));
	if (run_begin())
		return failure("no folder can be made in TMPDIR or /tmp: %s", strerror(errno));
	report_begin(request->form);
	for (const struct group *group = groups; group->name; group++)
		check_group(request, group);
	status = report_end() ? STATUS_UNEXPECTED : STATUS_GOOD;
	return flush_output(status);
}

static unsigned int limit_of(const char *text)
{
	uint64_t seconds;

	if (parse_number(text, 1, LIMIT_MAX, &seconds))
		usage_error("--limit: '%s' is not a number from 1 to %d", text, LIMIT_MAX);
	return seconds;
}

static void take_form(struct request *request, enum report_form form)
{
	if (request->form != REPORT_TAP && request->form != form)
		usage_error("--quiet and --json contradict each other");
	request->form = form;
}

static const char *option_name(int key)
{
	for (const struct option *option = options; option->name; option++)
		if (option->val == key)
			return option->name;
	return NULL;
}

static void bad_option(int key, char **argv)
{
	const char *name = option_name(optopt);

	if (key == ':')
		usage_error("option --%s needs its SECONDS", name);
	if (name)
		usage_error("option --%s takes no value", name);
	if (!optopt)
		usage_error("there is no option %s", argv[optind - 1]);
	usage_error("there is no option -%c", optopt);
}

static void take_word(struct request *request, char *word)
{
	char **end = request->words;

	if (!is_selector(word))
		usage_error("there is no group, table or row '%s'", word);
	while (*end)
		end++;
	*end = word;
}

static void take_option(struct request *request, int key, char **argv)
{
	switch (key) {
	case 1:
		take_word(request, optarg);
		break;
	case 'l':
		request->list = true;
		break;
	case 'q':
		take_form(request, REPORT_QUIET);
		break;
	case KEY_JSON:
		take_form(request, REPORT_JSON);
		break;
	case KEY_LIMIT:
		request->limit = limit_of(optarg);
		break;
	case 'h':
		exit(print_help());
	case 'V':
		exit(print_version());
	default:
		bad_option(key, argv);
	}
}

static void parse(struct request *request, int argc, char **argv)
{
	int key;

	while ((key = getopt_long(argc, argv, letters, options, NULL)) != -1)
		take_option(request, key, argv);
	while (optind < argc)
		take_word(request, argv[optind++]);
	if (request->list && request->form != REPORT_TAP)
		usage_error("--list goes with neither --quiet nor --json");
}

/* So that no file of an experiment takes the place of a standard stream. */
static void fill_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct request request = {
		.words = calloc(argc + 1, sizeof(*argv)),
		.limit = LIMIT_SECONDS,
	};
	int status;

	fill_streams();
	if (!request.words)
		return failure("%s", strerror(errno));
	parse(&request, argc, argv);
	status = request.list ? (int)list(&request) : guard_run(check, &request);
	free(request.words);
	return status;
}
