// SPDX-License-Identifier: GPL-2.0
/*
 * sysv_speed NAME: what SysV queues cost, in nanoseconds, which vm/bench.sh makes
 * instructions. Knows nothing of mbox. Prints "NAME,what,median of a round".
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SIZE	64
#define DEPTH	1000
#define ROUNDS	201
#define MANY	16

static struct {
	long type;
	char text[SIZE];
} message;

static void must(long ret, const char *what)
{
	if (ret >= 0)
		return;
	perror(what);
	exit(1);
}

static int new_queue(void)
{
	int id = msgget(IPC_PRIVATE, 0600);
	struct msqid_ds ds;

	must(id, "msgget");
	must(msgctl(id, IPC_STAT, &ds), "IPC_STAT");
	ds.msg_qbytes = 1 << 20;
	must(msgctl(id, IPC_SET, &ds), "IPC_SET");
	return id;
}

static void put(int id, long type)
{
	message.type = type;
	must(msgsnd(id, &message, SIZE, 0), "msgsnd");
}

static void take(int id, long type)
{
	must(msgrcv(id, &message, SIZE, type, 0), "msgrcv");
}

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	return (*(const long *)a > *(const long *)b) - (*(const long *)a < *(const long *)b);
}

static long times[ROUNDS];

static void report(const char *name, const char *what, int each)
{
	qsort(times, ROUNDS, sizeof(*times), by_size);
	printf("%s,%s,%ld\n", name, what, times[ROUNDS / 2] / each);
}

static void send_and_receive(const char *name, int id)
{
	int i, j;

	for (i = 0; i < ROUNDS; i++) {
		long begin = now();

		for (j = 0; j < MANY; j++) {
			put(id, 1);
			take(id, 0);
		}
		times[i] = now() - begin;
	}
	report(name, "send + receive 64 B", MANY);
}

/* Each of the types is sent last and received first, before all others. */
static void receive_by_type(const char *name, int id)
{
	int i, j;

	for (i = 0; i < DEPTH; i++)
		put(id, 2 + i % 100);
	for (i = 0; i < ROUNDS; i++) {
		long begin = now();

		for (j = 0; j < MANY; j++) {
			put(id, 1000);
			take(id, 1000);
		}
		times[i] = now() - begin;
	}
	report(name, "send + receive by type at depth 1000", MANY);
	for (i = 0; i < ROUNDS; i++) {
		long begin = now();

		for (j = 0; j < MANY; j++) {
			put(id, 1);
			take(id, -50);
		}
		times[i] = now() - begin;
	}
	report(name, "send + receive the lowest at depth 1000", MANY);
}

/* A request and its answer, by a process that waits. */
static void ping_pong(const char *name, int id)
{
	int i, j;
	pid_t pid = fork();

	must(pid, "fork");
	for (; !pid;) {
		take(id, 1);
		put(id, 2);
	}
	for (i = 0; i < ROUNDS; i++) {
		long begin = now();

		for (j = 0; j < MANY; j++) {
			put(id, 1);
			take(id, 2);
		}
		times[i] = now() - begin;
	}
	report(name, "ping-pong 64 B between two processes", MANY);
	must(msgctl(id, IPC_RMID, NULL), "IPC_RMID");
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	int id = new_queue();

	send_and_receive(name, id);
	receive_by_type(name, id);
	must(msgctl(id, IPC_RMID, NULL), "IPC_RMID");
	ping_pong(name, new_queue());
	return 0;
}
