/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of calls start from. */
#ifndef FIXTURE_CALL_H
#define FIXTURE_CALL_H

#include "mbox_call.h"

/* @fd may only send, @server only receive; @full has no room. */
FIXTURE(call)
{
	const char *name;
	int fd;
	int server;
	int full;
	struct caller c;
	struct caller d;
};

FIXTURE_SETUP(call)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_WRONLY);
	self->server = open_existing(self->name, O_RDONLY);
	self->full = open_limited(NULL, O_RDWR, 1, 0, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->server);
	ASSERT_EQ(1, send_text(self->full, 1, "first"));
	aim(&self->c, self->fd, "request");
}

FIXTURE_TEARDOWN(call)
{
	close(self->fd);
	close(self->server);
	close(self->full);
}

#endif
