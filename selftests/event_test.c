// SPDX-License-Identifier: GPL-2.0
/*
 * Events: each notification at its occasion, with its members, numbered
 * without gaps, and only for those who may hear them.
 */
#include "mbox_genl.h"

FIXTURE(event)
{
	struct genl nl;
	int fd;
	__u64 id;
};

/* In a domain of its own, so that no one else's events come between. */
FIXTURE_SETUP(event)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, genl_open(&self->nl));
	ASSERT_EQ(0, genl_join(&self->nl));
	self->fd = -1;
}

FIXTURE_TEARDOWN(event)
{
	close(self->fd);
	close(self->nl.fd);
}

/* The next event's command, or -errno; it stays in nl->msg. */
static int next_event(struct genl *nl)
{
	int ret = genl_recv(nl);

	return ret < 0 ? ret : genl_head(&nl->msg)->cmd;
}

static bool silent(struct genl *nl)
{
	return recv(nl->fd, &nl->msg, sizeof(nl->msg), MSG_DONTWAIT) < 0 &&
	       errno == EAGAIN;
}

static void open_events(struct genl *nl, int *fd, int max_msgs, __u32 policy)
{
	*fd = open_limited("events", O_RDWR, max_msgs, 0, policy);
	next_event(nl);
	next_event(nl);
}

TEST_F(event, creation_and_first_handle_are_told)
{
	struct genl_msg *msg = &self->nl.msg;
	__s64 before = now();

	self->fd = open_mailbox("events", O_RDWR);
	EXPECT_EQ(MBOX_CMD_CREATED_NTF, next_event(&self->nl));
	EXPECT_EQ(id_of(self->fd), genl_u64(msg, MBOX_A_EVENT_ID));
	EXPECT_STREQ("events", genl_name(msg, MBOX_A_EVENT_NAME));
	EXPECT_LE(before, (__s64)genl_u64(msg, MBOX_A_EVENT_TIME));
	EXPECT_GE(now(), (__s64)genl_u64(msg, MBOX_A_EVENT_TIME));
	EXPECT_EQ(MBOX_CMD_ATTACHED_NTF, next_event(&self->nl));
	EXPECT_EQ(info_of(self->fd).handle,
		  genl_u64(msg, MBOX_A_EVENT_HANDLE));
	EXPECT_EQ(MBOX_RIGHT_RECV | MBOX_RIGHT_SEND,
		  genl_u32(msg, MBOX_A_EVENT_RIGHTS));
	EXPECT_TRUE(silent(&self->nl));
}

TEST_F(event, event_of_an_anonymous_one_has_no_name)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	EXPECT_EQ(MBOX_CMD_CREATED_NTF, next_event(&self->nl));
	EXPECT_EQ(NULL, genl_attr(&self->nl.msg, MBOX_A_EVENT_NAME));
	EXPECT_EQ(id_of(self->fd), genl_u64(&self->nl.msg, MBOX_A_EVENT_ID));
}

TEST_F(event, handles_that_come_and_go_are_told)
{
	struct genl_msg *msg = &self->nl.msg;
	__u64 handle;
	int reader;

	open_events(&self->nl, &self->fd, 0, 0);
	reader = grant(self->fd, MBOX_RIGHT_RECV);
	handle = info_of(reader).handle;
	EXPECT_EQ(MBOX_CMD_ATTACHED_NTF, next_event(&self->nl));
	EXPECT_EQ(handle, genl_u64(msg, MBOX_A_EVENT_HANDLE));
	EXPECT_EQ(MBOX_RIGHT_RECV, genl_u32(msg, MBOX_A_EVENT_RIGHTS));
	close(reader);
	EXPECT_EQ(MBOX_CMD_DETACHED_NTF, next_event(&self->nl));
	EXPECT_EQ(handle, genl_u64(msg, MBOX_A_EVENT_HANDLE));
	EXPECT_EQ(MBOX_RIGHT_RECV, genl_u32(msg, MBOX_A_EVENT_RIGHTS));
}

