// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink family's operations: what each answers, whom it refuses, and
 * that every refusal has a text. Events are in event_test.
 */
#include "mbox_genl.h"

FIXTURE(netlink)
{
	const char *name;
	int fd;
	__u64 id;
	struct genl nl;
};

FIXTURE_SETUP(netlink)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->id = id_of(self->fd);
	ASSERT_EQ(0, genl_open(&self->nl));
}

FIXTURE_TEARDOWN(netlink)
{
	close(self->fd);
	close(self->nl.fd);
}

/* A refusal, which has to say why. */
#define EXPECT_REFUSAL(error, nl, call)					\
do {									\
	EXPECT_EQ(error, call);						\
	EXPECT_STRNE("", (nl)->text);					\
} while (0)

/* ---- GET --------------------------------------------------------------- */

TEST_F(netlink, get_by_name_and_by_id_tell_the_same)
{
	struct genl_msg *msg = &self->nl.msg;

	ASSERT_EQ(0, genl_by_name(&self->nl, MBOX_CMD_GET, self->name));
	EXPECT_EQ(MBOX_CMD_GET, genl_head(msg)->cmd);
	EXPECT_EQ(self->id, genl_u64(msg, MBOX_A_MAILBOX_ID));
	ASSERT_EQ(0, genl_by_id(&self->nl, MBOX_CMD_GET, self->id));
	EXPECT_STREQ(self->name, genl_name(msg, MBOX_A_MAILBOX_NAME));
}

TEST_F(netlink, get_tells_what_info_tells)
{
	struct genl_msg *m = &self->nl.msg;
	struct mbox_info info;

	ASSERT_EQ(1, send_text(self->fd, 1, "four"));
	ASSERT_EQ(1, send_text(self->fd, 1, "six666"));
	ASSERT_EQ(1, take(self->fd).ret);
	info = info_of(self->fd);
	ASSERT_EQ(0, genl_by_id(&self->nl, MBOX_CMD_GET, self->id));
	EXPECT_EQ(info.kind, genl_u32(m, MBOX_A_MAILBOX_KIND));
	EXPECT_EQ(info.mode, genl_u32(m, MBOX_A_MAILBOX_MODE));
	EXPECT_EQ(info.uid, genl_u32(m, MBOX_A_MAILBOX_UID));
	EXPECT_EQ(info.gid, genl_u32(m, MBOX_A_MAILBOX_GID));
	EXPECT_EQ(info.limits.policy, genl_u32(m, MBOX_A_MAILBOX_POLICY));
	EXPECT_EQ(info.limits.max_msgs, genl_u32(m, MBOX_A_MAILBOX_MAX_MSGS));
	EXPECT_EQ(info.limits.max_size, genl_u32(m, MBOX_A_MAILBOX_MAX_SIZE));
	EXPECT_EQ(info.limits.max_bytes,
		  genl_u64(m, MBOX_A_MAILBOX_MAX_BYTES));
	EXPECT_EQ(1, genl_u32(m, MBOX_A_MAILBOX_MSGS));
	EXPECT_EQ(6, genl_u64(m, MBOX_A_MAILBOX_BYTES));
	EXPECT_EQ(2, genl_u32(m, MBOX_A_MAILBOX_PEAK_MSGS));
	EXPECT_EQ(10, genl_u64(m, MBOX_A_MAILBOX_PEAK_BYTES));
	EXPECT_EQ(2, genl_u64(m, MBOX_A_MAILBOX_SENT));
	EXPECT_EQ(1, genl_u64(m, MBOX_A_MAILBOX_RECEIVED));
	EXPECT_EQ(0, genl_u64(m, MBOX_A_MAILBOX_LOST));
	EXPECT_EQ(1, genl_u32(m, MBOX_A_MAILBOX_RECEIVERS));
	EXPECT_EQ(1, genl_u32(m, MBOX_A_MAILBOX_SENDERS));
	EXPECT_EQ(0, genl_u32(m, MBOX_A_MAILBOX_WAITING_RECEIVERS));
	EXPECT_EQ(0, genl_u32(m, MBOX_A_MAILBOX_WAITING_SENDERS));
	EXPECT_EQ(info.created, genl_u64(m, MBOX_A_MAILBOX_CREATED));
	EXPECT_NE(NULL, genl_attr(m, MBOX_A_MAILBOX_EVENT_SEQ));
	EXPECT_EQ(NULL, genl_attr(m, MBOX_A_MAILBOX_PERSIST));
}

