// SPDX-License-Identifier: GPL-2.0
/*
 * Limits: of a mailbox, of a user, of a domain, of a memory cgroup. Each has
 * an error of its own, and what is refused leaves nothing charged.
 */
#include "mbox_genl.h"

#define PARAMETERS	"/sys/module/mbox/parameters/"
#define CGROUP		"/sys/fs/cgroup"
#define TEST_CGROUP	CGROUP "/mbox-test"

static const char * const parameters[] = {
	"user_mailboxes", "user_bytes", "domain_mailboxes", "domain_bytes",
};

static int write_parameter(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	return write_file(path, value);
}

static int set_parameter(const char *name, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	return write_parameter(name, text);
}

static unsigned int parameter(const char *name)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	return read_file(path, text, sizeof(text)) > 0 ? atol(text) : 0;
}

FIXTURE(limits)
{
	unsigned int saved[ARRAY_SIZE(parameters)];
};

FIXTURE_SETUP(limits)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parameters); i++)
		self->saved[i] = parameter(parameters[i]);
}

FIXTURE_TEARDOWN(limits)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parameters); i++)
		set_parameter(parameters[i], self->saved[i]);
}

/* Sends until it is refused; returns how many went, and why no more. */
static int fill(int fd, size_t size, int *why)
{
	static char buf[MBOX_SIZE_MAX];
	int count = 0;

	do {
		*why = send_until(fd, 1, buf, size, MBOX_SEND_NOWAIT, 0);
		count += *why == 1;
	} while (*why == 1);
	return count;
}

/* ---- of a mailbox ------------------------------------------------------ */

TEST_F(limits, max_msgs_is_exact_also_for_empty_messages)
{
	int fd = open_limited(NULL, O_RDWR, 5, 0, 0), why;

	EXPECT_EQ(5, fill(fd, 0, &why));
	EXPECT_EQ(-EAGAIN, why);
	EXPECT_EQ(1, take(fd).ret);
	EXPECT_EQ(1, fill(fd, 1, &why));
}

TEST_F(limits, max_bytes_is_exact)
{
	int fd = open_limited(NULL, O_RDWR, 0, 100, 0), why;

	EXPECT_EQ(3, fill(fd, 30, &why));
	EXPECT_EQ(-EAGAIN, why);
	EXPECT_EQ(90, info_of(fd).bytes);
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 1, "eleven byte"));
	EXPECT_EQ(1, send_nowait(fd, 1, "ten bytes!"));
	EXPECT_EQ(100, info_of(fd).bytes);
	/* Nothing but empty messages has room now. */
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 1, "x"));
	EXPECT_EQ(1, send_nowait(fd, 1, ""));
}

TEST_F(limits, max_size_is_exact_up_to_the_largest)
{
	struct mbox_open args = open_args(NULL, MBOX_OPEN_CREATE);
	char *big = shared(MBOX_SIZE_MAX + 1);
	int fd;

	args.limits.max_size = MBOX_SIZE_MAX;
	fd = open_with(O_RDWR, &args);
	EXPECT_EQ(-EMSGSIZE, send_bytes(fd, 1, big, MBOX_SIZE_MAX + 1));
	EXPECT_EQ(1, send_bytes(fd, 1, big, MBOX_SIZE_MAX));
	EXPECT_EQ(1, recv_into(fd, NULL, big, MBOX_SIZE_MAX, 0, NULL, 0));
}

/* ---- lowered while in use ---------------------------------------------- */

TEST_F(limits, lower_limits_discard_nothing)
{
	int fd = open_mailbox(NULL, O_RDWR), i;
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(1, send_text(fd, 1, "x"));
	ASSERT_EQ(0, genl_set(&nl, id_of(fd), MBOX_A_MAILBOX_MAX_MSGS, 2));
	EXPECT_EQ(5, msgs_of(fd));
	for (i = 5; i >= 2; i--) {
		EXPECT_EQ(-EAGAIN, send_nowait(fd, 1, "x"));
		EXPECT_EQ(1, take(fd).ret);
	}
	EXPECT_EQ(1, send_nowait(fd, 1, "x"));
	EXPECT_EQ(-EAGAIN, send_nowait(fd, 1, "x"));
}

TEST_F(limits, blocked_sender_above_a_new_max_size_returns_emsgsize)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0);
	struct job *large = new_job(fd), *small = new_job(fd);
	struct genl nl;
	pid_t pids[2];

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(1, send_text(fd, 1, "x"));
	strcpy(large->text, "longer than ten");
	strcpy(small->text, "short");
	pids[0] = spawn(send_job, large);
	ASSERT_TRUE(wait_senders(fd, 1));
	pids[1] = spawn(send_job, small);
	ASSERT_TRUE(wait_senders(fd, 2));
	ASSERT_EQ(0, genl_set(&nl, id_of(fd), MBOX_A_MAILBOX_MAX_SIZE, 10));
	EXPECT_EQ(EMSGSIZE, reap(pids[0]));
	EXPECT_EQ(1, info_of(fd).waiting_senders);
	EXPECT_EQ(1, take(fd).ret);
	EXPECT_EQ(0, reap(pids[1]));
	EXPECT_STREQ("short", take(fd).text);
}