TEST_F(event, last_close_tells_detached_and_removed)
{
	open_events(&self->nl, &self->fd, 0, 0);
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(MBOX_CMD_DETACHED_NTF, next_event(&self->nl));
	EXPECT_EQ(MBOX_CMD_REMOVED_NTF, next_event(&self->nl));
	EXPECT_STREQ("events", genl_name(&self->nl.msg, MBOX_A_EVENT_NAME));
	EXPECT_TRUE(silent(&self->nl));
}

TEST_F(event, set_and_removal_are_told)
{
	__u64 id;

	open_events(&self->nl, &self->fd, 0, 0);
	id = id_of(self->fd);
	/* Requests take a socket of their own: answers and events are apart. */
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(MBOX_CMD_REMOVED_NTF, next_event(&self->nl));
	EXPECT_EQ(id, genl_u64(&self->nl.msg, MBOX_A_EVENT_ID));
}

TEST_F(event, change_is_told)
{
	struct genl other;

	open_events(&self->nl, &self->fd, 0, 0);
	ASSERT_EQ(0, genl_open(&other));
	ASSERT_EQ(0, genl_set(&other, id_of(self->fd), MBOX_A_MAILBOX_MODE,
			      0644));
	EXPECT_EQ(MBOX_CMD_CHANGED_NTF, next_event(&self->nl));
	EXPECT_EQ(-EINVAL, genl_set(&other, id_of(self->fd),
				    MBOX_A_MAILBOX_MODE, 07777));
	EXPECT_TRUE(silent(&self->nl));
}

TEST_F(event, full_and_writable_are_told_once)
{
	int i;

	open_events(&self->nl, &self->fd, 2, 0);
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_TRUE(silent(&self->nl));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(-EAGAIN, send_nowait(self->fd, 1, "x"));
	EXPECT_EQ(MBOX_CMD_FULL_NTF, next_event(&self->nl));
	EXPECT_TRUE(silent(&self->nl));
	EXPECT_EQ(1, take(self->fd).ret);
	EXPECT_EQ(MBOX_CMD_WRITABLE_NTF, next_event(&self->nl));
	EXPECT_EQ(1, take(self->fd).ret);
	EXPECT_TRUE(silent(&self->nl));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_TRUE(silent(&self->nl));
}

TEST_F(event, full_without_a_refusal_is_not_told)
{
	open_events(&self->nl, &self->fd, 1, 0);
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(1, take(self->fd).ret);
	EXPECT_TRUE(silent(&self->nl));
}

/* Sums the counts of LOST; other events are passed by. */
static __u64 count_lost(struct genl *nl)
{
	__u64 lost = 0;

	while (recv(nl->fd, &nl->msg, sizeof(nl->msg), MSG_DONTWAIT) > 0) {
		if (genl_head(&nl->msg)->cmd == MBOX_CMD_LOST_NTF)
			lost += genl_u64(&nl->msg, MBOX_A_EVENT_COUNT);
	}
	return lost;
}

TEST_F(event, losses_are_told_with_their_count)
{
	__u32 policy;
	int i;

	for (policy = 1; policy <= 2; policy++) {
		open_events(&self->nl, &self->fd, 2, policy);
		for (i = 0; i < 7; i++)
			ASSERT_EQ(1, send_text(self->fd, 1, "x"));
		EXPECT_EQ(5, count_lost(&self->nl));
		close(self->fd);
		count_lost(&self->nl);
	}
	self->fd = -1;
}

TEST_F(event, purge_tells_the_loss)
{
	struct genl other;

	open_events(&self->nl, &self->fd, 0, 0);
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(0, genl_open(&other));
	ASSERT_EQ(0, genl_by_id(&other, MBOX_CMD_PURGE, id_of(self->fd)));
	EXPECT_EQ(2, count_lost(&self->nl));
}

