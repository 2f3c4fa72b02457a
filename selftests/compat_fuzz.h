/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A random sequence of calls by several processes, the same for the same seed, and what
 * came of each on standard output. It is run on the queues of the kernel and on
 * mailboxes; the two outputs are to be the same, byte for byte.
 *
 * One call at a time is made, so that there is one order. A call may block: then others
 * go on, and after each on the same queue it is looked who has been woken. A wake-up is
 * done when the call that causes it returns, so a process that sleeps in its call then
 * still waits.
 */
#ifndef COMPAT_FUZZ_H
#define COMPAT_FUZZ_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS		4

/**
 * struct op - a call to make
 * @kind: which; the rest is as the kind needs it
 * @id: of the queue
 * @type: of the message, or which one to take
 * @size: of the message or the buffer
 * @flags: of the call
 * @key: of the queue
 */
struct op {
	int kind;
	int id;
	long type;
	long size;
	int flags;
	int key;
};

/**
 * struct answer - what came of it
 * @ret: result, or a negative errno
 * @type: of what was received
 * @sum: of its payload
 */
struct answer {
	long ret;
	long type;
	unsigned int sum;
};

/* Makes the call; given by the program. */
static void do_op(const struct op *op, struct answer *answer);

/* Could it wait? Given by the program. */
static bool may_block(const struct op *op);

/* What a worker does first; given by the program. */
static void begin_worker(int number);

/**
 * struct worker - a process that makes calls
 * @pid: the process
 * @calls: pipe to it
 * @answers: pipe from it
 * @busy: it has a call that has not ended
 * @op: that call
 */
struct worker {
	pid_t pid;
	int calls;
	int answers;
	bool busy;
	struct op op;
};

static struct worker workers[WORKERS];
static uint64_t fuzz_state;

static uint64_t fuzz_random(void)
{
	/* xorshift64* */
	fuzz_state ^= fuzz_state >> 12;
	fuzz_state ^= fuzz_state << 25;
	fuzz_state ^= fuzz_state >> 27;
	return fuzz_state * 0x2545f4914f6cdd1dULL >> 11;
}

static int one_of(int count)
{
	return fuzz_random() % count;
}

static bool chance(int percent)
{
	return one_of(100) < percent;
}

static void no_handler(int sig)
{
}

static void __attribute__((noreturn)) fuzz_die(const char *what)
{
	perror(what);
	exit(2);
}

static void __attribute__((noreturn)) work(int number, int calls, int answers)
{
	struct sigaction action = { .sa_handler = no_handler, .sa_flags = SA_RESTART };
	struct answer answer;
	struct op op;

	sigaction(SIGUSR1, &action, NULL);
	begin_worker(number);
	while (read(calls, &op, sizeof(op)) == sizeof(op)) {
		memset(&answer, 0, sizeof(answer));
		do_op(&op, &answer);
		if (write(answers, &answer, sizeof(answer)) != sizeof(answer))
			break;
	}
	_exit(0);
}

static void start_worker(int number)
{
	struct worker *worker = &workers[number];
	int there[2], back[2];

	if (pipe2(there, O_CLOEXEC) || pipe2(back, O_CLOEXEC))
		fuzz_die("pipe");
	fflush(stdout);
	worker->pid = fork();
	if (worker->pid < 0)
		fuzz_die("fork");
	if (!worker->pid) {
		close(there[1]);
		close(back[0]);
		work(number, there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	worker->calls = there[1];
	worker->answers = back[0];
	worker->busy = false;
}

static void end_worker(int number)
{
	struct worker *worker = &workers[number];

	kill(worker->pid, SIGKILL);
	waitpid(worker->pid, NULL, 0);
	close(worker->calls);
	close(worker->answers);
}

static bool has_answered(const struct worker *worker)
{
	struct pollfd pollfd = { .fd = worker->answers, .events = POLLIN };

	return poll(&pollfd, 1, 0) == 1;
}

/* In these a worker sleeps: the calls themselves, and what stands for them. */
static bool is_call_that_waits(int number)
{
	return number == SYS_msgsnd || number == SYS_msgrcv || number == SYS_mq_timedsend ||
	       number == SYS_mq_timedreceive || number == SYS_ioctl;
}

static void read_about(const struct worker *worker, const char *what, char *text, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", worker->pid, what);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, text, size - 1);
	if (len <= 0)
		fuzz_die(path);
	close(fd);
	text[len] = '\0';
}

/* The kernel tells the number of the call only of a process that has left the CPU. */
static bool is_in_call(const struct worker *worker)
{
	char text[256];

	read_about(worker, "syscall", text, sizeof(text));
	return *text >= '0' && *text <= '9' && is_call_that_waits(atoi(text));
}

/* One that is being woken is off the CPU, too, but does not sleep. */
static bool is_asleep(const struct worker *worker)
{
	char text[256], *end;

	read_about(worker, "stat", text, sizeof(text));
	end = strrchr(text, ')');
	return end && end[2] == 'S';
}

/* It was in the call, slept, and has not told of its end: so it is in the call. */
static bool is_blocked(const struct worker *worker)
{
	return is_in_call(worker) && is_asleep(worker) && !has_answered(worker);
}

/* Waits until the call has ended or blocks; in the first case the answer is there. */
static bool settle(struct worker *worker, struct answer *answer)
{
	while (may_block(&worker->op) && !has_answered(worker)) {
		if (is_blocked(worker))
			return false;
		sched_yield();
	}
	if (read(worker->answers, answer, sizeof(*answer)) != sizeof(*answer))
		fuzz_die("a worker has died");
	worker->busy = false;
	return true;
}

static void give(struct worker *worker, const struct op *op)
{
	worker->op = *op;
	worker->busy = true;
	if (write(worker->calls, op, sizeof(*op)) != sizeof(*op))
		fuzz_die("a worker is gone");
}

#endif /* COMPAT_FUZZ_H */
