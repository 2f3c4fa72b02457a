/* SPDX-License-Identifier: GPL-2.0 */
/* Topics and those who subscribe to them. */
#ifndef MBOX_TOPIC_H
#define MBOX_TOPIC_H

#include "mbox_lease.h"

static inline int open_topic(const char *name, int access, __u32 flags, __u32 max_msgs,
			     __u32 policy)
{
	struct mbox_open args = open_args(name, MBOX_OPEN_CREATE | flags);

	args.kind = MBOX_KIND_TOPIC;
	args.limits.max_msgs = max_msgs;
	args.limits.policy = policy;
	return open_with(access, &args);
}

static inline int set_queue(int fd, __u32 max_msgs, __u32 policy)
{
	struct mbox_config config = {
		.flags = MBOX_CONFIG_QUEUE,
		.max_msgs = max_msgs,
		.policy = policy,
	};

	return set_config(fd, &config);
}

/* A subscriber with its filter, bound and policy in force before it is one. */
static inline int subscribe_with(const char *name, __u64 lo, __u64 hi, __u32 max_msgs,
				 __u32 policy)
{
	struct mbox_open args = open_args(name, 0);
	int fd = open_device(O_RDONLY);

	if (set_filter(fd, lo, hi, 0) < 0 || set_queue(fd, max_msgs, policy) < 0 ||
	    do_open(fd, &args) < 0)
		return -1;
	return fd;
}

static inline int subscribe(const char *name)
{
	return open_existing(name, O_RDONLY);
}

#define EXPECT_TAKES(fd, want_type, want_text) do {			\
	struct got _got = take(fd);					\
	ASSERT_EQ(1, _got.ret);						\
	EXPECT_EQ(want_type, _got.header.type);				\
	EXPECT_STREQ(want_text, _got.text);				\
} while (0)

/* A process that sends; it does not keep the subscriber. */
static inline pid_t start_to_wait(int publisher, int fd, __u64 type)
{
	pid_t pid = fork();

	if (!pid) {
		close(fd);
		_exit(send_text(publisher, type, "second") == 1 ? 0 : 1);
	}
	while (info_of(publisher).waiting_senders != 1)
		usleep(1000);
	return pid;
}

#endif /* MBOX_TOPIC_H */
