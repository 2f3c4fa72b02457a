// SPDX-License-Identifier: GPL-2.0-only
/*
 * boundaries - what is left of two sends in a stream, datagrams, packets
 *
 * A stream is like a phone call: bytes, as many as there are. Datagrams are like
 * letters: each comes as it was sent, and nobody says that no more will come.
 * Sequenced packets are both, letters over a connection that has an end. What of
 * a letter does not fit into the buffer is lost; MSG_TRUNC says so.
 *
 * Rows: 23, 94, 100
 *
 *	$ examples/socket/boundaries
 */
#include <stdbool.h>
#include <sys/socket.h>

#include "../check.h"

static const char *const words[] = { "Hello", "How about an answer?" };

static void send_words(int fd)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		check_sys(send(fd, words[i], strlen(words[i]), 0), "send");
}

/* False if no message came: there is none yet, or none will ever come. */
static bool receive(int fd, size_t size)
{
	char text[64];
	struct iovec iov = { text, size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t len = recvmsg(fd, &message, MSG_DONTWAIT);

	if (len > 0)
		printf("  '%.*s'%s\n", (int)len, text,
		       message.msg_flags & MSG_TRUNC ? " and more, which is lost" : "");
	else if (!len)
		printf("  end of file\n");
	else if (errno == EAGAIN)
		printf("  nothing\n");
	else
		fail("recvmsg", errno);
	return len > 0;
}

static void receive_all(int fd, size_t size)
{
	while (receive(fd, size))
		;
}

static void try_type(const char *name, int type)
{
	int ends[2];

	check_sys(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends), "socketpair");
	printf("%s\n two sends, a buffer that is large enough:\n", name);
	send_words(ends[0]);
	receive_all(ends[1], 64);
	printf(" the same, a buffer of 8 bytes:\n");
	send_words(ends[0]);
	receive_all(ends[1], 8);
	printf(" the sender closes:\n");
	close(ends[0]);
	receive_all(ends[1], 64);
	close(ends[1]);
}

int main(void)
{
	try_type("SOCK_STREAM", SOCK_STREAM);
	try_type("SOCK_DGRAM", SOCK_DGRAM);
	try_type("SOCK_SEQPACKET", SOCK_SEQPACKET);
	return 0;
}
