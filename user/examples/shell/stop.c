// SPDX-License-Identifier: GPL-2.0-only
/*
 * stop - what a shell sees of Ctrl-Z and fg: a child stops and goes on
 *
 * The terminal turns Ctrl-Z into SIGTSTP, which a process may catch to tidy up
 * before it stops itself; SIGSTOP none can catch. SIGCONT lets it go on. Its
 * parent learns of each by waitpid(), if it asks: WUNTRACED, WCONTINUED.
 *
 * Rows: 80
 *
 *	$ examples/shell/stop
 */
#include "../process/wait.h"

static void on_tstp(int signal)
{
	static const char text[] = "child: SIGTSTP came; I tidy up and stop myself\n";

	(void)signal;
	if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_FAILURE);
	raise(SIGSTOP);
}

static void be_child(pid_t parent, int ready)
{
	struct sigaction action = { .sa_handler = on_tstp };

	end_with_parent(parent);
	check_sys(sigaction(SIGTSTP, &action, NULL), "sigaction");
	tell(ready);
	for (;;)
		pause();
}

static void report(pid_t child)
{
	int status;

	check_sys(waitpid(child, &status, WUNTRACED | WCONTINUED), "waitpid");
	if (WIFSTOPPED(status))
		printf("parent: it was stopped by %s, state %c\n",
		       sigabbrev_np(WSTOPSIG(status)), state_of(child));
	else if (WIFCONTINUED(status))
		printf("parent: it goes on\n");
	else if (WIFSIGNALED(status))
		printf("parent: it was ended by %s\n", sigabbrev_np(WTERMSIG(status)));
	fflush(stdout);
}

static void send(pid_t child, int signal)
{
	printf("parent: I send %s\n", sigabbrev_np(signal));
	fflush(stdout);
	check_sys(kill(child, signal), "kill");
	report(child);
}

int main(void)
{
	pid_t parent = getpid(), child;
	int ready[2];

	make_pipe(ready);
	child = start_child();
	if (!child)
		be_child(parent, ready[1]);
	close(ready[1]);
	hear(ready[0]);
	send(child, SIGTSTP);
	send(child, SIGCONT);
	send(child, SIGSTOP);
	send(child, SIGCONT);
	send(child, SIGTERM);
	return 0;
}
