// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "compat.h"
#include "trace.h"

#define LINE_SIZE	512

static size_t end_line(char *line, int len)
{
	if (len > LINE_SIZE - 2)
		len = LINE_SIZE - 2;
	line[len] = '\n';
	return len + 1;
}

/* In one write: lines of several processes do not mix. */
void trace(const char *format, ...)
{
	char line[LINE_SIZE];
	int saved = errno;
	va_list args;
	int len;

	if (!compat_has(COMPAT_TRACE))
		return;
	len = snprintf(line, sizeof(line), "mbox-compat: %d: ", getpid());
	va_start(args, format);
	len += vsnprintf(line + len, sizeof(line) - len, format, args);
	va_end(args);
	if (write(STDERR_FILENO, line, end_line(line, len)) < 0)
		errno = saved;
	errno = saved;
}
