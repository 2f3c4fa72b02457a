// SPDX-License-Identifier: GPL-2.0-only
/*
 * pass - an end of a pipe is passed on over a UNIX socket
 *
 * A pipe has no name. A process that has not inherited it gets it from one that
 * has it: a message with SCM_RIGHTS carries a descriptor. Here the child makes the
 * pipe, after the fork, so that the parent cannot have inherited it.
 *
 * Rows: 75
 *
 *	$ examples/pipe/pass
 */
#include <fcntl.h>
#include <sys/socket.h>

#include "../check.h"

union control {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

static void send_descriptor(int socket, int fd)
{
	union control control = { 0 };
	struct iovec byte = { "", 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	check_sys(sendmsg(socket, &message, 0), "sendmsg");
}

static int receive_descriptor(int socket)
{
	union control control;
	char data;
	struct iovec byte = { &data, 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int fd;

	check_sys(recvmsg(socket, &message, MSG_CMSG_CLOEXEC), "recvmsg");
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
		fail("no descriptor came", EBADMSG);
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static void be_child(int socket)
{
	static const char text[] = "through a pipe that you did not inherit";
	int ends[2];

	check_sys(pipe2(ends, O_CLOEXEC), "pipe2");
	send_descriptor(socket, ends[0]);
	check_sys(write(ends[1], text, strlen(text)), "write");
}

int main(void)
{
	int sockets[2], fd, n;
	char text[64];
	pid_t child;

	check_sys(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), "socketpair");
	child = start_child();
	if (!child) {
		be_child(sockets[1]);
		return 0;
	}
	close(sockets[1]);
	fd = receive_descriptor(sockets[0]);
	n = check_sys(read(fd, text, sizeof(text)), "read");
	printf("parent: %.*s\n", n, text);
	close(fd);
	close(sockets[0]);
	end_child(child);
	return 0;
}
