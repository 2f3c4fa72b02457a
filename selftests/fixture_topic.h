/* SPDX-License-Identifier: GPL-2.0 */
/* A topic of four messages for each subscriber, and its publisher. */
#ifndef FIXTURE_TOPIC_H
#define FIXTURE_TOPIC_H

#include "mbox_topic.h"

FIXTURE(topic)
{
	const char *name;
	int publisher;
};

FIXTURE_SETUP(topic)
{
	self->name = own_name();
	self->publisher = open_topic(self->name, O_WRONLY, 0, 4, MBOX_POLICY_DROP_OLDEST);
	ASSERT_LE(0, self->publisher);
}

FIXTURE_TEARDOWN(topic)
{
	EXPECT_TRUE(balanced(self->publisher));
	close(self->publisher);
}

#endif /* FIXTURE_TOPIC_H */
