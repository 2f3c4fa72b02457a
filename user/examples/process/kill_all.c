// SPDX-License-Identifier: GPL-2.0-only
/*
 * kill_all - send SIGKILL to every process named on the command line
 *
 * The lecture's sample gives each argument to atoi() and that to kill(). For a
 * word atoi() gives 0, and kill(0) means all of our own group; -1 means every
 * process there is. So here only positive numbers pass, and nobody is killed
 * before all arguments have been looked at.
 *
 * Rows: 52
 *
 *	$ sleep 60 & examples/process/kill_all $!
 */
#include <limits.h>
#include <signal.h>

#include "../check.h"

/* The number of a process, or 0 if that is none. */
static pid_t process_number(const char *text)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (end == text || *end || errno || number < 1 || number > INT_MAX)
		return 0;
	return number;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		if (!process_number(argv[i])) {
			fprintf(stderr, "'%s' is not the number of a process\n", argv[i]);
			return EXIT_FAILURE;
		}
	for (int i = 1; i < argc; i++) {
		if (kill(process_number(argv[i]), SIGKILL) < 0) {
			fprintf(stderr, "process %s: %s\n", argv[i], strerror(errno));
			failed = 1;
		} else {
			printf("process %s: killed\n", argv[i]);
		}
	}
	return failed;
}
