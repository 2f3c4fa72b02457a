/* SPDX-License-Identifier: GPL-2.0-only */
/* What pipes and FIFOs have in common, however they are read and written. */
#ifndef IPCBENCH_PIPE_END_H
#define IPCBENCH_PIPE_END_H

#include "mechanism.h"

/**
 * struct pipe_end - one end of a pipe or FIFO; first member of an end's @own
 * @fd: the end; its calls wait
 * @now: the same end with O_NONBLOCK, for waits that have a limit
 * @sent: bytes of the current message that have gone already
 */
struct pipe_end {
	int fd;
	int now;
	size_t sent;
};

/* Read or write what can be: how many bytes, or a negative errno. */
typedef ssize_t (*pipe_write_fn)(struct pipe_end *pipe, int fd, const void *data, size_t len);
typedef ssize_t (*pipe_read_fn)(struct pipe_end *pipe, int fd, void *buf, size_t size);

/*
 * Make a lane of one pipe, with flags for pipe2() and room for as many bytes.
 * Its address is good for processes of the same user, as long as the first
 * process has its reading end.
 */
int pipe_open(struct lane *lane, int flags, size_t bytes);
void pipe_release(struct lane *lane);
void pipe_close(struct lane *lane);

/* Let a pipe hold as many bytes; a pipe that holds more is left as it is. */
int pipe_deepen(int fd, size_t bytes);

/* Bytes of pages that the lane's depth takes, if messages share pages. */
size_t pipe_depth_bytes(const struct lane *lane);

/* This process's end of the lane's pipe, or a negative errno. */
int pipe_take(struct end *end);

/*
 * Make the end's @own, of that size, with that descriptor; if that is an error,
 * return it.
 */
int pipe_attach(struct end *end, size_t own_size, int fd);

int pipe_send_by(pipe_write_fn write_some, struct end *end, const void *data, size_t len,
		 int64_t wait);
ssize_t pipe_recv_by(pipe_read_fn read_some, struct end *end, void *buf, size_t size,
		     int64_t wait);

/* The plain ones. */
int pipe_join(struct end *end);
void pipe_leave(struct end *end);
int pipe_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait);
ssize_t pipe_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait);
int pipe_poll_fd(struct end *end);
ssize_t pipe_peek(struct end *end, void *buf, size_t size);

#endif /* IPCBENCH_PIPE_END_H */