TEST_F(netlink, get_of_an_anonymous_one_has_no_name)
{
	int fd = open_mailbox(NULL, O_RDWR);

	ASSERT_EQ(0, genl_by_id(&self->nl, MBOX_CMD_GET, id_of(fd)));
	EXPECT_EQ(NULL, genl_attr(&self->nl.msg, MBOX_A_MAILBOX_NAME));
}

TEST_F(netlink, unknown_mailbox_returns_enoent)
{
	static const int cmds[] = {
		MBOX_CMD_GET, MBOX_CMD_SET, MBOX_CMD_DEL, MBOX_CMD_PURGE,
	};
	struct genl *nl = &self->nl;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		EXPECT_REFUSAL(-ENOENT, nl, genl_by_id(nl, cmds[i], 1ULL << 62));
		EXPECT_REFUSAL(-ENOENT, nl, genl_by_name(nl, cmds[i], "none"));
	}
}

/* Neither id nor name, and both. */
TEST_F(netlink, unclear_mailbox_returns_einval)
{
	static const int cmds[] = {
		MBOX_CMD_GET, MBOX_CMD_SET, MBOX_CMD_DEL, MBOX_CMD_PURGE,
	};
	struct genl *nl = &self->nl;
	struct genl_msg msg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		genl_start(nl, &msg, cmds[i], 0);
		EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
		genl_start(nl, &msg, cmds[i], 0);
		genl_put_u64(&msg, MBOX_A_MAILBOX_ID, self->id);
		genl_put_name(&msg, MBOX_A_MAILBOX_NAME, self->name);
		EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	}
	EXPECT_EQ(self->id, id_of(self->fd));
}

TEST_F(netlink, unknown_operation_returns_eopnotsupp)
{
	struct genl_msg msg;
	int cmd;

	for (cmd = MBOX_CMD_PURGE + 1; cmd < 30; cmd++) {
		genl_start(&self->nl, &msg, cmd, 0);
		EXPECT_EQ(-EOPNOTSUPP, genl_ask(&self->nl, &msg));
	}
	genl_start(&self->nl, &msg, 0, 0);
	EXPECT_EQ(-EOPNOTSUPP, genl_ask(&self->nl, &msg));
}

TEST_F(netlink, attribute_that_is_not_taken_returns_einval)
{
	struct genl *nl = &self->nl;
	struct genl_msg msg;

	genl_start(nl, &msg, MBOX_CMD_GET, 0);
	genl_put_u64(&msg, MBOX_A_MAILBOX_ID, self->id);
	genl_put_u32(&msg, MBOX_A_MAILBOX_MODE, 0666);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	genl_start(nl, &msg, MBOX_CMD_SET, 0);
	genl_put_u64(&msg, MBOX_A_MAILBOX_ID, self->id);
	genl_put_u64(&msg, MBOX_A_MAILBOX_SENT, 7);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	genl_start(nl, &msg, MBOX_CMD_DEL, 0);
	genl_put_u64(&msg, MBOX_A_MAILBOX_ID, self->id);
	genl_put_u32(&msg, 200, 0);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	EXPECT_EQ(0600, info_of(self->fd).mode);
}

TEST_F(netlink, malformed_attribute_returns_einval)
{
	struct genl *nl = &self->nl;
	struct genl_msg msg;

	genl_start(nl, &msg, MBOX_CMD_GET, 0);
	genl_put_u32(&msg, MBOX_A_MAILBOX_ID, 1);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	genl_start(nl, &msg, MBOX_CMD_SET, 0);
	genl_put_u64(&msg, MBOX_A_MAILBOX_ID, self->id);
	genl_put_u64(&msg, MBOX_A_MAILBOX_MODE, 0600);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	/* A name without its NUL. */
	genl_start(nl, &msg, MBOX_CMD_GET, 0);
	genl_put(&msg, MBOX_A_MAILBOX_NAME, self->name, strlen(self->name));
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	EXPECT_EQ(0600, info_of(self->fd).mode);
}

/* ---- the dump ---------------------------------------------------------- */

