// SPDX-License-Identifier: GPL-2.0-only
/*
 * ctrl_c - Ctrl-C sends SIGINT to the foreground group of the terminal
 *
 * It is no key of the program but of the terminal: its driver sends the signal, to
 * all processes of one group and to no other. Here the terminal is a pseudo
 * terminal. On its slave side sits a session with a leader, as a shell would be,
 * two processes in the foreground group and one in the background; on the master
 * side we press the keys.
 *
 * Rows: 35, 63
 *
 *	$ examples/signal/ctrl_c
 */
#include <termios.h>

#include "action.h"
#include "../process/wait.h"

static int ready[2], hold[2];

static pid_t start_in_group(pid_t group)
{
	pid_t child = start_child();

	if (!child) {
		close(hold[1]);
		wait_for_end(hold[0]);
		exit(EXIT_SUCCESS);
	}
	check_sys(setpgid(child, group), "setpgid");
	return child;
}

/* The first terminal that the leader of a session opens is its controlling one. */
static void lead_session(const char *terminal)
{
	pid_t first, second, background;
	int tty, status;

	check_sys(setsid(), "setsid");
	tty = check_sys(open(terminal, O_RDWR | O_CLOEXEC), terminal);
	first = start_in_group(0);
	second = start_in_group(first);
	background = start_in_group(0);
	check_sys(tcsetpgrp(tty, first), "tcsetpgrp");
	tell(ready[1]);
	printf("foreground: ended by signal %d\n", signal_that_ended(first));
	printf("foreground: ended by signal %d\n", signal_that_ended(second));
	printf("background: %s\n",
	       check_sys(waitpid(background, &status, WNOHANG), "waitpid") == 0 ?
	       "still there" : "ended");
	close(hold[1]);
	end_child(background);
}

static int open_terminal(void)
{
	int master = check_sys(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "posix_openpt");

	check_sys(grantpt(master), "grantpt");
	check_sys(unlockpt(master), "unlockpt");
	return master;
}

int main(void)
{
	int master = open_terminal();
	const char *terminal;
	pid_t leader;

	default_action(SIGINT);
	default_action(SIGHUP);
	make_pipe(ready);
	make_pipe(hold);
	leader = start_child();
	if (!leader) {
		terminal = ptsname(master);
		/* With the last master the terminal hangs up, and we with it. */
		close(master);
		lead_session(terminal);
		return 0;
	}
	close(hold[1]);
	close(ready[1]);
	hear(ready[0]);
	printf("I press Ctrl-C\n");
	fflush(stdout);
	check_sys(write(master, "\003", 1), "write");
	end_child(leader);
	close(master);
	return 0;
}
