// SPDX-License-Identifier: GPL-2.0-only
/*
 * calls - how many system calls some messages take
 *
 * One to send and one to receive, for each message; and each copies. A call is
 * cheap, many are not. If messages of one size are put together before they are
 * written, the same messages take a fraction of the calls. The price: the first
 * one waits for the last one.
 *
 * Rows: 19
 *
 *	$ examples/pipe/calls
 */
#include "../check.h"

#define MESSAGES	4096
#define MOST_TOGETHER	64

struct message {
	int number;
	char text[12];
};

static int send_all(int fd, int together)
{
	struct message messages[MOST_TOGETHER] = { 0 };
	int calls = 0;

	for (int i = 0; i < MESSAGES; i++) {
		messages[i % together].number = i;
		if ((i + 1) % together)
			continue;
		check_sys(write(fd, messages, together * sizeof(*messages)), "write");
		calls++;
	}
	return calls;
}

static int receive_all(int fd, int together)
{
	struct message messages[MOST_TOGETHER] = { 0 };
	int calls = 0, expected = 0, n;

	while ((n = check_sys(read(fd, messages, together * sizeof(*messages)), "read")) > 0) {
		calls++;
		for (int i = 0; i < n / (int)sizeof(*messages); i++)
			if (messages[i].number != expected++)
				fail("a message is missing", EBADMSG);
	}
	if (expected != MESSAGES)
		fail("messages are missing", EBADMSG);
	return calls;
}

static void show(int together)
{
	int ends[2], answer[2], sent, received;
	pid_t child;

	check_sys(pipe(ends), "pipe");
	check_sys(pipe(answer), "pipe");
	child = start_child();
	if (!child) {
		close(ends[0]);
		sent = send_all(ends[1], together);
		check_sys(write(answer[1], &sent, sizeof(sent)), "write");
		exit(EXIT_SUCCESS);
	}
	close(ends[1]);
	received = receive_all(ends[0], together);
	end_child(child);
	check_sys(read(answer[0], &sent, sizeof(sent)), "read");
	printf("%d messages, %2d together: %4d calls to send, %4d to receive\n",
	       MESSAGES, together, sent, received);
	close(ends[0]);
	close(answer[0]);
	close(answer[1]);
}

int main(void)
{
	show(1);
	show(16);
	show(MOST_TOGETHER);
	return 0;
}
