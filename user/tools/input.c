// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mbox.h>

#include "cli.h"
#include "input.h"
#include "report.h"

char *input_read(size_t *len)
{
	size_t room = MBOX_SIZE_MAX + 1;
	char *data = malloc(room);

	if (!data)
		return NULL;
	if (isatty(STDIN_FILENO))
		report("what you type is one message; end it with Ctrl-D at the start of a line");
	*len = fread(data, 1, room, stdin);
	if (!ferror(stdin))
		return data;
	free(data);
	return NULL;
}

int fail_input(void)
{
	if (errno == EINTR)
		return CLI_INTERRUPTED;
	report("standard input: %s", strerror(errno));
	return CLI_FAILURE;
}
