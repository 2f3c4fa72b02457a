// SPDX-License-Identifier: GPL-2.0-only
/*
 * lease - a message comes back from a worker that does not do the work
 *
 * What mbox_lease() receives is only lent: it is gone when the worker says so by
 * mbox_ack(). If the worker dies before, or puts it back, or takes longer than the
 * lease lasts, the message is where it was, and the next worker gets it. The header
 * counts how often that has happened.
 *
 * Each worker is a process that opens the mailbox for itself: a handle that is shared
 * does not close when one of its processes dies.
 *
 * Rows: 11, 124
 *
 *	$ examples/mbox/lease
 */
#include <poll.h>
#include <signal.h>
#include <mbox.h>

#include "../check.h"

#define TEN_MS	10000000

/**
 * struct job - what a worker has in its hands
 * @mbox: its handle
 * @cookie: names the delivery
 */
struct job {
	struct mbox *mbox;
	uint64_t cookie;
};

static void die(const struct job *job)
{
	(void)job;
	printf("dies\n");
	fflush(stdout);
	kill(getpid(), SIGKILL);
}

static void put_back(const struct job *job)
{
	check(mbox_return(job->mbox, job->cookie), "put back");
	printf("puts it back\n");
}

/* The end of a lease is reported as what is urgent. */
static void be_slow(const struct job *job)
{
	struct pollfd wait = { .fd = mbox_fd(job->mbox), .events = POLLPRI };

	check_sys(poll(&wait, 1, -1), "poll");
	printf("is too slow: %s\n", strerror(-mbox_ack(job->mbox, job->cookie)));
}

static void finish(const struct job *job)
{
	check(mbox_ack(job->mbox, job->cookie), "acknowledge");
	printf("is done\n");
}

static const struct worker {
	void (*work)(const struct job *job);
	int64_t lease;
} workers[] = {
	{ die, 0 }, { put_back, 0 }, { be_slow, TEN_MS }, { finish, 0 },
};

static void work(uint64_t id, size_t number)
{
	static const struct mbox_open_options options = { .rights = MBOX_RIGHT_RECV };
	const struct worker *worker = &workers[number];
	struct mbox_header header;
	struct job job;
	void *text;

	check(mbox_open_id(&job.mbox, id, &options), "open by id");
	check(mbox_lease(job.mbox, NULL, worker->lease, &header, &text, MBOX_FOREVER), "lease");
	job.cookie = header.cookie;
	printf("worker %zu: '%s', try %u, and ", number + 1, (char *)text, header.deliveries + 1);
	worker->work(&job);
	free(text);
	mbox_close(job.mbox);
}

static void print_counters(struct mbox *mbox)
{
	struct mbox_stat stat;

	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	printf("mailbox: %u waits, %ju leased, %ju received\n", stat.msgs,
	       (uintmax_t)stat.leased, (uintmax_t)stat.received);
}

int main(void)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	static const char text[] = "paint the door";
	struct mbox_stat stat;
	struct mbox *mbox;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	check(mbox_send(mbox, 1, text, strlen(text), MBOX_FOREVER), "send");
	for (size_t i = 0; i < sizeof(workers) / sizeof(*workers); i++) {
		pid_t child = start_child();

		if (!child) {
			work(stat.id, i);
			return 0;
		}
		check_sys(waitpid(child, NULL, 0), "waitpid");
		print_counters(mbox);
	}
	mbox_close(mbox);
	return 0;
}