/* Counts how often each of @count ids comes in a dump. */
static int dump(struct genl *nl, const __u64 *ids, int count, int *seen)
{
	struct genl_msg msg;
	struct nlmsghdr *nlh;
	int len, i;

	genl_start(nl, &msg, MBOX_CMD_GET, NLM_F_DUMP);
	if (genl_send(nl, &msg))
		return -1;
	for (;;) {
		len = recv(nl->fd, &nl->msg, sizeof(nl->msg), 0);
		if (len < 0)
			return -errno;
		for (nlh = &nl->msg.nlh; NLMSG_OK(nlh, len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return 0;
			for (i = 0; i < count; i++)
				seen[i] += genl_u64((void *)nlh,
						    MBOX_A_MAILBOX_ID) ==
					   ids[i];
		}
	}
}

#define MANY	300

TEST_F(netlink, dump_lists_each_of_many_once)
{
	static int fds[MANY], seen[MANY];
	static __u64 ids[MANY];
	int i;

	for (i = 0; i < MANY; i++) {
		fds[i] = open_mailbox(NULL, O_RDWR);
		ASSERT_LE(0, fds[i]);
		ids[i] = id_of(fds[i]);
	}
	EXPECT_EQ(0, dump(&self->nl, ids, MANY, seen));
	for (i = 0; i < MANY; i++)
		EXPECT_EQ(1, seen[i]);
}

TEST_F(netlink, dump_needs_no_right)
{
	int seen = 0;

	EXPECT_EQ(0, dump(&self->nl, &self->id, 1, &seen));
	EXPECT_EQ(1, seen);
	ASSERT_EQ(0, seteuid(ALICE));
	EXPECT_EQ(0, genl_open(&self->nl));
	EXPECT_EQ(0, dump(&self->nl, &self->id, 1, &seen));
	EXPECT_EQ(2, seen);
}

/* Who reads on while mailboxes come and go is told that it was no moment. */
TEST_F(netlink, dump_that_was_overtaken_says_so)
{
	struct genl_msg msg;
	int i, interrupted = 0;

	for (i = 0; i < MANY; i++)
		ASSERT_LE(0, open_mailbox(NULL, O_RDWR));
	genl_start(&self->nl, &msg, MBOX_CMD_GET, NLM_F_DUMP);
	ASSERT_EQ(0, genl_send(&self->nl, &msg));
	do {
		ASSERT_LT(0, genl_recv(&self->nl));
		interrupted |= self->nl.msg.nlh.nlmsg_flags & NLM_F_DUMP_INTR;
		close(open_mailbox(NULL, O_RDWR));
	} while (self->nl.msg.nlh.nlmsg_type != NLMSG_DONE);
	EXPECT_NE(0, interrupted);
}

/* A dump that is given up must not keep what it stood at. */
TEST_F(netlink, dump_that_is_left_off_harms_nobody)
{
	int fds[40], i;
	struct genl nl;
	struct genl_msg msg;

	for (i = 0; i < 40; i++)
		fds[i] = open_mailbox(NULL, O_RDWR);
	ASSERT_EQ(0, genl_open(&nl));
	genl_start(&nl, &msg, MBOX_CMD_GET, NLM_F_DUMP);
	ASSERT_EQ(0, genl_send(&nl, &msg));
	ASSERT_LT(0, genl_recv(&nl));
	for (i = 0; i < 40; i++)
		close(fds[i]);
	close(nl.fd);
	EXPECT_LT(0, id_of(self->fd));
}

/* ---- NEW --------------------------------------------------------------- */

static void start_new(struct genl *nl, struct genl_msg *msg, const char *name)
{
	genl_start(nl, msg, MBOX_CMD_NEW, 0);
	if (name)
		genl_put_name(msg, MBOX_A_MAILBOX_NAME, name);
}

TEST_F(netlink, new_makes_a_mailbox_and_answers_its_id)
{
	struct genl_msg msg;
	int fd;

	start_new(&self->nl, &msg, "fresh");
	genl_put_u32(&msg, MBOX_A_MAILBOX_MODE, 0640);
	genl_put_u32(&msg, MBOX_A_MAILBOX_MAX_MSGS, 3);
	genl_put_u32(&msg, MBOX_A_MAILBOX_POLICY, MBOX_POLICY_DROP_NEWEST);
	ASSERT_EQ(0, genl_ask(&self->nl, &msg));
	EXPECT_EQ(MBOX_CMD_NEW, genl_head(&self->nl.msg)->cmd);
	fd = open_existing("fresh", O_RDWR);
	EXPECT_EQ(id_of(fd), genl_u64(&self->nl.msg, MBOX_A_MAILBOX_ID));
	EXPECT_EQ(0640, info_of(fd).mode);
	EXPECT_EQ(3, info_of(fd).limits.max_msgs);
	EXPECT_EQ(MBOX_POLICY_DROP_NEWEST, info_of(fd).limits.policy);
	/* It waited for its first handle, and goes with its last. */
	close(fd);
	EXPECT_EQ(-ENOENT, open_existing("fresh", O_RDWR));
}

TEST_F(netlink, new_persistent_one_stays)
{
	struct genl_msg msg;

	start_new(&self->nl, &msg, "stays");
	genl_put(&msg, MBOX_A_MAILBOX_PERSIST, NULL, 0);
	ASSERT_EQ(0, genl_ask(&self->nl, &msg));
	close(open_existing("stays", O_RDWR));
	EXPECT_EQ(0, genl_by_name(&self->nl, MBOX_CMD_DEL, "stays"));
	EXPECT_EQ(-ENOENT, open_existing("stays", O_RDWR));
}

TEST_F(netlink, new_refusals)
{
	struct genl *nl = &self->nl;
	struct genl_msg msg;

	start_new(nl, &msg, NULL);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	start_new(nl, &msg, self->name);
	EXPECT_REFUSAL(-EEXIST, nl, genl_ask(nl, &msg));
	start_new(nl, &msg, "a/b");
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	start_new(nl, &msg, "a\nb");
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	start_new(nl, &msg, "");
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
}

TEST_F(netlink, new_bad_values_return_einval)
{
	static const struct { int attr; __u32 value; } bad[] = {
		{ MBOX_A_MAILBOX_KIND, 2 },
		{ MBOX_A_MAILBOX_MODE, 0777 },
		{ MBOX_A_MAILBOX_MODE, ~0U },
		{ MBOX_A_MAILBOX_POLICY, 3 },
		{ MBOX_A_MAILBOX_MAX_MSGS, MBOX_MSGS_MAX + 1 },
		{ MBOX_A_MAILBOX_MAX_SIZE, MBOX_SIZE_MAX + 1 },
	};
	struct genl *nl = &self->nl;
	struct genl_msg msg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		start_new(nl, &msg, "refused");
		genl_put_u32(&msg, bad[i].attr, bad[i].value);
		EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	}
	start_new(nl, &msg, "refused");
	genl_put_u64(&msg, MBOX_A_MAILBOX_MAX_BYTES, MBOX_BYTES_MAX + 1);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	EXPECT_EQ(-ENOENT, open_existing("refused", O_RDWR));
}

