// SPDX-License-Identifier: GPL-2.0
/* An anonymous mailbox that lost its last sender has no end while it is frozen. */
#include "mbox_genl.h"

TEST(what_is_held_back_comes_before_the_end)
{
	int reader, writer;
	struct genl nl;
	struct got got;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, open_pair(&reader, &writer));
	EXPECT_EQ(0, freeze(&nl, reader));
	EXPECT_EQ(1, send_nowait(writer, 1, "last"));
	close(writer);
	EXPECT_EQ(-EAGAIN, take(reader).ret);
	EXPECT_EQ(0, thaw(&nl, reader));
	got = take(reader);
	EXPECT_EQ(1, got.ret);
	EXPECT_STREQ("last", got.text);
	EXPECT_EQ(0, take(reader).ret);
	close(reader);
	close(nl.fd);
}

TEST(steps_that_are_left_make_no_end_of_file)
{
	int reader, writer;
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, open_pair(&reader, &writer));
	EXPECT_EQ(0, freeze(&nl, reader));
	EXPECT_EQ(0, step(&nl, reader, 1));
	close(writer);
	EXPECT_EQ(-EAGAIN, take(reader).ret);
	EXPECT_EQ(0, thaw(&nl, reader));
	EXPECT_EQ(0, take(reader).ret);
	close(reader);
	close(nl.fd);
}

TEST(poll_reports_no_hangup_before_the_end_of_file)
{
	int reader, writer;
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, open_pair(&reader, &writer));
	EXPECT_EQ(0, freeze(&nl, reader));
	close(writer);
	EXPECT_EQ(-EAGAIN, take(reader).ret);
	EXPECT_EQ(0, poll_now(reader));
	EXPECT_EQ(0, thaw(&nl, reader));
	EXPECT_EQ(POLLHUP, poll_now(reader));
	close(reader);
	close(nl.fd);
}

TEST_HARNESS_MAIN
