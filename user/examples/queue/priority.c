// SPDX-License-Identifier: GPL-2.0-only
/*
 * priority - a POSIX queue gives the most urgent message first
 *
 * Each message has a priority, 0 to 32767; of equal ones the oldest comes first. The
 * receiver cannot choose, and its buffer must have room for the largest message that
 * the queue may hold. On Linux a queue is a descriptor, so that poll() works.
 *
 * Rows: 131, 133
 *
 *	$ examples/queue/priority
 */
#include <poll.h>

#include "posix.h"

static const struct {
	unsigned int priority;
	const char *text;
} sent[] = {
	{ 1, "sweep the floor" }, { 9, "put out the fire" }, { 5, "answer the post" },
	{ 9, "call the owner" },
};

static void receive_all(mqd_t queue)
{
	struct pollfd poller = { .fd = queue, .events = POLLIN };
	char text[MESSAGE_SIZE];
	unsigned int priority;
	ssize_t len;

	while (check_sys(poll(&poller, 1, 0), "poll")) {
		len = check_sys(mq_receive(queue, text, sizeof(text), &priority), "mq_receive");
		printf("received %u: %.*s\n", priority, (int)len, text);
	}
}

int main(void)
{
	mqd_t queue = make_queue(0);
	char small[8];

	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
		check_sys(mq_send(queue, sent[i].text, strlen(sent[i].text), sent[i].priority),
			  "mq_send");
		printf("sent     %u: %s\n", sent[i].priority, sent[i].text);
	}
	if (mq_receive(queue, small, sizeof(small), NULL) < 0)
		printf("room for %zu bytes: %s\n", sizeof(small), strerror(errno));
	receive_all(queue);
	check_sys(mq_close(queue), "mq_close");
	return 0;
}