static int send_small_and_large(void *arg)
{
	struct mbox_message vec[2] = {
		{ .header = { .type = 1, .len = 5 }, .buf = addr("small") },
		{ .header = { .type = 1, .len = 15 },
		  .buf = addr("longer than ten") },
	};
	struct mbox_send args = { .count = 2, .vec = addr(vec) };

	return do_ioctl(*(int *)arg, MBOX_IOC_SEND, &args);
}

/* The second was checked before the limit fell, but comes after it. */
TEST_F(limits, vector_stops_at_a_new_max_size)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0);
	struct genl nl;
	pid_t pid;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(1, send_text(fd, 1, "x"));
	pid = spawn(send_small_and_large, &fd);
	ASSERT_TRUE(wait_senders(fd, 1));
	ASSERT_EQ(0, genl_set(&nl, id_of(fd), MBOX_A_MAILBOX_MAX_SIZE, 10));
	EXPECT_EQ(1, take(fd).ret);
	EXPECT_EQ(1, reap(pid));
	EXPECT_STREQ("small", take(fd).text);
	EXPECT_EQ(-EAGAIN, take(fd).ret);
}

TEST_F(limits, new_policy_frees_blocked_senders)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0);
	struct job *job = new_job(fd);
	struct genl nl;
	pid_t pid;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(1, send_text(fd, 1, "old"));
	strcpy(job->text, "new");
	pid = spawn(send_job, job);
	ASSERT_TRUE(wait_senders(fd, 1));
	ASSERT_EQ(0, genl_set(&nl, id_of(fd), MBOX_A_MAILBOX_POLICY,
			      MBOX_POLICY_DROP_OLDEST));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(1, info_of(fd).lost);
	EXPECT_STREQ("new", take(fd).text);
	EXPECT_TRUE(balanced(fd));
}

/* ---- of a user --------------------------------------------------------- */

/* Alice has no other mailboxes and no messages than these. */
static int three_mailboxes(void *arg)
{
	int a, b, c;

	if (become_user(ALICE))
		return 1;
	a = open_mailbox(NULL, O_RDWR);
	b = open_mailbox("alice", O_RDWR);
	c = open_mailbox(NULL, O_RDWR);
	if (a < 0 || b < 0 || c != -EDQUOT)
		return 2;
	if (open_mailbox("alice", O_RDONLY) < 0)
		return 3;
	if (open_existing("carol", O_RDWR) != -ENOENT)
		return 4;
	if (open_mailbox("carol", O_RDWR) != -EDQUOT)
		return 5;
	close(a);
	return open_mailbox("carol", O_RDWR) < 0 ? 6 : 0;
}

TEST_F(limits, mailboxes_of_a_user_return_edquot)
{
	ASSERT_EQ(0, set_parameter("user_mailboxes", 2));
	EXPECT_EQ(0, run(three_mailboxes, NULL));
	/* All of alice's are gone, so she may begin anew. */
	EXPECT_EQ(0, run(three_mailboxes, NULL));
}

static int unbound_over_quota(void *arg)
{
	int fd;

	if (unshare(CLONE_NEWNET) || become_user(ALICE))
		return 1;
	if (open_mailbox(NULL, O_RDWR) < 0)
		return 2;
	fd = open_device(O_RDWR | O_NONBLOCK);
	if (or_errno(write(fd, "x", 1)) != -EDQUOT)
		return 3;
	return poll_now(fd) == POLLERR ? 0 : 4;
}

TEST_F(limits, default_mailbox_counts_as_any_other)
{
	ASSERT_EQ(0, set_parameter("user_mailboxes", 1));
	EXPECT_EQ(0, run(unbound_over_quota, NULL));
}

/* What root pays for is not alice's: each user has a quota of its own. */
static int fill_as_alice(void *arg)
{
	int fd, why, first, again;

	if (become_user(ALICE))
		return 1;
	fd = open_mailbox(NULL, O_RDWR);
	first = fill(fd, 10000, &why);
	if (why != -EDQUOT || first < 4 || first > 6)
		return 2;
	if (or_errno(write(fd, "x", 1)) == -EDQUOT)
		return 3;
	while (take_with(fd, MBOX_RECV_NOWAIT | MBOX_RECV_TRUNC, NULL).ret == 1)
		;
	again = fill(fd, 10000, &why);
	return why == -EDQUOT && again == first ? 0 : 4;
}

