// SPDX-License-Identifier: GPL-2.0-only
/* ipcbench features: every question to every mechanism, answered by trying. */
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lab/array.h"
#include "../lab/guard.h"
#include "features_report.h"

const struct feature features[] = {
	{ "boundaries", "keeps boundaries",
	  "Do two messages come as two?", probe_boundaries },
	{ "empty", "empty message is no end",
	  "Does an empty message come, and not as the end?", probe_empty },
	{ "types", "choice by type",
	  "May a receiver choose a type?", probe_types },
	{ "priority", "priority",
	  "Does an urgent message overtake older ones?", probe_priority },
	{ "peek", "peek",
	  "Can a message be seen and stay?", probe_peek },
	{ "sender", "sender is known",
	  "Does a message name its sender's process?", probe_sender },
	{ "unforgeable", "sender is unforgeable",
	  "Is it impossible to name another one?", probe_unforgeable },
	{ "poll", "poll, epoll",
	  "Does epoll report messages and nothing else?", probe_poll },
	{ "timeout", "time limit",
	  "Can a receive be limited in time?", probe_timeout },
	{ "nonblocking", "blocks, or does not",
	  "Can a receive wait, and be asked not to?", probe_nonblocking },
	{ "restart", "restart after a signal",
	  "Does a receive heed SA_RESTART?", probe_restart },
	{ "bounded", "bounded, back-pressure",
	  "Must a fast sender wait, and nothing is lost?", probe_bounded },
	{ "unrelated", "unrelated processes",
	  "Can one use it who has inherited nothing?", probe_unrelated },
	{ "survives", "data survives its sender",
	  "Does a message come after its sender's death?", probe_survives },
	{ "reader-learns", "reader learns of death",
	  "Is a reader told that the writer was killed?", probe_reader_learns },
	{ "writer-learns", "writer learns of death",
	  "Is a writer told that the reader was killed?", probe_writer_learns },
	{ "residue", "leaves something behind",
	  "Is something left when all were killed?", probe_residue },
	{ "broadcast", "broadcast",
	  "Can one send reach all receivers?", probe_broadcast },
	{ "sharing", "several readers",
	  "Can readers share a channel, and nothing double?", probe_sharing },
	{ "descriptor", "carries descriptors",
	  "Can an open file be passed on?", probe_descriptor },
	{ "in-place", "needs no copying",
	  "Is a message written and read where it lies?", probe_in_place },
	{ "rendezvous", "rendezvous",
	  "Can a send wait until its message is taken?", probe_rendezvous },
	{ "expiry", "time to live",
	  "Can a message be kept from coming too late?", probe_expiry },
	{ "redelivery", "comes to another reader",
	  "Is what a dead reader had begun done by another?", probe_redelivery },
	{ "call", "call and reply",
	  "Does a late reply stay out of the next call?", probe_call },
	{ 0 },
};

void answer(struct answer *found, enum answer_kind kind, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	found->kind = kind;
	vsnprintf(found->remark, sizeof(found->remark), format, args);
	va_end(args);
}

const char *answer_name(enum answer_kind kind)
{
	static const char *const names[] = { "failed", "no", "partly", "yes" };

	return names[kind];
}

static size_t feature_count(void)
{
	size_t count = 0;

	while (features[count].name)
		count++;
	return count;
}

/* A probe may kill, block and change what it likes: it has a process of its own. */
static void run_probe(const struct feature *feature, const struct mechanism *how,
		      struct answer *found)
{
	pid_t pid;
	int status;

	answer(found, ANSWER_FAILED, "the probe died");
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		answer(found, ANSWER_FAILED, "fork: %s", strerror(errno));
		return;
	}
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		feature->probe(how, found);
		_exit(EXIT_SUCCESS);
	}
	waitpid(pid, &status, 0);
}

static void show_progress(const struct mechanism *how, const struct feature *feature)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%s: %s ", how->name, feature->title);
}

static void end_progress(void)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
}

static void fill_line(struct feature_line *line, const bool *wanted)
{
	const struct mechanism *how = line->how;

	line->absent = how->absent ? how->absent() : NULL;
	if (!line->absent && how->start && how->start() < 0)
		line->absent = "its server does not start";
	if (line->absent)
		return;
	for (size_t i = 0; i < feature_count(); i++) {
		if (!wanted[i])
			continue;
		show_progress(how, &features[i]);
		run_probe(&features[i], how, &line->answers[i]);
	}
	if (how->stop)
		how->stop();
}

