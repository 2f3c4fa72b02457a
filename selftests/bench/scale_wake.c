// SPDX-License-Identifier: GPL-2.0
/* One send that wakes the right one of many blocked receivers. */
#include "scale.h"

#include <pthread.h>
#include <sys/epoll.h>

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

/*
 * One send past n handles that were polled, and perhaps are in an epoll set, for
 * another type, to one that nobody polls.
 */
static void measure_polled(const char *what, int n, bool watched)
{
	int fd = want(open_mailbox(NULL, O_RDWR), "mailbox");
	int set = want(or_errno(epoll_create1(EPOLL_CLOEXEC)), "epoll");
	static int fds[WAITERS_MAX];
	struct costs costs = { 0 };
	int i;

	for (i = 0; i < n; i++) {
		struct epoll_event event = { .events = EPOLLIN };

		fds[i] = want(grant(fd, MBOX_RIGHT_RECV), "grant");
		want(set_filter(fds[i], i + 2, i + 2, 0), "filter");
		want(poll_now(fds[i]), "poll");
		if (watched)
			want(or_errno(epoll_ctl(set, EPOLL_CTL_ADD, fds[i],
						&event)), "epoll_ctl");
	}
	for (i = 0; i < WAKE_ROUNDS; i++) {
		__s64 start = now();

		want(send_bytes(fd, 1, "8 bytes", 8), "send");
		add_cost(&costs, now() - start);
		take(fd);
	}
	row("polled", what, n, 0, median(&costs));
	while (n--)
		close(fds[n]);
	close(set);
	close(fd);
}

void scale_polled(void)
{
	int n;

	measure_polled("once", 0, false);
	for (n = 10; n <= WAITERS_MAX; n *= 10) {
		measure_polled("once", n, false);
		measure_polled("epoll", n, true);
	}
}

void scale_wake(void)
{
	int n;

	for (n = 1; n <= WAITERS_MAX; n *= n == 1 ? 100 : 10) {
		measure("exact", n, 1);
		measure("range", n, 3);
	}
}
