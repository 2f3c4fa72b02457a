// SPDX-License-Identifier: GPL-2.0
/* One send to many subscribers, beside a send to one, and writes to pipes. */
#include "scale.h"

#include <pthread.h>

#define SUBSCRIBERS_MAX	64
#define TOPIC_ROUNDS	40
#define LEN		64

struct subscriber {
	pthread_t thread;
	int fd;
};

static int make(__u32 kind)
{
	struct mbox_open args = open_args(own_name(), MBOX_OPEN_CREATE);

	args.kind = kind;
	return want(open_with(O_WRONLY, &args), "mailbox");
}

/* The first sends pay for memory that is not there yet. */
static __s64 cost_of_send(int fd, int *readers, int n)
{
	static const char payload[LEN];
	struct costs costs = { 0 };
	char buf[LEN];
	int i, k;

	for (i = 0; i < TOPIC_ROUNDS; i++) {
		__s64 start = now();

		want(send_bytes(fd, 1, payload, LEN), "send");
		add_cost(&costs, now() - start);
		for (k = 0; k < n; k++)
			want(recv_into(readers[k], NULL, buf, LEN,
				       MBOX_RECV_NOWAIT, NULL, 0), "receive");
	}
	return median(&costs);
}

static __s64 measure_queued(__u32 kind, int n)
{
	int readers[SUBSCRIBERS_MAX], fd = make(kind), i;
	__s64 cost;

	for (i = 0; i < n; i++)
		readers[i] = want(open_existing(own_name(), O_RDONLY), "open");
	cost = cost_of_send(fd, readers, n);
	for (i = 0; i < n; i++)
		close(readers[i]);
	close(fd);
	return cost;
}

static __s64 measure_pipes(int n)
{
	int ends[SUBSCRIBERS_MAX][2], i, k;
	struct costs costs = { 0 };
	char buf[LEN] = { 0 };

	for (i = 0; i < n; i++)
		want(or_errno(pipe(ends[i])), "pipe");
	for (k = 0; k < TOPIC_ROUNDS; k++) {
		__s64 start = now();

		for (i = 0; i < n; i++)
			want(or_errno(write(ends[i][1], buf, LEN)), "write");
		add_cost(&costs, now() - start);
		for (i = 0; i < n; i++)
			want(or_errno(read(ends[i][0], buf, LEN)), "read");
	}
	for (i = 0; i < n; i++) {
		close(ends[i][0]);
		close(ends[i][1]);
	}
	return median(&costs);
}

static void *listen_for_ever(void *arg)
{
	struct subscriber *s = arg;
	struct mbox_header header;
	char buf[LEN];

	while (recv_into(s->fd, &header, buf, LEN, 0, NULL, 0) == 1 &&
	       header.len)
		;
	return NULL;
}

/* All wait when the message comes. */
static __s64 measure_waiting(__u32 kind, int n)
{
	static struct subscriber subscribers[SUBSCRIBERS_MAX];
	static const char payload[LEN];
	struct costs costs = { 0 };
	int fd = make(kind), i;

	for (i = 0; i < n; i++) {
		struct subscriber *s = &subscribers[i];

		s->fd = want(open_existing(own_name(), O_RDONLY), "open");
		want(-pthread_create(&s->thread, NULL, listen_for_ever, s),
		     "thread");
	}
	for (i = 0; i < TOPIC_ROUNDS; i++) {
		__s64 start;

		while (info_of(fd).waiting_receivers != n)
			usleep(1000);
		start = now();
		want(send_bytes(fd, 1, payload, LEN), "send");
		add_cost(&costs, now() - start);
	}
	for (i = 0; i < (kind == MBOX_KIND_TOPIC ? 1 : n); i++)
		want(send_bytes(fd, 1, "", 0), "send");
	for (i = 0; i < n; i++) {
		pthread_join(subscribers[i].thread, NULL);
		close(subscribers[i].fd);
	}
	close(fd);
	return median(&costs);
}

void scale_topic(void)
{
	__s64 alone = measure_queued(MBOX_KIND_TOPIC, 0), all;
	int n;

	row("topic", "send", 0, 0, alone);
	row("topic", "unicast", 1, 0, measure_queued(MBOX_KIND_QUEUE, 1));
	row("topic", "unicast-waiting", 1, 0,
	    measure_waiting(MBOX_KIND_QUEUE, 1));
	for (n = 1; n <= SUBSCRIBERS_MAX; n *= 8) {
		all = measure_queued(MBOX_KIND_TOPIC, n);
		row("topic", "send", n, 0, all);
		row("topic", "subscriber", n, 0, 1.0 * (all - alone) / n);
		row("topic", "waiting", n, 0,
		    measure_waiting(MBOX_KIND_TOPIC, n));
		row("topic", "pipes", n, 0, measure_pipes(n));
	}
}
