// SPDX-License-Identifier: GPL-2.0
/*
 * Life of mailboxes: the last handle, persistence, removal, ids, and the ends
 * of anonymous mailboxes: end of file, EPIPE, hang-up.
 */
#include "mbox_genl.h"

FIXTURE(life)
{
	const char *name;
	int fd;
	int reader;
	int writer;
	struct genl nl;
};

/* @fd: a named mailbox; @reader and @writer: the ends of an anonymous one. */
FIXTURE_SETUP(life)
{
	self->name = own_name();
	self->fd = open_mailbox(self->name, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, open_pair(&self->reader, &self->writer));
	ASSERT_EQ(0, genl_open(&self->nl));
}

FIXTURE_TEARDOWN(life)
{
	close(self->fd);
	close(self->reader);
	close(self->writer);
	close(self->nl.fd);
}

static int open_persistent(const char *name)
{
	struct mbox_open args = open_args(name, MBOX_OPEN_CREATE |
						MBOX_OPEN_PERSIST);

	return open_with(O_RDWR, &args);
}

/* ---- the last handle --------------------------------------------------- */

TEST_F(life, mailbox_goes_with_its_last_handle)
{
	int other = open_existing(self->name, O_RDONLY);
	__u64 id = id_of(self->fd);

	close(self->fd);
	EXPECT_LE(0, open_existing(self->name, O_WRONLY));
	close(other);
	other = open_id(id, O_RDWR);
	EXPECT_LE(0, other);
	close(other);
	/* The handle that the second line opened is still there. */
	EXPECT_LE(0, open_id(id, O_RDWR));
}

TEST_F(life, closed_mailbox_is_gone_with_its_messages)
{
	__u64 id = id_of(self->fd);

	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	close(self->fd);
	EXPECT_EQ(-ENOENT, open_existing(self->name, O_RDWR));
	EXPECT_EQ(-ENOENT, open_id(id, O_RDWR));
	self->fd = open_mailbox(self->name, O_RDWR);
	EXPECT_EQ(0, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

TEST_F(life, duplicates_are_one_handle)
{
	int copy = dup(self->fd);

	EXPECT_EQ(1, info_of(copy).receivers);
	close(self->fd);
	self->fd = copy;
	EXPECT_EQ(1, info_of(copy).receivers);
	EXPECT_EQ(0, set_type(copy, 5));
}

static int exit_at_once(void *arg)
{
	return 0;
}

TEST_F(life, exit_of_a_child_that_inherited_it_ends_nothing)
{
	EXPECT_EQ(0, run(exit_at_once, NULL));
	EXPECT_EQ(1, info_of(self->fd).receivers);
	EXPECT_LE(0, open_existing(self->name, O_RDWR));
}

static int hold_open(void *arg)
{
	if (open_mailbox("held", O_RDWR) < 0)
		return 1;
	if (write(*(int *)arg, "x", 1) != 1)
		return 1;
	return pause();
}

TEST_F(life, killed_process_closes_its_handles)
{
	int ends[2];
	pid_t pid;
	char c;

	ASSERT_EQ(0, pipe(ends));
	pid = spawn(hold_open, &ends[1]);
	ASSERT_EQ(1, read(ends[0], &c, 1));
	EXPECT_LE(0, close(open_existing("held", O_RDWR)));
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	EXPECT_EQ(-ENOENT, open_existing("held", O_RDWR));
}

TEST_F(life, persistent_mailbox_keeps_its_messages)
{
	int fd = open_persistent("keeper");
	__u64 id = id_of(fd);

	EXPECT_EQ(MBOX_INFO_PERSIST, info_of(fd).flags);
	ASSERT_EQ(1, send_text(fd, 6, "kept"));
	close(fd);
	fd = open_existing("keeper", O_RDWR);
	EXPECT_EQ(id, id_of(fd));
	EXPECT_EQ(1, info_of(fd).receivers);
	EXPECT_STREQ("kept", take(fd).text);
	EXPECT_EQ(0, remove_mailbox(fd));
	EXPECT_EQ(-ENOENT, open_existing("keeper", O_RDWR));
}

TEST_F(life, ids_are_never_used_again)
{
	__u64 last = id_of(self->fd), id;
	int i, fd;

	for (i = 0; i < 200; i++) {
		fd = open_mailbox(i & 1 ? "again" : NULL, O_RDWR);
		id = id_of(fd);
		EXPECT_LT(last, id);
		EXPECT_EQ(-ENOENT, open_id(id + 1, O_RDWR));
		last = id;
		close(fd);
		EXPECT_EQ(-ENOENT, open_id(id, O_RDWR));
	}
}

TEST_F(life, handle_ids_are_never_used_again)
{
	__u64 last = info_of(self->fd).handle;
	int i, fd;

	for (i = 0; i < 50; i++) {
		fd = open_existing(self->name, O_RDWR);
		EXPECT_NE(last, info_of(fd).handle);
		last = info_of(fd).handle;
		close(fd);
	}
}

/* ---- removal ----------------------------------------------------------- */

TEST_F(life, removed_mailbox_returns_eidrm_to_every_command)
{
	struct mbox_info info;
	char buf[100];

	ASSERT_EQ(1, send_text(self->fd, 1, "gone"));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, send_text(self->fd, 1, "x"));
	EXPECT_EQ(-EIDRM, take(self->fd).ret);
	EXPECT_EQ(-EIDRM, get_info(self->fd, &info));
	EXPECT_EQ(-EIDRM, grant(self->fd, MBOX_RIGHT_RECV));
	EXPECT_EQ(-EIDRM, or_errno(read(self->fd, buf, sizeof(buf))));
	EXPECT_EQ(-EIDRM, or_errno(write(self->fd, buf, 1)));
	EXPECT_EQ(-EIDRM, or_errno(write(self->fd, shared(1 << 17), 1 << 17)));
	EXPECT_EQ(0, read(self->fd, buf, 0));
	EXPECT_EQ(0, set_type(self->fd, 4));
	EXPECT_EQ(POLLHUP | POLL_WRITE, poll_now(self->fd));
}

TEST_F(life, removal_frees_the_name_at_once)
{
	__u64 id = id_of(self->fd);
	int fresh;

	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-ENOENT, open_existing(self->name, O_RDWR));
	EXPECT_EQ(-ENOENT, open_id(id, O_RDWR));
	fresh = open_mailbox(self->name, O_RDWR);
	EXPECT_LT(id, id_of(fresh));
	EXPECT_EQ(-EIDRM, take(self->fd).ret);
	EXPECT_EQ(-EISCONN, do_open(self->fd, &(struct mbox_open){
				    .flags = MBOX_OPEN_CREATE }));
	EXPECT_EQ(1, send_text(fresh, 1, "x"));
}

