/* SPDX-License-Identifier: GPL-2.0-only */
/* POSIX queues whose name goes as soon as everyone who needs it has opened them. */
#ifndef EXAMPLES_POSIX_H
#define EXAMPLES_POSIX_H

#include <fcntl.h>
#include <mqueue.h>
#include <sys/random.h>

#include "../check.h"

#define MESSAGE_SIZE	64
#define MESSAGES_MAX	8

/* Children inherit the descriptor: the name is not needed any more. */
static inline mqd_t make_queue(int flags)
{
	struct mq_attr attr = { .mq_maxmsg = MESSAGES_MAX, .mq_msgsize = MESSAGE_SIZE };
	unsigned int number;
	char name[32];
	mqd_t queue;

	check_sys(getrandom(&number, sizeof(number), 0), "getrandom");
	snprintf(name, sizeof(name), "/example-%x", number);
	queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR | flags, 0600, &attr);
	check_sys(queue, "mq_open");
	check_sys(mq_unlink(name), "mq_unlink");
	return queue;
}

#endif /* EXAMPLES_POSIX_H */
