// SPDX-License-Identifier: GPL-2.0-only
/*
 * credentials - the kernel tells the receiver who sent a message
 *
 * SO_PASSCRED asks for it: each message comes with process, user and group of its
 * sender. A sender may say who it is, but only what is true; root may lie. The
 * child gives up root first, if it has it, and then claims to be root.
 *
 * SO_PEERCRED tells who made the connection: with socketpair() that is ourselves,
 * whoever uses the other end now.
 *
 * Rows: 94, 101
 *
 *	$ examples/socket/credentials
 */
#include <sys/socket.h>

#include "../check.h"

#define NOBODY	65534

union control {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(struct ucred))];
};

static struct ucred receive(int fd, char *text, size_t size)
{
	union control control;
	struct iovec iov = { text, size };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	struct ucred sender;

	check_sys(recvmsg(fd, &message, MSG_CMSG_CLOEXEC), "recvmsg");
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_CREDENTIALS)
		fail("no credentials came", EBADMSG);
	memcpy(&sender, CMSG_DATA(header), sizeof(sender));
	return sender;
}

static int send_as(int fd, const char *text, const struct ucred *claim)
{
	union control control = { 0 };
	struct iovec iov = { (char *)text, strlen(text) + 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_CREDENTIALS;
	control.header.cmsg_len = CMSG_LEN(sizeof(*claim));
	memcpy(CMSG_DATA(&control.header), claim, sizeof(*claim));
	return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static void be_child(int fd)
{
	struct ucred claim;

	if (!getuid()) {
		check_sys(setresgid(NOBODY, NOBODY, NOBODY), "setresgid");
		check_sys(setresuid(NOBODY, NOBODY, NOBODY), "setresuid");
	}
	check_sys(send(fd, "nothing claimed", 16, MSG_NOSIGNAL), "send");
	claim = (struct ucred){ .pid = getpid(), .uid = getuid(), .gid = getgid() };
	check_sys(send_as(fd, "the truth", &claim), "sendmsg");
	claim.uid = 0;
	if (send_as(fd, "user 0", &claim) < 0)
		printf("child: I claim to be root: %s\n", strerror(errno));
	claim = (struct ucred){ .pid = 1, .uid = getuid(), .gid = getgid() };
	if (send_as(fd, "process 1", &claim) < 0)
		printf("child: I claim to be process 1: %s\n", strerror(errno));
}

static void print_message(int fd, pid_t child)
{
	char text[64];
	struct ucred sender = receive(fd, text, sizeof(text));

	printf("parent: '%s' from process %d, user %u: %s\n", text, sender.pid, sender.uid,
	       sender.pid == child && sender.uid ? "my child, and not root" : "who?");
}

static void print_peer(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	check_sys(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size), "getsockopt");
	printf("parent: SO_PEERCRED says: %s\n", peer.pid == getpid() ? "myself" : "another");
}

int main(void)
{
	int ends[2], on = 1;
	pid_t child;

	check_sys(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "socketpair");
	/* Before anything is sent: the kernel notes the sender when it sends. */
	check_sys(setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), "setsockopt");
	child = start_child();
	if (!child) {
		be_child(ends[1]);
		return 0;
	}
	close(ends[1]);
	end_child(child);
	print_message(ends[0], child);
	print_message(ends[0], child);
	print_peer(ends[0]);
	close(ends[0]);
	return 0;
}
