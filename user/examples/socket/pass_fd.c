// SPDX-License-Identifier: GPL-2.0-only
/*
 * pass_fd - an open file goes to another process, over a UNIX socket
 *
 * SCM_RIGHTS passes the open file description itself, with its position and the
 * right to use it, as fork() does for a child. The receiver could not open this
 * file itself, as it has no name. The number of the descriptor is each process's own.
 *
 * Rows: 18, 75, 101
 *
 *	$ examples/socket/pass_fd
 */
#include <sys/mman.h>
#include <sys/socket.h>

#include "../check.h"

union control {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

static void send_file(int to, int file)
{
	union control control = { 0 };
	/* There must be at least one byte of data for it to travel with. */
	struct iovec byte = { "", 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(file));
	memcpy(CMSG_DATA(&control.header), &file, sizeof(file));
	check_sys(sendmsg(to, &message, MSG_NOSIGNAL), "sendmsg");
}

static int receive_file(int from)
{
	union control control;
	char data;
	struct iovec byte = { &data, 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int file;

	/* MSG_CMSG_CLOEXEC: otherwise a program that we start would inherit it. */
	check_sys(recvmsg(from, &message, MSG_CMSG_CLOEXEC), "recvmsg");
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS || message.msg_flags & MSG_CTRUNC)
		fail("no descriptor came", EBADMSG);
	memcpy(&file, CMSG_DATA(header), sizeof(file));
	return file;
}

static void be_receiver(int from)
{
	int file = receive_file(from);
	char text[32];
	ssize_t len;

	len = check_sys(read(file, text, sizeof(text)), "read");
	printf("child:  descriptor %d, and from its position on: '%.*s'\n", file, (int)len,
	       text);
	close(file);
}

static int make_file(void)
{
	int file = check_sys(memfd_create("note", MFD_CLOEXEC), "memfd_create");

	check_sys(write(file, "the quick brown fox", 19), "write");
	check_sys(lseek(file, 4, SEEK_SET), "lseek");
	return file;
}

int main(void)
{
	int ends[2], file;
	pid_t child;

	check_sys(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
	child = start_child();
	if (!child) {
		close(ends[0]);
		be_receiver(ends[1]);
		return 0;
	}
	close(ends[1]);
	/* After fork(): the child has not inherited it. */
	file = make_file();
	printf("parent: descriptor %d, a file without a name, at position %d\n", file,
	       (int)lseek(file, 0, SEEK_CUR));
	fflush(stdout);
	send_file(ends[0], file);
	end_child(child);
	printf("parent: the position is %d now, it is one open file\n",
	       (int)lseek(file, 0, SEEK_CUR));
	close(file);
	close(ends[0]);
	return 0;
}
