/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of dead letters start from, and how a message becomes one. */
#ifndef FIXTURE_DEAD_LETTER_H
#define FIXTURE_DEAD_LETTER_H

#include "mbox_lease.h"

/* How often a message may come back. */
#define TRIES	2

/*
 * @fd sends and looks on; @a receives; what comes back too often goes to @dead.
 * All of it is in a domain of its own, whose events @events hears.
 */
FIXTURE(dead_letter)
{
	int fd;
	int a;
	int dead;
	struct genl nl;
	struct genl events;
	struct got got;
};

static inline int open_tries(const char *name, int access, __u32 tries)
{
	struct mbox_open args = open_args(name, MBOX_OPEN_CREATE);

	args.limits.max_deliveries = tries;
	return open_with(access, &args);
}

static inline int set_dead_letter(struct genl *nl, int fd, __u64 id)
{
	return genl_set_u64(nl, id_of(fd), MBOX_A_MAILBOX_DEAD_LETTER, id);
}

/* What GET tells of it, or all bits set if it tells nothing. */
static inline __u64 dead_letter_of(struct genl *nl, int fd)
{
	if (genl_by_id(nl, MBOX_CMD_GET, id_of(fd)))
		return 0;
	return genl_u64(&nl->msg, MBOX_A_MAILBOX_DEAD_LETTER);
}

/* Opens another mailbox for dead letters in place of the one that was there. */
static inline int replace_dead(struct genl *nl, int fd, int *dead,
			       __u32 max_msgs, __u64 max_bytes, __u32 policy)
{
	close(*dead);
	*dead = open_limited(NULL, O_RDWR, max_msgs, max_bytes, policy);
	return set_dead_letter(nl, fd, id_of(*dead));
}

/* Takes the oldest message and puts it back; its header, and the result. */
static inline struct got fail_once(int fd)
{
	struct got got = lease(fd);

	if (got.ret == 1)
		got.ret = put_back(fd, got.header.cookie);
	return got;
}

/* As often as it takes to make a dead letter of the oldest message. */
static inline int fail_all(int fd)
{
	int i, ret = 0;

	for (i = 0; i < TRIES && !ret; i++)
		ret = fail_once(fd).ret;
	return ret;
}

/* Sends a message that goes to the dead letters; 0 or what went wrong. */
static inline int lose(int fd, int consumer, __u64 type, const char *text)
{
	int ret = send_nowait(fd, type, text);

	return ret == 1 ? fail_all(consumer) : ret;
}

FIXTURE_SETUP(dead_letter)
{
	ASSERT_EQ(0, hear_events(&self->events));
	ASSERT_EQ(0, genl_open(&self->nl));
	self->fd = open_tries(own_name(), O_RDWR, TRIES);
	self->a = open_existing(own_name(), O_RDONLY);
	self->dead = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->a);
	ASSERT_LE(0, self->dead);
	ASSERT_EQ(0, set_dead_letter(&self->nl, self->fd, id_of(self->dead)));
}

FIXTURE_TEARDOWN(dead_letter)
{
	close(self->a);
	EXPECT_TRUE(books_balance(self->fd));
	EXPECT_TRUE(books_balance(self->dead));
	close(self->fd);
	close(self->dead);
	close(self->nl.fd);
	close(self->events.fd);
}

#endif
