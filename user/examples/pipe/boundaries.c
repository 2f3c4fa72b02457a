// SPDX-License-Identifier: GPL-2.0-only
/*
 * boundaries - a pipe forgets where one message ends and the next begins
 *
 * It carries a stream of bytes; a read takes what fits. The lecture's cure is to
 * limit the length: with messages of one size, both sides know where each ends.
 * The other cure is to send the length first. (Or use what keeps boundaries itself:
 * a packet pipe, a socket of type SOCK_SEQPACKET, a message queue, a mailbox.)
 *
 * Rows: 23
 *
 *	$ examples/pipe/boundaries
 */
#include <stdint.h>

#include "../check.h"

#define MESSAGES	3
#define FIXED		32

static const char *const messages[MESSAGES] = { "Hello", "Hello", "How about an answer?" };
static int ends[2];

static void put(const void *data, size_t len)
{
	if ((size_t)check_sys(write(ends[1], data, len), "write") != len)
		fail("written in part", EIO);
}

/* A read may return less than there is to come, so it takes more than one. */
static void get(void *data, size_t len)
{
	for (size_t got = 0; got < len; ) {
		ssize_t n = read(ends[0], (char *)data + got, len - got);

		if (check_sys(n, "read") == 0)
			fail("the end in the middle of a message", EBADMSG);
		got += n;
	}
}

static void stream(void)
{
	static const size_t sizes[] = { 4, 9, 64 };
	char text[64];

	for (int i = 0; i < MESSAGES; i++)
		put(messages[i], strlen(messages[i]));
	for (int i = 0; i < MESSAGES; i++) {
		int n = check_sys(read(ends[0], text, sizes[i]), "read");

		printf("  \"%.*s\"\n", n, text);
	}
}

static void one_size(void)
{
	char record[FIXED];

	for (int i = 0; i < MESSAGES; i++) {
		memset(record, 0, sizeof(record));
		memcpy(record, messages[i], strlen(messages[i]));
		put(record, sizeof(record));
	}
	for (int i = 0; i < MESSAGES; i++) {
		get(record, sizeof(record));
		printf("  \"%.*s\"\n", FIXED, record);
	}
}

static void length_first(void)
{
	char text[64];
	uint32_t len;

	for (int i = 0; i < MESSAGES; i++) {
		len = strlen(messages[i]);
		put(&len, sizeof(len));
		put(messages[i], len);
	}
	for (int i = 0; i < MESSAGES; i++) {
		get(&len, sizeof(len));
		if (len > sizeof(text))
			fail("a message", EMSGSIZE);
		get(text, len);
		printf("  \"%.*s\"\n", (int)len, text);
	}
}

int main(void)
{
	check_sys(pipe(ends), "pipe");
	printf("a stream, read by 4, 9 and 64 bytes:\n");
	stream();
	printf("messages of one size:\n");
	one_size();
	printf("the length first:\n");
	length_first();
	return 0;
}
