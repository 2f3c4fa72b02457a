/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of ipcbench, and how a wrong command line ends. */
#ifndef IPCBENCH_COMMAND_H
#define IPCBENCH_COMMAND_H

enum exit_status {
	EXIT_DONE = 0,
	EXIT_TROUBLE = 1,	/* something failed, or a mechanism did */
	EXIT_USAGE = 2,
};

/* Each takes its own name as the first argument and returns an exit status. */
int run_main(int argc, char **argv);
int list_main(int argc, char **argv);

/* Says what is wrong and where help is to be found, and exits. */
void wrong_usage(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif /* IPCBENCH_COMMAND_H */