/**
 * struct request - what was asked for
 * @mechanisms: which, ends with NULL
 * @wanted: which features
 * @json: path or NULL
 * @html: path or NULL
 */
struct request {
	const struct mechanism *mechanisms[64];
	bool *wanted;
	const char *json;
	const char *html;
};

static struct answer *shared_answers(size_t count)
{
	struct answer *answers = mmap(NULL, count * sizeof(*answers), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return answers == MAP_FAILED ? NULL : answers;
}

static int work(void *argument)
{
	struct request *request = argument;
	struct feature_line lines[64];
	size_t count = 0;

	for (; request->mechanisms[count]; count++) {
		lines[count].how = request->mechanisms[count];
		lines[count].answers = shared_answers(feature_count());
		if (!lines[count].answers) {
			perror("ipcbench");
			return EXIT_FAILURE;
		}
		fill_line(&lines[count], request->wanted);
	}
	end_progress();
	return features_output(lines, count, request->wanted, request->json, request->html) ?
	       EXIT_FAILURE : EXIT_SUCCESS;
}

static const char usage[] =
	"Usage: ipcbench features [-f FEATURE[,FEATURE...]] [--json FILE] [--html FILE]\n"
	"                         [MECHANISM...]\n"
	"\n"
	"Asks every mechanism what it can do, by trying, and prints a table.\n"
	"\n"
	"  -f LIST      only these features\n"
	"  --json FILE  the answers, with what was seen\n"
	"  --html FILE  the same as a page\n"
	"\n"
	"Features:\n";

static int print_usage(void)
{
	fputs(usage, stdout);
	for (size_t i = 0; i < feature_count(); i++)
		printf("  %-15s %s\n", features[i].name, features[i].question);
	return 0;
}

static int complain(const char *kind, const char *name, const char *help)
{
	fprintf(stderr, "ipcbench: no %s '%s'; %s\n", kind, name, help);
	return 2;
}

static bool want_feature(bool *wanted, const char *name)
{
	for (size_t i = 0; i < feature_count(); i++) {
		if (strcmp(features[i].name, name))
			continue;
		wanted[i] = true;
		return true;
	}
	return false;
}

/* The first name that is no feature, NULL if all are. */
static const char *want_features(bool *wanted, char *list)
{
	for (char *name = strtok(list, ","); name; name = strtok(NULL, ","))
		if (!want_feature(wanted, name))
			return name;
	return NULL;
}

/* Those named, or all; the name that is none, or NULL. */
static const char *choose_mechanisms(struct request *request, char **names)
{
	size_t count = 0;

	for (; *names && count < 63; names++, count++) {
		request->mechanisms[count] = mechanism_find(*names);
		if (!request->mechanisms[count])
			return *names;
	}
	for (size_t i = 0; !count && mechanisms[i]; i++)
		request->mechanisms[i] = mechanisms[i];
	return NULL;
}

int features_main(int argc, char **argv)
{
	enum { OPTION_JSON = 256, OPTION_HTML, OPTION_HELP };
	static const struct option options[] = {
		{ "features", required_argument, NULL, 'f' },
		{ "json", required_argument, NULL, OPTION_JSON },
		{ "html", required_argument, NULL, OPTION_HTML },
		{ "help", no_argument, NULL, OPTION_HELP },
		{ 0 },
	};
	bool wanted[ARRAY_SIZE(features)] = { 0 };
	struct request request = { .wanted = wanted };
	const char *unknown;
	bool all = true;
	int option;

	while ((option = getopt_long(argc, argv, "f:", options, NULL)) >= 0) {
		switch (option) {
		case 'f':
			all = false;
			unknown = want_features(wanted, optarg);
			if (unknown)
				return complain("feature", unknown,
						"see 'ipcbench features --help'");
			break;
		case OPTION_JSON:
			request.json = optarg;
			break;
		case OPTION_HTML:
			request.html = optarg;
			break;
		case OPTION_HELP:
			return print_usage();
		default:
			fputs("ipcbench: try 'ipcbench features --help'\n", stderr);
			return 2;
		}
	}
	for (size_t i = 0; all && i < feature_count(); i++)
		wanted[i] = true;
	unknown = choose_mechanisms(&request, argv + optind);
	if (unknown)
		return complain("mechanism", unknown, "see 'ipcbench list'");
	return guard_run(work, &request);
}
