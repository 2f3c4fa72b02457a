// SPDX-License-Identifier: GPL-2.0
/*
 * INFO and the other ways of seeing: every member, the name, fdinfo, debugfs.
 */
#include "mbox_proc.h"

FIXTURE(info)
{
	const char *name;
	int fd;
};

FIXTURE_SETUP(info)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(info)
{
	close(self->fd);
}

TEST_F(info, members_of_a_fresh_mailbox)
{
	struct timespec ts;
	struct mbox_info info;

	clock_gettime(CLOCK_REALTIME, &ts);
	ASSERT_EQ(0, get_info(self->fd, &info));
	EXPECT_EQ(strlen(self->name), info.name_len);
	EXPECT_EQ(0, info.flags);
	EXPECT_EQ(MBOX_RIGHT_RECV | MBOX_RIGHT_SEND, info.rights);
	EXPECT_LT(0, info.id);
	EXPECT_LT(0, info.handle);
	EXPECT_EQ(MBOX_KIND_QUEUE, info.kind);
	EXPECT_EQ(0600, info.mode);
	EXPECT_EQ(0, info.uid);
	EXPECT_EQ(0, info.gid);
	EXPECT_EQ(0, info.sent + info.received + info.lost + info.msgs);
	EXPECT_EQ(0, info.withdrawn + info.calls + info.owed);
	EXPECT_EQ(0, info.bytes + info.peak_msgs + info.peak_bytes);
	EXPECT_EQ(1, info.receivers);
	EXPECT_EQ(1, info.senders);
	EXPECT_EQ(0, info.waiting_receivers + info.waiting_senders);
	EXPECT_EQ(-1, info.next_size);
	EXPECT_GE(ts.tv_sec, info.created / 1000000000);
	EXPECT_LE(ts.tv_sec - 60, info.created / 1000000000);
}

TEST_F(info, counters_follow_what_happens)
{
	struct mbox_info info;

	ASSERT_EQ(1, send_text(self->fd, 1, "four"));
	ASSERT_EQ(1, send_text(self->fd, 2, "sixsix"));
	ASSERT_EQ(1, take(self->fd).ret);
	ASSERT_EQ(0, get_info(self->fd, &info));
	EXPECT_EQ(2, info.sent);
	EXPECT_EQ(1, info.received);
	EXPECT_EQ(0, info.lost);
	EXPECT_EQ(1, info.msgs);
	EXPECT_EQ(6, info.bytes);
	EXPECT_EQ(2, info.peak_msgs);
	EXPECT_EQ(10, info.peak_bytes);
	EXPECT_EQ(6, info.next_size);
}

/* Who did what last is the process that opened the handle, not the one that uses it. */
TEST_F(info, what_happened_last)
{
	struct mbox_info info = info_of(self->fd);
	const __s64 second = 1000000000, now = time(NULL) * second;
	int from_child[2], reader;
	struct got got;
	pid_t child;

	EXPECT_EQ(0, info.last_sent | info.last_received);
	EXPECT_EQ(0, info.last_sender | info.last_receiver);
	EXPECT_EQ(info.created / second, info.changed / second);
	EXPECT_EQ(0, info.creator_uid | info.creator_gid);
	ASSERT_EQ(0, pipe(from_child));
	child = fork();
	if (!child) {
		int fd = open_existing(self->name, O_WRONLY);

		write(from_child[1], "x", send_text(fd, 1, "four") == 1);
		pause();
	}
	ASSERT_EQ(1, read(from_child[0], &got, 1));
	info = info_of(self->fd);
	EXPECT_LE(now, info.last_sent);
	EXPECT_GE(now + 60 * second, info.last_sent);
	EXPECT_EQ(0, info.last_sent % second);
	EXPECT_EQ(child, info.last_sender);
	EXPECT_EQ(0, info.last_received | info.last_receiver);
	reader = open_existing(self->name, O_RDONLY);
	EXPECT_EQ(1, recv_into(reader, NULL, NULL, 0, MBOX_RECV_PEEK | MBOX_RECV_TRUNC,
			       NULL, 0));
	EXPECT_EQ(0, info_of(self->fd).last_receiver);
	EXPECT_EQ(1, take(reader).ret);
	info = info_of(self->fd);
	EXPECT_LE(now, info.last_received);
	EXPECT_EQ(getpid(), info.last_receiver);
	EXPECT_EQ(child, info.last_sender);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	EXPECT_EQ(child, info_of(self->fd).last_sender);
}

