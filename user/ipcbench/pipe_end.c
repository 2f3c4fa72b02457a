// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fd.h"
#include "pipe_end.h"

#define PAGE_BYTES	4096

/**
 * struct pipe_lane - a lane's @own
 * @fd: both ends by role, as this process has inherited them; -1: given up
 * @taken: the one that this process has joined with, or -1
 */
struct pipe_lane {
	int fd[2];
	int taken;
};

static int flag_of(enum role role)
{
	return role == ROLE_SENDER ? O_WRONLY : O_RDONLY;
}

/* A message of up to a page never lies across two pages. */
size_t pipe_depth_bytes(const struct lane *lane)
{
	size_t pages_each = (lane->size + PAGE_BYTES - 1) / PAGE_BYTES;
	size_t on_a_page = lane->size && lane->size < PAGE_BYTES ? PAGE_BYTES / lane->size : 1;

	return (lane->depth + on_a_page - 1) / on_a_page * pages_each * PAGE_BYTES;
}

int pipe_deepen(int fd, size_t bytes)
{
	int now = fcntl(fd, F_GETPIPE_SZ);

	if (now < 0)
		return -errno;
	if ((size_t)now >= bytes)
		return 0;
	if (bytes > INT_MAX)
		return -EPERM;
	return fcntl(fd, F_SETPIPE_SZ, (int)bytes) < 0 ? -errno : 0;
}

int pipe_open(struct lane *lane, int flags, size_t bytes)
{
	struct pipe_lane *own;
	int fd[2], ret;

	if (lane->broadcast)
		return -EOPNOTSUPP;
	if (own_alloc(&lane->own, sizeof(*own)))
		return -ENOMEM;
	own = lane->own;
	*own = (struct pipe_lane){ .fd = { -1, -1 }, .taken = -1 };
	ret = or_errno(pipe2(fd, flags | O_CLOEXEC));
	if (ret)
		goto close_lane;
	own->fd[ROLE_RECEIVER] = fd[0];
	own->fd[ROLE_SENDER] = fd[1];
	ret = pipe_deepen(fd[1], bytes);
	if (ret)
		goto close_lane;
	snprintf(lane->address, sizeof(lane->address), "/proc/%d/fd/%d", (int)getpid(), fd[0]);
	return 0;

close_lane:
	pipe_close(lane);
	return ret;
}

void pipe_release(struct lane *lane)
{
	struct pipe_lane *own = lane->own;

	fd_close(&own->fd[ROLE_RECEIVER]);
	fd_close(&own->fd[ROLE_SENDER]);
}

void pipe_close(struct lane *lane)
{
	pipe_release(lane);
	free(lane->own);
	lane->own = NULL;
}

/*
 * A process keeps its own end alone: a reader that could also write would never
 * see the end, and a writer that could also read never that nobody reads. One
 * that takes the other end after all opens it anew, by the end that it has.
 */
int pipe_take(struct end *end)
{
	struct pipe_lane *own = end->lane->own;
	int mine;

	if (!own)
		return fd_open(end->lane->address, flag_of(end->role));
	mine = own->fd[end->role];
	if (mine < 0)
		return fd_reopen(own->taken, flag_of(end->role));
	own->fd[end->role] = -1;
	own->taken = mine;
	pipe_release(end->lane);
	return mine;
}

int pipe_attach(struct end *end, size_t own_size, int fd)
{
	struct pipe_end *pipe;

	if (fd < 0)
		return fd;
	/* That nobody reads is to be an error of write(), not our death. */
	signal(SIGPIPE, SIG_IGN);
	if (own_alloc(&end->own, own_size)) {
		close(fd);
		return -ENOMEM;
	}
	pipe = end->own;
	pipe->fd = fd;
	pipe->now = fd_reopen(fd, flag_of(end->role) | O_NONBLOCK);
	if (pipe->now >= 0)
		return 0;
	fd = pipe->now;
	pipe_leave(end);
	return fd;
}

int pipe_join(struct end *end)
{
	return pipe_attach(end, sizeof(struct pipe_end), pipe_take(end));
}

void pipe_leave(struct end *end)
{
	struct pipe_end *pipe = end->own;

	fd_close(&pipe->fd);
	fd_close(&pipe->now);
	free(pipe);
	end->own = NULL;
}

/* Up to PIPE_BUF bytes go at once; of more, a call may write a part. */
int pipe_send_by(pipe_write_fn write_some, struct end *end, const void *data, size_t len,
		 int64_t wait)
{
	struct pipe_end *pipe = end->own;
	int fd = wait == WAIT_FOREVER ? pipe->fd : pipe->now;
	int64_t limit = wait_end(wait);

	for (;;) {
		size_t left = len - pipe->sent;
		ssize_t n = write_some(pipe, fd, (const char *)data + pipe->sent, left);

		if (n == (ssize_t)left)
			break;
		if (n == -EAGAIN)
			n = fd_wait(fd, POLLOUT, limit);
		if (n < 0)
			return n;
		pipe->sent += n;
	}
	pipe->sent = 0;
	return 0;
}

ssize_t pipe_recv_by(pipe_read_fn read_some, struct end *end, void *buf, size_t size,
		     int64_t wait)
{
	struct pipe_end *pipe = end->own;
	int fd = wait == WAIT_FOREVER ? pipe->fd : pipe->now;
	int64_t limit = wait_end(wait);

	for (;;) {
		ssize_t n = read_some(pipe, fd, buf, size);

		if (n != -EAGAIN)
			return n ? n : RECV_END;
		n = fd_wait(fd, POLLIN, limit);
		if (n < 0)
			return n;
	}
}

static ssize_t plain_write(struct pipe_end *pipe, int fd, const void *data, size_t len)
{
	(void)pipe;
	return or_errno(write(fd, data, len));
}

static ssize_t plain_read(struct pipe_end *pipe, int fd, void *buf, size_t size)
{
	(void)pipe;
	return or_errno(read(fd, buf, size));
}

int pipe_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	(void)type;
	return pipe_send_by(plain_write, end, data, len, wait);
}

ssize_t pipe_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	(void)type;
	return pipe_recv_by(plain_read, end, buf, size, wait);
}

int pipe_poll_fd(struct end *end)
{
	struct pipe_end *pipe = end->own;

	return pipe->fd;
}

/* Reading takes away; but what is in one pipe can be doubled into another one. */
ssize_t pipe_peek(struct end *end, void *buf, size_t size)
{
	struct pipe_end *pipe = end->own;
	int copy[2];
	ssize_t n;

	if (pipe2(copy, O_CLOEXEC))
		return -errno;
	n = or_errno(tee(pipe->fd, copy[1], size, SPLICE_F_NONBLOCK));
	if (n > 0)
		n = or_errno(read(copy[0], buf, size));
	close(copy[0]);
	close(copy[1]);
	return n ? n : RECV_END;
}
