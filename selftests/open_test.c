// SPDX-License-Identifier: GPL-2.0
/*
 * Opening and binding: names, ids, flags, modes, limits, the default mailbox,
 * and that every refusal leaves the handle unbound and makes no mailbox.
 */
#include "mbox_proc.h"

FIXTURE(open)
{
	int fd;
	const char *name;
	struct mbox_open args;
};

FIXTURE_SETUP(open)
{
	self->fd = open_device(O_RDWR);
	ASSERT_LE(0, self->fd);
	self->name = own_name();
	self->args = open_args(self->name, MBOX_OPEN_CREATE);
}

FIXTURE_TEARDOWN(open)
{
	close(self->fd);
}

static bool is_bound(int fd)
{
	struct mbox_info info;

	return get_info(fd, &info) != -ENOTCONN;
}

static bool exists(const char *name)
{
	int fd = open_existing(name, O_RDWR);

	if (fd >= 0)
		close(fd);
	return fd != -ENOENT;
}

/* Binding by a name of @len bytes of which all but @odd are 'n'. */
static int open_name(const char *odd, size_t len)
{
	char name[300];
	struct mbox_open args = {
		.flags = MBOX_OPEN_CREATE,
		.mode = 0600,
		.name = addr(name),
		.name_len = len,
	};

	memset(name, 'n', sizeof(name));
	if (odd)
		name[len / 2] = *odd;
	return open_with(O_RDWR, &args);
}

TEST_F(open, name_of_1_and_255_bytes_is_taken)
{
	EXPECT_LE(0, open_name(NULL, 1));
	EXPECT_LE(0, open_name(NULL, MBOX_NAME_MAX));
}

TEST_F(open, name_of_256_bytes_returns_enametoolong)
{
	EXPECT_EQ(-ENAMETOOLONG, open_name(NULL, MBOX_NAME_MAX + 1));
	EXPECT_EQ(-ENAMETOOLONG, open_name(NULL, 0x80000000));
	EXPECT_EQ(-ENAMETOOLONG, open_name(NULL, 0xffffffff));
}

TEST_F(open, name_of_0_bytes_returns_einval)
{
	EXPECT_EQ(-EINVAL, open_name(NULL, 0));
}

TEST_F(open, slash_and_control_bytes_return_einval)
{
	char byte = 0;

	for (; byte < 0x20; byte++)
		EXPECT_EQ(-EINVAL, open_name(&byte, 9));
	EXPECT_EQ(-EINVAL, open_name("/", 9));
	EXPECT_EQ(-EINVAL, open_name("\x7f", 9));
	EXPECT_EQ(-EINVAL, open_name("/", 1));
	EXPECT_EQ(-EINVAL, open_name("", 1));
}

TEST_F(open, every_other_byte_is_taken)
{
	int byte, fd;
	char c;

	for (byte = 0x20; byte < 0x100; byte++) {
		c = byte;
		if (byte == '/' || byte == 0x7f)
			continue;
		fd = open_name(&c, 2);
		EXPECT_LE(0, fd);
		close(fd);
	}
}

TEST_F(open, name_that_begins_alike_is_another_mailbox)
{
	int shorter = open_name(NULL, 5), longer = open_name(NULL, 6);

	EXPECT_NE(id_of(shorter), id_of(longer));
}

TEST_F(open, create_makes_one_and_the_next_finds_it)
{
	int second;

	EXPECT_EQ(0, do_open(self->fd, &self->args));
	second = open_with(O_RDWR, &self->args);
	EXPECT_EQ(id_of(self->fd), id_of(second));
	EXPECT_NE(info_of(self->fd).handle, info_of(second).handle);
	EXPECT_EQ(2, info_of(self->fd).receivers);
}

TEST_F(open, without_create_returns_enoent)
{
	EXPECT_EQ(-ENOENT, open_existing(self->name, O_RDWR));
	EXPECT_EQ(-ENOENT, open_id(1ULL << 62, O_RDWR));
	EXPECT_EQ(-ENOENT, open_id(~0ULL, O_RDWR));
}

TEST_F(open, excl_on_existing_returns_eexist)
{
	EXPECT_EQ(0, do_open(self->fd, &self->args));
	self->args.flags |= MBOX_OPEN_EXCL;
	EXPECT_EQ(-EEXIST, open_with(O_RDWR, &self->args));
	EXPECT_EQ(1, info_of(self->fd).receivers);
}

