// SPDX-License-Identifier: GPL-2.0
/*
 * Domains: names, ids and events stay in their network namespace; a handle
 * keeps the domain of its open(2); a domain that goes takes its mailboxes.
 */
#include "mbox_genl.h"

#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#define TEST_NSID	4711

FIXTURE(domain)
{
	const char *name;
	int fd;
};

FIXTURE_SETUP(domain)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(domain)
{
	close(self->fd);
}

/* ---- apart ------------------------------------------------------------- */

struct view {
	const char *name;
	__u64 id;
	int fd;
};

static int look_from_another_domain(void *arg)
{
	struct view *view = arg;
	int fd;

	if (unshare(CLONE_NEWNET))
		return 1;
	if (open_existing(view->name, O_RDWR) != -ENOENT)
		return 2;
	if (open_id(view->id, O_RDWR) != -ENOENT && view->id != 1)
		return 3;
	fd = open_mailbox(view->name, O_RDWR);
	if (fd < 0 || msgs_of(fd))
		return 4;
	if (send_text(fd, 1, "inner") != 1)
		return 5;
	/* The inherited handle still is the outer mailbox. */
	return strcmp(take(view->fd).text, "outer") ? 6 : 0;
}

TEST_F(domain, names_and_ids_do_not_cross)
{
	struct view view = {
		.name = self->name,
		.id = id_of(self->fd) + 1000,
		.fd = self->fd,
	};

	ASSERT_EQ(1, send_text(self->fd, 1, "outer"));
	EXPECT_EQ(0, run(look_from_another_domain, &view));
	EXPECT_EQ(0, msgs_of(self->fd));
	EXPECT_EQ(1, info_of(self->fd).receivers);
}

static int use_default_apart(void *arg)
{
	char c;
	int fd;

	if (unshare(CLONE_NEWNET))
		return 1;
	fd = open_device(O_RDWR | O_NONBLOCK);
	if (or_errno(read(fd, &c, 1)) != -EAGAIN)
		return 2;
	return id_of(fd) == 1 ? 0 : 3;
}

/* Each domain has a default mailbox, and numbers its own from 1. */
TEST_F(domain, default_mailbox_is_of_the_domain)
{
	int fd = open_device(O_RDWR);

	ASSERT_EQ(1, write(fd, "x", 1));
	EXPECT_EQ(0, run(use_default_apart, NULL));
	EXPECT_EQ(1, take(fd).ret);
}

static int move_after_open(void *arg)
{
	const char *name = arg;
	struct mbox_open args = open_args(name, 0);
	int early = open_device(O_RDWR), late;

	if (unshare(CLONE_NEWNET))
		return 1;
	late = open_device(O_RDWR);
	if (do_open(late, &args) != -ENOENT)
		return 2;
	return do_open(early, &args);
}

/* What counts is the namespace at open(2), not at OPEN. */
TEST_F(domain, handle_keeps_the_domain_of_its_opening)
{
	EXPECT_EQ(0, run(move_after_open, (void *)self->name));
}

static int come_back(void *arg)
{
	struct mbox_open args = open_args("inner", 0);
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int inner, late;

	if (unshare(CLONE_NEWNET))
		return 1;
	inner = open_mailbox("inner", O_RDWR);
	late = open_device(O_RDWR);
	if (inner < 0 || setns(home, CLONE_NEWNET))
		return 2;
	if (open_existing("inner", O_RDWR) != -ENOENT)
		return 3;
	if (do_open(late, &args) || id_of(late) != id_of(inner))
		return 4;
	/* A granted handle is of the same domain, too. */
	return id_of(grant(inner, MBOX_RIGHT_RECV)) == id_of(inner) ? 0 : 5;
}

TEST_F(domain, setns_after_open_changes_nothing)
{
	EXPECT_EQ(0, run(come_back, NULL));
}

/* ---- netlink ----------------------------------------------------------- */

static int manage_from_another_domain(void *arg)
{
	struct view *view = arg;
	struct genl nl;

	if (unshare(CLONE_NEWNET) || genl_open(&nl))
		return 1;
	if (genl_by_name(&nl, MBOX_CMD_GET, view->name) != -ENOENT)
		return 2;
	if (genl_by_name(&nl, MBOX_CMD_DEL, view->name) != -ENOENT)
		return 3;
	return 0;
}

TEST_F(domain, netlink_manages_its_own_domain)
{
	struct view view = { .name = self->name };

	EXPECT_EQ(0, run(manage_from_another_domain, &view));
	EXPECT_LT(0, id_of(self->fd));
}

static int make_noise_apart(void *arg)
{
	if (unshare(CLONE_NEWNET))
		return 1;
	return open_mailbox("noise", O_RDWR) < 0;
}

