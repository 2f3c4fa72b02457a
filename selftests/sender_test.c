// SPDX-License-Identifier: GPL-2.0
/*
 * The sender that the kernel stamps: taken at open(2), translated for the
 * reader's namespaces, and nothing that a sender could choose.
 */
#include "mbox_proc.h"

#include <pthread.h>

#define OVERFLOW_ID	65534

FIXTURE(sender)
{
	const char *name;
	int fd;
};

FIXTURE_SETUP(sender)
{
	struct mbox_open args = open_args(own_name(), MBOX_OPEN_CREATE);

	args.mode = 0666;
	self->name = own_name();
	self->fd = open_with(O_RDWR, &args);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(sender)
{
	close(self->fd);
}

static int send_inherited(void *arg)
{
	return send_text(*(int *)arg, 1, "x") == 1 ? 0 : EIO;
}

static int send_own(void *arg)
{
	return send_text(open_existing(arg, O_WRONLY), 1, "x") == 1 ? 0 : EIO;
}

TEST_F(sender, inherited_handle_signs_as_its_opener)
{
	pid_t pid = spawn(send_inherited, &self->fd);
	struct got got;

	EXPECT_EQ(0, reap(pid));
	got = take(self->fd);
	EXPECT_EQ(getpid(), got.header.pid);
	EXPECT_EQ(info_of(self->fd).handle, got.header.sender);
}

TEST_F(sender, own_handle_signs_as_its_process)
{
	pid_t pid = spawn(send_own, (void *)self->name);
	struct got got;

	EXPECT_EQ(0, reap(pid));
	got = take(self->fd);
	EXPECT_EQ(pid, got.header.pid);
	EXPECT_NE(info_of(self->fd).handle, got.header.sender);
}

static void *send_from_thread(void *arg)
{
	return (void *)(long)send_own(arg);
}

/* A thread signs with the pid of its process. */
TEST_F(sender, thread_signs_as_its_process)
{
	pthread_t thread;
	void *ret;

	ASSERT_EQ(0, pthread_create(&thread, NULL, send_from_thread,
				    (void *)self->name));
	pthread_join(thread, &ret);
	EXPECT_EQ(NULL, ret);
	EXPECT_EQ(getpid(), take(self->fd).header.pid);
}

static int send_as_alice(void *arg)
{
	if (become(ALICE, TEAM, NULL, 0))
		return 1;
	return send_own(arg);
}

TEST_F(sender, effective_user_and_group_are_stamped)
{
	struct got got;

	EXPECT_EQ(0, run(send_as_alice, (void *)self->name));
	got = take(self->fd);
	EXPECT_EQ(ALICE, got.header.uid);
	EXPECT_EQ(TEAM, got.header.gid);
}

static int open_as_bob_send_as_root(void *arg)
{
	int fd;

	if (setegid(BOB) || seteuid(BOB))
		return 1;
	fd = open_existing(arg, O_WRONLY);
	if (seteuid(0) || setegid(0))
		return 2;
	return send_text(fd, 1, "x") == 1 && write(fd, "y", 1) == 1 ? 0 : 3;
}

static int open_as_root_send_as_bob(void *arg)
{
	int fd = open_existing(arg, O_WRONLY);

	if (become_user(BOB))
		return 1;
	return send_text(fd, 1, "x") == 1 && write(fd, "y", 1) == 1 ? 0 : 3;
}

TEST_F(sender, credentials_are_those_of_open_not_of_send)
{
	EXPECT_EQ(0, run(open_as_bob_send_as_root, (void *)self->name));
	EXPECT_EQ(BOB, take(self->fd).header.uid);
	EXPECT_EQ(BOB, take(self->fd).header.gid);
	EXPECT_EQ(0, run(open_as_root_send_as_bob, (void *)self->name));
	EXPECT_EQ(0, take(self->fd).header.uid);
	EXPECT_EQ(0, take(self->fd).header.gid);
}

/* The identity is fixed by open(2), not by OPEN. */
static int open_device_as_bob_bind_as_root(void *arg)
{
	struct mbox_open args = open_args(arg, 0);
	int fd;

	if (setegid(BOB) || seteuid(BOB))
		return 1;
	fd = open_device(O_WRONLY);
	if (seteuid(0) || setegid(0))
		return 2;
	if (do_open(fd, &args))
		return 3;
	return send_text(fd, 1, "x") == 1 ? 0 : 4;
}

TEST_F(sender, binding_later_does_not_change_the_identity)
{
	EXPECT_EQ(0, run(open_device_as_bob_bind_as_root, (void *)self->name));
	EXPECT_EQ(BOB, take(self->fd).header.uid);
}

/* ---- pid namespaces ---------------------------------------------------- */

/* Runs @fn as process 1 of a new pid namespace. */
struct nested {
	int (*fn)(void *arg);
	void *arg;
	pid_t seen;
};

static int in_new_pidns(void *arg)
{
	struct nested *nested = arg;

	if (unshare(CLONE_NEWPID))
		return 99;
	nested->seen = spawn(nested->fn, nested->arg);
	return reap(nested->seen);
}

static struct nested *new_nested(int (*fn)(void *arg), const void *arg)
{
	struct nested *nested = shared(sizeof(*nested));

	nested->fn = fn;
	nested->arg = (void *)arg;
	return nested;
}

TEST_F(sender, outer_reader_sees_the_outer_pid)
{
	struct nested *nested = new_nested(send_own, self->name);

	EXPECT_EQ(0, run(in_new_pidns, nested));
	EXPECT_EQ(nested->seen, take(self->fd).header.pid);
	EXPECT_LT(1, nested->seen);
}

static int see_own_pid(void *arg)
{
	int fd = open_existing(arg, O_RDWR);

	if (getpid() != 1 || send_text(fd, 1, "x") != 1)
		return 1;
	return take(fd).header.pid == 1 ? 0 : 2;
}

TEST_F(sender, inner_reader_sees_the_inner_pid)
{
	EXPECT_EQ(0, run(in_new_pidns, new_nested(see_own_pid, self->name)));
}

static int see_no_pid(void *arg)
{
	struct got got = take(open_existing(arg, O_RDWR));

	return got.ret == 1 && got.header.pid == 0 ? 0 : 1;
}

/* A plain handle and the record framing tell the same. */
static int see_no_pid_in_record(void *arg)
{
	struct mbox_header h;
	char buf[100];
	int fd = open_existing(arg, O_RDWR);

	if (set_framing(fd, MBOX_FRAMING_RECORD))
		return 1;
	if (read(fd, buf, sizeof(buf)) != sizeof(h) + 1)
		return 2;
	memcpy(&h, buf, sizeof(h));
	return h.pid;
}

TEST_F(sender, invisible_sender_has_pid_0)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, run(in_new_pidns, new_nested(see_no_pid, self->name)));
	EXPECT_EQ(0, run(in_new_pidns, new_nested(see_no_pid_in_record,
						  self->name)));
}

