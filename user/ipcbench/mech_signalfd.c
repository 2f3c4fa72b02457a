// SPDX-License-Identifier: GPL-2.0-only
/*
 * signalfd - real-time signals with a value, read from a descriptor
 *
 * The same signals as of rt-signal, blocked as there; but they are read like a
 * file, and so can be waited for together with files.
 */
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "fd.h"
#include "signal_lane.h"

static int join_signalfd(struct end *end)
{
	struct signal_end *own;
	int ret = signal_join(end);

	if (ret || end->role == ROLE_SENDER)
		return ret;
	own = end->own;
	own->fd = signalfd(-1, &own->set, SFD_CLOEXEC);
	own->urgent_fd = signalfd(-1, &own->urgent, SFD_CLOEXEC);
	if (own->fd >= 0 && own->urgent_fd >= 0)
		return 0;
	ret = -errno;
	signal_leave(end);
	return ret;
}

static ssize_t recv_from(struct end *end, int fd, void *buf, size_t size)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) < 0)
		return -errno;
	return signal_unpack(end, info.ssi_pid, info.ssi_errno, &info.ssi_ptr, buf, size);
}

/* Nobody else reads our signals: what poll() has seen is still there. */
static int await(int fd, int64_t wait)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	int ready = poll(&poller, 1, 0);

	if (ready)
		return ready < 0 ? -errno : 0;
	return fd_wait(fd, POLLIN, wait_end(wait));
}

static ssize_t recv_signalfd(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	const struct signal_end *own = end->own;
	int ret = wait == WAIT_FOREVER ? 0 : await(own->fd, wait);

	(void)type;
	return ret ? ret : recv_from(end, own->fd, buf, size);
}

static ssize_t recv_urgent(struct end *end, void *buf, size_t size)
{
	const struct signal_end *own = end->own;

	return recv_from(end, own->urgent_fd, buf, size);
}

static int poll_fd(struct end *end)
{
	const struct signal_end *own = end->own;

	return end->role == ROLE_RECEIVER ? own->fd : -EOPNOTSUPP;
}

const struct mechanism mech_signalfd = {
	.name = "signalfd",
	.title = "real-time signal, signalfd",
	.group = "signal",
	.note = "8 bytes; a sender asks again and again while RLIMIT_SIGPENDING is reached",
	.max_size = signal_max_size,
	.open = signal_open,
	.close = signal_close,
	.join = join_signalfd,
	.leave = signal_leave,
	.send = signal_send,
	.recv = recv_signalfd,
	.poll_fd = poll_fd,
	.sender = signal_sender,
	.forge = signal_forge,
	.send_priority = signal_send_priority,
	.recv_priority = recv_urgent,
};