TEST_F(netlink, new_name_of_255_bytes_is_taken_and_256_is_not)
{
	struct genl *nl = &self->nl;
	struct genl_msg msg;
	char name[MBOX_NAME_MAX + 2];

	memset(name, 'n', sizeof(name));
	name[MBOX_NAME_MAX] = 0;
	start_new(nl, &msg, name);
	EXPECT_EQ(0, genl_ask(nl, &msg));
	EXPECT_EQ(0, genl_by_name(nl, MBOX_CMD_DEL, name));
	name[MBOX_NAME_MAX] = 'n';
	name[MBOX_NAME_MAX + 1] = 0;
	start_new(nl, &msg, name);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
}

static int new_as_bob(void *arg)
{
	struct genl_msg msg;
	struct genl nl;

	if (become_user(BOB) || genl_open(&nl))
		return 1;
	start_new(&nl, &msg, arg);
	genl_put(&msg, MBOX_A_MAILBOX_PERSIST, NULL, 0);
	return genl_ask(&nl, &msg);
}

TEST_F(netlink, new_belongs_to_whoever_asked)
{
	int fd;

	EXPECT_EQ(0, run(new_as_bob, "bobs"));
	fd = open_existing("bobs", O_RDWR);
	EXPECT_EQ(BOB, info_of(fd).uid);
	EXPECT_EQ(BOB, info_of(fd).gid);
	EXPECT_EQ(0600, info_of(fd).mode);
	EXPECT_EQ(0, genl_by_name(&self->nl, MBOX_CMD_DEL, "bobs"));
}

static int new_beyond_quota(void *arg)
{
	struct genl_msg msg;
	struct genl nl;
	int ret;

	if (unshare(CLONE_NEWNET) ||
	    write_file("/sys/module/mbox/parameters/user_mailboxes", "1"))
		return 1;
	if (genl_open(&nl) || open_mailbox(NULL, O_RDWR) < 0)
		return 2;
	start_new(&nl, &msg, "too many");
	ret = genl_ask(&nl, &msg);
	return ret == -EDQUOT && nl.text[0] ? 0 : 3;
}

