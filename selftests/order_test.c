// SPDX-License-Identifier: GPL-2.0
/*
 * Order: sequence numbers, first in first out by type, one sender's messages
 * in order, also while several senders and receivers run.
 */
#include "mbox_proc.h"

#define SENDERS		4
#define EACH		400

FIXTURE(order)
{
	int fd;
};

FIXTURE_SETUP(order)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(order)
{
	close(self->fd);
}

TEST_F(order, sequence_numbers_start_at_1_without_gaps)
{
	int i;

	for (i = 1; i <= 50; i++) {
		ASSERT_EQ(1, send_text(self->fd, i % 3 + 1, "x"));
		EXPECT_EQ(i, info_of(self->fd).sent);
	}
	for (i = 1; i <= 50; i++)
		EXPECT_EQ(i, take(self->fd).header.seq);
}

TEST_F(order, times_never_run_backwards)
{
	__s64 last = 0;
	struct got got;
	int i;

	for (i = 0; i < 50; i++)
		ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	for (i = 0; i < 50; i++) {
		got = take(self->fd);
		EXPECT_LE(last, got.header.time);
		last = got.header.time;
	}
}

TEST_F(order, each_mailbox_has_numbers_of_its_own)
{
	int other = open_mailbox(NULL, O_RDWR);

	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, send_text(other, 1, "x"));
	EXPECT_EQ(1, take(other).header.seq);
}

struct numbered {
	__u32 sender;
	__u32 number;
};

struct team {
	int fd;
	__u32 sender;
};

static int send_numbered(void *arg)
{
	struct team *team = arg;
	struct numbered msg = { .sender = team->sender };

	for (msg.number = 0; msg.number < EACH; msg.number++) {
		if (send_bytes(team->fd, 1 + msg.number % 2, &msg,
			       sizeof(msg)) != 1)
			return 1;
	}
	return 0;
}

/* Receives all; the messages of each sender must come in their order. */
static int recv_numbered(int fd, int count)
{
	__u32 next[SENDERS] = { 0 };
	struct numbered msg;
	struct mbox_header h;
	__u64 last = 0;

	for (; count; count--) {
		if (recv_into(fd, &h, &msg, sizeof(msg), 0, NULL, 0) != 1)
			return 1;
		if (msg.number != next[msg.sender]++)
			return 2;
		if (h.seq <= last)
			return 3;
		last = h.seq;
	}
	return 0;
}

TEST_F_TIMEOUT(order, messages_of_each_sender_stay_in_order, 60)
{
	struct team teams[SENDERS];
	pid_t pids[SENDERS];
	int fd, i;

	fd = open_limited(NULL, O_RDWR, 16, 0, 0);
	for (i = 0; i < SENDERS; i++) {
		teams[i] = (struct team){ .fd = fd, .sender = i };
		pids[i] = spawn(send_numbered, &teams[i]);
	}
	EXPECT_EQ(0, recv_numbered(fd, SENDERS * EACH));
	for (i = 0; i < SENDERS; i++)
		EXPECT_EQ(0, reap(pids[i]));
	EXPECT_EQ(SENDERS * EACH, info_of(fd).received);
	EXPECT_TRUE(balanced(fd));
}

/* What two receivers with disjoint filters get, counted in shared memory. */
struct count {
	int fd;
	__u64 type;
	int seen;
	bool wrong;
};

static int recv_type(void *arg)
{
	struct mbox_filter filter;
	struct count *count = arg;
	struct mbox_header h;
	__u64 last = 0;
	char buf[16];

	filter = (struct mbox_filter){ .lo = count->type, .hi = count->type };
	while (count->seen < SENDERS * EACH / 2) {
		if (recv_into(count->fd, &h, buf, sizeof(buf), 0, &filter,
			      0) != 1)
			return 1;
		count->wrong |= h.type != count->type || h.seq <= last;
		last = h.seq;
		count->seen++;
	}
	return 0;
}

TEST_F_TIMEOUT(order, receivers_with_disjoint_filters_get_all_of_theirs, 60)
{
	struct team teams[SENDERS];
	pid_t pids[SENDERS + 2];
	struct count *counts;
	int fd, i;

	fd = open_limited(NULL, O_RDWR, 16, 0, 0);
	counts = shared(2 * sizeof(*counts));
	for (i = 0; i < 2; i++) {
		counts[i].fd = fd;
		counts[i].type = i + 1;
		pids[SENDERS + i] = spawn(recv_type, &counts[i]);
	}
	for (i = 0; i < SENDERS; i++) {
		teams[i] = (struct team){ .fd = fd, .sender = i };
		pids[i] = spawn(send_numbered, &teams[i]);
	}
	for (i = 0; i < SENDERS + 2; i++)
		EXPECT_EQ(0, reap_within(pids[i], 50000));
	EXPECT_FALSE(counts[0].wrong || counts[1].wrong);
	EXPECT_EQ(SENDERS * EACH, info_of(fd).received);
	EXPECT_EQ(0, msgs_of(fd));
}

TEST_HARNESS_MAIN
