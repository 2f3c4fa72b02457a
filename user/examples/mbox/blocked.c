// SPDX-License-Identifier: GPL-2.0-only
/*
 * blocked - a reader that waits for a message, and what wakes it
 *
 * The child finds nothing and blocks in the kernel; it uses no processor time
 * then. The parent sees in the mailbox's counters that somebody waits, lets it
 * wait for a while, and sends.
 *
 *	$ examples/mbox/blocked
 */
#include <time.h>
#include <mbox.h>

#include "../check.h"

#define PAUSE_MS	300

static int64_t now(void)
{
	struct timespec ts;

	check_sys(clock_gettime(CLOCK_MONOTONIC, &ts), "clock_gettime");
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void pause_ms(long ms)
{
	struct timespec ts = { .tv_nsec = ms * 1000000 };

	check_sys(nanosleep(&ts, NULL), "nanosleep");
}

static void read_one(struct mbox *mbox)
{
	int64_t start = now(), end;
	struct mbox_header header;
	char text[64];

	printf("reader %d: the mailbox is empty, I wait\n", getpid());
	fflush(stdout);
	check(mbox_recv(mbox, &header, text, sizeof(text), MBOX_FOREVER), "receive");
	end = now();
	printf("reader %d: woken after %jd ms by process %u: %.*s\n", getpid(),
	       (intmax_t)(end - start) / 1000000, header.pid, (int)header.len, text);
	printf("reader %d: the message took %jd us\n", getpid(),
	       (intmax_t)(end - header.time) / 1000);
}

static void wait_for_reader(struct mbox *mbox)
{
	struct mbox_stat stat;

	do {
		pause_ms(1);
		check(mbox_info(mbox, &stat, NULL), "ask who waits");
	} while (!stat.waiting_receivers);
	printf("writer %d: %u receiver waits; I send in %d ms\n", getpid(),
	       stat.waiting_receivers, PAUSE_MS);
	fflush(stdout);
}

int main(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
	};
	struct mbox *mbox;
	pid_t child;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	child = start_child();
	if (!child) {
		read_one(mbox);
		return 0;
	}
	wait_for_reader(mbox);
	pause_ms(PAUSE_MS);
	check(mbox_send(mbox, 1, "wake up", strlen("wake up"), MBOX_FOREVER), "send");
	end_child(child);
	mbox_close(mbox);
	return 0;
}
