// SPDX-License-Identifier: GPL-2.0-only
/* Handles: what the library asks of a device that is played by this test. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include "internal.h"
#include "tap.h"
#include "wrap.h"

#define RECV	MBOX_RIGHT_RECV
#define SEND	MBOX_RIGHT_SEND
#define CREATE	MBOX_OPEN_CREATE
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* What the device is to do, and what it was asked. */
static struct device {
	int open_error;
	int error;
	int result;
	int opened;
	int closed;
	int closed_fd;
	char path[32];
	int flags;
	unsigned long request;
	struct mbox_open bind;
	struct mbox_config config;
	struct mbox_grant grant;
	struct mbox_info info;
	char name[300];
	const char *info_name;
} device;

static int fail(int error)
{
	errno = error;
	return -1;
}

int __wrap_open(const char *path, int flags, ...)
{
	snprintf(device.path, sizeof(device.path), "%s", path);
	device.flags = flags;
	if (device.open_error)
		return fail(device.open_error);
	device.opened++;
	return 1000;
}

int __wrap_close(int fd)
{
	device.closed++;
	device.closed_fd = fd;
	return fd >= 1000 ? 0 : __real_close(fd);
}

static void take_info(struct mbox_info *info)
{
	struct mbox_info answer = device.info;

	device.info = *info;
	if (device.info_name)
		memcpy((void *)(uintptr_t)info->name, device.info_name,
		       strlen(device.info_name));
	answer.name = info->name;
	answer.name_size = info->name_size;
	*info = answer;
}

static void take(unsigned long request, const void *arg, void *out)
{
	switch (request) {
	case MBOX_IOC_OPEN:
		device.bind = *(const struct mbox_open *)arg;
		snprintf(device.name, sizeof(device.name), "%.*s",
			 (int)device.bind.name_len,
			 (const char *)(uintptr_t)device.bind.name);
		break;
	case MBOX_IOC_CONFIG:
		device.config = *(const struct mbox_config *)arg;
		break;
	case MBOX_IOC_GRANT:
		device.grant = *(const struct mbox_grant *)arg;
		break;
	case MBOX_IOC_INFO:
		take_info(out);
		break;
	}
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	(void)fd;
	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	device.request = request;
	take(request, arg, arg);
	return device.error ? fail(device.error) : device.result;
}

static void reset(void)
{
	device = (struct device){ .opened = 0 };
}

