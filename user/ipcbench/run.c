// SPDX-License-Identifier: GPL-2.0-only
/* ipcbench run: the command line of a run. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lab/guard.h"
#include "../tools/parse.h"
#include "command.h"
#include "engine.h"
#include "machine.h"
#include "message.h"
#include "output.h"
#include "place.h"

#define LIST_MAX	64
#define ROUNDS		5
#define TIME_MS		12
#define QUICK_TIME_MS	8
#define STUCK_MS	2000

/* Samples are 32 bits of nanoseconds. */
#define STUCK_MS_MAX	4000

static const char help[] =
	"Usage: ipcbench [run] [OPTION...] [MECHANISM...]\n"
	"\n"
	"Measure mechanisms, all of them if none is named.\n"
	"\n"
	"      --quick            few sizes, one placement, short rounds\n"
	"      --workload LIST    pingpong,stream,fanin,fanout,mixed,slow,request\n"
	"      --sizes LIST       bytes a message: 8,64,1K,...; 8 to 1M\n"
	"      --place LIST       same, across, free: where the processes run\n"
	"      --depths LIST      messages that wait: mixed\n"
	"      --rounds N         rounds, each with fresh processes (5)\n"
	"      --orders N         orders that the mechanisms have in them (as rounds)\n"
	"      --time MS          how long a round takes (12)\n"
	"      --count N          messages in a round, instead of a time\n"
	"      --stuck MS         how long nothing may move (2000)\n"
	"      --no-syscalls      do not count system calls\n"
	"      --unit UNIT        what the clock counts: ns, instructions\n"
	"      --json FILE        keep all results\n"
	"      --csv FILE         every row, comma-separated\n"
	"      --html FILE        a page with pictures (needs gnuplot)\n"
	"  -q, --quiet            no table, no progress bar\n"
	"  -v, --verbose          a line for each trial\n"
	"  -h, --help             show this help\n";

enum option_key {
	KEY_QUICK = 256,
	KEY_WORKLOAD,
	KEY_SIZES,
	KEY_PLACE,
	KEY_DEPTHS,
	KEY_ROUNDS,
	KEY_ORDERS,
	KEY_TIME,
	KEY_COUNT,
	KEY_STUCK,
	KEY_NO_SYSCALLS,
	KEY_UNIT,
	KEY_JSON,
	KEY_CSV,
	KEY_HTML,
};

