// SPDX-License-Identifier: GPL-2.0
/*
 * Permissions: owner, group and others with send and receive apart, the
 * capability, and that it is the opener who counts: a set-uid program, a
 * re-opened descriptor, and one that was passed over a socket.
 */
#include "mbox_proc.h"

#include <linux/capability.h>
#include <sys/socket.h>

#define DEPUTY		"/tmp/mbox-deputy"
#define DEPUTY_ENV	"MBOX_TEST_DEPUTY"

FIXTURE(perm)
{
	const char *name;
	int fd;
};

FIXTURE_SETUP(perm)
{
	self->name = own_name();
	self->fd = -1;
}

FIXTURE_TEARDOWN(perm)
{
	close(self->fd);
}

/* A mailbox of alice and her team with that mode. */
static int open_of_alice(const char *name, __u32 mode)
{
	struct mbox_open args = open_args(name, MBOX_OPEN_CREATE);
	int fd;

	args.mode = mode;
	if (setegid(TEAM) || seteuid(ALICE))
		return -errno;
	fd = open_with(O_RDWR, &args);
	if (seteuid(0) || setegid(0))
		return -errno;
	return fd;
}

/* Who opens what, and in which way. */
struct visit {
	const char *name;
	uid_t uid;
	int groups;
	int access;
};

static int visit(void *arg)
{
	struct visit *v = arg;
	gid_t team = TEAM;
	int fd;

	if (become(v->uid, v->uid, &team, v->groups))
		return -EBUSY;
	fd = open_existing(v->name, v->access);
	return fd < 0 ? fd : 0;
}

/* 0 or the errno of opening as a user, who is in the team or not. */
static int open_as(const char *name, uid_t uid, bool in_team, int access)
{
	struct visit v = {
		.name = name,
		.uid = uid,
		.groups = in_team,
		.access = access,
	};

	return run(visit, &v);
}

/* The three ways of opening, as three digits: 1 where it is permitted. */
static int ways(const char *name, uid_t uid, bool in_team)
{
	int recv = open_as(name, uid, in_team, O_RDONLY);
	int send = open_as(name, uid, in_team, O_WRONLY);
	int both = open_as(name, uid, in_team, O_RDWR);

	if ((recv && recv != EACCES) || (send && send != EACCES) ||
	    (both && both != EACCES))
		return -1;
	return !recv * 100 + !send * 10 + !both;
}