static int new_beyond_space(void *arg)
{
	struct genl_msg msg;
	struct genl nl;
	int ret;

	if (unshare(CLONE_NEWNET) ||
	    write_file("/sys/module/mbox/parameters/domain_mailboxes", "1"))
		return 1;
	if (genl_open(&nl) || open_mailbox(NULL, O_RDWR) < 0)
		return 2;
	start_new(&nl, &msg, "too many");
	ret = genl_ask(&nl, &msg);
	return ret == -ENOSPC && nl.text[0] ? 0 : 3;
}

TEST_F(netlink, new_beyond_the_limits_returns_edquot_and_enospc)
{
	EXPECT_EQ(0, run(new_beyond_quota, NULL));
	write_file("/sys/module/mbox/parameters/user_mailboxes", "1024");
	EXPECT_EQ(0, run(new_beyond_space, NULL));
	write_file("/sys/module/mbox/parameters/domain_mailboxes", "65536");
}

/* ---- SET --------------------------------------------------------------- */

TEST_F(netlink, set_changes_what_it_names)
{
	struct mbox_info before = info_of(self->fd), after;
	struct genl *nl = &self->nl;

	EXPECT_EQ(0, genl_set(nl, self->id, MBOX_A_MAILBOX_MODE, 0644));
	EXPECT_EQ(0, genl_set(nl, self->id, MBOX_A_MAILBOX_MAX_MSGS, 9));
	EXPECT_EQ(0, genl_set(nl, self->id, MBOX_A_MAILBOX_UID, ALICE));
	EXPECT_EQ(0, genl_set(nl, self->id, MBOX_A_MAILBOX_GID, TEAM));
	after = info_of(self->fd);
	EXPECT_EQ(0644, after.mode);
	EXPECT_EQ(9, after.limits.max_msgs);
	EXPECT_EQ(ALICE, after.uid);
	EXPECT_EQ(TEAM, after.gid);
	EXPECT_EQ(before.limits.max_bytes, after.limits.max_bytes);
	EXPECT_EQ(before.limits.max_size, after.limits.max_size);
}

TEST_F(netlink, set_takes_nothing_from_bound_handles)
{
	ASSERT_EQ(0, genl_set(&self->nl, self->id, MBOX_A_MAILBOX_MODE, 0));
	EXPECT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(1, take(self->fd).ret);
}

TEST_F(netlink, set_bad_values_return_einval_and_change_nothing)
{
	static const struct { int attr; __u32 value; } bad[] = {
		{ MBOX_A_MAILBOX_MODE, 01000 },
		{ MBOX_A_MAILBOX_POLICY, 3 },
		{ MBOX_A_MAILBOX_MAX_MSGS, 0 },
		{ MBOX_A_MAILBOX_MAX_MSGS, MBOX_MSGS_MAX + 1 },
		{ MBOX_A_MAILBOX_MAX_SIZE, 0 },
		{ MBOX_A_MAILBOX_MAX_SIZE, MBOX_SIZE_MAX + 1 },
	};
	struct mbox_info before = info_of(self->fd), after;
	struct genl *nl = &self->nl;
	struct genl_msg msg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		genl_start(nl, &msg, MBOX_CMD_SET, 0);
		genl_put_u64(&msg, MBOX_A_MAILBOX_ID, self->id);
		/* A good one first: all is changed or nothing. */
		genl_put_u64(&msg, MBOX_A_MAILBOX_MAX_BYTES, 1 << 22);
		genl_put_u32(&msg, bad[i].attr, bad[i].value);
		EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	}
	genl_start(nl, &msg, MBOX_CMD_SET, 0);
	genl_put_u64(&msg, MBOX_A_MAILBOX_ID, self->id);
	genl_put_u64(&msg, MBOX_A_MAILBOX_MAX_BYTES, 100);
	EXPECT_REFUSAL(-EINVAL, nl, genl_ask(nl, &msg));
	after = info_of(self->fd);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

/* ---- who may ----------------------------------------------------------- */

struct meddler {
	__u64 id;
	uid_t uid;
};

