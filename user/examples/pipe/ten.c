// SPDX-License-Identifier: GPL-2.0-only
/*
 * ten - ten messages from a child to its parent
 *
 * The lecture's sample has "if ((pid = fork() == 0))" and "while ((num = read(...)
 * != 0))". A comparison binds closer than an assignment: pid and num become 0 or
 * 1, and an error of read(), which is -1, counts as data. Here the assignment has
 * parentheses of its own.
 *
 * A pipe has no messages. These are all of one size, and each is written at once.
 *
 * Rows: 72
 *
 *	$ examples/pipe/ten
 */
#include "../check.h"

#define MESSAGES	10

struct message {
	int number;
	char text[28];
};

static void send_messages(int fd)
{
	for (int i = 1; i <= MESSAGES; i++) {
		struct message message = { .number = i };

		snprintf(message.text, sizeof(message.text), "this is message %d", i);
		check_sys(write(fd, &message, sizeof(message)), "write");
	}
}

int main(void)
{
	struct message message;
	int ends[2], n;
	pid_t child;

	check_sys(pipe(ends), "pipe");
	child = start_child();
	if (child == 0) {
		close(ends[0]);
		send_messages(ends[1]);
		return 0;
	}
	close(ends[1]);
	while ((n = check_sys(read(ends[0], &message, sizeof(message)), "read")) > 0)
		printf("%2d: %d bytes, %s\n", message.number, n, message.text);
	close(ends[0]);
	end_child(child);
	return 0;
}
