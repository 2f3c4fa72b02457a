// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "measure.h"

static int64_t cpu_clock(clockid_t clock)
{
	struct timespec used;

	if (clock_gettime(clock, &used))
		return 0;
	return used.tv_sec * NS_PER_S + used.tv_nsec;
}

void usage_self(struct usage *usage)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	usage->cpu_ns = cpu_clock(CLOCK_PROCESS_CPUTIME_ID);
	usage->switches = used.ru_nvcsw + used.ru_nivcsw;
}

static uint64_t switches_in(const char *path)
{
	uint64_t sum = 0;
	unsigned long count;
	char line[256];
	FILE *file = fopen(path, "re");

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "voluntary_ctxt_switches: %lu", &count) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %lu", &count) == 1)
			sum += count;
	fclose(file);
	return sum;
}

/* Of the threads that it has now: those of the others are nowhere to be read. */
static uint64_t switches_of(pid_t pid)
{
	const struct dirent *entry;
	char path[320];
	uint64_t sum = 0;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	if (!tasks)
		return 0;
	while ((entry = readdir(tasks))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)pid, entry->d_name);
		sum += *entry->d_name == '.' ? 0 : switches_in(path);
	}
	closedir(tasks);
	return sum;
}

void usage_of(pid_t pid, struct usage *usage)
{
	clockid_t clock;

	*usage = (struct usage){ .switches = switches_of(pid) };
	if (!clock_getcpuclockid(pid, &clock))
		usage->cpu_ns = cpu_clock(clock);
}

void usage_add(struct usage *sum, const struct usage *from, const struct usage *to)
{
	sum->cpu_ns += to->cpu_ns - from->cpu_ns;
	sum->switches += to->switches - from->switches;
	sum->calls += to->calls - from->calls;
}

char process_state(pid_t pid)
{
	char path[32], state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 'X';
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	fclose(file);
	return state;
}
