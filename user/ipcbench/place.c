// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "place.h"

/* What we may use, as it was before anything was placed. */
static const cpu_set_t *allowed(void)
{
	static cpu_set_t set;
	static bool known;

	if (!known)
		known = !sched_getaffinity(0, sizeof(set), &set);
	return &set;
}

unsigned int place_processors(void)
{
	return CPU_COUNT(allowed());
}

/* The last one: the first is where interrupts tend to go. */
static int first_choice(void)
{
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
		if (CPU_ISSET(cpu, allowed()))
			return cpu;
	return 0;
}

static int topology(int cpu, const char *what)
{
	char path[80];
	int value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/%s", cpu, what);
	file = fopen(path, "re");
	if (!file)
		return value;
	if (fscanf(file, "%d", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

static bool is_same(int a, int b, const char *what)
{
	return topology(a, what) == topology(b, what);
}

/* Two threads of one core share what makes two processors differ. */
static bool is_same_core(int a, int b)
{
	return is_same(a, b, "core_id") && is_same(a, b, "physical_package_id");
}

static int other_choice(int first)
{
	int other = first;

	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--) {
		if (cpu == first || !CPU_ISSET(cpu, allowed()))
			continue;
		if (!is_same_core(cpu, first))
			return cpu;
		if (other == first)
			other = cpu;
	}
	return other;
}

const char *place_refusal(enum placement place)
{
	if (place == PLACED_ACROSS && place_processors() < 2)
		return "there is one processor only: this needs two";
	return NULL;
}

int place_self(enum placement place, bool with_receivers)
{
	int cpu = first_choice();
	cpu_set_t set;

	if (place == PLACED_FREE)
		return 0;
	if (place == PLACED_ACROSS && with_receivers)
		cpu = other_choice(cpu);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}