TEST_F(life, removal_wakes_blocked_receivers_and_senders)
{
	int full = open_limited(NULL, O_RDWR, 1, 0, 0), i;
	pid_t pids[4];

	ASSERT_EQ(1, send_text(full, 1, "x"));
	for (i = 0; i < 2; i++) {
		pids[i] = spawn(recv_job, new_job(self->fd));
		pids[2 + i] = spawn(send_job, new_job(full));
	}
	ASSERT_TRUE(wait_receivers(self->fd, 2));
	ASSERT_TRUE(wait_senders(full, 2));
	EXPECT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(0, remove_mailbox(full));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(EIDRM, reap(pids[i]));
}

#define CROWD	24

/* More than are woken in one go: none of them may be forgotten. */
TEST_F(life, removal_wakes_a_crowd)
{
	pid_t pids[CROWD];
	int i;

	for (i = 0; i < CROWD; i++)
		pids[i] = spawn(recv_job, new_job(self->fd));
	ASSERT_TRUE(wait_receivers(self->fd, CROWD));
	EXPECT_EQ(0, remove_mailbox(self->fd));
	for (i = 0; i < CROWD; i++)
		EXPECT_EQ(EIDRM, reap(pids[i]));
}

TEST_F(life, end_of_file_wakes_a_crowd)
{
	pid_t pids[CROWD];
	int i;

	for (i = 0; i < CROWD; i++) {
		struct job *job = new_job(self->reader);

		job->unwanted = self->writer;
		pids[i] = spawn(recv_job, job);
	}
	ASSERT_TRUE(wait_receivers(self->reader, CROWD));
	close(self->writer);
	for (i = 0; i < CROWD; i++)
		EXPECT_EQ(0, reap(pids[i]));
}

static int poll_forever(void *arg)
{
	struct pollfd item = { .fd = *(int *)arg, .events = POLLIN };

	if (poll(&item, 1, -1) != 1)
		return 255;
	return item.revents;
}

TEST_F(life, removal_wakes_pollers_with_pollhup)
{
	pid_t pid = spawn(poll_forever, &self->fd);

	ASSERT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(POLLHUP, reap(pid));
}

/* ---- anonymous mailboxes ----------------------------------------------- */

TEST_F(life, last_sender_gone_is_end_of_file)
{
	char buf[8];

	ASSERT_EQ(1, send_text(self->writer, 1, "last"));
	close(self->writer);
	EXPECT_EQ(POLL_READ | POLLHUP, poll_now(self->reader));
	EXPECT_STREQ("last", take(self->reader).text);
	EXPECT_EQ(POLLHUP, poll_now(self->reader));
	EXPECT_EQ(0, take(self->reader).ret);
	EXPECT_EQ(0, read(self->reader, buf, sizeof(buf)));
	EXPECT_EQ(0, set_nonblock(self->reader));
	EXPECT_EQ(0, read(self->reader, buf, sizeof(buf)));
	EXPECT_EQ(0, set_framing(self->reader, MBOX_FRAMING_RECORD));
	EXPECT_EQ(0, read(self->reader, self->nl.text, 200));
}

