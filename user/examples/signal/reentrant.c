// SPDX-License-Identifier: GPL-2.0-only
/*
 * reentrant - what a handler changes under the code that it interrupts
 *
 * A function that keeps its result in static data cannot be entered again while
 * somebody still uses the result; a handler that calls it spoils it. With the
 * caller's own buffer each caller has its own result. errno is such static data,
 * too: a handler saves it and puts it back.
 *
 * The signal comes from raise(), so that it is at the same place every time.
 *
 * Rows: 45, 46
 *
 *	$ examples/signal/reentrant
 */
#include "action.h"

/* Reentrant: nothing but its arguments. */
static char *name_in(char text[8], int number)
{
	memcpy(text, "name .", 7);
	text[5] = '0' + number;
	return text;
}

/* Not reentrant: all callers have one buffer. */
static char *name_of(int number)
{
	static char text[8];

	return name_in(text, number);
}

static void calls_static(int number)
{
	(void)number;
	name_of(2);
}

static void calls_reentrant(int number)
{
	char text[8];

	(void)number;
	name_in(text, 2);
}

static void spoils_errno(int number)
{
	(void)number;
	close(-1);
}

static void keeps_errno(int number)
{
	int saved = errno;

	(void)number;
	close(-1);
	errno = saved;
}

static void interrupt_with(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	if (raise(SIGUSR1))
		fail("raise", errno);
}

static int errno_after(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	check_sys(sigaction(SIGUSR1, &action, NULL), "sigaction");
	errno = ENOENT;
	raise(SIGUSR1);
	return errno;
}

int main(void)
{
	char text[8], *name;

	default_action(SIGUSR1);
	name = name_of(1);
	interrupt_with(calls_static);
	printf("static buffer:   asked for name 1, have %s\n", name);
	name = name_in(text, 1);
	interrupt_with(calls_reentrant);
	printf("caller's buffer: asked for name 1, have %s\n", name);
	printf("errno was ENOENT, the handler lets it be: %s\n",
	       strerror(errno_after(spoils_errno)));
	printf("errno was ENOENT, the handler restores it: %s\n",
	       strerror(errno_after(keeps_errno)));
	return 0;
}