TEST_F(domain, events_of_another_domain_are_not_heard)
{
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, genl_join(&nl));
	EXPECT_EQ(0, run(make_noise_apart, NULL));
	close(open_mailbox("music", O_RDWR));
	ASSERT_LT(0, genl_recv(&nl));
	EXPECT_EQ(MBOX_CMD_CREATED_NTF, genl_head(&nl.msg)->cmd);
	EXPECT_STREQ("music", genl_name(&nl.msg, MBOX_A_EVENT_NAME));
}

/* ---- the end ----------------------------------------------------------- */

struct nsid_msg {
	struct nlmsghdr nlh;
	struct rtgenmsg gen;
	__u8 pad[3];
	struct nlattr id_attr;
	__u32 id;
	struct nlattr fd_attr;
	__u32 fd;
};

/* Gives a namespace a number, so that the kernel will tell its end. */
static int watch_netns(int sock, int netns)
{
	struct genl_msg answer;
	struct nsid_msg msg = {
		.nlh = {
			.nlmsg_len = sizeof(msg),
			.nlmsg_type = RTM_NEWNSID,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.gen = { .rtgen_family = AF_UNSPEC },
		.id_attr = { NLA_HDRLEN + 4, NETNSA_NSID },
		.id = TEST_NSID,
		.fd_attr = { NLA_HDRLEN + 4, NETNSA_FD },
		.fd = netns,
	};
	int group = RTNLGRP_NSID;

	if (send(sock, &msg, sizeof(msg), 0) < 0 ||
	    recv(sock, &answer, sizeof(answer), 0) < 0)
		return -errno;
	if (*(int *)NLMSG_DATA(&answer.nlh))
		return *(int *)NLMSG_DATA(&answer.nlh);
	return or_errno(setsockopt(sock, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
				   &group, sizeof(group)));
}

static bool wait_netns_gone(int sock)
{
	struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
	struct genl_msg msg;
	__u32 *id;

	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	while (recv(sock, &msg, sizeof(msg), 0) > 0) {
		if (msg.nlh.nlmsg_type != RTM_DELNSID)
			continue;
		id = attr_find(msg.data + NLMSG_LENGTH(4),
			       msg.nlh.nlmsg_len - NLMSG_LENGTH(4),
			       NETNSA_NSID);
		if (id && *id == TEST_NSID)
			return true;
	}
	return false;
}

struct lodger {
	int ready;
	int go;
};

/* Fills a domain of its own with persistent mailboxes, and leaves it. */
static int furnish(void *arg)
{
	struct mbox_open args = open_args("stays", MBOX_OPEN_CREATE |
						   MBOX_OPEN_PERSIST);
	struct lodger *lodger = arg;
	int fd, i;
	char c;

	if (unshare(CLONE_NEWNET))
		return 1;
	fd = open_with(O_RDWR, &args);
	for (i = 0; i < 20; i++) {
		if (send_text(fd, i + 1, "left behind") != 1)
			return 2;
	}
	args = open_args("stays too", MBOX_OPEN_CREATE | MBOX_OPEN_PERSIST);
	if (fd < 0 || open_with(O_RDWR, &args) < 0)
		return 3;
	if (write(lodger->ready, "x", 1) != 1)
		return 4;
	return read(lodger->go, &c, 1) == 1 ? 0 : 5;
}

TEST_F(domain, domain_goes_with_its_persistent_mailboxes)
{
	int sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	int ready[2], go[2], netns;
	struct lodger lodger;
	char path[64], c;
	pid_t pid;

	ASSERT_EQ(0, pipe(ready));
	ASSERT_EQ(0, pipe(go));
	lodger = (struct lodger){ .ready = ready[1], .go = go[0] };
	pid = spawn(furnish, &lodger);
	ASSERT_EQ(1, read(ready[0], &c, 1));
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	netns = open(path, O_RDONLY);
	ASSERT_EQ(0, watch_netns(sock, netns));
	close(netns);
	EXPECT_EQ(1, write(go[1], "x", 1));
	EXPECT_EQ(0, reap(pid));
	EXPECT_TRUE(wait_netns_gone(sock));
}

static int borrow_handle(void *arg)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), fd;

	if (unshare(CLONE_NEWNET))
		return 1;
	fd = open_mailbox("kept alive", O_RDWR);
	if (fd < 0 || setns(home, CLONE_NEWNET))
		return 2;
	/* No process is in that domain any more. */
	usleep(200000);
	if (send_text(fd, 1, "still here") != 1)
		return 3;
	return strcmp(take(fd).text, "still here") ? 4 : 0;
}

TEST_F(domain, handle_keeps_its_domain_alive)
{
	EXPECT_EQ(0, run(borrow_handle, NULL));
}

TEST_HARNESS_MAIN