TEST_F(open, second_bind_returns_eisconn)
{
	__u64 id;

	EXPECT_EQ(0, do_open(self->fd, &self->args));
	id = id_of(self->fd);
	EXPECT_EQ(-EISCONN, do_open(self->fd, &self->args));
	self->args = open_args("another", MBOX_OPEN_CREATE);
	EXPECT_EQ(-EISCONN, do_open(self->fd, &self->args));
	EXPECT_EQ(id, id_of(self->fd));
	EXPECT_FALSE(exists("another"));
}

/* A wrong argument is told even when the state is wrong as well. */
TEST_F(open, argument_errors_come_before_state_errors)
{
	EXPECT_EQ(0, do_open(self->fd, &self->args));
	self->args.reserved = 1;
	EXPECT_EQ(-EINVAL, do_open(self->fd, &self->args));
	self->args.reserved = 0;
	self->args.name_len = 256;
	EXPECT_EQ(-ENAMETOOLONG, do_open(self->fd, &self->args));
	self->args.name_len = 4;
	self->args.name = 8;
	EXPECT_EQ(-EFAULT, do_open(self->fd, &self->args));
}

TEST_F(open, flags_that_need_create_return_einval)
{
	struct mbox_open *args = &self->args;

	args->mode = 0;
	args->flags = MBOX_OPEN_EXCL;
	EXPECT_EQ(-EINVAL, do_open(self->fd, args));
	args->flags = MBOX_OPEN_PERSIST;
	EXPECT_EQ(-EINVAL, do_open(self->fd, args));
	args->flags = 0;
	args->mode = 0600;
	EXPECT_EQ(-EINVAL, do_open(self->fd, args));
	args->mode = 0;
	args->limits.max_msgs = 1;
	EXPECT_EQ(-EINVAL, do_open(self->fd, args));
	args->limits.max_msgs = 0;
	args->limits.policy = MBOX_POLICY_DROP_OLDEST;
	EXPECT_EQ(-EINVAL, do_open(self->fd, args));
}

TEST_F(open, contradictory_names_and_ids_return_einval)
{
	struct mbox_open args = { 0 };

	EXPECT_EQ(-EINVAL, do_open(self->fd, &args));
	args = open_args(self->name, 0);
	args.id = 1;
	EXPECT_EQ(-EINVAL, do_open(self->fd, &args));
	args = open_args(NULL, MBOX_OPEN_CREATE);
	args.id = 1;
	EXPECT_EQ(-EINVAL, do_open(self->fd, &args));
	args = open_args(self->name, MBOX_OPEN_CREATE);
	args.name_len = 0;
	EXPECT_EQ(-EINVAL, do_open(self->fd, &args));
	args = open_args(NULL, MBOX_OPEN_CREATE | MBOX_OPEN_PERSIST);
	EXPECT_EQ(-EINVAL, do_open(self->fd, &args));
	EXPECT_FALSE(is_bound(self->fd));
}

TEST_F(open, refused_open_leaves_no_mailbox_and_no_binding)
{
	self->args.mode = 01000;
	EXPECT_EQ(-EINVAL, do_open(self->fd, &self->args));
	self->args.mode = 0777;
	EXPECT_EQ(-EINVAL, do_open(self->fd, &self->args));
	self->args.mode = 0600;
	self->args.kind = 2;
	EXPECT_EQ(-EINVAL, do_open(self->fd, &self->args));
	EXPECT_FALSE(is_bound(self->fd));
	EXPECT_FALSE(exists(self->name));
}