TEST_F(limits, bytes_of_a_user_return_edquot_and_come_back)
{
	ASSERT_EQ(0, set_parameter("user_bytes", 65536));
	EXPECT_EQ(0, run(fill_as_alice, NULL));
	/* Messages that went with their mailbox are paid back, too. */
	EXPECT_EQ(0, run(fill_as_alice, NULL));
}

static int fill_with_nothing(void *arg)
{
	int fd, why, count;

	if (become_user(ALICE))
		return 1;
	fd = open_limited(NULL, O_RDWR, MBOX_MSGS_MAX, 0, 0);
	count = fill(fd, 0, &why);
	return why == -EDQUOT && count >= 8 && count <= 200 ? 0 : 2;
}

/* An overhead is charged for each, or empty messages would be free. */
TEST_F(limits, empty_messages_use_up_the_quota)
{
	ASSERT_EQ(0, set_parameter("user_bytes", 8192));
	EXPECT_EQ(0, run(fill_with_nothing, NULL));
}

static int blocked_as_alice(void *arg)
{
	struct job *job = arg;
	static char buf[40000];
	int full, other;
	pid_t pid;

	if (become_user(ALICE))
		return 1;
	full = open_limited(NULL, O_RDWR, 1, 0, 0);
	other = open_mailbox(NULL, O_RDWR);
	if (send_text(full, 1, "x") != 1)
		return 2;
	job->fd = full;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(abs(send_bytes(full, 1, buf, sizeof(buf))));
	}
	if (!wait_senders(full, 1))
		return 3;
	if (send_bytes(other, 1, buf, sizeof(buf)) != -EDQUOT)
		return 4;
	kill(pid, SIGKILL);
	if (reap(pid) != 256 + SIGKILL)
		return 5;
	return send_bytes(other, 1, buf, sizeof(buf)) == 1 ? 0 : 6;
}

TEST_F(limits, message_of_a_blocked_sender_counts)
{
	ASSERT_EQ(0, set_parameter("user_bytes", 65536));
	EXPECT_EQ(0, run(blocked_as_alice, new_job(-1)));
}

static int vector_as_alice(void *arg)
{
	struct mbox_message vec[3] = { 0 };
	struct mbox_send args = { .count = 3, .vec = addr(vec) };
	static char buf[30000];
	int fd, i;

	if (become_user(ALICE))
		return 1;
	fd = open_mailbox(NULL, O_RDWR);
	for (i = 0; i < 3; i++) {
		vec[i].header.type = 1;
		vec[i].header.len = sizeof(buf);
		vec[i].buf = addr(buf);
	}
	if (do_ioctl(fd, MBOX_IOC_SEND, &args) != -EDQUOT)
		return 2;
	if (info_of(fd).sent)
		return 3;
	args.count = 2;
	return do_ioctl(fd, MBOX_IOC_SEND, &args) == 2 ? 0 : 4;
}

TEST_F(limits, vector_beyond_the_quota_sends_none)
{
	ASSERT_EQ(0, set_parameter("user_bytes", 65536));
	EXPECT_EQ(0, run(vector_as_alice, NULL));
}

static int refusals_as_alice(void *arg)
{
	static char buf[40000];
	int fd, i;

	if (become_user(ALICE))
		return 1;
	fd = open_mailbox(NULL, O_RDWR);
	for (i = 0; i < 50; i++) {
		if (send_bytes(fd, 1, nowhere(), sizeof(buf)) != -EFAULT)
			return 2;
		if (send_bytes(fd, 0, buf, sizeof(buf)) != -EINVAL)
			return 3;
	}
	return send_bytes(fd, 1, buf, sizeof(buf)) == 1 ? 0 : 4;
}

TEST_F(limits, refused_sends_charge_nothing)
{
	ASSERT_EQ(0, set_parameter("user_bytes", 65536));
	EXPECT_EQ(0, run(refusals_as_alice, NULL));
}

static int dropping_as_alice(void *arg)
{
	int fd, i;

	if (become_user(ALICE))
		return 1;
	fd = open_limited(NULL, O_RDWR, 2, 0, *(__u32 *)arg);
	for (i = 0; i < 500; i++) {
		if (send_text(fd, 1, "four hundred bytes are too many") != 1)
			return 2;
	}
	return info_of(fd).lost == 498 ? 0 : 3;
}

TEST_F(limits, dropped_messages_are_paid_back)
{
	__u32 policy;

	ASSERT_EQ(0, set_parameter("user_bytes", 8192));
	for (policy = 1; policy <= 2; policy++)
		EXPECT_EQ(0, run(dropping_as_alice, &policy));
}