TEST_F(event, timeouts_are_told_with_their_side)
{
	struct genl_msg *msg = &self->nl.msg;

	open_events(&self->nl, &self->fd, 1, 0);
	EXPECT_EQ(-ETIMEDOUT, recv_into(self->fd, NULL, NULL, 0, 0, NULL, 1));
	EXPECT_EQ(MBOX_CMD_TIMED_OUT_NTF, next_event(&self->nl));
	EXPECT_EQ(MBOX_RIGHT_RECV, genl_u32(msg, MBOX_A_EVENT_RIGHTS));
	EXPECT_EQ(info_of(self->fd).handle,
		  genl_u64(msg, MBOX_A_EVENT_HANDLE));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(-ETIMEDOUT, send_until(self->fd, 1, "x", 1, 0, 1));
	do {
		ASSERT_LT(0, genl_recv(&self->nl));
	} while (genl_head(msg)->cmd != MBOX_CMD_TIMED_OUT_NTF);
	EXPECT_EQ(MBOX_RIGHT_SEND, genl_u32(msg, MBOX_A_EVENT_RIGHTS));
}

/* Not a byte of a payload, nor a message's type, is in any event. */
TEST_F(event, payload_never_travels)
{
	char *found = NULL;
	int len, i;

	self->fd = open_limited("events", O_RDWR, 1, 0,
				MBOX_POLICY_DROP_OLDEST);
	for (i = 0; i < 5; i++)
		ASSERT_EQ(1, send_text(self->fd, 1, "secretsecret"));
	for (;;) {
		len = recv(self->nl.fd, &self->nl.msg, sizeof(self->nl.msg),
			   MSG_DONTWAIT);
		if (len <= 0)
			break;
		found = found ?: memmem(&self->nl.msg, len, "secret", 6);
	}
	EXPECT_EQ(NULL, found);
}

/* ---- numbers ----------------------------------------------------------- */

static int stir(void *arg)
{
	int fd, i;

	for (i = 0; i < 60; i++) {
		fd = open_limited(NULL, O_RDWR, 1, 0, i % 3);
		send_nowait(fd, 1, "x");
		send_nowait(fd, 1, "x");
		close(fd);
	}
	return 0;
}

TEST_F(event, numbers_have_no_gap)
{
	int size = 4 << 20, i;
	__u64 last = 0, seq;
	pid_t pids[3];

	setsockopt(self->nl.fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
		   sizeof(size));
	for (i = 0; i < 3; i++)
		pids[i] = spawn(stir, NULL);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, reap(pids[i]));
	while (recv(self->nl.fd, &self->nl.msg, sizeof(self->nl.msg),
		    MSG_DONTWAIT) > 0) {
		seq = genl_u64(&self->nl.msg, MBOX_A_EVENT_SEQ);
		EXPECT_EQ(last ? last + 1 : seq, seq);
		last = seq;
	}
	/* Created, attached, detached and removed, at the least. */
	EXPECT_LE(3 * 60 * 4, last);
}

