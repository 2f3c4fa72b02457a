/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all selftests of mbox share: the harness, and one short call for each
 * command. Every helper returns the result of its system call, or -errno.
 */
#ifndef MBOX_TEST_H
#define MBOX_TEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <linux/mbox.h>

#include "../kselftest_harness.h"

#define MBOX_DEVICE	"/dev/mbox"
#define TEXT_MAX	512
#define NSEC_PER_MSEC	1000000LL

static const struct mbox_filter any_type = { .lo = 1, .hi = MBOX_TYPE_MAX };

/* A received message whose payload is text. */
struct got {
	int ret;
	struct mbox_header header;
	char text[TEXT_MAX + 1];
};

static inline int or_errno(int ret)
{
	return ret < 0 ? -errno : ret;
}

/* An address as the ABI carries it, from programs of any width. */
static inline __u64 addr(const void *ptr)
{
	return (uintptr_t)ptr;
}

/* An address that no program has, and that the compiler does not know. */
static inline void *nowhere(void)
{
	void *ptr = (void *)8;

	asm("" : "+r" (ptr));
	return ptr;
}

static inline int do_ioctl(int fd, unsigned long cmd, const void *arg)
{
	return or_errno(ioctl(fd, cmd, arg));
}

static inline int open_device(int flags)
{
	return or_errno(open(MBOX_DEVICE, flags | O_CLOEXEC));
}

/*
 * A name that no other test uses: tests of one file may be run twice. It is
 * written once a process: threads may be reading it when it is asked for again.
 */
static inline const char *own_name(void)
{
	static char name[32];
	static pid_t owner;

	if (owner != getpid()) {
		owner = getpid();
		snprintf(name, sizeof(name), "test-%d", (int)owner);
	}
	return name;
}

static inline struct mbox_open open_args(const char *name, __u32 flags)
{
	struct mbox_open args = {
		.flags = flags,
		.name_len = name ? strlen(name) : 0,
		.name = addr(name),
	};

	if (flags & MBOX_OPEN_CREATE)
		args.mode = 0600;
	return args;
}

static inline int do_open(int fd, const struct mbox_open *args)
{
	return do_ioctl(fd, MBOX_IOC_OPEN, args);
}

/* Opens the device and binds it; closes it again if that fails. */
static inline int open_with(int access, const struct mbox_open *args)
{
	int fd = open_device(access);
	int ret;

	if (fd < 0)
		return fd;
	ret = do_open(fd, args);
	if (ret < 0) {
		close(fd);
		return ret;
	}
	return fd;
}

/* Creates the mailbox if it is not there; NULL makes an anonymous one. */
static inline int open_mailbox(const char *name, int access)
{
	struct mbox_open args = open_args(name, MBOX_OPEN_CREATE);

	return open_with(access, &args);
}

static inline int open_existing(const char *name, int access)
{
	struct mbox_open args = open_args(name, 0);

	return open_with(access, &args);
}

static inline int open_id(__u64 id, int access)
{
	struct mbox_open args = { .id = id };

	return open_with(access, &args);
}

static inline int open_limited(const char *name, int access,
			       __u32 max_msgs, __u64 max_bytes, __u32 policy)
{
	struct mbox_open args = open_args(name, MBOX_OPEN_CREATE);

	args.limits.max_msgs = max_msgs;
	args.limits.max_bytes = max_bytes;
	args.limits.policy = policy;
	return open_with(access, &args);
}

static inline int grant(int fd, __u32 rights)
{
	struct mbox_grant args = { .rights = rights };

	return do_ioctl(fd, MBOX_IOC_GRANT, &args);
}

/* An anonymous mailbox as two one-way handles, like pipe(2). */
static inline int open_pair(int *reader, int *writer)
{
	int fd = open_mailbox(NULL, O_RDWR);

	if (fd < 0)
		return fd;
	*reader = grant(fd, MBOX_RIGHT_RECV);
	*writer = grant(fd, MBOX_RIGHT_SEND);
	close(fd);
	return *reader < 0 ? *reader : *writer < 0 ? *writer : 0;
}

/* ---- sending ----------------------------------------------------------- */

static inline int send_until(int fd, __u64 type, const void *buf, size_t len,
			     __u32 flags, __s64 deadline)
{
	struct mbox_message message = {
		.header = { .type = type, .len = len },
		.buf = addr(buf),
	};
	struct mbox_send args = {
		.flags = flags,
		.count = 1,
		.vec = addr(&message),
		.deadline = deadline,
	};

	return do_ioctl(fd, MBOX_IOC_SEND, &args);
}

static inline int send_bytes(int fd, __u64 type, const void *buf, size_t len)
{
	return send_until(fd, type, buf, len, 0, 0);
}

static inline int send_text(int fd, __u64 type, const char *text)
{
	return send_bytes(fd, type, text, strlen(text));
}

static inline int send_nowait(int fd, __u64 type, const char *text)
{
	return send_until(fd, type, text, strlen(text), MBOX_SEND_NOWAIT, 0);
}

/* ---- receiving --------------------------------------------------------- */