TEST_F(perm, owner_class)
{
	static const struct { __u32 mode; int ways; } want[] = {
		{ 0600, 111 }, { 0400, 100 }, { 0200, 10 }, { 0066, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		self->fd = open_of_alice(self->name, want[i].mode);
		ASSERT_LE(0, self->fd);
		EXPECT_EQ(want[i].ways, ways(self->name, ALICE, true));
		close(self->fd);
	}
}

TEST_F(perm, group_class)
{
	static const struct { __u32 mode; int ways; } want[] = {
		{ 0660, 111 }, { 0640, 100 }, { 0620, 10 }, { 0606, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		self->fd = open_of_alice(self->name, want[i].mode);
		ASSERT_LE(0, self->fd);
		EXPECT_EQ(want[i].ways, ways(self->name, BOB, true));
		close(self->fd);
	}
}

TEST_F(perm, others_class)
{
	static const struct { __u32 mode; int ways; } want[] = {
		{ 0666, 111 }, { 0604, 100 }, { 0602, 10 }, { 0660, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		self->fd = open_of_alice(self->name, want[i].mode);
		ASSERT_LE(0, self->fd);
		EXPECT_EQ(want[i].ways, ways(self->name, CAROL, false));
		close(self->fd);
	}
}

TEST_F(perm, refused_open_counts_no_handle)
{
	self->fd = open_of_alice(self->name, 0600);
	EXPECT_EQ(0, ways(self->name, BOB, true));
	EXPECT_EQ(1, info_of(self->fd).receivers);
	EXPECT_EQ(1, info_of(self->fd).senders);
	EXPECT_EQ(ALICE, info_of(self->fd).uid);
	EXPECT_EQ(TEAM, info_of(self->fd).gid);
}

/* An id is no way around the mode, nor is CREATE. */
static int visit_by_id(void *arg)
{
	if (become_user(BOB))
		return -EBUSY;
	return open_id(*(__u64 *)arg, O_RDONLY);
}

static int visit_with_create(void *arg)
{
	if (become_user(BOB))
		return -EBUSY;
	return open_mailbox(arg, O_RDWR);
}

TEST_F(perm, id_and_create_are_no_way_around)
{
	int anonymous = open_mailbox(NULL, O_RDWR);
	__u64 id;

	self->fd = open_of_alice(self->name, 0600);
	id = id_of(self->fd);
	EXPECT_EQ(EACCES, run(visit_by_id, &id));
	EXPECT_EQ(EACCES, run(visit_with_create, (void *)self->name));
	id = id_of(anonymous);
	EXPECT_EQ(EACCES, run(visit_by_id, &id));
}

/* ---- CAP_IPC_OWNER ----------------------------------------------------- */

static int keep_only(int cap)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = { 0 };

	if (cap >= 0) {
		data[0].effective = 1U << cap;
		data[0].permitted = 1U << cap;
	}
	return or_errno(syscall(SYS_capset, &head, data));
}

static int root_without_caps(void *arg)
{
	if (keep_only(-1))
		return -EBUSY;
	return open_existing(arg, O_RDONLY);
}

static int root_without_ipc_owner(void *arg)
{
	if (keep_only(CAP_DAC_OVERRIDE))
		return -EBUSY;
	return open_existing(arg, O_RDONLY);
}

static int bob_with_ipc_owner(void *arg)
{
	int fd;

	prctl(PR_SET_KEEPCAPS, 1);
	if (setresuid(BOB, BOB, BOB) || keep_only(CAP_IPC_OWNER))
		return -EBUSY;
	fd = open_existing(arg, O_RDWR);
	return fd < 0 ? fd : 0;
}

TEST_F(perm, cap_ipc_owner_overrides_the_mode)
{
	self->fd = open_of_alice(self->name, 0600);
	EXPECT_EQ(EACCES, run(root_without_caps, (void *)self->name));
	EXPECT_EQ(EACCES, run(root_without_ipc_owner, (void *)self->name));
	EXPECT_EQ(0, run(bob_with_ipc_owner, (void *)self->name));
}

/* Root of a user namespace is nobody in the domain of its parent. */
static int root_of_own_userns(void *arg)
{
	if (unshare(CLONE_NEWUSER))
		return -EBUSY;
	return open_existing(arg, O_RDONLY);
}

TEST_F(perm, capability_in_a_child_user_namespace_returns_eacces)
{
	self->fd = open_of_alice(self->name, 0600);
	EXPECT_EQ(EACCES, run(root_of_own_userns, (void *)self->name));
}

/* ---- the opener counts ------------------------------------------------- */

/* Runs before main: as the set-uid program it writes and is done. */
static void __attribute__((constructor)) be_the_deputy(void)
{
	char c = geteuid() == 0 && getuid() != 0 ? 'R' : '-';

	if (getenv(DEPUTY_ENV))
		_exit(write(STDOUT_FILENO, &c, 1) == 1 ? 0 : 99);
}

/* The mailbox is alice's own, and root's deputy writes to her handle. */
static int call_the_deputy(void *arg)
{
	int fd;

	if (become_user(ALICE))
		return -EBUSY;
	fd = open_existing(arg, O_WRONLY);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		return -EIO;
	setenv(DEPUTY_ENV, "1", 1);
	execl(DEPUTY, DEPUTY, NULL);
	return errno;
}

TEST_F(perm, set_uid_program_does_not_sign_as_root)
{
	struct got got;

	ASSERT_EQ(0, system("cp /proc/$PPID/exe " DEPUTY));
	ASSERT_EQ(0, chmod(DEPUTY, 04755));
	self->fd = open_of_alice(self->name, 0600);
	EXPECT_EQ(0, run(call_the_deputy, (void *)self->name));
	unlink(DEPUTY);
	got = take(self->fd);
	EXPECT_STREQ("R", got.text);
	EXPECT_EQ(ALICE, got.header.uid);
	EXPECT_EQ(ALICE, got.header.gid);
}

/* The other way round: a handle of root in the hands of a user. */
static int send_as_bob(void *arg)
{
	if (become_user(BOB))
		return -EBUSY;
	return send_text(*(int *)arg, 1, "x") == 1 ? 0 : -EIO;
}

TEST_F(perm, handle_keeps_the_credentials_of_its_opening)
{
	self->fd = open_mailbox(self->name, O_RDWR);
	EXPECT_EQ(0, run(send_as_bob, &self->fd));
	EXPECT_EQ(0, take(self->fd).header.uid);
	EXPECT_EQ(1, info_of(self->fd).sent);
}

static int reopen_as_bob(void *arg)
{
	struct mbox_info info;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", *(int *)arg);
	if (become_user(BOB))
		return 1;
	fd = open(path, O_RDWR);
	if (fd < 0)
		return errno == EACCES ? 0 : 2;
	if (get_info(fd, &info) != -ENOTCONN)
		return 3;
	return open_id(id_of(*(int *)arg), O_RDWR) == -EACCES ? 0 : 4;
}

/* It opens the device, not the mailbox, and as the one who opens. */
TEST_F(perm, reopened_descriptor_is_unbound)
{
	struct mbox_info info;
	char path[32];
	int again;

	self->fd = open_mailbox(self->name, O_RDONLY);
	EXPECT_EQ(0, run(reopen_as_bob, &self->fd));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", self->fd);
	again = open(path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, again);
	EXPECT_EQ(-ENOTCONN, get_info(again, &info));
	EXPECT_EQ(1, info_of(self->fd).receivers);
}

static int fetch_fd(int sock)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, c;
	struct iovec iov = { .iov_base = &c, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(sock, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

static int use_passed_fd(void *arg)
{
	int fd;

	if (become_user(BOB))
		return 1;
	fd = fetch_fd(*(int *)arg);
	if (fd < 0)
		return 2;
	if (send_text(fd, 1, "no") != -EBADF)
		return 3;
	if (grant(fd, MBOX_RIGHT_SEND) != -EACCES)
		return 4;
	return strcmp(take(fd).text, "for bob") ? 5 : 0;
}

/* Whom the mode keeps out may be handed a handle with just one right. */
TEST_F(perm, passed_handle_has_its_rights_and_no_more)
{
	int socks[2], reader;
	pid_t pid;

	self->fd = open_mailbox(self->name, O_RDWR);
	reader = grant(self->fd, MBOX_RIGHT_RECV);
	ASSERT_EQ(1, send_text(self->fd, 1, "for bob"));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, socks));
	pid = spawn(use_passed_fd, &socks[1]);
	ASSERT_EQ(1, pass_fd(socks[0], reader));
	close(reader);
	EXPECT_EQ(0, reap(pid));
}

/* A handle in flight counts as open; a closed one does not. */
TEST_F(perm, handle_in_flight_keeps_the_mailbox)
{
	int socks[2];
	__u64 id;

	self->fd = open_mailbox(NULL, O_RDWR);
	id = id_of(self->fd);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, socks));
	ASSERT_EQ(1, pass_fd(socks[0], self->fd));
	close(self->fd);
	self->fd = fetch_fd(socks[1]);
	EXPECT_EQ(id, id_of(self->fd));
	ASSERT_EQ(1, pass_fd(socks[0], self->fd));
	close(self->fd);
	close(socks[0]);
	close(socks[1]);
	EXPECT_EQ(-ENOENT, open_id(id, O_RDWR));
}

TEST_HARNESS_MAIN
