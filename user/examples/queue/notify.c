// SPDX-License-Identifier: GPL-2.0-only
/*
 * notify - a POSIX queue tells one process when it is empty no more
 *
 * mq_notify() asks for one signal, when a message comes to an empty queue: one
 * process may ask, and is told once. Whoever wants to be told again asks again,
 * before it empties the queue: a message that comes after the last receive and
 * before the asking would go unnoticed.
 *
 * Rows: 42, 130
 *
 *	$ examples/queue/notify
 */
#include <signal.h>

#include "posix.h"

static void ask(mqd_t queue)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };

	check_sys(mq_notify(queue, &event), "mq_notify");
}

/* Asked first, emptied then: nothing can come in between unseen. */
static void empty(mqd_t queue)
{
	char text[MESSAGE_SIZE];
	ssize_t len;

	while ((len = mq_receive(queue, text, sizeof(text), NULL)) >= 0)
		printf("  received: %.*s\n", (int)len, text);
	if (errno != EAGAIN)
		fail("mq_receive", errno);
}

static pid_t send(mqd_t queue, const char *text)
{
	pid_t child = start_child();

	if (!child) {
		check_sys(mq_send(queue, text, strlen(text), 0), "mq_send");
		exit(EXIT_SUCCESS);
	}
	end_child(child);
	return child;
}

/* It was raised before the sender came back from mq_send(). */
static const char *send_and_look(mqd_t queue, const char *text, const sigset_t *set)
{
	struct timespec at_once = { 0 };
	pid_t sender = send(queue, text);
	siginfo_t info;

	if (sigtimedwait(set, &info, &at_once) < 0)
		return "no signal";
	if (info.si_code != SI_MESGQ || info.si_pid != sender)
		return "a signal from somebody else";
	return "a signal, which names the sender";
}

int main(void)
{
	mqd_t queue = make_queue(O_NONBLOCK);
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	ask(queue);
	printf("asked, a message to the empty queue: %s\n",
	       send_and_look(queue, "first", &set));
	printf("another one: %s\n", send_and_look(queue, "second", &set));
	ask(queue);
	empty(queue);
	printf("asked again and emptied, a message: %s\n",
	       send_and_look(queue, "third", &set));
	empty(queue);
	check_sys(mq_close(queue), "mq_close");
	return 0;
}
