// SPDX-License-Identifier: GPL-2.0-only
/*
 * modes - the three ways of msgrcv() to choose, and a fourth
 *
 * A type of 0 takes the oldest message; a number above 0 the oldest of that type; a
 * number below 0 the lowest type up to that number without its sign, and of that
 * the oldest: so types can be urgencies. MSG_EXCEPT takes all but a type.
 *
 * A lecture says "lower than" for a number below 0: it is "up to", the number itself
 * included. And it is the lowest type that counts, not the oldest message.
 *
 * Rows: 131, 133, 136
 *
 *	$ examples/queue/modes
 */
#include "sysv.h"

static const struct {
	long type;
	const char *text;
} sent[] = {
	{ 4, "four" }, { 2, "two" }, { 7, "seven" }, { 2, "two again" }, { 3, "three" },
};

static void receive(int id, long wanted, int flags, const char *means)
{
	struct text_message message;
	ssize_t len = msgrcv(id, &message, TEXT_SIZE, wanted, flags | IPC_NOWAIT);

	if (len < 0)
		printf("%3ld  %-28s %s\n", wanted, means, strerror(errno));
	else
		printf("%3ld  %-28s type %ld: %.*s\n", wanted, means, message.type, (int)len,
		       message.text);
}

int main(void)
{
	int id = new_queue();

	printf("sent:");
	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
		send_text(id, sent[i].type, sent[i].text);
		printf(" %ld", sent[i].type);
	}
	printf("\n");
	receive(id, -2, 0, "lowest type up to 2");
	receive(id, -4, 0, "lowest type up to 4");
	receive(id, 7, 0, "type 7");
	receive(id, 7, 0, "type 7");
	receive(id, 4, MSG_EXCEPT, "all but type 4");
	receive(id, 0, 0, "any, oldest first");
	receive(id, 0, 0, "any, oldest first");
	return 0;
}
