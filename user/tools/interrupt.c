// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "interrupt.h"

static atomic_bool caught;

/*
 * A signal that comes between the last look at @caught and the system call
 * would not end the wait; so it is followed by an alarm every second.
 */
static void on_signal(int signal)
{
	(void)signal;
	caught = true;
	alarm(1);
}

static void catch_signal(int signal)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction old;

	sigemptyset(&action.sa_mask);
	if (sigaction(signal, NULL, &old) || old.sa_handler == SIG_IGN)
		return;
	sigaction(signal, &action, NULL);
}

void interrupt_catch(void)
{
	catch_signal(SIGALRM);
	catch_signal(SIGINT);
	catch_signal(SIGTERM);
}

bool interrupted(void)
{
	return caught;
}
