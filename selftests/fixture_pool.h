/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of landing pools start from. */
#ifndef FIXTURE_POOL_H
#define FIXTURE_POOL_H

#include "mbox_pool.h"

/* @writer sends, @reader has a pool at @base and is the only receiver. */
FIXTURE(pool)
{
	int writer;
	int reader;
	unsigned char *base;
	struct landed got;
	struct landed other;
};

FIXTURE_SETUP(pool)
{
	self->reader = open_mailbox(own_name(), O_RDONLY);
	self->writer = open_existing(own_name(), O_WRONLY);
	ASSERT_LE(0, self->reader);
	ASSERT_LE(0, self->writer);
	self->base = new_pool(self->reader);
	ASSERT_NE(NULL, self->base);
	ASSERT_EQ(POOL_SIZE, pool_free(self->reader));
}

FIXTURE_TEARDOWN(pool)
{
	if (self->base)
		munmap(self->base, POOL_SIZE);
	close(self->reader);
	EXPECT_TRUE(books_balance(self->writer));
	close(self->writer);
}

#endif
