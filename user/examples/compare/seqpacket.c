// SPDX-License-Identifier: GPL-2.0-only
#include <sys/socket.h>
#include <sys/uio.h>

#include "compare.h"

static void open_seqpacket(struct channel *channel)
{
	int ends[2], on = 1;

	check_sys(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends),
		  "socketpair");
	channel->in = ends[0];
	channel->out = ends[1];
	check_sys(setsockopt(channel->in, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)),
		  "SO_PASSCRED");
}

static void send_seqpacket(struct channel *channel, uint64_t type, const void *data,
			   size_t len)
{
	(void)type;
	check_sys(send(channel->out, data, len, MSG_NOSIGNAL), "seqpacket: send");
}

static pid_t sender_of(struct msghdr *message)
{
	struct cmsghdr *part = CMSG_FIRSTHDR(message);
	struct ucred sender;

	if (!part || part->cmsg_type != SCM_CREDENTIALS)
		return 0;
	memcpy(&sender, CMSG_DATA(part), sizeof(sender));
	return sender.pid;
}

static ssize_t recv_seqpacket(struct channel *channel, uint64_t type, void *buf,
			      size_t size, pid_t *sender)
{
	union {
		char space[CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr aligned;
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(channel->in, &message, 0);

	(void)type;
	if (len < 0)
		return -errno;
	if (sender)
		*sender = sender_of(&message);
	return len;
}

const struct mechanism seqpacket_mechanism = {
	.name = "UNIX seqpacket",
	.note = "names the sender on request: SO_PASSCRED is set here",
	.payload = MESSAGE_SIZE,
	.open = open_seqpacket,
	.close = stream_close,
	.send = send_seqpacket,
	.recv = recv_seqpacket,
	.poll_fd = in_fd,
};
