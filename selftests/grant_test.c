// SPDX-License-Identifier: GPL-2.0
/*
 * GRANT: a second handle with fewer rights, which no one can widen again.
 */
#include "mbox_proc.h"

#include <sys/resource.h>

#define BOTH	(MBOX_RIGHT_RECV | MBOX_RIGHT_SEND)

FIXTURE(grant)
{
	int fd;
};

FIXTURE_SETUP(grant)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(grant)
{
	close(self->fd);
}

TEST_F(grant, new_handle_has_the_rights_that_were_asked_for)
{
	int reader = grant(self->fd, MBOX_RIGHT_RECV);
	int writer = grant(self->fd, MBOX_RIGHT_SEND);
	int both = grant(self->fd, BOTH);

	EXPECT_EQ(MBOX_RIGHT_RECV, info_of(reader).rights);
	EXPECT_EQ(MBOX_RIGHT_SEND, info_of(writer).rights);
	EXPECT_EQ(BOTH, info_of(both).rights);
	EXPECT_EQ(O_RDONLY, fcntl(reader, F_GETFL) & O_ACCMODE);
	EXPECT_EQ(O_WRONLY, fcntl(writer, F_GETFL) & O_ACCMODE);
	EXPECT_EQ(1, send_text(writer, 1, "x"));
	EXPECT_EQ(-EBADF, take(writer).ret);
	EXPECT_EQ(-EBADF, send_text(reader, 1, "x"));
	EXPECT_EQ(1, take(reader).ret);
}

TEST_F(grant, right_that_the_handle_lacks_returns_eacces)
{
	int reader = grant(self->fd, MBOX_RIGHT_RECV);
	int writer = grant(self->fd, MBOX_RIGHT_SEND);

	EXPECT_EQ(-EACCES, grant(reader, MBOX_RIGHT_SEND));
	EXPECT_EQ(-EACCES, grant(reader, BOTH));
	EXPECT_EQ(-EACCES, grant(writer, MBOX_RIGHT_RECV));
	EXPECT_LE(0, grant(reader, MBOX_RIGHT_RECV));
	EXPECT_EQ(-EACCES, grant(grant(reader, MBOX_RIGHT_RECV),
				 MBOX_RIGHT_SEND));
}

TEST_F(grant, no_right_and_unknown_rights_return_einval)
{
	EXPECT_EQ(-EINVAL, grant(self->fd, 0));
	EXPECT_EQ(-EINVAL, grant(self->fd, 4));
	EXPECT_EQ(-EINVAL, grant(self->fd, ~0U));
	EXPECT_EQ(1, info_of(self->fd).receivers);
}

TEST_F(grant, granted_handles_count)
{
	int fd = grant(self->fd, MBOX_RIGHT_SEND);

	EXPECT_EQ(2, info_of(self->fd).senders);
	EXPECT_EQ(1, info_of(self->fd).receivers);
	close(fd);
	EXPECT_EQ(1, info_of(self->fd).senders);
}

TEST_F(grant, descriptor_is_close_on_exec_and_blocking)
{
	int fd;

	EXPECT_EQ(0, set_nonblock(self->fd));
	fd = grant(self->fd, BOTH);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	EXPECT_EQ(0, fcntl(fd, F_GETFL) & O_NONBLOCK);
}

TEST_F(grant, settings_are_those_of_a_fresh_handle)
{
	struct mbox_config seen = { 0 };
	int fd;

	EXPECT_EQ(0, set_type(self->fd, 9));
	EXPECT_EQ(0, set_filter(self->fd, 3, 4, 0));
	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	fd = grant(self->fd, BOTH);
	EXPECT_EQ(0, set_config(fd, &seen));
	EXPECT_EQ(1, seen.type);
	EXPECT_EQ(MBOX_FRAMING_PLAIN, seen.framing);
	EXPECT_EQ(0, memcmp(&any_type, &seen.filter, sizeof(any_type)));
}

TEST_F(grant, handle_has_its_own_id_and_the_granters_credentials)
{
	int fd = grant(self->fd, BOTH);
	struct got got;

	EXPECT_NE(info_of(self->fd).handle, info_of(fd).handle);
	EXPECT_EQ(1, send_text(fd, 1, "x"));
	got = take(self->fd);
	EXPECT_EQ(info_of(fd).handle, got.header.sender);
	EXPECT_EQ(getpid(), got.header.pid);
}

static int grant_as_bob(void *arg)
{
	int fd;

	if (become_user(BOB))
		return 1;
	fd = grant(*(int *)arg, MBOX_RIGHT_SEND);
	return send_text(fd, 1, "x") == 1 ? 0 : 2;
}

/* The first handle's opener signs, whoever grants. */
TEST_F(grant, credentials_are_not_those_of_the_caller)
{
	struct got got;

	EXPECT_EQ(0, run(grant_as_bob, &self->fd));
	got = take(self->fd);
	EXPECT_EQ(0, got.header.uid);
	EXPECT_EQ(getpid(), got.header.pid);
}

TEST_F(grant, mailbox_lives_on_with_the_granted_handle)
{
	int fd = grant(self->fd, BOTH);
	__u64 id = id_of(self->fd);

	EXPECT_EQ(1, send_text(self->fd, 1, "kept"));
	close(self->fd);
	EXPECT_EQ(id, id_of(fd));
	EXPECT_STREQ("kept", take(fd).text);
	self->fd = fd;
}

/* A refused GRANT leaves no handle behind. */
TEST_F(grant, no_descriptor_left_returns_emfile)
{
	struct rlimit limit = { .rlim_cur = 3, .rlim_max = 3 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-EMFILE, grant(self->fd, BOTH));
	EXPECT_EQ(1, info_of(self->fd).receivers);
	EXPECT_EQ(1, info_of(self->fd).senders);
}

#define FILE_MAX	"/proc/sys/fs/file-max"

/* Root is not bound by that limit, so it becomes alice for the call. */
TEST_F(grant, no_file_left_returns_enfile)
{
	char before[32];
	int ret, i;

	/* The kernel's count of open files is exact only if there are many. */
	for (i = 0; i < 500; i++)
		ASSERT_LE(0, open("/dev/null", O_RDONLY | O_CLOEXEC));
	ASSERT_LT(0, read_file(FILE_MAX, before, sizeof(before)));
	ASSERT_EQ(0, write_file(FILE_MAX, "1"));
	ret = seteuid(ALICE) ?: grant(self->fd, BOTH);
	ASSERT_EQ(0, seteuid(0));
	ASSERT_EQ(0, write_file(FILE_MAX, before));
	EXPECT_EQ(-ENFILE, ret);
	EXPECT_EQ(1, info_of(self->fd).receivers);
}

TEST_F(grant, many_grants_and_closes_leave_nothing)
{
	int i;

	for (i = 0; i < 500; i++) {
		int fd = grant(self->fd, 1 + i % 3);

		ASSERT_LE(0, fd);
		close(fd);
	}
	EXPECT_EQ(1, info_of(self->fd).receivers);
	EXPECT_EQ(1, info_of(self->fd).senders);
}

TEST_HARNESS_MAIN
