// SPDX-License-Identifier: GPL-2.0-only
/*
 * packet - a pipe that keeps boundaries, and what it does not keep
 *
 * With O_DIRECT each write of up to PIPE_BUF bytes is a packet, and each read takes
 * one. A read that is too short throws the rest of the packet away. A larger write
 * is cut into several packets.
 *
 * Rows: 83
 *
 *	$ examples/pipe/packet
 */
#include <fcntl.h>
#include <limits.h>

#include "../check.h"

static int ends[2];

static void send_bytes(const char *data, size_t len)
{
	if ((size_t)check_sys(write(ends[1], data, len), "write") != len)
		fail("written in part", EIO);
}

static void read_up_to(size_t size)
{
	static char data[2 * PIPE_BUF];
	ssize_t n = read(ends[0], data, size);

	if (n < 0 && errno == EAGAIN)
		printf("read up to %zu: nothing there\n", size);
	else if (check_sys(n, "read") > 16)
		printf("read up to %zu: %zd bytes\n", size, n);
	else
		printf("read up to %zu: %zd bytes, \"%.*s\"\n", size, n, (int)n, data);
}

int main(void)
{
	static const char large[PIPE_BUF + 100];

	check_sys(pipe2(ends, O_DIRECT | O_NONBLOCK), "pipe2 with O_DIRECT");
	printf("\"Hello\" and \"How are you?\" written\n");
	send_bytes("Hello", 5);
	send_bytes("How are you?", 12);
	read_up_to(64);
	read_up_to(64);

	printf("\"abcdef\" and \"xyz\" written\n");
	send_bytes("abcdef", 6);
	send_bytes("xyz", 3);
	read_up_to(2);
	read_up_to(2);
	read_up_to(2);

	printf("PIPE_BUF + 100 bytes written\n");
	send_bytes(large, sizeof(large));
	read_up_to(sizeof(large));
	read_up_to(sizeof(large));
	close(ends[0]);
	close(ends[1]);
	return 0;
}
