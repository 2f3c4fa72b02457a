// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare - the same small exchange over six mechanisms, measured
 *
 * Nothing in the table is known beforehand. The words come from experiments
 * (probe.c); the rates from one sender and one receiver that exchange messages
 * of 64 bytes, each of which is checked (rate.c). The mechanisms take turns in
 * several rounds, and the median counts. Each has a file of its own.
 *
 *	$ examples/compare
 *	$ examples/compare -n 10000 -r 9 mbox pipe
 */
#include <strings.h>
#include <sys/sysinfo.h>

#include "compare.h"

#define MECHANISMS	6
#define ROUNDS_MAX	99
#define COUNT_MAX	1000000

/* The first warm-up that takes as long decides how many messages a round has. */
#define ROUND_SECONDS	0.1

/* A round trip costs more than a message. */
#define TRIPS(count)	((count) / 8 + 1)

/**
 * struct row - what is found about a mechanism
 * @how: the mechanism
 * @boundaries: are messages kept apart
 * @sender: is the sender known
 * @choice: can one choose by type
 * @poll: can one poll
 * @one_way: messages a second, of each round
 * @trips: round trips a second, likewise
 * @lost: messages lost in all of them
 */
struct row {
	const struct mechanism *how;
	const char *boundaries;
	const char *sender;
	const char *choice;
	const char *poll;
	double one_way[ROUNDS_MAX];
	double trips[ROUNDS_MAX];
	unsigned long lost;
};

static const struct mechanism *const mechanisms[MECHANISMS] = {
	&mbox_mechanism, &pipe_mechanism, &fifo_mechanism,
	&signal_mechanism, &sysv_mechanism, &seqpacket_mechanism,
};

static struct row rows[MECHANISMS];
static unsigned int row_count;

void channel_open(struct channel *channel, const struct mechanism *how, int number)
{
	*channel = (struct channel) {
		.how = how,
		.number = number,
		.receiver = getpid(),
		.in = -1,
		.out = -1,
	};
	how->open(channel);
}

void channel_attach(struct channel *channel)
{
	if (channel->how->attach)
		channel->how->attach(channel);
}

static void probe_row(struct row *row)
{
	row->boundaries = probe_boundaries(row->how);
	row->sender = probe_sender(row->how);
	row->choice = probe_choice(row->how);
	row->poll = probe_poll(row->how);
}

static void rate_row(struct row *row, unsigned long count, unsigned int round)
{
	struct rate one_way = rate_one_way(row->how, count);
	struct rate trips = rate_round_trip(row->how, TRIPS(count));

	row->one_way[round] = one_way.per_second;
	row->trips[round] = trips.per_second;
	row->lost += one_way.lost + trips.lost;
}

/* Every round begins with another mechanism, as the first may be at odds. */
static void rate_rows(unsigned long count, unsigned int rounds)
{
	for (unsigned int round = 0; round < rounds; round++)
		for (unsigned int i = 0; i < row_count; i++)
			rate_row(&rows[(i + round) % row_count], count, round);
}

static unsigned long fitting_count(void)
{
	unsigned long count = 500;

	while (count < COUNT_MAX / 2 &&
	       rate_one_way(rows[0].how, count).seconds < ROUND_SECONDS)
		count *= 2;
	return count;
}

static void warm_up(unsigned long count)
{
	for (unsigned int i = 0; i < row_count; i++) {
		rate_row(&rows[i], count, 0);
		rows[i].lost = 0;
	}
}

static int compare_doubles(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return (difference > 0) - (difference < 0);
}

static double median(double *values, unsigned int count)
{
	qsort(values, count, sizeof(*values), compare_doubles);
	return values[count / 2];
}

static void print_table(unsigned int rounds)
{
	printf("Messages of %d bytes between two processes: messages one way on %s,\n",
	       MESSAGE_SIZE, get_nprocs() > 1 ? "two CPUs" : "one CPU");
	printf("round trips on one CPU.\n\n");
	printf("                keeps       sender  choice              messages   round trips\n");
	printf("mechanism       boundaries  known   by type  pollable   a second      a second\n");
	for (struct row *row = rows; row < rows + row_count; row++)
		printf("%-14s  %-10s  %-6s  %-7s  %-8s  %9.0f  %12.0f\n", row->how->name,
		       row->boundaries, row->sender, row->choice, row->poll,
		       median(row->one_way, rounds), median(row->trips, rounds));
}

static void print_notes(void)
{
	putchar('\n');
	for (struct row *row = rows; row < rows + row_count; row++)
		if (row->how->note)
			printf("  %s: %s\n", row->how->name, row->how->note);
}

/* The processors that qemu emulates call themselves so. */
static bool is_emulated(void)
{
	FILE *file = fopen("/proc/cpuinfo", "r");
	bool found = false;
	char line[256];

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		found = !strncmp(line, "model name", 10) && strstr(line, "QEMU");
	fclose(file);
	return found;
}

static int print_end(unsigned long count, unsigned int rounds)
{
	unsigned long lost = 0;

	for (struct row *row = rows; row < rows + row_count; row++) {
		lost += row->lost;
		if (row->lost)
			printf("  %s: LOST %lu messages\n", row->how->name, row->lost);
	}
	printf("Medians of %u rounds of %lu messages and %lu round trips; %s.\n", rounds,
	       count, TRIPS(count), lost ? "MESSAGES WERE LOST" : "none was lost");
	if (is_emulated())
		printf("Under emulation: compare the rows, not the absolute values.\n");
	return lost ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void add_row(const char *name)
{
	for (unsigned int i = 0; i < MECHANISMS; i++) {
		if (strcasecmp(name, mechanisms[i]->name))
			continue;
		if (row_count < MECHANISMS)
			rows[row_count++].how = mechanisms[i];
		return;
	}
	fprintf(stderr, "compare: there is no mechanism '%s'\n", name);
	exit(EXIT_FAILURE);
}

static void usage(void)
{
	fprintf(stderr, "Usage: compare [-n MESSAGES] [-r ROUNDS] [MECHANISM...]\n");
	fprintf(stderr, "Mechanisms:");
	for (unsigned int i = 0; i < MECHANISMS; i++)
		fprintf(stderr, " '%s'", mechanisms[i]->name);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

static unsigned long number_up_to(const char *text, unsigned long limit)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*end || number < 1 || number > limit)
		usage();
	return number;
}

int main(int argc, char **argv)
{
	unsigned long count = 0, rounds = 7;
	int option;

	while ((option = getopt(argc, argv, "n:r:")) != -1) {
		if (option == 'n')
			count = number_up_to(optarg, COUNT_MAX);
		else if (option == 'r')
			rounds = number_up_to(optarg, ROUNDS_MAX);
		else
			usage();
	}
	for (int i = optind; i < argc; i++)
		add_row(argv[i]);
	for (int i = 0; optind == argc && i < MECHANISMS; i++)
		add_row(mechanisms[i]->name);
	for (unsigned int i = 0; i < row_count; i++)
		probe_row(&rows[i]);
	if (!count)
		count = fitting_count();
	warm_up(count);
	rate_rows(count, rounds);
	print_table(rounds);
	print_notes();
	return print_end(count, rounds);
}