/* A listener that is too slow is told so, and sees the gap. */
TEST_F(event, lost_events_show_as_enobufs_and_a_gap)
{
	int size = 1, overruns = 0, gaps = 0, i;
	__u64 last = 0, seq;
	ssize_t len;

	setsockopt(self->nl.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (i = 0; i < 100; i++)
		close(open_mailbox(NULL, O_RDWR));
	for (i = 0; i < 1000; i++) {
		len = or_errno(recv(self->nl.fd, &self->nl.msg,
				    sizeof(self->nl.msg), MSG_DONTWAIT));
		overruns += len == -ENOBUFS;
		if (len == -EAGAIN)
			close(open_mailbox(NULL, O_RDWR));
		if (len <= 0)
			continue;
		seq = genl_u64(&self->nl.msg, MBOX_A_EVENT_SEQ);
		gaps += last && seq != last + 1;
		last = seq;
	}
	EXPECT_LE(1, overruns);
	EXPECT_LE(1, gaps);
}

/* EVENT_SEQ of an answer is where a listener that resynchronises stands. */
TEST_F(event, answer_tells_the_number_of_the_latest_event)
{
	struct genl other;
	__u64 seq;

	open_events(&self->nl, &self->fd, 0, 0);
	seq = genl_u64(&self->nl.msg, MBOX_A_EVENT_SEQ);
	ASSERT_EQ(0, genl_open(&other));
	ASSERT_EQ(0, genl_by_id(&other, MBOX_CMD_GET, id_of(self->fd)));
	EXPECT_EQ(seq, genl_u64(&other.msg, MBOX_A_MAILBOX_EVENT_SEQ));
}

/* ---- who may listen ---------------------------------------------------- */

static int join_as_alice(void *arg)
{
	struct genl nl;

	if (become_user(ALICE) || genl_open(&nl))
		return 99;
	return genl_join(&nl);
}

TEST_F(event, group_is_closed_to_those_without_net_admin)
{
	EXPECT_EQ(EPERM, run(join_as_alice, NULL));
}

static int join_in_own_userns(void *arg)
{
	struct genl nl;

	if (become_user(ALICE) || unshare(CLONE_NEWUSER | CLONE_NEWNET) ||
	    genl_open(&nl))
		return 99;
	return genl_join(&nl);
}

/* Root of a user namespace may hear the domain that it owns. */
TEST_F(event, group_is_open_in_a_domain_of_ones_own)
{
	EXPECT_EQ(0, run(join_in_own_userns, NULL));
}

/* ---- forgery ----------------------------------------------------------- */

/* A datagram of another process has its port, an event of the kernel 0. */
TEST_F(event, forged_event_is_told_by_its_port)
{
	struct sockaddr_nl mine = { 0 }, from = { 0 };
	socklen_t size = sizeof(mine);
	struct genl forger;
	struct genl_msg msg;

	ASSERT_EQ(0, getsockname(self->nl.fd, (void *)&mine, &size));
	ASSERT_EQ(0, genl_open(&forger));
	genl_start(&forger, &msg, MBOX_CMD_REMOVED_NTF, 0);
	EXPECT_EQ(msg.nlh.nlmsg_len,
		  sendto(forger.fd, &msg, msg.nlh.nlmsg_len, 0,
			 (void *)&mine, sizeof(mine)));
	size = sizeof(from);
	EXPECT_LT(0, recvfrom(self->nl.fd, &msg, sizeof(msg), 0,
			      (void *)&from, &size));
	EXPECT_NE(0, from.nl_pid);
	self->fd = open_mailbox(NULL, O_RDWR);
	EXPECT_LT(0, recvfrom(self->nl.fd, &msg, sizeof(msg), 0,
			      (void *)&from, &size));
	EXPECT_EQ(0, from.nl_pid);
}

static int forge_as_alice(void *arg)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK };
	struct genl_msg msg;
	struct genl nl;

	if (become_user(ALICE) || genl_open(&nl))
		return 99;
	group.nl_groups = 1U << (nl.group - 1);
	genl_start(&nl, &msg, MBOX_CMD_REMOVED_NTF, 0);
	return or_errno(sendto(nl.fd, &msg, msg.nlh.nlmsg_len, 0,
			       (void *)&group, sizeof(group)));
}

TEST_F(event, user_cannot_send_to_the_group)
{
	EXPECT_EQ(EPERM, run(forge_as_alice, NULL));
}

/* A listener that never reads costs the callers nothing but its buffer. */
TEST_F(event, deaf_listener_harms_nobody)
{
	int i;

	self->fd = open_limited("events", O_RDWR, 1, 0,
				MBOX_POLICY_DROP_OLDEST);
	for (i = 0; i < 3000; i++)
		ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(2999, info_of(self->fd).lost);
}

TEST_HARNESS_MAIN