/* One that waits, one that is taken, one that was given up. */
TEST_F(info, counters_follow_what_calls_do)
{
	struct mbox_call call[3];
	struct mbox_info info, other;
	int i, reader = open_existing(self->name, O_RDONLY);
	struct got got;

	for (i = 0; i < 3; i++) {
		call[i] = call_args(1 + i, "four", NULL, 0);
		call[i].flags = MBOX_CALL_NOWAIT;
		ASSERT_EQ(-EINPROGRESS, do_call(self->fd, &call[i]));
	}
	got = take_range(reader, 2, 2, 0);
	call[2].flags = 0;
	call[2].deadline = 1;
	EXPECT_EQ(-ETIMEDOUT, do_call(self->fd, &call[2]));
	info = info_of(self->fd);
	other = info_of(reader);
	EXPECT_EQ(3, info.sent);
	EXPECT_EQ(1, info.received);
	EXPECT_EQ(1, info.withdrawn);
	EXPECT_EQ(1, info.msgs);
	EXPECT_EQ(4, info.bytes);
	EXPECT_EQ(3, info.peak_msgs);
	EXPECT_EQ(0, info.lost);
	/* Calls are the mailbox's, what is owed is owed by one handle. */
	EXPECT_EQ(2, info.calls);
	EXPECT_EQ(2, other.calls);
	EXPECT_EQ(0, info.owed);
	EXPECT_EQ(1, other.owed);
	EXPECT_EQ(0, reply_bytes(reader, got.header.cookie, 1, NULL, 0));
	EXPECT_EQ(1, info_of(self->fd).calls);
	EXPECT_EQ(0, info_of(reader).owed);
	EXPECT_EQ(0, do_call(self->fd, &call[1]));
	EXPECT_EQ(1, info_of(self->fd).calls);
}

/* A refused call moves no counter. */
TEST_F(info, refused_calls_leave_the_counters)
{
	struct mbox_info before, after;

	ASSERT_EQ(1, send_text(self->fd, 1, "four"));
	before = info_of(self->fd);
	EXPECT_EQ(-EINVAL, send_text(self->fd, 0, "x"));
	EXPECT_EQ(-EMSGSIZE, recv_into(self->fd, NULL, NULL, 0, 0, NULL, 0));
	EXPECT_EQ(-EFAULT, recv_into(self->fd, NULL, nowhere(), 9, 0, NULL, 0));
	EXPECT_EQ(-EINVAL, grant(self->fd, 0));
	EXPECT_EQ(-EPERM, reply_text(self->fd, 1, "x"));
	after = info_of(self->fd);
	/* One of them took it, and gave it back. */
	EXPECT_EQ(getpid(), after.last_receiver);
	after.last_receiver = 0;
	after.last_received = 0;
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(info, rights_and_ends_are_those_of_the_handles)
{
	int reader = open_existing(self->name, O_RDONLY);
	int writer = open_existing(self->name, O_WRONLY);

	EXPECT_EQ(MBOX_RIGHT_RECV, info_of(reader).rights);
	EXPECT_EQ(MBOX_RIGHT_SEND, info_of(writer).rights);
	EXPECT_EQ(2, info_of(self->fd).receivers);
	EXPECT_EQ(2, info_of(self->fd).senders);
	ASSERT_EQ(1, send_text(self->fd, 1, "four"));
	EXPECT_EQ(4, info_of(reader).next_size);
	EXPECT_EQ(-1, info_of(writer).next_size);
}

static int info_with(int fd, char *buf, __u32 size, __u32 *len)
{
	struct mbox_info info = { .name = addr(buf), .name_size = size };
	int ret = do_ioctl(fd, MBOX_IOC_INFO, &info);

	*len = info.name_len;
	return ret;
}

TEST_F(info, name_is_cut_to_the_buffer_and_has_no_nul)
{
	size_t whole = strlen(self->name);
	char buf[64], want[64];
	__u32 len;

	memset(buf, '#', sizeof(buf));
	memset(want, '#', sizeof(want));
	EXPECT_EQ(0, info_with(self->fd, buf, sizeof(buf), &len));
	EXPECT_EQ(whole, len);
	memcpy(want, self->name, whole);
	EXPECT_EQ(0, memcmp(want, buf, sizeof(buf)));

	memset(buf, '#', sizeof(buf));
	memset(want, '#', sizeof(want));
	EXPECT_EQ(0, info_with(self->fd, buf, 3, &len));
	EXPECT_EQ(whole, len);
	memcpy(want, self->name, 3);
	EXPECT_EQ(0, memcmp(want, buf, sizeof(buf)));
}

TEST_F(info, name_without_a_buffer_tells_its_length)
{
	__u32 len;

	EXPECT_EQ(0, info_with(self->fd, NULL, 0, &len));
	EXPECT_EQ(strlen(self->name), len);
	EXPECT_EQ(0, info_with(self->fd, nowhere(), 0, &len));
	EXPECT_EQ(-EFAULT, info_with(self->fd, nowhere(), 9, &len));
	EXPECT_EQ(-EFAULT, info_with(self->fd, NULL, 9, &len));
}

TEST_F(info, anonymous_has_no_name)
{
	int fd = open_mailbox(NULL, O_RDWR);
	char buf[4] = "##";
	__u32 len;

	EXPECT_EQ(0, info_with(fd, buf, sizeof(buf), &len));
	EXPECT_EQ(0, len);
	EXPECT_STREQ("##", buf);
	EXPECT_EQ(MBOX_INFO_ANONYMOUS, info_of(fd).flags);
}

TEST_F(info, longest_name_comes_back_whole)
{
	struct mbox_open args = { .flags = MBOX_OPEN_CREATE, .mode = 0600 };
	char name[MBOX_NAME_MAX], buf[MBOX_NAME_MAX];
	__u32 len;
	int fd;

	memset(name, 'z', sizeof(name));
	args.name = addr(name);
	args.name_len = sizeof(name);
	fd = open_with(O_RDWR, &args);
	EXPECT_EQ(0, info_with(fd, buf, sizeof(buf), &len));
	EXPECT_EQ(MBOX_NAME_MAX, len);
	EXPECT_EQ(0, memcmp(name, buf, sizeof(buf)));
}

static int foreign_ids(void *arg)
{
	struct mbox_info info;

	if (unshare(CLONE_NEWUSER))
		return 1;
	info = info_of(*(int *)arg);
	return info.uid == 65534 && info.gid == 65534 ? 0 : 2;
}

/* Whoever asks sees the owner in its own user namespace. */
TEST_F(info, owner_is_translated_for_the_reader)
{
	EXPECT_EQ(0, run(foreign_ids, &self->fd));
}

TEST_F(info, fdinfo_has_lines_of_its_own)
{
	char path[64], text[4096], id[64];

	ASSERT_EQ(1, send_text(self->fd, 1, "four"));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->fd);
	ASSERT_LT(0, read_file(path, text, sizeof(text)));
	snprintf(id, sizeof(id), "mbox-id:\t%llu\n", id_of(self->fd));
	EXPECT_NE(NULL, strstr(text, id));
	EXPECT_NE(NULL, strstr(text, self->name));
	EXPECT_NE(NULL, strstr(text, "\nmbox-"));
}

