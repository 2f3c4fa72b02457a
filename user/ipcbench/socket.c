// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "socket.h"

/* What the kernel needs for a message besides its bytes, at most. */
#define MESSAGE_EXTRA	1024

/**
 * struct socket_lane - a lane's @own
 * @fd: the receivers' socket; -1: given up
 */
struct socket_lane {
	int fd;
};

int socket_bound(int type, const struct sockaddr *address, socklen_t len)
{
	int fd = or_errno(socket(address->sa_family, type | SOCK_CLOEXEC, 0));
	int ret;

	if (fd < 0 || !bind(fd, address, len))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

/* The memory of each is rounded up to a power of two, which may double it. */
size_t socket_depth_bytes(const struct lane *lane)
{
	return lane->depth * 2 * (lane->size + MESSAGE_EXTRA);
}

static size_t room_of(int fd, int option)
{
	socklen_t len = sizeof(int);
	int bytes = 0;

	getsockopt(fd, SOL_SOCKET, option, &bytes, &len);
	return bytes;
}

/* The kernel doubles what it is asked for, and cuts it in silence at a limit. */
int socket_deepen(int fd, int option, size_t bytes)
{
	int force = option == SO_SNDBUF ? SO_SNDBUFFORCE : SO_RCVBUFFORCE;
	int half = (bytes + 1) / 2;

	if (room_of(fd, option) >= bytes)
		return 0;
	if (bytes > INT_MAX)
		return -EPERM;
	if (setsockopt(fd, SOL_SOCKET, force, &half, sizeof(half)))
		setsockopt(fd, SOL_SOCKET, option, &half, sizeof(half));
	return room_of(fd, option) >= bytes ? 0 : -EPERM;
}

bool connection_fits(const struct lane *lane)
{
	return !lane->broadcast && lane->senders <= 1 && lane->receivers <= 1;
}

int socket_own(struct lane *lane, int fd)
{
	struct socket_lane *own;

	if (fd < 0)
		return fd;
	if (own_alloc(&lane->own, sizeof(*own))) {
		close(fd);
		return -ENOMEM;
	}
	own = lane->own;
	own->fd = fd;
	return 0;
}

void socket_release(struct lane *lane)
{
	struct socket_lane *own = lane->own;

	fd_close(&own->fd);
}

void socket_close(struct lane *lane)
{
	socket_release(lane);
	free(lane->own);
	lane->own = NULL;
}

/* By the address alone one can send, but not take the receivers' place. */
int socket_take(struct lane *lane)
{
	struct socket_lane *own = lane->own;
	int fd;

	if (!own)
		return -EOPNOTSUPP;
	fd = own->fd;
	own->fd = -1;
	return fd < 0 ? -EBADF : fd;
}

/* A sender that kept the receivers' socket would never learn of their end. */
int socket_connect(struct lane *lane, int fd, const struct sockaddr *address, socklen_t len)
{
	int ret;

	if (lane->own)
		socket_release(lane);
	if (fd < 0 || !connect(fd, address, len))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

int socket_attach(struct end *end, int fd)
{
	struct socket_end *own;

	if (fd < 0)
		return fd;
	if (own_alloc(&end->own, sizeof(*own))) {
		close(fd);
		return -ENOMEM;
	}
	own = end->own;
	own->fd = fd;
	own->listener = -1;
	return 0;
}

int socket_attach_listener(struct end *end, int fd)
{
	int ret = socket_attach(end, fd);
	struct socket_end *own = end->own;

	if (ret)
		return ret;
	own->listener = fd;
	own->fd = -1;
	return 0;
}

void socket_leave(struct end *end)
{
	struct socket_end *own = end->own;

	fd_close(&own->fd);
	fd_close(&own->listener);
	free(own);
	end->own = NULL;
}

/* The listener does not wait, so that every kind of wait can be had by poll(). */
int socket_accept(struct socket_end *own, int64_t wait)
{
	int64_t limit = wait_end(wait);

	while (own->fd < 0) {
		int ret = or_errno(accept4(own->listener, NULL, NULL, SOCK_CLOEXEC));

		if (ret >= 0)
			own->fd = ret;
		else if (ret == -EAGAIN)
			ret = fd_wait(own->listener, POLLIN, limit);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* Of a stream, a call that does not wait may take a part of the message. */
int socket_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	struct socket_end *own = end->own;
	int flags = MSG_NOSIGNAL | (wait == WAIT_FOREVER ? 0 : MSG_DONTWAIT);
	int64_t limit = wait_end(wait);

	(void)type;
	for (;;) {
		size_t left = len - own->sent;
		ssize_t n = or_errno(send(own->fd, (const char *)data + own->sent, left, flags));

		if (n == (ssize_t)left)
			break;
		if (n == -EAGAIN)
			n = fd_wait(own->fd, POLLOUT, limit);
		if (n < 0)
			return n;
		own->sent += n;
	}
	own->sent = 0;
	return 0;
}

bool control_find(struct msghdr *msg, int type, void *data, size_t size)
{
	struct cmsghdr *control;

	for (control = CMSG_FIRSTHDR(msg); control; control = CMSG_NXTHDR(msg, control)) {
		if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != type)
			continue;
		memcpy(data, CMSG_DATA(control), size);
		return true;
	}
	return false;
}

/* Receive, and take down who sent it if the kernel says so. */
static ssize_t recv_signed(struct socket_end *own, void *buf, size_t size)
{
	union control control;
	struct iovec iov = { buf, size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = or_errno(recvmsg(own->fd, &msg, MSG_DONTWAIT));
	struct ucred sender;

	if (n >= 0 && control_find(&msg, SCM_CREDENTIALS, &sender, sizeof(sender)))
		own->sender = sender.pid;
	return n;
}

ssize_t datagram_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	struct socket_end *own = end->own;
	int64_t limit = wait_end(wait);

	(void)type;
	own->sender = 0;
	if (wait == WAIT_FOREVER)
		return or_errno(recv(own->fd, buf, size, 0));
	for (;;) {
		ssize_t n = recv_signed(own, buf, size);

		if (n != -EAGAIN)
			return n;
		n = fd_wait(own->fd, POLLIN, limit);
		if (n < 0)
			return n;
	}
}

/*
 * Nothing is received at the end of a connection, but also of an empty message:
 * only a message has a sender.
 */
ssize_t connection_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	struct socket_end *own = end->own;
	ssize_t n;

	if (own->fd < 0) {
		n = socket_accept(own, wait);
		if (n < 0)
			return n;
	}
	n = datagram_recv(end, type, buf, size, wait);
	return n || own->sender ? n : RECV_END;
}

int socket_poll_fd(struct end *end)
{
	struct socket_end *own = end->own;
	int ret = socket_accept(own, WAIT_FOREVER);

	return ret < 0 ? ret : own->fd;
}

ssize_t socket_peek(struct end *end, void *buf, size_t size)
{
	struct socket_end *own = end->own;
	ssize_t n = socket_accept(own, WAIT_NEVER);

	if (n < 0)
		return n;
	n = or_errno(recv(own->fd, buf, size, MSG_PEEK | MSG_DONTWAIT));
	return n || own->listener < 0 ? n : RECV_END;
}
