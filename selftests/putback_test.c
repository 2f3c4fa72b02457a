// SPDX-License-Identifier: GPL-2.0
/* Messages that come back: in whatever order they do, they go out in theirs. */
#include "mbox_lease.h"

#define MESSAGES	60
#define TYPES		3

FIXTURE(putback)
{
	int fd;
	__u64 cookies[MESSAGES];
};

FIXTURE_SETUP(putback)
{
	int i;

	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	for (i = 0; i < MESSAGES; i++)
		ASSERT_EQ(1, send_text(self->fd, 1 + i / 4 % TYPES, "x"));
}

FIXTURE_TEARDOWN(putback)
{
	close(self->fd);
}

static bool lease_all(int fd, __u64 *cookies)
{
	int i;

	for (i = 0; i < MESSAGES; i++) {
		cookies[i] = lease(fd).header.cookie;
		if (!cookies[i])
			return false;
	}
	return true;
}

/* How many come out in order until one does not, or none is left. */
static int in_order(int fd)
{
	__u64 last[TYPES + 1] = { 0 }, of_all = 0;
	int count = 0;

	for (;;) {
		/* Now of all types, now of one. */
		__u64 type = count % 5 ? 1 + count % TYPES : 0;
		struct got got = type ? take_range(fd, type, type, 0) : take(fd);

		if (got.ret != 1 && type)
			got = take(fd);
		if (got.ret != 1)
			return count;
		if (got.header.seq <= last[got.header.type])
			return count;
		last[got.header.type] = got.header.seq;
		if (!type && got.header.seq <= of_all)
			return count;
		of_all = type ? of_all : got.header.seq;
		count++;
	}
}

TEST_F(putback, in_their_order)
{
	int i;

	ASSERT_TRUE(lease_all(self->fd, self->cookies));
	for (i = 0; i < MESSAGES; i++)
		ASSERT_EQ(0, put_back(self->fd, self->cookies[i]));
	EXPECT_EQ(MESSAGES, in_order(self->fd));
}

TEST_F(putback, in_reverse)
{
	int i;

	ASSERT_TRUE(lease_all(self->fd, self->cookies));
	for (i = MESSAGES - 1; i >= 0; i--)
		ASSERT_EQ(0, put_back(self->fd, self->cookies[i]));
	EXPECT_EQ(MESSAGES, in_order(self->fd));
}

/* By steps of some odd numbers, so that they fall between each other. */
TEST_F(putback, in_a_jumble)
{
	static const int steps[] = { 7, 11, 13, 17, 23, 29, 31, 37, 41, 43 };
	int i, k;

	for (k = 0; k < (int)ARRAY_SIZE(steps); k++) {
		int fd = open_id(id_of(self->fd), O_RDWR);

		ASSERT_TRUE(lease_all(fd, self->cookies));
		for (i = 0; i < MESSAGES; i++) {
			int which = i * steps[k] % MESSAGES;

			ASSERT_EQ(0, put_back(fd, self->cookies[which]));
		}
		close(fd);
	}
	EXPECT_EQ(MESSAGES, in_order(self->fd));
}

/* What was put back last is taken again before the next comes back. */
TEST_F(putback, one_by_one_while_others_take_them)
{
	int i;

	ASSERT_TRUE(lease_all(self->fd, self->cookies));
	for (i = 0; i < MESSAGES; i += 2)
		ASSERT_EQ(0, put_back(self->fd, self->cookies[i]));
	for (i = 1; i < MESSAGES; i += 2) {
		__u64 again;

		ASSERT_EQ(0, put_back(self->fd, self->cookies[i]));
		again = lease(self->fd).header.cookie;
		ASSERT_NE(0, again);
		ASSERT_EQ(0, put_back(self->fd, again));
	}
	EXPECT_EQ(MESSAGES, in_order(self->fd));
}

TEST_F(putback, by_the_close_of_their_handle)
{
	int fd = open_id(id_of(self->fd), O_RDWR);

	ASSERT_TRUE(lease_all(fd, self->cookies));
	ASSERT_EQ(1, send_text(self->fd, 1, "later"));
	close(fd);
	EXPECT_EQ(MESSAGES + 1, in_order(self->fd));
}

TEST_HARNESS_MAIN