TEST_F(info, fdinfo_tells_the_next_size_to_readers_only)
{
	int writer = open_existing(self->name, O_WRONLY);
	char path[64], text[4096];

	ASSERT_EQ(1, send_text(self->fd, 1, "four"));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->fd);
	ASSERT_LT(0, read_file(path, text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "mbox-next-size:\t4\n"));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", writer);
	ASSERT_LT(0, read_file(path, text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "mbox-next-size:\t-1\n"));
}

TEST_F(info, fdinfo_of_an_unbound_handle_can_be_read)
{
	int fd = open_device(O_RDWR);
	char path[64], text[4096];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	EXPECT_LT(0, read_file(path, text, sizeof(text)));
	EXPECT_EQ(NULL, strstr(text, "mbox-id:"));
}

#define DEBUG_DIR	"/sys/kernel/debug/mbox"

static int debugfs_as_alice(void *arg)
{
	if (become_user(ALICE))
		return 1;
	return access(DEBUG_DIR "/mailboxes", R_OK) ? errno : 0;
}

TEST_F(info, debugfs_is_for_root_alone)
{
	struct stat st;

	if (access("/sys/kernel/debug", X_OK) || stat(DEBUG_DIR, &st))
		SKIP(return, "there is no debugfs");
	EXPECT_EQ(EACCES, run(debugfs_as_alice, NULL));
	ASSERT_EQ(0, stat(DEBUG_DIR "/mailboxes", &st));
	EXPECT_EQ(0, st.st_mode & 077);
}

TEST_F(info, debugfs_names_the_mailbox)
{
	char *text = shared(65536);

	if (access(DEBUG_DIR, X_OK))
		SKIP(return, "there is no debugfs");
	ASSERT_LT(0, read_file(DEBUG_DIR "/mailboxes", text, 65536));
	EXPECT_NE(NULL, strstr(text, self->name));
}

TEST_HARNESS_MAIN
