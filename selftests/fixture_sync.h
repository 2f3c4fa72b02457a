/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of MBOX_SEND_SYNC start from. */
#ifndef FIXTURE_SYNC_H
#define FIXTURE_SYNC_H

#include "mbox_lease.h"

/* @fd sends and looks on; @reader receives; @full has no room. */
FIXTURE(sync)
{
	int fd;
	int reader;
	int full;
	struct post p;
	struct post q;
};

FIXTURE_SETUP(sync)
{
	self->fd = open_mailbox(own_name(), O_RDWR);
	self->reader = open_existing(own_name(), O_RDONLY);
	self->full = open_limited(NULL, O_RDWR, 1, 0, 0);
	ASSERT_LE(0, self->reader);
	ASSERT_LE(0, self->full);
	ASSERT_EQ(1, send_text(self->full, 1, "first"));
	write_post(&self->p, self->fd, "message");
	self->p.send.flags = MBOX_SEND_SYNC;
}

FIXTURE_TEARDOWN(sync)
{
	close(self->reader);
	EXPECT_TRUE(books_balance(self->fd));
	EXPECT_TRUE(books_balance(self->full));
	close(self->fd);
	close(self->full);
}

#endif