static void test_access_mode(void)
{
	static const struct row {
		uint32_t rights;
		bool nonblock;
		int flags;
		const char *name;
	} rows[] = {
		{ 0, false, O_RDWR, "no rights named: both" },
		{ RECV, false, O_RDONLY, "receive" },
		{ SEND, false, O_WRONLY, "send" },
		{ RECV | SEND, false, O_RDWR, "both" },
		{ RECV, true, O_RDONLY | O_NONBLOCK, "nonblock" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct mbox_open_options options = {
			.rights = rows[i].rights,
			.nonblock = rows[i].nonblock,
		};
		struct mbox *mbox = NULL;

		reset();
		is_int(mbox_open(&mbox, "m", &options), 0, rows[i].name);
		is_int(device.flags, rows[i].flags | O_CLOEXEC,
		       "the flags of open(2)");
		is_str(device.path, "/dev/mbox", "the path");
		mbox_close(mbox);
		is_int(device.closed_fd, 1000, "closed");
	}
}

static void test_unknown_rights(void)
{
	const struct mbox_open_options options = { .rights = 4 };
	struct mbox *mbox;

	reset();
	is_int(mbox_open(&mbox, "m", &options), -EINVAL, "unknown rights");
	is_int(device.opened, 0, "nothing was opened");
}

static void test_bind(void)
{
	const struct mbox_limits limits = { .max_msgs = 3, .policy = 1 };
	const struct mbox_open_options options = {
		.flags = CREATE | MBOX_OPEN_EXCL,
		.mode = 0640,
		.limits = limits,
	};
	struct mbox *mbox = NULL;

	reset();
	is_int(mbox_open(&mbox, "jobs", &options), 0, "create");
	is_str(device.name, "jobs", "name");
	is_int(device.bind.name_len, 4, "length of the name");
	is_int(device.bind.flags, CREATE | MBOX_OPEN_EXCL, "flags");
	is_int(device.bind.mode, 0640, "mode");
	ok(!memcmp(&device.bind.limits, &limits, sizeof(limits)), "limits");
	is_int(mbox_fd(mbox), 1000, "descriptor");
	ok(!mbox_close(mbox), "close returns NULL");
}

static void test_default_mode(void)
{
	const struct mbox_open_options options = { .flags = CREATE };
	struct mbox *mbox = NULL;

	reset();
	mbox_open(&mbox, "m", &options);
	is_int(device.bind.mode, 0600, "created with mode 0600 by default");
	mbox_close(mbox);
	mbox_open(&mbox, "m", NULL);
	is_int(device.bind.mode, 0, "no mode without CREATE");
	is_int(device.bind.flags, 0, "no flags without options");
	mbox_close(mbox);
}

static void test_names(void)
{
	const struct mbox_open_options options = { .flags = CREATE };
	struct mbox *mbox = NULL;
	char longest[4000];

	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	reset();
	mbox_open(&mbox, longest, NULL);
	is_int(device.bind.name_len, 256, "too long a name stays too long");
	mbox_close(mbox);
	mbox_open(&mbox, "", NULL);
	ok(device.bind.name && !device.bind.name_len,
	   "an empty name is not no name");
	mbox_close(mbox);
	mbox_open(&mbox, NULL, &options);
	ok(!device.bind.name && !device.bind.name_len && !device.bind.id,
	   "no name and CREATE: anonymous");
	mbox_close(mbox);
}

static void test_open_id(void)
{
	const struct mbox_open_options create = { .flags = CREATE };
	struct mbox *mbox = NULL;

	reset();
	is_int(mbox_open_id(&mbox, 77, NULL), 0, "by id");
	is_int(device.bind.id, 77, "that id");
	ok(!device.bind.name && !device.bind.mode, "and no more");
	mbox_close(mbox);
	reset();
	is_int(mbox_open_id(&mbox, 0, NULL), -EINVAL, "id 0 is refused");
	is_int(mbox_open_id(&mbox, 7, &create), -EINVAL, "so is CREATE");
	is_int(device.opened, 0, "nothing was opened");
}

static void test_open_errors(void)
{
	static const struct row {
		int open_error;
		int error;
		int want;
		const char *name;
	} rows[] = {
		{ ENOENT, 0, -ENODEV, "no device node" },
		{ ENXIO, 0, -ENODEV, "a stale device node" },
		{ ENODEV, 0, -ENODEV, "no device" },
		{ EACCES, 0, -EACCES, "no permission for the device" },
		{ EMFILE, 0, -EMFILE, "no descriptor left" },
		{ 0, ENOENT, -ENOENT, "no mailbox" },
		{ 0, EEXIST, -EEXIST, "mailbox exists" },
		{ 0, EDQUOT, -EDQUOT, "quota" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mbox *mbox = (void *)&rows;

		reset();
		device.open_error = rows[i].open_error;
		device.error = rows[i].error;
		is_int(mbox_open(&mbox, "m", NULL), rows[i].want, rows[i].name);
		is_int(device.closed, device.opened, "closed what it opened");
		ok(!mbox, "and the result is NULL");
	}
}

static void test_unexpected_result(void)
{
	struct mbox *mbox;

	reset();
	device.result = 5;
	is_int(mbox_open(&mbox, "m", NULL), -EPROTO, "a result out of range");
	is_int(device.closed, 1, "closed");
}

static void test_from_fd(void)
{
	static const struct row {
		int error;
		int want;
		const char *name;
	} rows[] = {
		{ ENOTTY, -ENOTTY, "from_fd: not the device" },
		{ EINVAL, -ENOTTY, "from_fd: not the device, in other words" },
		{ ENOTCONN, -ENOTCONN, "from_fd: not bound" },
		{ EIDRM, -EIDRM, "from_fd: removed" },
		{ EBADF, -EBADF, "from_fd: not open" },
	};
	struct mbox *mbox = NULL;
	int fd = dup(0);

	for (size_t i = 0; i < COUNT(rows); i++) {
		reset();
		device.error = rows[i].error;
		is_int(mbox_from_fd(&mbox, fd), rows[i].want, rows[i].name);
		is_int(device.closed, 0, "the descriptor stays open");
		is_int(fcntl(fd, F_GETFD), 0, "and as it was");
	}
	reset();
	is_int(mbox_from_fd(&mbox, fd), 0, "from_fd");
	is_int(fcntl(fd, F_GETFD), FD_CLOEXEC, "becomes close-on-exec");
	is_int(mbox_fd(mbox), fd, "is that descriptor");
	mbox_close(mbox);
	is_int(device.closed_fd, fd, "and is closed with the handle");
}

static void test_real_descriptors(void)
{
	struct mbox *mbox;

	reset();
	device.error = ENOTTY;
	is_int(mbox_from_fd(&mbox, 0), -ENOTTY, "/dev/null is no mailbox");
}

static void test_config(struct mbox *mbox)
{
	const struct mbox_filter filter = mbox_filter_range(2, 3, 1);

	reset();
	is_int(mbox_set_filter(mbox, &filter), 0, "set_filter");
	is_int(device.config.flags, MBOX_CONFIG_FILTER, "the filter alone");
	ok(!memcmp(&device.config.filter, &filter, sizeof(filter)),
	   "that filter");
	ok(!device.config.type && !device.config.framing &&
	   !device.config.busy_poll, "nothing else");
	device.error = EINVAL;
	is_int(mbox_set_filter(mbox, &filter), -EINVAL, "refused");
}

static void test_grant(struct mbox *mbox)
{
	struct mbox *granted = NULL;

	reset();
	device.result = 1001;
	is_int(mbox_grant(mbox, SEND, &granted), 0, "grant");
	is_int(device.grant.rights, SEND, "those rights");
	is_int(mbox_fd(granted), 1001, "the new descriptor");
	mbox_close(granted);
	device.error = EACCES;
	is_int(mbox_grant(mbox, RECV, &granted), -EACCES, "refused");
}

static void test_info(struct mbox *mbox)
{
	struct mbox_handle_stat handle;
	struct mbox_stat stat;

	reset();
	device.info_name = "jobs";
	device.info = (struct mbox_info){
		.name_len = 4, .flags = MBOX_INFO_PERSIST, .rights = SEND,
		.id = 1, .handle = 2, .kind = 3, .mode = 4, .uid = 5, .gid = 6,
		.limits = { .max_msgs = 7, .max_size = 8, .max_bytes = 9,
			    .policy = 10 },
		.msgs = 11, .peak_msgs = 12, .bytes = 13, .peak_bytes = 14,
		.sent = 15, .received = 16, .lost = 17, .receivers = 18,
		.senders = 19, .waiting_receivers = 20, .waiting_senders = 21,
		.next_size = 22, .created = 23,
	};
	is_int(mbox_info(mbox, &stat, &handle), 0, "info");
	is_int(device.info.name_size, MBOX_NAME_MAX, "room for any name");
	is_str(stat.name, "jobs", "name");
	ok(stat.persist && stat.id == 1 && stat.kind == 3 && stat.mode == 4 &&
	   stat.uid == 5 && stat.gid == 6, "identity");
	ok(stat.limits.max_msgs == 7 && stat.limits.max_size == 8 &&
	   stat.limits.max_bytes == 9 && stat.limits.policy == 10, "limits");
	ok(stat.msgs == 11 && stat.peak_msgs == 12 && stat.bytes == 13 &&
	   stat.peak_bytes == 14 && stat.sent == 15 && stat.received == 16 &&
	   stat.lost == 17, "counters");
	ok(stat.receivers == 18 && stat.senders == 19 &&
	   stat.waiting_receivers == 20 && stat.waiting_senders == 21 &&
	   stat.created == 23, "more counters");
	ok(handle.id == 2 && handle.rights == SEND && handle.next_size == 22,
	   "handle");
	is_int(mbox_info(mbox, NULL, NULL), 0, "info for nobody");
}

static void test_info_out_of_range(struct mbox *mbox)
{
	char longest[MBOX_NAME_MAX + 1];
	struct mbox_stat stat;

	memset(longest, 'x', sizeof(longest));
	longest[MBOX_NAME_MAX] = '\0';
	reset();
	device.info_name = longest;
	device.info.name_len = UINT32_MAX;
	is_int(mbox_info(mbox, &stat, NULL), 0, "a name of 4 GiB");
	is_str(stat.name, longest, "is cut to the buffer");
	reset();
	device.error = EIDRM;
	is_int(mbox_info(mbox, &stat, NULL), -EIDRM, "removed");
	is_str(stat.name, longest, "and the result is as it was");
}

/* So that a program may close what it could not open. */
static void test_null_on_failure(void)
{
	struct mbox *mbox = (struct mbox *)&device;

	reset();
	device.open_error = ENOENT;
	mbox_open(&mbox, "m", NULL);
	ok(!mbox, "mbox_open() that fails leaves NULL");
	mbox = (struct mbox *)&device;
	mbox_open_id(&mbox, 0, NULL);
	ok(!mbox, "mbox_open_id() too");
	reset();
	device.error = ENOTTY;
	mbox = (struct mbox *)&device;
	mbox_from_fd(&mbox, 1000);
	ok(!mbox, "mbox_from_fd() too");
}

int main(void)
{
	struct mbox *mbox = NULL;

	test_access_mode();
	test_unknown_rights();
	test_bind();
	test_default_mode();
	test_names();
	test_open_id();
	test_open_errors();
	test_unexpected_result();
	test_from_fd();
	test_real_descriptors();
	test_null_on_failure();
	reset();
	if (mbox_open(&mbox, "m", NULL))
		return 1;
	test_config(mbox);
	test_grant(mbox);
	test_info(mbox);
	test_info_out_of_range(mbox);
	mbox_close(mbox);
	ok(!mbox_close(NULL), "closing no handle is no harm");
	return tap_done();
}
