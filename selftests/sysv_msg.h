/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the tests of SysV queues. They know nothing of mbox: they are run on the queues of
 * the kernel, which shows that what they expect is so, and by compat_sysv_*_test.sh on
 * mailboxes.
 */
#ifndef SYSV_MSG_H
#define SYSV_MSG_H

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../kselftest_harness.h"

#ifndef MSG_COPY
#define MSG_COPY	040000
#endif
#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY	13
#endif

#define TEXT_SIZE	8192
#define STRANGER	4711
#define NO_QUEUE	0x7fffff00

struct message {
	long type;
	char text[TEXT_SIZE];
};

/* A result, or a negative errno. */
static inline long result(long ret)
{
	return ret < 0 ? -errno : ret;
}

static inline long put(int id, long type, const char *text, int flags)
{
	struct message message = { .type = type };

	strcpy(message.text, text);
	return result(msgsnd(id, &message, strlen(text), flags));
}

static inline long put_bytes(int id, long type, size_t size, int flags)
{
	static struct message message;

	message.type = type;
	return result(msgsnd(id, &message, size, flags));
}

/* The type that was taken, or a negative errno; the text is in "taken". */
static struct message taken;
static long taken_size;

static inline long take(int id, size_t size, long type, int flags)
{
	memset(&taken, 0, sizeof(taken));
	taken_size = result(msgrcv(id, &taken, size, type, flags));
	return taken_size < 0 ? taken_size : taken.type;
}

static inline long take_now(int id, long type, int flags)
{
	return take(id, TEXT_SIZE, type, flags | IPC_NOWAIT);
}

static inline struct msqid_ds stat_of(int id)
{
	struct msqid_ds ds = { .msg_qbytes = 0 };

	if (msgctl(id, IPC_STAT, &ds))
		perror("IPC_STAT");
	return ds;
}

static inline long set_qbytes(int id, unsigned long qbytes)
{
	struct msqid_ds ds = stat_of(id);

	ds.msg_qbytes = qbytes;
	return result(msgctl(id, IPC_SET, &ds));
}

static inline long set_mode(int id, unsigned int mode)
{
	struct msqid_ds ds = stat_of(id);

	ds.msg_perm.mode = mode;
	return result(msgctl(id, IPC_SET, &ds));
}

static inline long limit(const char *name)
{
	char path[64], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	close(fd);
	return atol(text);
}

/* A page that is not there. */
static inline void *nowhere(void)
{
	void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page;
}

/* ---- children -------------------------------------------------------- */

/* Is the process asleep, and does it stay so? */
static inline bool wait_asleep(pid_t pid)
{
	int calm = 0, i;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (i = 0; i < 5000 && calm < 10; i++) {
		char text[256] = "", *end;
		FILE *file = fopen(path, "r");

		if (!file)
			return false;
		end = fgets(text, sizeof(text), file) ? strrchr(text, ')') : NULL;
		fclose(file);
		calm = end && end[2] == 'S' ? calm + 1 : 0;
		usleep(1000);
	}
	return calm >= 10;
}

/* What a child ends with: a small result, or an errno. */
static inline int code_of(long ret)
{
	return ret < 0 ? (int)-ret : 0;
}

static inline int reap(pid_t pid)
{
	int status = -1;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static inline void no_op(int sig)
{
}

static inline void catch_usr1(void)
{
	struct sigaction action = { .sa_handler = no_op, .sa_flags = SA_RESTART };

	sigaction(SIGUSR1, &action, NULL);
}

static inline void become_stranger(void)
{
	if (setgroups(0, NULL) || setresgid(STRANGER, STRANGER, STRANGER) ||
	    setresuid(STRANGER, STRANGER, STRANGER))
		_exit(99);
}

/* A child that receives, by type, and ends with the errno. */
static inline pid_t receiver(int id, size_t size, long type, int flags)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	catch_usr1();
	_exit(code_of(take(id, size, type, flags)));
}

static inline pid_t sender(int id, long type, size_t size)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	catch_usr1();
	_exit(code_of(put_bytes(id, type, size, 0)));
}

/* ---- the queue of each test ------------------------------------------ */

FIXTURE(sysv)
{
	int id;
};

FIXTURE_SETUP(sysv)
{
	self->id = msgget(IPC_PRIVATE, 0600);
	ASSERT_LE(0, self->id);
}

FIXTURE_TEARDOWN(sysv)
{
	msgctl(self->id, IPC_RMID, NULL);
}

#endif /* SYSV_MSG_H */