TEST_F(limits, root_has_a_quota_like_everybody)
{
	int fd = open_mailbox(NULL, O_RDWR), why;

	ASSERT_EQ(0, set_parameter("user_bytes", 65536));
	fill(fd, 10000, &why);
	EXPECT_EQ(-EDQUOT, why);
}

/* ---- of a domain ------------------------------------------------------- */

static int domain_mailboxes(void *arg)
{
	if (unshare(CLONE_NEWNET))
		return 1;
	if (open_mailbox(NULL, O_RDWR) < 0 || open_mailbox(NULL, O_RDWR) < 0)
		return 2;
	return open_mailbox(NULL, O_RDWR) == -ENOSPC ? 0 : 3;
}

TEST_F(limits, mailboxes_of_a_domain_return_enospc)
{
	ASSERT_EQ(0, set_parameter("domain_mailboxes", 2));
	EXPECT_EQ(0, run(domain_mailboxes, NULL));
	EXPECT_EQ(0, run(domain_mailboxes, NULL));
}

static int domain_bytes(void *arg)
{
	int fd, why, count;

	if (unshare(CLONE_NEWNET))
		return 1;
	fd = open_mailbox(NULL, O_RDWR);
	count = fill(fd, 10000, &why);
	if (why != -ENOSPC || count < 4 || count > 6)
		return 2;
	/* Another user of the domain has its own quota, but finds no space. */
	if (seteuid(ALICE))
		return 3;
	fd = open_mailbox(NULL, O_RDWR);
	return fill(fd, 10000, &why) == 0 && why == -ENOSPC ? 0 : 4;
}

TEST_F(limits, bytes_of_a_domain_return_enospc)
{
	ASSERT_EQ(0, set_parameter("domain_bytes", 65536));
	EXPECT_EQ(0, run(domain_bytes, NULL));
}

/* ---- the parameters ---------------------------------------------------- */

TEST_F(limits, parameter_out_of_range_returns_einval)
{
	static const char * const wrong[] = {
		"0", "-1", "4294967295", "many", "", "1x",
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(parameters); i++) {
		unsigned int before = parameter(parameters[i]);

		EXPECT_LT(0, before);
		for (j = 0; j < ARRAY_SIZE(wrong); j++)
			EXPECT_EQ(wrong[j][0] ? -EINVAL : 0,
				  write_parameter(parameters[i], wrong[j]));
		EXPECT_EQ(before, parameter(parameters[i]));
	}
}

static int write_as_alice(void *arg)
{
	if (become_user(ALICE))
		return 1;
	return write_parameter("user_bytes", "65536") == -EACCES ? 0 : 2;
}

TEST_F(limits, parameters_are_for_root_to_write)
{
	EXPECT_EQ(0, run(write_as_alice, NULL));
	EXPECT_EQ(16 << 20, parameter("user_bytes"));
	EXPECT_EQ(1024, parameter("user_mailboxes"));
	EXPECT_EQ(65536, parameter("domain_mailboxes"));
	EXPECT_EQ(256 << 20, parameter("domain_bytes"));
}

/* ---- of a memory cgroup ------------------------------------------------ */

static int make_cgroup(void)
{
	int ret;

	write_file(CGROUP "/cgroup.subtree_control", "+memory");
	ret = mkdir(TEST_CGROUP, 0755);
	if (ret && errno != EEXIST)
		return -errno;
	write_file(TEST_CGROUP "/memory.swap.max", "0");
	return write_file(TEST_CGROUP "/memory.max", "16777216");
}

static int fill_in_cgroup(void *arg)
{
	struct mbox_open args = open_args(NULL, MBOX_OPEN_CREATE);
	int fd, why, count;

	if (write_file(TEST_CGROUP "/cgroup.procs", "0"))
		return 1;
	args.limits.max_bytes = 64 << 20;
	args.limits.max_msgs = MBOX_MSGS_MAX;
	fd = open_with(O_RDWR, &args);
	if (fd < 0)
		return 2;
	count = fill(fd, *(size_t *)arg, &why);
	if (why != -ENOMEM)
		return abs(why);
	if (count * *(size_t *)arg > 16 << 20)
		return 3;
	/* The sender lives, and what it sent is still there. */
	return msgs_of(fd) == count ? 0 : 4;
}

TEST_F_TIMEOUT(limits, memory_cgroup_returns_enomem, 60)
{
	static const size_t sizes[] = { 200, 4000, 60000 };
	size_t i;

	if (make_cgroup())
		SKIP(return, "there is no memory cgroup");
	ASSERT_EQ(0, set_parameter("user_bytes", 128 << 20));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		TH_LOG("messages of %zu bytes", sizes[i]);
		EXPECT_EQ(0, run(fill_in_cgroup, (void *)&sizes[i]));
	}
	rmdir(TEST_CGROUP);
}

TEST_HARNESS_MAIN