static int meddle(void *arg)
{
	struct meddler *m = arg;
	struct genl nl;

	if (become_user(m->uid) || genl_open(&nl))
		return 1;
	if (genl_by_id(&nl, MBOX_CMD_GET, m->id))
		return 2;
	if (genl_set(&nl, m->id, MBOX_A_MAILBOX_MODE, 0666) != -EPERM)
		return 3;
	if (!nl.text[0])
		return 4;
	if (genl_by_id(&nl, MBOX_CMD_PURGE, m->id) != -EPERM || !nl.text[0])
		return 5;
	if (genl_by_id(&nl, MBOX_CMD_DEL, m->id) != -EPERM || !nl.text[0])
		return 6;
	return 0;
}

TEST_F(netlink, others_may_look_but_not_touch)
{
	struct meddler bob = { .id = self->id, .uid = BOB };

	ASSERT_EQ(0, genl_set(&self->nl, self->id, MBOX_A_MAILBOX_MODE, 0666));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, run(meddle, &bob));
	EXPECT_EQ(1, msgs_of(self->fd));
}

static int own_it(void *arg)
{
	struct meddler *m = arg;
	struct genl nl;

	if (become_user(m->uid) || genl_open(&nl))
		return 1;
	if (genl_set(&nl, m->id, MBOX_A_MAILBOX_MODE, 0660))
		return 2;
	/* The owner may not give it away. */
	if (genl_set(&nl, m->id, MBOX_A_MAILBOX_UID, BOB) != -EPERM)
		return 3;
	if (genl_set(&nl, m->id, MBOX_A_MAILBOX_GID, TEAM) != -EPERM)
		return 4;
	if (genl_by_id(&nl, MBOX_CMD_PURGE, m->id))
		return 5;
	return genl_by_id(&nl, MBOX_CMD_DEL, m->id);
}

TEST_F(netlink, owner_may_all_but_give_it_away)
{
	struct meddler alice = { .id = self->id, .uid = ALICE };

	ASSERT_EQ(0, genl_set(&self->nl, self->id, MBOX_A_MAILBOX_UID, ALICE));
	EXPECT_EQ(0, run(own_it, &alice));
	EXPECT_EQ(-EIDRM, take(self->fd).ret);
}

/* A socket of bob's does not gain by a root that writes to it. */
TEST_F(netlink, opener_of_the_socket_counts)
{
	struct genl bobs;

	ASSERT_EQ(0, setegid(BOB));
	ASSERT_EQ(0, seteuid(BOB));
	ASSERT_EQ(0, genl_open(&bobs));
	ASSERT_EQ(0, seteuid(0));
	ASSERT_EQ(0, setegid(0));
	EXPECT_EQ(-EPERM, genl_by_id(&bobs, MBOX_CMD_DEL, self->id));
	EXPECT_EQ(-EPERM, genl_set(&bobs, self->id, MBOX_A_MAILBOX_MODE, 0));
	EXPECT_EQ(self->id, id_of(self->fd));
}

/* ---- PURGE ------------------------------------------------------------- */

TEST_F(netlink, purge_discards_and_counts)
{
	struct mbox_info info;
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_EQ(1, send_text(self->fd, i + 1, "x"));
	ASSERT_EQ(0, genl_by_id(&self->nl, MBOX_CMD_PURGE, self->id));
	EXPECT_EQ(MBOX_CMD_PURGE, genl_head(&self->nl.msg)->cmd);
	EXPECT_EQ(5, genl_u64(&self->nl.msg, MBOX_A_MAILBOX_PURGED));
	info = info_of(self->fd);
	EXPECT_EQ(0, info.msgs);
	EXPECT_EQ(0, info.bytes);
	EXPECT_EQ(5, info.lost);
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(5, take(self->fd).header.lost);
	ASSERT_EQ(0, genl_by_id(&self->nl, MBOX_CMD_PURGE, self->id));
	EXPECT_EQ(0, genl_u64(&self->nl.msg, MBOX_A_MAILBOX_PURGED));
}

TEST_F(netlink, purge_lets_blocked_senders_go_on)
{
	int full = open_limited(NULL, O_RDWR, 1, 0, 0);
	struct job *job = new_job(full);
	pid_t pid;

	ASSERT_EQ(1, send_text(full, 1, "old"));
	strcpy(job->text, "offered");
	pid = spawn(send_job, job);
	ASSERT_TRUE(wait_senders(full, 1));
	ASSERT_EQ(0, genl_by_id(&self->nl, MBOX_CMD_PURGE, id_of(full)));
	EXPECT_EQ(1, genl_u64(&self->nl.msg, MBOX_A_MAILBOX_PURGED));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("offered", take(full).text);
}

TEST_HARNESS_MAIN
