// SPDX-License-Identifier: GPL-2.0
/* One send that wakes the right one of many blocked receivers. */
#include "scale.h"

#include <pthread.h>

#define WAITERS_MAX	1000
#define WAKE_ROUNDS	100

struct sleeper {
	pthread_t thread;
	int fd;
	struct mbox_filter filter;
};

/* Receives until it gets the message that ends it, which is empty. */
static void *receive_for_ever(void *arg)
{
	struct sleeper *s = arg;
	struct mbox_header header;
	char buf[8];

	while (recv_into(s->fd, &header, buf, sizeof(buf), 0, &s->filter,
			 0) == 1 && header.len)
		;
	return NULL;
}

/* Filters that differ: each takes the types from 4i + 1 to 4i + @width. */
static void start(struct sleeper *s, int fd, int i, int width)
{
	pthread_attr_t attr;

	s->fd = fd;
	s->filter.lo = 4 * i + 1;
	s->filter.hi = 4 * i + width;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	want(-pthread_create(&s->thread, &attr, receive_for_ever, s), "thread");
	pthread_attr_destroy(&attr);
}

static void wait_for(int fd, unsigned int count)
{
	while (info_of(fd).waiting_receivers != count)
		usleep(1000);
}

static void measure(const char *what, int n, int width)
{
	static struct sleeper sleepers[WAITERS_MAX];
	int fd = want(open_mailbox(NULL, O_RDWR), "mailbox");
	struct costs costs = { 0 };
	int i;

	for (i = 0; i < n; i++)
		start(&sleepers[i], fd, i, width);
	for (i = 0; i < WAKE_ROUNDS; i++) {
		__u64 type = 4 * (i * 7919L % n) + 1;
		__s64 start;

		wait_for(fd, n);
		start = now();
		want(send_bytes(fd, type, "8 bytes", 8), "send");
		add_cost(&costs, now() - start);
	}
	row("wake", what, n, 0, median(&costs));
	for (i = 0; i < n; i++) {
		want(send_bytes(fd, 4 * i + 1, "", 0), "send");
		pthread_join(sleepers[i].thread, NULL);
	}
	close(fd);
}

void scale_wake(void)
{
	int n;

	for (n = 1; n <= WAITERS_MAX; n *= n == 1 ? 100 : 10) {
		measure("exact", n, 1);
		measure("range", n, 3);
	}
}
