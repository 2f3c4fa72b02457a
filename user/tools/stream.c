// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "report.h"
#include "stream.h"

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

int stream_flush(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return CLI_OK;
	return fail_output();
}
