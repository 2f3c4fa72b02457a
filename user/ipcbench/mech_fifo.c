// SPDX-License-Identifier: GPL-2.0-only
/*
 * fifo - a pipe with a path, for processes that have nothing in common
 *
 * Only the path stays: the pipe itself, its size and what is in it, is there as
 * long as somebody has it open. Opening an end waits until the other one is
 * opened, too, unless O_NONBLOCK is given.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "pipe_end.h"

/**
 * struct fifo_end - an end's @own
 * @pipe: as of every pipe
 * @begun: there has been a writer
 */
struct fifo_end {
	struct pipe_end pipe;
	bool begun;
};

/* The receivers come first, and do not wait for a sender by opening. */
static int open_reader(struct lane *lane)
{
	int fd = fd_open(lane->address, O_RDONLY | O_NONBLOCK);
	int ret;

	if (fd < 0)
		return fd;
	ret = pipe_deepen(fd, pipe_depth_bytes(lane));
	if (!ret)
		ret = or_errno(fcntl(fd, F_SETFL, 0));
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

static void close_fifo(struct lane *lane)
{
	unlink(lane->address);
}

/* Whether it may be as deep as it should is tried now: the depth does not stay. */
static int open_fifo(struct lane *lane)
{
	int ret = lane->broadcast ? -EOPNOTSUPP : path_choose(lane);

	if (ret)
		return ret;
	if (mkfifo(lane->address, 0600))
		return -errno;
	ret = open_reader(lane);
	if (ret < 0) {
		close_fifo(lane);
		return ret;
	}
	close(ret);
	return 0;
}

static int join_fifo(struct end *end)
{
	int fd = end->role == ROLE_RECEIVER ? open_reader(end->lane)
					    : fd_open(end->lane->address, O_WRONLY);

	return pipe_attach(end, sizeof(struct fifo_end), fd);
}

/* A read before the first writer has come would find the end at once. */
static int await_writer(struct fifo_end *fifo, int64_t wait)
{
	/* Who does not want to wait looks for an instant. */
	int ret = fd_wait(fifo->pipe.fd, POLLIN, wait_end(wait == WAIT_NEVER ? 1 : wait));

	fifo->begun = !ret;
	return wait == WAIT_NEVER && ret == -ETIMEDOUT ? -EAGAIN : ret;
}

static ssize_t recv_fifo(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	struct fifo_end *fifo = end->own;
	int ret = fifo->begun ? 0 : await_writer(fifo, wait);

	return ret ? ret : pipe_recv(end, type, buf, size, wait);
}

const struct mechanism mech_fifo = {
	.name = "fifo",
	.title = "FIFO",
	.group = "pipe",
	.flags = MECHANISM_STREAM,
	.max_size = any_size,
	.shared_max = PIPE_BUF,
	.open = open_fifo,
	.close = close_fifo,
	.join = join_fifo,
	.leave = pipe_leave,
	.send = pipe_send,
	.recv = recv_fifo,
	.poll_fd = pipe_poll_fd,
	.peek = pipe_peek,
	.remains = path_remains,
};