static const struct option options[] = {
	{ "quick", no_argument, NULL, KEY_QUICK },
	{ "workload", required_argument, NULL, KEY_WORKLOAD },
	{ "sizes", required_argument, NULL, KEY_SIZES },
	{ "place", required_argument, NULL, KEY_PLACE },
	{ "depths", required_argument, NULL, KEY_DEPTHS },
	{ "rounds", required_argument, NULL, KEY_ROUNDS },
	{ "orders", required_argument, NULL, KEY_ORDERS },
	{ "time", required_argument, NULL, KEY_TIME },
	{ "count", required_argument, NULL, KEY_COUNT },
	{ "stuck", required_argument, NULL, KEY_STUCK },
	{ "no-syscalls", no_argument, NULL, KEY_NO_SYSCALLS },
	{ "unit", required_argument, NULL, KEY_UNIT },
	{ "json", required_argument, NULL, KEY_JSON },
	{ "csv", required_argument, NULL, KEY_CSV },
	{ "html", required_argument, NULL, KEY_HTML },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/**
 * struct request - a run as it was asked for
 * @bench: what is run
 * @files: where results go
 * @unit: what the clock counts
 * @quick: only a quick one
 * @workloads: room for the lists of @bench, likewise those below
 * @command: as it was typed
 */
struct request {
	struct bench bench;
	struct output_files files;
	const char *unit;
	bool quick;
	const struct workload *workloads[LIST_MAX + 1];
	const struct mechanism *mechanisms[LIST_MAX + 1];
	size_t sizes[LIST_MAX + 1];
	unsigned int depths[LIST_MAX + 1];
	enum placement places[LIST_MAX + 1];
	char command[TEXT_MAX];
};

void wrong_usage(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("ipcbench: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nTry 'ipcbench help' or 'ipcbench run --help'.\n", stderr);
	exit(EXIT_USAGE);
}

/* ---- values ------------------------------------------------------------- */

static uint64_t number(const char *option, const char *text, uint64_t min, uint64_t max)
{
	uint64_t value = 0;

	if (parse_number(text, min, max, &value))
		wrong_usage("%s: '%s' is not a number from %ju to %ju", option, text,
			    (uintmax_t)min, (uintmax_t)max);
	return value;
}

/* Calls @add for each word of a list with commas; returns how many there were. */
static size_t read_list(const char *option, const char *text,
			void (*add)(struct request *request, size_t at, const char *word),
			struct request *request)
{
	char *copy = strdup(text), *rest = copy, *word;
	size_t count = 0;

	if (!copy)
		wrong_usage("%s: no memory", option);
	while ((word = strsep(&rest, ","))) {
		if (count == LIST_MAX)
			wrong_usage("%s: more than %d in a list", option, LIST_MAX);
		add(request, count++, word);
	}
	free(copy);
	return count;
}

static void add_workload(struct request *request, size_t at, const char *word)
{
	const struct workload *workload = workload_find(word);

	if (!workload)
		wrong_usage("--workload: there is no workload '%s'", word);
	for (size_t i = 0; i < at; i++)
		if (request->workloads[i] == workload)
			wrong_usage("--workload: '%s' is there twice", word);
	request->workloads[at] = workload;
}

static void add_size(struct request *request, size_t at, const char *word)
{
	uint64_t size = 0;

	if (parse_size(word, LANE_SIZE_MAX, &size) || size < MESSAGE_MIN)
		wrong_usage("--sizes: '%s' is not a number from %d to %d (K and M allowed)", word,
			    MESSAGE_MIN, LANE_SIZE_MAX);
	for (size_t i = 0; i < at; i++)
		if (request->sizes[i] == size)
			wrong_usage("--sizes: '%s' is there twice", word);
	request->sizes[at] = size;
}

static void add_depth(struct request *request, size_t at, const char *word)
{
	unsigned int depth = number("--depths", word, 1, DEPTH_MAX);

	for (size_t i = 0; i < at; i++)
		if (request->depths[i] == depth)
			wrong_usage("--depths: '%s' is there twice", word);
	request->depths[at] = depth;
}

static void add_place(struct request *request, size_t at, const char *word)
{
	enum placement place = PLACED_SAME;

	while (place <= PLACED_FREE && strcmp(word, placement_name(place)))
		place++;
	if (place > PLACED_FREE)
		wrong_usage("--place: '%s' is none of same, across, free", word);
	request->places[at] = place;
}

static const char *unit(const char *text)
{
	if (strcmp(text, "ns") && strcmp(text, "instructions"))
		wrong_usage("--unit: '%s' is none of ns, instructions", text);
	return text;
}

/* ---- the command line --------------------------------------------------- */

static void take_list(struct request *request, int key, const char *value)
{
	struct bench *bench = &request->bench;

	switch (key) {
	case KEY_WORKLOAD:
		read_list("--workload", value, add_workload, request);
		bench->workloads = request->workloads;
		break;
	case KEY_SIZES:
		read_list("--sizes", value, add_size, request);
		bench->sizes = request->sizes;
		break;
	case KEY_PLACE:
		bench->place_count = read_list("--place", value, add_place, request);
		bench->places = request->places;
		break;
	case KEY_DEPTHS:
		read_list("--depths", value, add_depth, request);
		bench->depths = request->depths;
		break;
	}
}

static void take_number(struct bench *bench, int key, const char *value)
{
	switch (key) {
	case KEY_ROUNDS:
		bench->rounds = number("--rounds", value, 1, 1000);
		break;
	case KEY_ORDERS:
		bench->orders = number("--orders", value, 1, 1000);
		break;
	case KEY_TIME:
		bench->time_ns = number("--time", value, 1, 10000) * NS_PER_MS;
		break;
	case KEY_COUNT:
		bench->count = number("--count", value, 1, COUNT_MAX);
		break;
	case KEY_STUCK:
		bench->stuck_ms = number("--stuck", value, 100, STUCK_MS_MAX);
		break;
	}
}

static void take_output(struct request *request, int key, const char *value)
{
	switch (key) {
	case KEY_JSON:
		request->files.json = value;
		break;
	case KEY_CSV:
		request->files.csv = value;
		break;
	case KEY_HTML:
		request->files.html = value;
		break;
	case 'q':
		request->files.text = false;
		request->bench.show = SHOW_NOTHING;
		break;
	case 'v':
		request->bench.show = SHOW_LINES;
		break;
	}
}

static void answer_help(void)
{
	fputs(help, stdout);
	exit(fflush(stdout) ? EXIT_TROUBLE : EXIT_DONE);
}

static void bad_option(char **argv, int result)
{
	const struct option *option = options;

	while (option->name && option->val != optopt)
		option++;
	if (result == ':')
		wrong_usage("option --%s needs a value", option->name);
	if (optopt && option->name)
		wrong_usage("option --%s takes no value", option->name);
	if (optopt)
		wrong_usage("there is no option -%c", optopt);
	wrong_usage("there is no option %s", argv[optind - 1]);
}

static void take_option(struct request *request, int key, const char *value)
{
	switch (key) {
	case 'h':
		answer_help();
		break;
	case KEY_QUICK:
		request->quick = true;
		break;
	case KEY_NO_SYSCALLS:
		request->bench.count_calls = false;
		break;
	case KEY_UNIT:
		request->unit = unit(value);
		break;
	default:
		take_list(request, key, value);
		take_number(&request->bench, key, value);
		take_output(request, key, value);
	}
}

static void take_options(struct request *request, int argc, char **argv)
{
	int key;

	while ((key = getopt_long(argc, argv, ":hqv", options, NULL)) >= 0) {
		if (key == '?' || key == ':')
			bad_option(argv, key);
		take_option(request, key, optarg);
	}
}

/* In the order of the tables, whatever order they were named in. */
static void take_mechanisms(struct request *request, int count, char **names)
{
	size_t at = 0;

	for (int i = 0; i < count; i++)
		if (!mechanism_find(names[i]))
			wrong_usage("there is no mechanism '%s' (see ipcbench list)", names[i]);
	for (const struct mechanism *const *how = mechanisms; *how; how++)
		for (int i = 0; i < count; i++)
			if (!strcmp((*how)->name, names[i])) {
				request->mechanisms[at++] = *how;
				break;
			}
	if (count)
		request->bench.mechanisms = request->mechanisms;
}

/* What --quick means for all that was not asked for otherwise. */
static void make_quick(struct request *request)
{
	struct bench *bench = &request->bench;

	bench->few_sizes = true;
	if (!bench->time_ns)
		bench->time_ns = QUICK_TIME_MS * NS_PER_MS;
	if (bench->place_count)
		return;
	request->places[0] = place_refusal(PLACED_ACROSS) ? PLACED_SAME : PLACED_ACROSS;
	bench->places = request->places;
	bench->place_count = 1;
}

static void fill_in(struct request *request)
{
	static const unsigned int depths[] = { 10, 100, 1000, 0 };
	struct bench *bench = &request->bench;

	if (request->quick)
		make_quick(request);
	if (!bench->mechanisms)
		bench->mechanisms = mechanisms;
	if (!bench->workloads)
		bench->workloads = workloads;
	if (!bench->depths)
		bench->depths = depths;
	if (!bench->orders)
		bench->orders = bench->rounds;
	if (!bench->time_ns)
		bench->time_ns = TIME_MS * NS_PER_MS;
}

static void keep_command(struct request *request, int argc, char **argv)
{
	int room = sizeof(request->command), at = 0;

	for (int i = 1; i < argc && at < room; i++)
		at += snprintf(request->command + at, room - at, "%s%s", i > 1 ? " " : "", argv[i]);
}

/* ---- the run ------------------------------------------------------------ */

/* Better found out now than after the run. */
static int check_file(const char *path)
{
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;

	if (path && fd < 0)
		fprintf(stderr, "ipcbench: %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return path && fd < 0 ? -1 : 0;
}

static int check_files(const struct output_files *files)
{
	return check_file(files->json) || check_file(files->csv) || check_file(files->html);
}

static void note_date(struct results *results)
{
	time_t now = time(NULL);
	struct tm tm;

	strftime(results->date, sizeof(results->date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
}

/* A mechanism that loses messages is as it is; one that spoils them is broken. */
static bool all_is_well(const struct results *results)
{
	for (size_t i = 0; i < results->row_count; i++) {
		const struct row *row = &results->rows[i];

		if (row->state == ROW_FAILED || row->state == ROW_STUCK || row->corrupt)
			return false;
	}
	return true;
}

static int run_into(const struct request *request, struct results *results)
{
	int err;

	note_date(results);
	snprintf(results->command, sizeof(results->command), "%s", request->command);
	machine_describe(&results->machine, request->unit);
	err = bench_run(&request->bench, results);
	if (err) {
		fprintf(stderr, "ipcbench: %s\n", strerror(-err));
		return EXIT_TROUBLE;
	}
	if (output_write(results, &request->files))
		return EXIT_TROUBLE;
	return all_is_well(results) ? EXIT_DONE : EXIT_TROUBLE;
}

static int run(void *argument)
{
	const struct request *request = argument;
	struct results *results = calloc(1, sizeof(*results));
	int status = EXIT_TROUBLE;

	if (!results)
		fprintf(stderr, "ipcbench: %s\n", strerror(ENOMEM));
	else if (!guard_folder())
		fprintf(stderr, "ipcbench: a temporary folder: %s\n", strerror(errno));
	else
		status = run_into(request, results);
	results_free(results);
	return status;
}

int run_main(int argc, char **argv)
{
	static struct request request = {
		.bench = {
			.rounds = ROUNDS,
			.stuck_ms = STUCK_MS,
			.count_calls = true,
		},
		.files = { .text = true },
		.unit = "ns",
	};

	request.bench.show = isatty(STDERR_FILENO) ? SHOW_BAR : SHOW_NOTHING;
	keep_command(&request, argc, argv);
	take_options(&request, argc, argv);
	take_mechanisms(&request, argc - optind, argv + optind);
	fill_in(&request);
	if (check_files(&request.files))
		return EXIT_TROUBLE;
	return guard_run(run, &request);
}
