// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another kernel for ipclaims, as far as it can tell: loaded before the C library,
 * this answers some calls as the environment variable LIE says.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool lies(const char *about)
{
	const char *lie = getenv("LIE");

	return lie && !strcmp(lie, about);
}

/* "cut" cuts messages that are too long; "exact" takes -n for n. */
ssize_t msgrcv(int queue, void *message, size_t size, long type, int flags)
{
	if (lies("cut"))
		flags |= MSG_NOERROR;
	if (lies("exact") && type < 0)
		type = -type;
	return syscall(SYS_msgrcv, queue, message, size, type, flags);
}

/* "few" has no room for a new queue, "none" has no queues at all. */
int msgget(key_t key, int flags)
{
	if (lies("none") || (lies("few") && flags & IPC_CREAT)) {
		errno = lies("few") ? ENOSPC : ENOSYS;
		return -1;
	}
	return syscall(SYS_msgget, key, flags);
}

/* "small" tells a size of pipes that they do not have. */
int fcntl(int fd, int command, ...)
{
	va_list args;
	long argument;

	va_start(args, command);
	argument = va_arg(args, long);
	va_end(args);
	if (lies("small") && command == F_GETPIPE_SZ)
		return 512;
	return syscall(SYS_fcntl, fd, command, argument);
}

/* "mild" does not send SIGUSR1 and SIGUSR2 to oneself. */
int raise(int number)
{
	if (lies("mild") && (number == SIGUSR1 || number == SIGUSR2))
		return 0;
	return syscall(SYS_tgkill, getpid(), gettid(), number);
}

/* "closed" does not let anybody trace. */
long ptrace(enum __ptrace_request request, ...)
{
	(void)request;
	if (!lies("closed"))
		abort();
	errno = EPERM;
	return -1;
}

/* "hang" never comes back, "crash" does not survive it, "odd" fails strangely. */
int semop(int set, struct sembuf *operations, size_t count)
{
	if (lies("hang"))
		for (;;)
			pause();
	if (lies("crash"))
		abort();
	if (lies("odd")) {
		errno = EDOM;
		return -1;
	}
	return syscall(SYS_semop, set, operations, count);
}