/* The translation is made at the receive, not when the message was sent. */
TEST_F(sender, two_readers_see_their_own_view)
{
	struct got got;

	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, run(in_new_pidns, new_nested(see_no_pid, self->name)));
	got = take(self->fd);
	EXPECT_EQ(getpid(), got.header.pid);
}

/* ---- user namespaces --------------------------------------------------- */

static int see_overflow_ids(void *arg)
{
	struct got got;

	if (unshare(CLONE_NEWUSER))
		return 1;
	got = take(*(int *)arg);
	return got.header.uid == OVERFLOW_ID && got.header.gid == OVERFLOW_ID ?
	       0 : 2;
}

TEST_F(sender, unmapped_ids_are_the_overflow_ids)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, run(see_overflow_ids, &self->fd));
}

static int see_mapped_ids(void *arg)
{
	struct got got;

	if (unshare(CLONE_NEWUSER) ||
	    write_file("/proc/self/setgroups", "deny") ||
	    write_file("/proc/self/uid_map", "7 0 1") ||
	    write_file("/proc/self/gid_map", "8 0 1"))
		return 1;
	got = take(*(int *)arg);
	return got.header.uid == 7 && got.header.gid == 8 ? 0 : 2;
}

TEST_F(sender, mapped_ids_are_translated)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, run(see_mapped_ids, &self->fd));
}

/* Root of a user namespace is for others whoever made the namespace. */
static int send_as_root_of_userns(void *arg)
{
	if (become_user(ALICE))
		return 1;
	/* An exec would do it: after setuid() /proc/self is root's. */
	prctl(PR_SET_DUMPABLE, 1);
	if (unshare(CLONE_NEWUSER) || write_file("/proc/self/uid_map", "0 1000 1"))
		return 2;
	if (geteuid() != 0)
		return 3;
	return send_own(arg);
}

TEST_F(sender, root_of_a_user_namespace_is_not_root_outside)
{
	struct got got;

	EXPECT_EQ(0, run(send_as_root_of_userns, (void *)self->name));
	got = take(self->fd);
	EXPECT_EQ(ALICE, got.header.uid);
	EXPECT_EQ(ALICE, got.header.gid);
}

/* ---- afterwards -------------------------------------------------------- */

TEST_F(sender, message_keeps_the_sender_that_has_gone)
{
	pid_t pid = spawn(send_own, (void *)self->name);
	struct got got;
	int i;

	EXPECT_EQ(0, reap(pid));
	for (i = 0; i < 20; i++)
		EXPECT_EQ(0, run(send_as_alice, (void *)self->name));
	got = take(self->fd);
	EXPECT_EQ(0, got.header.uid);
	EXPECT_EQ(pid, got.header.pid);
	EXPECT_EQ(ALICE, take(self->fd).header.uid);
}

TEST_F(sender, sequence_and_sender_differ_between_handles)
{
	int other = open_existing(self->name, O_RDWR);
	struct got a, b;

	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, send_text(other, 1, "x"));
	a = take(self->fd);
	b = take(self->fd);
	EXPECT_EQ(info_of(self->fd).handle, a.header.sender);
	EXPECT_EQ(info_of(other).handle, b.header.sender);
	EXPECT_NE(a.header.sender, b.header.sender);
	EXPECT_EQ(a.header.seq + 1, b.header.seq);
}

TEST_HARNESS_MAIN
