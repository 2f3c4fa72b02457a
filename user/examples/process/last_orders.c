// SPDX-License-Identifier: GPL-2.0-only
/*
 * last_orders - a parent that ends tells its children to end
 *
 * The process in the middle has three children. Asked to end, it asks them, waits
 * for each, and only then ends itself: nothing of it is left. It must do so on
 * every way out; what to do about SIGKILL shows parent_death.
 *
 * The lecture's samples print from the signal handler, which may deadlock. Here
 * no handler runs: the signal is blocked, and sigwaitinfo() takes it.
 *
 * Rows: 34
 *
 *	$ examples/process/last_orders
 */
#include "wait.h"
#include "../signal/action.h"

#define CHILDREN	3

static int ready[2], hold[2];

static void be_child(void)
{
	default_action(SIGTERM);
	close(hold[1]);
	wait_for_end(hold[0]);
	exit(EXIT_SUCCESS);
}

static void be_parent(pid_t starter, const sigset_t *term)
{
	pid_t child[CHILDREN];

	/* To be asked also when who started us dies; unless that has happened already. */
	check_sys(prctl(PR_SET_PDEATHSIG, SIGTERM), "prctl");
	if (getppid() != starter)
		exit(EXIT_FAILURE);
	make_pipe(hold);
	for (int i = 0; i < CHILDREN; i++) {
		child[i] = start_child();
		if (!child[i])
			be_child();
	}
	tell(ready[1]);
	check_sys(sigwaitinfo(term, NULL), "sigwaitinfo");
	printf("parent: I am asked to end, and ask my children\n");
	for (int i = 0; i < CHILDREN; i++)
		check_sys(kill(child[i], SIGTERM), "kill");
	for (int i = 0; i < CHILDREN; i++)
		printf("parent: child %d ended by signal %d\n", i + 1,
		       signal_that_ended(child[i]));
	printf("parent: now I end, too\n");
}

int main(void)
{
	sigset_t term;
	pid_t self = getpid(), parent;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	check_sys(sigprocmask(SIG_BLOCK, &term, NULL), "sigprocmask");
	make_pipe(ready);
	parent = start_child();
	if (!parent) {
		be_parent(self, &term);
		return 0;
	}
	close(ready[1]);
	hear(ready[0]);
	check_sys(kill(parent, SIGTERM), "kill");
	end_child(parent);
	/* Each of them holds the other end of this pipe as long as it lives. */
	wait_for_end(ready[0]);
	printf("all are gone\n");
	return 0;
}