static int open_limits(struct mbox_open args, __u32 msgs, __u32 size,
		       __u64 bytes)
{
	int fd;

	args.limits.max_msgs = msgs;
	args.limits.max_size = size;
	args.limits.max_bytes = bytes;
	fd = open_with(O_RDWR, &args);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

TEST_F(open, limits_beyond_the_maxima_return_einval)
{
	struct mbox_open args = self->args;

	EXPECT_EQ(-EINVAL, open_limits(args, MBOX_MSGS_MAX + 1, 0, 0));
	EXPECT_EQ(-EINVAL, open_limits(args, ~0U, 0, 0));
	EXPECT_EQ(-EINVAL, open_limits(args, 0, MBOX_SIZE_MAX + 1, 1 << 28));
	EXPECT_EQ(-EINVAL, open_limits(args, 0, ~0U, 0));
	EXPECT_EQ(-EINVAL, open_limits(args, 0, 0, MBOX_BYTES_MAX + 1));
	EXPECT_EQ(-EINVAL, open_limits(args, 0, 0, ~0ULL));
	EXPECT_EQ(-EINVAL, open_limits(args, 0, 101, 100));
	EXPECT_EQ(0, open_limits(args, MBOX_MSGS_MAX, MBOX_SIZE_MAX,
				 MBOX_BYTES_MAX));
	EXPECT_EQ(0, open_limits(args, 1, 1, 1));
}

TEST_F(open, limits_of_0_are_the_defaults)
{
	struct mbox_limits limits;

	EXPECT_EQ(0, do_open(self->fd, &self->args));
	limits = info_of(self->fd).limits;
	EXPECT_EQ(MBOX_MSGS_DEFAULT, limits.max_msgs);
	EXPECT_EQ(MBOX_SIZE_DEFAULT, limits.max_size);
	EXPECT_EQ(MBOX_BYTES_DEFAULT, limits.max_bytes);
	EXPECT_EQ(MBOX_POLICY_BLOCK, limits.policy);
}

/* A default never contradicts the value that was given. */
TEST_F(open, default_limit_gives_way_to_the_given_one)
{
	struct mbox_limits limits;

	self->args.limits.max_bytes = 1000;
	EXPECT_EQ(0, do_open(self->fd, &self->args));
	limits = info_of(self->fd).limits;
	EXPECT_EQ(1000, limits.max_bytes);
	EXPECT_EQ(1000, limits.max_size);
	close(self->fd);
	self->args.limits.max_bytes = 0;
	self->args.limits.max_size = MBOX_SIZE_MAX;
	self->fd = open_with(O_RDWR, &self->args);
	limits = info_of(self->fd).limits;
	EXPECT_EQ(MBOX_SIZE_MAX, limits.max_size);
	EXPECT_EQ(MBOX_BYTES_DEFAULT, limits.max_bytes);
}

TEST_F(open, create_of_an_existing_one_ignores_mode_and_limits)
{
	int second;

	EXPECT_EQ(0, do_open(self->fd, &self->args));
	self->args.mode = 0666;
	self->args.limits.max_msgs = 3;
	self->args.flags |= MBOX_OPEN_PERSIST;
	second = open_with(O_RDWR, &self->args);
	EXPECT_EQ(id_of(self->fd), id_of(second));
	EXPECT_EQ(0600, info_of(second).mode);
	EXPECT_EQ(MBOX_MSGS_DEFAULT, info_of(second).limits.max_msgs);
	EXPECT_EQ(0, info_of(second).flags);
}

TEST_F(open, umask_plays_no_part)
{
	umask(0777);
	self->args.mode = 0642;
	EXPECT_EQ(0, do_open(self->fd, &self->args));
	EXPECT_EQ(0642, info_of(self->fd).mode);
}

TEST_F(open, id_binds_named_and_anonymous)
{
	int anonymous = open_mailbox(NULL, O_RDWR), fd;

	EXPECT_EQ(0, do_open(self->fd, &self->args));
	fd = open_id(id_of(self->fd), O_RDWR);
	EXPECT_EQ(id_of(self->fd), id_of(fd));
	fd = open_id(id_of(anonymous), O_RDWR);
	EXPECT_EQ(id_of(anonymous), id_of(fd));
	EXPECT_EQ(MBOX_INFO_ANONYMOUS, info_of(fd).flags);
}

TEST_F(open, anonymous_mailboxes_are_all_different)
{
	int a = open_mailbox(NULL, O_RDWR), b = open_mailbox(NULL, O_RDWR);

	EXPECT_NE(id_of(a), id_of(b));
}

TEST_F(open, access_mode_bounds_the_rights)
{
	int reader = open_mailbox(self->name, O_RDONLY);
	int writer = open_mailbox(self->name, O_WRONLY);

	EXPECT_EQ(MBOX_RIGHT_RECV, info_of(reader).rights);
	EXPECT_EQ(MBOX_RIGHT_SEND, info_of(writer).rights);
	EXPECT_EQ(-EBADF, send_text(reader, 1, "no"));
	EXPECT_EQ(-EBADF, take(writer).ret);
	EXPECT_EQ(-EBADF, or_errno(write(reader, "no", 2)));
	EXPECT_EQ(-EBADF, or_errno(read(writer, &self->args, 2)));
	EXPECT_EQ(0, info_of(reader).sent);
	EXPECT_EQ(1, send_text(writer, 1, "yes"));
	EXPECT_EQ(1, take(reader).ret);
}

/* Linux knows a fourth access mode, for neither reading nor writing. */
TEST_F(open, access_mode_3_returns_einval)
{
	EXPECT_EQ(-EINVAL, open_device(O_ACCMODE));
}

TEST_F(open, unbound_handle_returns_enotconn)
{
	struct mbox_info info;

	EXPECT_EQ(-ENOTCONN, get_info(self->fd, &info));
	EXPECT_EQ(-ENOTCONN, grant(self->fd, MBOX_RIGHT_RECV));
	EXPECT_EQ(-ENOTCONN, send_text(self->fd, 1, "no"));
	EXPECT_EQ(-ENOTCONN, take(self->fd).ret);
	EXPECT_EQ(0, set_type(self->fd, 4));
}

/* What was set before the binding holds after it. */
TEST_F(open, settings_survive_the_binding)
{
	EXPECT_EQ(0, set_type(self->fd, 4));
	EXPECT_EQ(0, do_open(self->fd, &self->args));
	EXPECT_EQ(2, write(self->fd, "hi", 2));
	EXPECT_EQ(4, take_type(self->fd));
}

/* ---- the default mailbox ----------------------------------------------- */

/* Takes what other tests may have left in it. */
static void drain_default(void)
{
	int fd = open_device(O_RDWR | O_NONBLOCK);
	char buf[TEXT_MAX];

	while (read(fd, buf, sizeof(buf)) >= 0)
		;
	close(fd);
}

TEST_F(open, first_write_and_read_bind_to_default)
{
	int reader = open_device(O_RDONLY);
	char buf[16] = "";

	drain_default();
	EXPECT_EQ(2, write(self->fd, "hi", 2));
	close(self->fd);
	EXPECT_EQ(2, read(reader, buf, sizeof(buf)));
	EXPECT_STREQ("hi", buf);
	EXPECT_EQ(MBOX_INFO_PERSIST, info_of(reader).flags);
	EXPECT_EQ(0600, info_of(reader).mode);
	EXPECT_EQ(0, info_of(reader).uid);
	EXPECT_EQ(MBOX_MSGS_DEFAULT, info_of(reader).limits.max_msgs);
	EXPECT_EQ(id_of(reader), id_of(open_existing("default", O_RDWR)));
}

TEST_F(open, first_poll_binds_to_default)
{
	drain_default();
	EXPECT_EQ(POLL_WRITE, poll_now(self->fd));
	EXPECT_EQ(id_of(self->fd), id_of(open_existing("default", O_RDWR)));
	EXPECT_EQ(-EISCONN, do_open(self->fd, &self->args));
}

static int cat_default(void *arg)
{
	dup2(*(int *)arg, STDOUT_FILENO);
	execlp("cat", "cat", "/dev/mbox", NULL);
	return errno;
}

/* cat reads on after the line, so it has to be ended. */
TEST_F(open, echo_then_cat_passes_a_line)
{
	char line[16] = "";
	int ends[2];
	pid_t cat;

	drain_default();
	EXPECT_EQ(0, system("echo hi > /dev/mbox"));
	ASSERT_EQ(0, pipe(ends));
	cat = spawn(cat_default, &ends[1]);
	EXPECT_EQ(3, read(ends[0], line, sizeof(line) - 1));
	EXPECT_STREQ("hi\n", line);
	kill(cat, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(cat));
}

static int default_as_alice(void *arg)
{
	int fd;
	char c;

	if (become_user(ALICE))
		return 1;
	fd = open_device(O_RDWR | O_NONBLOCK);
	if (or_errno(write(fd, "a", 1)) != -EACCES)
		return 2;
	if (or_errno(read(fd, &c, 1)) != -EACCES)
		return 3;
	if (poll_now(fd) != POLLERR)
		return 4;
	return is_bound(fd) ? 5 : 0;
}

/* The owner of default is root here, and its mode 0600. */
TEST_F(open, default_of_another_user_returns_eacces)
{
	drain_default();
	EXPECT_EQ(0, run(default_as_alice, NULL));
}

TEST_F(open, all_unbound_handles_share_default)
{
	int fds[8], i;

	for (i = 0; i < 8; i++) {
		fds[i] = open_device(O_RDWR);
		EXPECT_EQ(1, write(fds[i], "x", 1));
		EXPECT_EQ(id_of(fds[0]), id_of(fds[i]));
	}
	drain_default();
}

TEST_HARNESS_MAIN
