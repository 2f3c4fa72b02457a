// SPDX-License-Identifier: GPL-2.0
/*
 * Round trips of two processes on one processor, with next to nothing around the
 * system calls: by calls, by pipes, and the least that there can be, which is two
 * switches and two calls of the device that do nothing. The first two also beside
 * a third process that takes all the time it gets.
 */
#include "scale.h"

#include <sys/resource.h>

#define TRIPS		1000
#define TRIP_ROUNDS	9
#define NULL_CALLS	1000

/**
 * struct pair - two processes and what is between them
 * @name: in the table
 * @make: descriptors for both
 * @trip: one request and its answer, seen from the client
 * @serve: the server's part of it
 */
struct pair {
	const char *name;
	void (*make)(int *fds);
	void (*trip)(const int *fds);
	void (*serve)(const int *fds);
};

/* What the client tells. */
static struct {
	__s64 cost;
	double switches;
} *told;

static int fds[4];

/* The answer to a number is the next one. */
static void check_answer(__u64 number, __u64 answer)
{
	want(answer == number + 1 ? 0 : -EBADMSG, "answer");
}

/* ---- calls ------------------------------------------------------------- */

static void make_mailbox(int *fds)
{
	fds[0] = want(open_mailbox(NULL, O_RDWR), "mailbox");
	fds[1] = want(open_id(id_of(fds[0]), O_RDWR), "mailbox");
}

static void call(const int *fds)
{
	static __u64 number, answer;
	struct mbox_call args = {
		.type = 1,
		.buf = addr(&number),
		.len = sizeof(number),
		.reply = addr(&answer),
		.room = sizeof(answer),
	};

	number++;
	want(do_call(fds[0], &args), "CALL");
	check_answer(number, answer);
}

static void settle_next(const int *fds)
{
	static __u64 number, answer, cookie;
	struct mbox_message message = {
		.buf = addr(&number),
		.size = sizeof(number),
	};
	struct mbox_recv next = { .count = 1, .vec = addr(&message) };
	struct mbox_settle args = {
		.flags = MBOX_SETTLE_NEXT,
		.cookie = cookie,
		.next = addr(&next),
	};

	if (cookie) {
		answer = number + 1;
		args.flags |= MBOX_SETTLE_REPLY;
		args.type = 1;
		args.buf = addr(&answer);
		args.len = sizeof(answer);
	}
	want(do_settle(fds[1], &args), "SETTLE");
	cookie = message.header.cookie;
}

/* ---- pipes ------------------------------------------------------------- */

static void make_pipes(int *fds)
{
	want(or_errno(pipe(fds)), "pipe");
	want(or_errno(pipe(fds + 2)), "pipe");
}

static void write_and_read(const int *fds)
{
	static __u64 number, answer;

	number++;
	want(or_errno(write(fds[1], &number, sizeof(number))), "write");
	want(or_errno(read(fds[2], &answer, sizeof(answer))), "read");
	check_answer(number, answer);
}

static void read_and_write(const int *fds)
{
	__u64 number;

	want(or_errno(read(fds[0], &number, sizeof(number))), "read");
	number++;
	want(or_errno(write(fds[3], &number, sizeof(number))), "write");
}

/* ---- the least ---------------------------------------------------------- */

static void make_device(int *fds)
{
	fds[0] = want(open_device(O_RDWR), "device");
}

/* No command of the device has this number. */
static void do_nothing(const int *fds)
{
	ioctl(fds[0], _IO(MBOX_IOC_MAGIC, 0xff), NULL);
}

static void do_nothing_and_yield(const int *fds)
{
	do_nothing(fds);
	sched_yield();
}

/* ---- the round trips ----------------------------------------------------- */

static const struct pair by_call = {
	"call", make_mailbox, call, settle_next
};

static const struct pair by_pipes = {
	"pipe", make_pipes, write_and_read, read_and_write
};

static const struct pair by_yielding = {
	"yield", make_device, do_nothing_and_yield, do_nothing_and_yield
};

static long switches(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return used.ru_nvcsw + used.ru_nivcsw;
}

static __s64 cost_of_trips(const struct pair *pair)
{
	__s64 start = now();
	int i;

	for (i = 0; i < TRIPS; i++)
		pair->trip(fds);
	return (now() - start) / TRIPS;
}

static int be_client(void *arg)
{
	struct costs costs = { 0 };
	long before;
	int i;

	cost_of_trips(arg);
	before = switches();
	for (i = 0; i < TRIP_ROUNDS; i++)
		add_cost(&costs, cost_of_trips(arg));
	told->switches = 1.0 * (switches() - before) / (TRIP_ROUNDS * TRIPS);
	told->cost = median(&costs);
	return 0;
}

static int be_server(void *arg)
{
	const struct pair *pair = arg;

	for (;;)
		pair->serve(fds);
	return 0;
}

static int be_hog(void *arg)
{
	want(or_errno(setpriority(PRIO_PROCESS, 0, *(int *)arg)), "nice");
	for (;;)
		;
	return 0;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static __s64 measure(const struct pair *pair)
{
	pid_t server;
	int status;

	pair->make(fds);
	server = spawn(be_server, (void *)pair);
	waitpid(spawn(be_client, (void *)pair), &status, 0);
	want(status ? -EIO : 0, pair->name);
	end(server);
	return told->cost;
}

static void measure_beside_hog(int nice)
{
	pid_t hog = spawn(be_hog, &nice);

	row("hog", "call", nice, 0, measure(&by_call));
	row("hog", "pipe", nice, 0, measure(&by_pipes));
	end(hog);
}

static __s64 cost_of_null_ioctl(void)
{
	__s64 start;
	int i;

	make_device(fds);
	start = now();
	for (i = 0; i < NULL_CALLS; i++)
		do_nothing(fds);
	return (now() - start) / NULL_CALLS;
}

static __s64 cost_of_null_syscall(void)
{
	__s64 start = now();
	int i;

	for (i = 0; i < NULL_CALLS; i++)
		syscall(SYS_getppid);
	return (now() - start) / NULL_CALLS;
}

/* A switch is made by a system call of its own here, and by none in a call. */
void scale_pair(void)
{
	__s64 null_syscall = cost_of_null_syscall(), yield;

	told = shared(sizeof(*told));
	row("pair", "null-syscall", 0, 0, null_syscall);
	row("pair", "null-ioctl", 0, 0, cost_of_null_ioctl());
	row("pair", "call", 8, 0, measure(&by_call));
	row("pair", "pipe", 8, 0, measure(&by_pipes));
	yield = measure(&by_yielding);
	row("pair", "yield", 0, 0, yield);
	row("pair", "yield-switches-percent", 0, 0, 100 * told->switches);
	row("pair", "floor", 0, 0, yield - 2 * null_syscall);
	measure_beside_hog(0);
	measure_beside_hog(19);
}
