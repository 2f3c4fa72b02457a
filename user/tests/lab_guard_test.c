// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard leaves nothing behind, whichever of its processes is killed. All that
 * descend from it hold the writing end of a pipe: its end is theirs.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lab/array.h"
#include "../lab/guard.h"
#include "tap.h"

#define LIMIT_SECONDS	20
#define STAY		(-1)

/* What the guarded program has made, and who it is. */
struct traces {
	pid_t worker;
	pid_t keeper;
	key_t msg;
	key_t sem;
	key_t shm;
	char shm_name[64];
	char sem_name[64];
	char mq_name[64];
	char folder[64];
	int made;
};

static struct traces *traces;
static int alive[2], ready[2];

static void make_keys(void)
{
	traces->msg = guard_key(GUARD_MSG_KEY);
	traces->sem = guard_key(GUARD_SEM_KEY);
	traces->shm = guard_key(GUARD_SHM_KEY);
	traces->made += msgget(traces->msg, IPC_CREAT | IPC_EXCL | 0600) >= 0;
	traces->made += semget(traces->sem, 1, IPC_CREAT | IPC_EXCL | 0600) >= 0;
	traces->made += shmget(traces->shm, 4096, IPC_CREAT | IPC_EXCL | 0600) >= 0;
}

static void make_names(void)
{
	guard_name(GUARD_SHM_NAME, traces->shm_name, sizeof(traces->shm_name));
	guard_name(GUARD_SEM_NAME, traces->sem_name, sizeof(traces->sem_name));
	guard_name(GUARD_MQ_NAME, traces->mq_name, sizeof(traces->mq_name));
	traces->made += shm_open(traces->shm_name, O_CREAT | O_EXCL | O_RDWR, 0600) >= 0;
	traces->made += sem_open(traces->sem_name, O_CREAT | O_EXCL, 0600, 0) != SEM_FAILED;
	traces->made += mq_open(traces->mq_name, O_CREAT | O_EXCL | O_RDWR, 0600, NULL) >= 0;
}

static void make_files(void)
{
	char path[128];
	int fd;

	snprintf(traces->folder, sizeof(traces->folder), "%s", guard_folder());
	snprintf(path, sizeof(path), "%s/sub", traces->folder);
	traces->made += !mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/sub/file", traces->folder);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
	traces->made += fd >= 0;
	close(fd);
}

/* A child, and a grandchild in a session of its own that ignores what it can. */
static void make_family(void)
{
	if (fork())
		return;
	if (!fork()) {
		setsid();
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
	}
	for (;;)
		pause();
}

static int make_all(void *argument)
{
	int status = *(int *)argument;

	traces->worker = getpid();
	traces->keeper = getppid();
	make_keys();
	make_names();
	make_files();
	make_family();
	if (write(ready[1], "r", 1) != 1)
		return 99;
	while (status == STAY)
		pause();
	return status;
}

static pid_t start(int status)
{
	pid_t watcher;

	memset(traces, 0, sizeof(*traces));
	if (pipe2(alive, O_CLOEXEC) < 0 || pipe2(ready, O_CLOEXEC) < 0)
		exit(1);
	fflush(stdout);
	watcher = fork();
	if (!watcher) {
		setpgid(0, 0);
		close(alive[0]);
		_exit(guard_run(make_all, &status));
	}
	close(alive[1]);
	close(ready[1]);
	return watcher;
}

static void await_ready(void)
{
	char byte;

	if (read(ready[0], &byte, 1) != 1)
		puts("# the worker did not get ready");
	close(ready[0]);
}

/* True when all have gone; the alarm ends a wait in vain. */
static bool all_gone(void)
{
	ssize_t got;
	char byte;

	alarm(LIMIT_SECONDS);
	got = read(alive[0], &byte, 1);
	alarm(0);
	close(alive[0]);
	return !got;
}

static bool no_keys(void)
{
	return msgget(traces->msg, 0) < 0 && semget(traces->sem, 0, 0) < 0 &&
	       shmget(traces->shm, 0, 0) < 0;
}

static bool no_names(void)
{
	return shm_open(traces->shm_name, O_RDWR, 0) < 0 &&
	       sem_open(traces->sem_name, 0) == SEM_FAILED &&
	       mq_open(traces->mq_name, O_RDWR) == (mqd_t)-1;
}

static void check_nothing_left(const char *name)
{
	char text[80];

	snprintf(text, sizeof(text), "%s: everything had been made", name);
	is_int(traces->made, 8, text);
	snprintf(text, sizeof(text), "%s: no process", name);
	ok(all_gone(), text);
	snprintf(text, sizeof(text), "%s: no System V object", name);
	ok(no_keys(), text);
	snprintf(text, sizeof(text), "%s: no name", name);
	ok(no_names(), text);
	snprintf(text, sizeof(text), "%s: no folder", name);
	ok(access(traces->folder, F_OK) < 0, text);
}

static int status_of(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

enum victim { WATCHER, KEEPER, WORKER, GROUP };

static void test_killed(const char *name, enum victim victim, int number, int status)
{
	pid_t watcher = start(STAY);
	char text[80];

	await_ready();
	kill(victim == WATCHER ? watcher : victim == KEEPER ? traces->keeper :
	     victim == WORKER ? traces->worker : -watcher, number);
	snprintf(text, sizeof(text), "%s: status", name);
	is_int(status_of(watcher), status, text);
	check_nothing_left(name);
}

static void test_ended(const char *name, int status)
{
	pid_t watcher = start(status);
	char text[80];

	await_ready();
	snprintf(text, sizeof(text), "%s: status", name);
	is_int(status_of(watcher), status, text);
	check_nothing_left(name);
}

/* A thing that is struck off makes room: 1024 is how many there may be at once. */
static int use_many(void *argument)
{
	char name[64];

	(void)argument;
	for (int i = 0; i < 3000; i++) {
		key_t key = guard_key(GUARD_MSG_KEY);

		if (key < 0 || guard_name(GUARD_SHM_NAME, name, sizeof(name)) < 0)
			return 1;
		guard_remove_key(GUARD_MSG_KEY, key);
		guard_remove_name(name);
	}
	for (int i = 0; i < 1024; i++)
		if (guard_key(GUARD_MSG_KEY) < 0)
			return 2;
	return guard_key(GUARD_MSG_KEY) < 0 && errno == ENOSPC ? 0 : 3;
}

static void on_alarm(int number)
{
	(void)number;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &action, NULL);
	traces = mmap(NULL, sizeof(*traces), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (traces == MAP_FAILED)
		return 1;
	test_ended("the work is done", 0);
	test_ended("the work failed", 3);
	test_killed("SIGINT to the watcher", WATCHER, SIGINT, 128 + SIGINT);
	test_killed("SIGTERM to the watcher", WATCHER, SIGTERM, 128 + SIGTERM);
	test_killed("SIGHUP to the watcher", WATCHER, SIGHUP, 128 + SIGHUP);
	test_killed("SIGKILL to the watcher", WATCHER, SIGKILL, 128 + SIGKILL);
	test_killed("SIGKILL to the keeper", KEEPER, SIGKILL, 128 + SIGKILL);
	test_killed("SIGKILL to the worker", WORKER, SIGKILL, 128 + SIGKILL);
	test_killed("SIGKILL to the group", GROUP, SIGKILL, 128 + SIGKILL);
	fflush(stdout);
	is_int(guard_run(use_many, NULL), 0, "what is struck off makes room");
	return tap_done();
}
