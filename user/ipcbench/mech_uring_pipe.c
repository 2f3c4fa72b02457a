// SPDX-License-Identifier: GPL-2.0-only
/*
 * uring-pipe - a pipe that is read and written through io_uring
 *
 * One entry goes into the submission queue, and one system call hands it over and
 * waits for its completion. That is not what io_uring is best at, many requests at
 * once; it shows what its way costs where a message must be there before the next
 * step, as with every other mechanism here.
 *
 * Its ends are not shared: on Linux 6.1 a write of one of two senders to two
 * receivers has been seen, rarely, to wait for good in front of an empty pipe.
 *
 * The ring has no request that would rather fail than wait on every kernel, so a
 * wait with a limit is left to the plain calls.
 */
#include <liburing.h>
#include <string.h>

#include "fd.h"
#include "pipe_end.h"

#define RING_ENTRIES	4

/* The data of our requests, by which their completions are told apart. */
#define TRANSFER	((void *)1)
#define CANCEL		((void *)2)

/**
 * struct uring_end - an end's @own
 * @pipe: as of every pipe
 * @ring: of this process alone
 */
struct uring_end {
	struct pipe_end pipe;
	struct io_uring ring;
};

static const char *absent(void)
{
	struct io_uring ring;
	int ret = io_uring_queue_init(RING_ENTRIES, &ring, 0);

	if (ret == -ENOSYS)
		return "the kernel has no io_uring: use one with CONFIG_IO_URING";
	if (ret == -EPERM)
		return "io_uring is forbidden: set the sysctl kernel.io_uring_disabled to 0";
	if (ret)
		return strerror(-ret);
	io_uring_queue_exit(&ring);
	return NULL;
}

static int open_pipe(struct lane *lane)
{
	return pipe_open(lane, 0, pipe_depth_bytes(lane));
}

static int join_ring(struct end *end)
{
	int ret = pipe_attach(end, sizeof(struct uring_end), pipe_take(end));
	struct uring_end *own = end->own;

	if (ret)
		return ret;
	ret = io_uring_queue_init(RING_ENTRIES, &own->ring, 0);
	if (ret)
		pipe_leave(end);
	return ret;
}

static void leave_ring(struct end *end)
{
	struct uring_end *own = end->own;

	io_uring_queue_exit(&own->ring);
	pipe_leave(end);
}

static void take_completion(struct io_uring *ring, struct io_uring_cqe *cqe, int *result)
{
	if (io_uring_cqe_get_data(cqe) == TRANSFER)
		*result = cqe->res;
	io_uring_cqe_seen(ring, cqe);
}

/*
 * A signal has ended our wait, but not the request, which still has our buffer:
 * call it back. If it was faster than that, it is done. Both have a completion.
 */
static int call_back(struct io_uring *ring)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	struct io_uring_cqe *cqe;
	int left = 2, result = -EINTR;

	io_uring_prep_cancel(sqe, TRANSFER, 0);
	io_uring_sqe_set_data(sqe, CANCEL);
	io_uring_submit(ring);
	while (left) {
		int ret = io_uring_wait_cqe(ring, &cqe);

		if (ret && ret != -EINTR)
			return ret;
		if (ret)
			continue;
		take_completion(ring, cqe, &result);
		left--;
	}
	return result == -ECANCELED ? -EINTR : result;
}

static int run(struct io_uring *ring, struct io_uring_sqe *sqe)
{
	struct io_uring_cqe *cqe;
	int ret, result = -EINTR;

	io_uring_sqe_set_data(sqe, TRANSFER);
	ret = io_uring_submit_and_wait(ring, 1);
	if (io_uring_peek_cqe(ring, &cqe))
		return ret < 0 && ret != -EINTR ? ret : call_back(ring);
	take_completion(ring, cqe, &result);
	return result;
}

static ssize_t uring_write(struct pipe_end *pipe, int fd, const void *data, size_t len)
{
	struct io_uring *ring = &((struct uring_end *)pipe)->ring;
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_write(sqe, fd, data, len, 0);
	return run(ring, sqe);
}

static ssize_t uring_read(struct pipe_end *pipe, int fd, void *buf, size_t size)
{
	struct io_uring *ring = &((struct uring_end *)pipe)->ring;
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_read(sqe, fd, buf, size, 0);
	return run(ring, sqe);
}

static int send_ring(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	if (wait != WAIT_FOREVER)
		return pipe_send(end, type, data, len, wait);
	return pipe_send_by(uring_write, end, data, len, wait);
}

static ssize_t recv_ring(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	if (wait != WAIT_FOREVER)
		return pipe_recv(end, type, buf, size, wait);
	return pipe_recv_by(uring_read, end, buf, size, wait);
}

const struct mechanism mech_uring_pipe = {
	.name = "uring-pipe",
	.title = "pipe, io_uring",
	.group = "pipe",
	.note = "one request at a time",
	.flags = MECHANISM_STREAM,
	.absent = absent,
	.max_size = any_size,
	.open = open_pipe,
	.close = pipe_close,
	.release = pipe_release,
	.join = join_ring,
	.leave = leave_ring,
	.send = send_ring,
	.recv = recv_ring,
	.poll_fd = pipe_poll_fd,
	.peek = pipe_peek,
	.remains = path_remains,
};
