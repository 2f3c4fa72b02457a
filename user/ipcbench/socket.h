/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all sockets have in common. The receivers' socket is made by open(): of
 * datagrams the one they receive from, of connections the one that listens.
 * Receivers inherit it; senders find it by its address.
 */
#ifndef IPCBENCH_SOCKET_H
#define IPCBENCH_SOCKET_H

#include <sys/socket.h>

#include "mechanism.h"

/**
 * struct socket_end - an end's @own
 * @fd: socket to send to or receive from; -1 while it is not accepted yet
 * @listener: where a receiver accepts it; -1 if there is nothing to accept
 * @sent: bytes of the current message that have gone already
 * @sender: who sent the message received last, 0 if the kernel did not say
 */
struct socket_end {
	int fd;
	int listener;
	size_t sent;
	pid_t sender;
};

/* A socket that is bound to an address, or a negative errno. */
int socket_bound(int type, const struct sockaddr *address, socklen_t len);

/* Bytes of buffer for the lane's depth, with what the kernel adds to each message. */
size_t socket_depth_bytes(const struct lane *lane);

/* Let SO_SNDBUF or SO_RCVBUF be as much at least: 0 or -EPERM. */
int socket_deepen(int fd, int option, size_t bytes);

/* A connection is for one sender and one receiver. */
bool connection_fits(const struct lane *lane);

/* Make the lane's @own of the receivers' socket; an error is returned. */
int socket_own(struct lane *lane, int fd);
void socket_release(struct lane *lane);
void socket_close(struct lane *lane);

/* The receivers' socket for a receiver that joins, or a negative errno. */
int socket_take(struct lane *lane);

/* Connect a new socket of a sender that joins: the same, or a negative errno. */
int socket_connect(struct lane *lane, int fd, const struct sockaddr *address, socklen_t len);

/*
 * Make the end's @own, with what the two above return; errors are returned. Of a
 * listener, which must not wait, the connection is accepted when it is needed.
 */
int socket_attach(struct end *end, int fd);
int socket_attach_listener(struct end *end, int fd);
void socket_leave(struct end *end);

/* A receiver's connection: wait for it and accept it, if that is still to do. */
int socket_accept(struct socket_end *own, int64_t wait);

int socket_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait);
ssize_t datagram_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait);
ssize_t connection_recv(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait);
int socket_poll_fd(struct end *end);
ssize_t socket_peek(struct end *end, void *buf, size_t size);

/* Room for what may come with a message: a descriptor and the sender. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
};

/* Find a control message of SOL_SOCKET and copy it: false if there is none. */
bool control_find(struct msghdr *msg, int type, void *data, size_t size);

#endif /* IPCBENCH_SOCKET_H */
