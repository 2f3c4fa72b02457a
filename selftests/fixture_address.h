/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of addressed messages start from. */
#ifndef FIXTURE_ADDRESS_H
#define FIXTURE_ADDRESS_H

#include "mbox_lease.h"

/* @fd sends and looks on; @a and @b receive, and are known by their ids. */
FIXTURE(address)
{
	int fd;
	int a;
	int b;
	__u64 a_id;
	__u64 b_id;
	struct got got;
	struct post p;
	struct caller c;
};

FIXTURE_SETUP(address)
{
	self->fd = open_mailbox(own_name(), O_RDWR);
	self->a = open_existing(own_name(), O_RDWR);
	self->b = open_existing(own_name(), O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->a);
	ASSERT_LE(0, self->b);
	self->a_id = info_of(self->a).handle;
	self->b_id = info_of(self->b).handle;
}

FIXTURE_TEARDOWN(address)
{
	close(self->a);
	close(self->b);
	EXPECT_TRUE(books_balance(self->fd));
	close(self->fd);
}

#endif
