// SPDX-License-Identifier: GPL-2.0-only
/*
 * spooler - jobs with priorities from many producers to one printer
 *
 * The mailbox's name is the key that all share; the type of a job is its priority,
 * and the printer takes the lowest type first, the oldest job within it. A job is
 * in the queue as a whole or not at all, so the death of a producer at any moment
 * does no harm: what it has put there is printed, what it was about to is not.
 *
 * Rows: 14, 133, 151
 *
 *	$ examples/spool/spooler
 */
#include <sched.h>
#include <signal.h>
#include <mbox.h>

#include "../check.h"

#define KEY		"spool-example"
#define ROOM		4
#define JOB_SIZE	64

/* As many jobs as there is room for; the printer is not there yet. */
static const struct job {
	const char *who;
	uint64_t priority;
	const char *what;
} jobs[ROOM] = {
	{ "Ann", 5, "a thesis" },
	{ "Ann", 1, "a boarding pass" },
	{ "Bob", 9, "a wallpaper" },
	{ "Bob", 3, "a letter" },
};

static struct mbox *open_spool(uint32_t rights)
{
	const struct mbox_open_options options = { .rights = rights };
	struct mbox *spool;

	check(mbox_open(&spool, KEY, &options), "open '" KEY "'");
	return spool;
}

static void put(struct mbox *spool, const struct job *job)
{
	char text[JOB_SIZE];

	snprintf(text, sizeof(text), "%s of %s", job->what, job->who);
	check(mbox_send(spool, job->priority, text, strlen(text), MBOX_FOREVER), "put a job");
}

/* A producer opens the spool by its name, as any other process may. */
static pid_t start_producer(const char *who)
{
	pid_t producer = start_child();
	struct mbox *spool;

	if (producer)
		return producer;
	spool = open_spool(MBOX_RIGHT_SEND);
	for (const struct job *job = jobs; job < jobs + ROOM; job++)
		if (!strcmp(job->who, who))
			put(spool, job);
	mbox_close(spool);
	exit(EXIT_SUCCESS);
}

static pid_t start_unlucky(bool waits_for_room)
{
	const struct job job = { "Carol", 2, waits_for_room ? "half a novel" : "a last will" };
	pid_t producer = start_child();

	if (producer)
		return producer;
	put(open_spool(MBOX_RIGHT_SEND), &job);
	raise(SIGKILL);
	_exit(EXIT_FAILURE);
}

static void await_death(pid_t producer, const char *when)
{
	int status;

	check_sys(waitpid(producer, &status, 0), "waitpid");
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail("the producer should have been killed", EPROTO);
	printf("Carol is killed %s\n", when);
}

/* The mailbox counts who is blocked. */
static void kill_in_the_queue(struct mbox *spool, pid_t producer)
{
	struct mbox_stat stat;

	do {
		sched_yield();
		check(mbox_info(spool, &stat, NULL), "state of the spool");
	} while (!stat.waiting_senders);
	check_sys(kill(producer, SIGKILL), "kill");
	await_death(producer, "while her job waits for room");
}

/* Prints one job after the other until there is none. */
static void print_all(void)
{
	struct mbox *spool = open_spool(MBOX_RIGHT_RECV);
	struct mbox_filter filter = mbox_filter_range(1, MBOX_TYPE_MAX, MBOX_FILTER_LOWEST);
	struct mbox_header header;
	char job[JOB_SIZE];
	int ret;

	check(mbox_set_filter(spool, &filter), "set the filter");
	while ((ret = mbox_recv(spool, &header, job, sizeof(job), 0)) > 0)
		printf("printer: priority %ju: %.*s\n", (uintmax_t)header.type,
		       (int)header.len, job);
	if (ret != -EAGAIN)
		check(ret, "take a job");
	mbox_close(spool);
}

int main(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL,
		.limits = { .max_msgs = ROOM },
	};
	struct mbox *spool;
	pid_t ann, bob;

	check(mbox_open(&spool, KEY, &options), "make '" KEY "'");
	ann = start_producer("Ann");
	bob = start_producer("Bob");
	end_child(ann);
	end_child(bob);
	printf("Ann and Bob have put %d jobs into the queue, which is full now\n", ROOM);
	kill_in_the_queue(spool, start_unlucky(true));
	print_all();
	await_death(start_unlucky(false), "after her job was put into the queue");
	print_all();
	mbox_close(spool);
	return 0;
}
