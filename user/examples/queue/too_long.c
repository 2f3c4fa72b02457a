// SPDX-License-Identifier: GPL-2.0-only
/*
 * too_long - what happens to a message that is longer than the buffer
 *
 * A lecture says that it is cut. It is refused, with E2BIG, and stays in the
 * queue; only with MSG_NOERROR is it cut, and then nothing tells how long it was.
 *
 * Rows: 135
 *
 *	$ examples/queue/too_long
 */
#include <stdint.h>

#include "sysv.h"

#define SHORT	4

static void receive(int id, size_t room, int flags, const char *how)
{
	struct text_message message;
	ssize_t len = msgrcv(id, &message, room, 0, flags | IPC_NOWAIT);

	if (len < 0)
		printf("%-26s %s\n", how, strerror(errno));
	else
		printf("%-26s %zd bytes: %.*s\n", how, len, (int)len, message.text);
}

int main(void)
{
	int id = new_queue();

	send_text(id, 1, "a long message");
	receive(id, SHORT, 0, "room for 4 bytes:");
	printf("%ju message waits\n", (uintmax_t)state_of_queue(id).msg_qnum);
	receive(id, TEXT_SIZE, 0, "room enough:");
	send_text(id, 1, "a long message");
	receive(id, SHORT, MSG_NOERROR, "4 bytes with MSG_NOERROR:");
	receive(id, TEXT_SIZE, 0, "the rest of it:");
	return 0;
}
