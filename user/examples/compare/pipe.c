// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/stat.h>

#include "compare.h"

void stream_close(struct channel *channel)
{
	close(channel->in);
	if (channel->out >= 0)
		close(channel->out);
}

/* There is no room for a type beside the bytes, and none to ask for one. */
void stream_send(struct channel *channel, uint64_t type, const void *data, size_t len)
{
	(void)type;
	if (check_sys(write(channel->out, data, len), channel->how->name) != (int)len)
		fail(channel->how->name, EIO);
}

ssize_t stream_recv(struct channel *channel, uint64_t type, void *buf, size_t size,
		    pid_t *sender)
{
	ssize_t len = read(channel->in, buf, size);

	(void)type;
	if (sender)
		*sender = 0;
	return len < 0 ? -errno : len;
}

int in_fd(struct channel *channel)
{
	return channel->in;
}

static void open_pipe(struct channel *channel)
{
	int ends[2];

	check_sys(pipe2(ends, O_CLOEXEC), "pipe");
	channel->in = ends[0];
	channel->out = ends[1];
}

static void open_fifo(struct channel *channel)
{
	snprintf(channel->path, sizeof(channel->path), "/tmp/compare.%d.%d", getpid(),
		 channel->number);
	check_sys(mkfifo(channel->path, 0600), channel->path);
	/* Open for both, it neither waits for a writer nor ends without one. */
	channel->in = check_sys(open(channel->path, O_RDWR | O_CLOEXEC), channel->path);
}

static void attach_fifo(struct channel *channel)
{
	channel->out = check_sys(open(channel->path, O_WRONLY | O_CLOEXEC), channel->path);
}

static void close_fifo(struct channel *channel)
{
	stream_close(channel);
	check_sys(unlink(channel->path), channel->path);
}

const struct mechanism pipe_mechanism = {
	.name = "pipe",
	.payload = MESSAGE_SIZE,
	.open = open_pipe,
	.close = stream_close,
	.send = stream_send,
	.recv = stream_recv,
	.poll_fd = in_fd,
};

const struct mechanism fifo_mechanism = {
	.name = "FIFO",
	.payload = MESSAGE_SIZE,
	.open = open_fifo,
	.attach = attach_fifo,
	.close = close_fifo,
	.send = stream_send,
	.recv = stream_recv,
	.poll_fd = in_fd,
};
