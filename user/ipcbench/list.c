// SPDX-License-Identifier: GPL-2.0-only
/* ipcbench list: what there is. */
#include <stdio.h>

#include "../lab/guard.h"
#include "command.h"
#include "workload.h"

static void list_mechanism(const struct mechanism *how)
{
	const char *absent = how->absent ? how->absent() : NULL;

	printf("  %-15s %-8s %s\n", how->name, how->group, absent ? "absent" : "present");
	if (absent)
		printf("  %-15s %-8s   %s\n", "", "", absent);
}

static int list(void *unused)
{
	(void)unused;
	printf("Mechanisms\n");
	for (const struct mechanism *const *how = mechanisms; *how; how++)
		list_mechanism(*how);
	printf("\nWorkloads\n");
	for (const struct workload *const *workload = workloads; *workload; workload++)
		printf("  %-15s %s\n", (*workload)->name, (*workload)->measures);
	return fflush(stdout) ? EXIT_TROUBLE : EXIT_DONE;
}

/* To find out whether one is there may take making something. */
int list_main(int argc, char **argv)
{
	if (argc > 1)
		wrong_usage("one argument too many: %s", argv[1]);
	return guard_run(list, NULL);
}