/* One RECV of one element; its header comes back even with an error. */
static inline int recv_into(int fd, struct mbox_header *header, void *buf,
			    __u64 size, __u32 flags,
			    const struct mbox_filter *filter, __s64 deadline)
{
	struct mbox_message message = { .buf = addr(buf), .size = size };
	struct mbox_recv args = {
		.flags = flags,
		.count = 1,
		.vec = addr(&message),
		.deadline = deadline,
	};
	int ret;

	if (filter) {
		args.flags |= MBOX_RECV_FILTER;
		args.filter = *filter;
	}
	ret = do_ioctl(fd, MBOX_IOC_RECV, &args);
	if (header)
		*header = message.header;
	return ret;
}

static inline struct got take_with(int fd, __u32 flags,
				   const struct mbox_filter *filter)
{
	struct got got = { 0 };

	got.ret = recv_into(fd, &got.header, got.text, TEXT_MAX, flags, filter,
			    0);
	return got;
}

/* Receives one message without waiting. */
static inline struct got take(int fd)
{
	return take_with(fd, MBOX_RECV_NOWAIT, NULL);
}

static inline struct got take_range(int fd, __u64 lo, __u64 hi, __u32 flags)
{
	struct mbox_filter filter = { .lo = lo, .hi = hi, .flags = flags };

	return take_with(fd, MBOX_RECV_NOWAIT, &filter);
}

/* Type of the message that was taken, or -errno. */
static inline long long take_type(int fd)
{
	struct got got = take(fd);

	return got.ret == 1 ? (long long)got.header.type : got.ret;
}

/* ---- calling and replying ---------------------------------------------- */

/* A request of some text, with a buffer for the reply. */
static inline struct mbox_call call_args(__u64 type, const char *text,
					 void *reply, __u64 room)
{
	return (struct mbox_call){
		.type = type,
		.buf = addr(text),
		.len = strlen(text),
		.reply = addr(reply),
		.room = room,
	};
}

static inline int do_call(int fd, struct mbox_call *call)
{
	return do_ioctl(fd, MBOX_IOC_CALL, call);
}

static inline int do_settle(int fd, struct mbox_settle *settle)
{
	return do_ioctl(fd, MBOX_IOC_SETTLE, settle);
}

static inline int reply_bytes(int fd, __u64 cookie, __u64 type,
			      const void *buf, __u64 len)
{
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_REPLY,
		.cookie = cookie,
		.type = type,
		.buf = addr(buf),
		.len = len,
	};

	return do_settle(fd, &settle);
}

static inline int reply_text(int fd, __u64 cookie, const char *text)
{
	return reply_bytes(fd, cookie, 1, text, strlen(text));
}

/* RETURN or CHECK, which need nothing but the cookie. */
static inline int settle_by(int fd, __u64 cookie, __u32 outcome)
{
	struct mbox_settle settle = { .flags = outcome, .cookie = cookie };

	return do_settle(fd, &settle);
}

static inline int put_back(int fd, __u64 cookie)
{
	return settle_by(fd, cookie, MBOX_SETTLE_RETURN);
}

static inline int check_wanted(int fd, __u64 cookie)
{
	return settle_by(fd, cookie, MBOX_SETTLE_CHECK);
}

/* ---- state ------------------------------------------------------------- */

static inline int get_info(int fd, struct mbox_info *info)
{
	memset(info, 0, sizeof(*info));
	return do_ioctl(fd, MBOX_IOC_INFO, info);
}

/* The state, or all bits set, which no test expects. */
static inline struct mbox_info info_of(int fd)
{
	struct mbox_info info;

	if (get_info(fd, &info) < 0)
		memset(&info, 0xff, sizeof(info));
	return info;
}

static inline __u64 id_of(int fd)
{
	return info_of(fd).id;
}

static inline __u32 msgs_of(int fd)
{
	return info_of(fd).msgs;
}

/* sent = received + lost + withdrawn + msgs */
static inline bool balanced(int fd)
{
	struct mbox_info info = info_of(fd);

	return info.sent == info.received + info.lost + info.withdrawn +
			    info.msgs;
}

static inline int set_config(int fd, struct mbox_config *config)
{
	return do_ioctl(fd, MBOX_IOC_CONFIG, config);
}

static inline int set_filter(int fd, __u64 lo, __u64 hi, __u32 flags)
{
	struct mbox_config config = {
		.flags = MBOX_CONFIG_FILTER,
		.filter = { .lo = lo, .hi = hi, .flags = flags },
	};

	return set_config(fd, &config);
}

static inline int set_type(int fd, __u64 type)
{
	struct mbox_config config = {
		.flags = MBOX_CONFIG_TYPE,
		.type = type,
	};

	return set_config(fd, &config);
}

static inline int set_framing(int fd, __u32 framing)
{
	struct mbox_config config = {
		.flags = MBOX_CONFIG_FRAMING,
		.framing = framing,
	};

	return set_config(fd, &config);
}

static inline int set_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return or_errno(fcntl(fd, F_SETFL, flags | O_NONBLOCK));
}

/* What poll reports now of all that it can report. */
static inline int poll_now(int fd)
{
	struct pollfd item = {
		.fd = fd,
		.events = POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM |
			  POLLPRI,
	};
	int ret = or_errno(poll(&item, 1, 0));

	return ret < 0 ? ret : item.revents;
}

#define POLL_READ	(POLLIN | POLLRDNORM)
#define POLL_WRITE	(POLLOUT | POLLWRNORM)

/* ---- time -------------------------------------------------------------- */

static inline __s64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static inline __s64 in_ms(int ms)
{
	return now() + ms * NSEC_PER_MSEC;
}

#endif /* MBOX_TEST_H */