/* Messages that the filter does not take do not hold up the end. */
TEST_F(life, end_of_file_goes_by_the_filter)
{
	ASSERT_EQ(1, send_text(self->writer, 1, "other"));
	close(self->writer);
	EXPECT_EQ(0, take_range(self->reader, 2, 2, 0).ret);
	EXPECT_EQ(1, take(self->reader).ret);
}

TEST_F(life, end_of_file_wakes_blocked_receivers)
{
	struct job *job = new_job(self->reader);
	pid_t pid;

	job->ret = -1;
	job->unwanted = self->writer;
	pid = spawn(recv_job, job);
	ASSERT_TRUE(wait_receivers(self->reader, 1));
	close(self->writer);
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(0, job->ret);
}

TEST_F(life, empty_message_is_not_end_of_file)
{
	ASSERT_EQ(1, send_bytes(self->writer, 1, NULL, 0));
	close(self->writer);
	EXPECT_EQ(1, take(self->reader).ret);
	EXPECT_EQ(0, take(self->reader).ret);
}

TEST_F(life, second_sender_keeps_it_alive)
{
	int second = grant(self->writer, MBOX_RIGHT_SEND);

	close(self->writer);
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
	EXPECT_EQ(0, poll_now(self->reader));
	close(second);
	EXPECT_EQ(0, take(self->reader).ret);
}

TEST_F(life, last_receiver_gone_returns_epipe_without_a_signal)
{
	signal(SIGPIPE, SIG_DFL);
	close(self->reader);
	EXPECT_EQ(-EPIPE, send_text(self->writer, 1, "x"));
	EXPECT_EQ(-EPIPE, or_errno(write(self->writer, "x", 1)));
	EXPECT_EQ(-EPIPE, send_nowait(self->writer, 1, "x"));
	EXPECT_EQ(POLLHUP | POLL_WRITE, poll_now(self->writer));
	EXPECT_EQ(0, info_of(self->writer).sent);
}

TEST_F(life, epipe_wakes_blocked_senders)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0);
	int reader = grant(fd, MBOX_RIGHT_RECV);
	int writer = grant(fd, MBOX_RIGHT_SEND);
	struct job *job = new_job(writer);
	pid_t pid;

	close(fd);
	ASSERT_EQ(1, send_text(writer, 1, "x"));
	job->unwanted = reader;
	pid = spawn(send_job, job);
	ASSERT_TRUE(wait_senders(writer, 1));
	close(reader);
	EXPECT_EQ(EPIPE, reap(pid));
	EXPECT_EQ(1, info_of(writer).sent);
}

/* Before the first handle of a side there is nothing to end. */
TEST_F(life, no_end_of_file_before_the_first_sender)
{
	int reader = open_mailbox(NULL, O_RDONLY);
	int writer;

	EXPECT_EQ(-EAGAIN, take(reader).ret);
	EXPECT_EQ(0, poll_now(reader));
	writer = open_id(id_of(reader), O_WRONLY);
	EXPECT_EQ(-EAGAIN, take(reader).ret);
	close(writer);
	EXPECT_EQ(0, take(reader).ret);
	writer = open_mailbox(NULL, O_WRONLY);
	EXPECT_EQ(1, send_text(writer, 1, "kept for the first"));
	reader = open_id(id_of(writer), O_RDONLY);
	EXPECT_EQ(1, take(reader).ret);
	close(reader);
	EXPECT_EQ(-EPIPE, send_text(writer, 1, "x"));
}

TEST_F(life, both_rights_see_neither_end)
{
	int fd = open_mailbox(NULL, O_RDWR);

	close(grant(fd, MBOX_RIGHT_SEND));
	close(grant(fd, MBOX_RIGHT_RECV));
	EXPECT_EQ(-EAGAIN, take(fd).ret);
	EXPECT_EQ(1, send_text(fd, 1, "x"));
	EXPECT_FALSE(poll_now(fd) & POLLHUP);
}

TEST_F(life, new_sender_ends_the_end_of_file)
{
	__u64 id = id_of(self->reader);
	int writer;

	close(self->writer);
	EXPECT_EQ(0, take(self->reader).ret);
	writer = open_id(id, O_WRONLY);
	EXPECT_EQ(-EAGAIN, take(self->reader).ret);
	EXPECT_EQ(1, send_text(writer, 1, "back"));
	EXPECT_STREQ("back", take(self->reader).text);
}

TEST_F(life, named_mailbox_knows_no_end)
{
	int reader = open_existing(self->name, O_RDONLY);
	int writer = open_existing(self->name, O_WRONLY);

	close(self->fd);
	close(writer);
	EXPECT_EQ(-EAGAIN, take(reader).ret);
	EXPECT_EQ(0, poll_now(reader));
	writer = open_existing(self->name, O_WRONLY);
	close(reader);
	EXPECT_EQ(1, send_text(writer, 1, "stays"));
	EXPECT_EQ(POLL_WRITE, poll_now(writer));
	reader = open_existing(self->name, O_RDONLY);
	EXPECT_STREQ("stays", take(reader).text);
}

TEST_HARNESS_MAIN
