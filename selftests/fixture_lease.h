/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of leases start from. */
#ifndef FIXTURE_LEASE_H
#define FIXTURE_LEASE_H

#include "mbox_lease.h"

/* Long enough for what a test does meanwhile, short enough to wait for. */
#define SHORT	(500 * NSEC_PER_MSEC)

/* @fd sends and looks on; @a and @b receive. */
FIXTURE(lease)
{
	int fd;
	int a;
	int b;
	struct got got;
	struct caller c;
};

FIXTURE_SETUP(lease)
{
	self->fd = open_mailbox(own_name(), O_RDWR);
	self->a = open_existing(own_name(), O_RDONLY);
	self->b = open_existing(own_name(), O_RDONLY);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->a);
	ASSERT_LE(0, self->b);
}

FIXTURE_TEARDOWN(lease)
{
	close(self->a);
	close(self->b);
	EXPECT_TRUE(books_balance(self->fd));
	close(self->fd);
}

#endif
