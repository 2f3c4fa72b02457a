// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <mbox.h>

#include "cli.h"
#include "report.h"
#include "stream.h"

#define NSEC_PER_SEC	INT64_C(1000000000)

/* The stand-in cannot do what the stream is for, so its use gives EBADF. */
static int fill(int fd)
{
	if (fcntl(fd, F_GETFD) >= 0)
		return 0;
	return open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == fd ? 0 : -1;
}

int stream_init(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fill(fd))
			return -1;
	/* Other programs write there too: a line at a time, not a word. */
	return setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

int stream_writable(void)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		return CLI_OK;
	errno = EBADF;
	return fail_output();
}

bool stream_has_reader(void)
{
	struct stat stat;

	if (fstat(STDOUT_FILENO, &stat))
		return false;
	return S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode);
}

int stream_wait(int fd, int64_t timeout)
{
	struct timespec left = { timeout / NSEC_PER_SEC, timeout % NSEC_PER_SEC };
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO },
		{ .fd = fd, .events = POLLIN },
	};

	if (ppoll(fds, 2, timeout == MBOX_FOREVER ? NULL : &left, NULL) < 0)
		return -errno;
	if (!fds[0].revents)
		return 0;
	raise(SIGPIPE);
	exit(CLI_FAILURE);
}

int stream_flush(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return CLI_OK;
	return fail_output();
}
