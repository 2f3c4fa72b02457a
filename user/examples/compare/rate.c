// SPDX-License-Identifier: GPL-2.0-only
/* How fast: one sender and one receiver, each message checked. */
#include <sched.h>
#include <signal.h>
#include <time.h>

#include "compare.h"

#define LIMIT_SECONDS	30
#define WARM_UP		16

static double now(void)
{
	struct timespec ts;

	check_sys(clock_gettime(CLOCK_MONOTONIC, &ts), "clock_gettime");
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/*
 * Where the scheduler puts two processes may matter more than the mechanism, so
 * that they have fixed places: the first or the last of our processors.
 */
static void use_processor(bool last)
{
	static cpu_set_t ours;
	cpu_set_t one;
	int cpu = last ? CPU_SETSIZE - 1 : 0;

	if (!CPU_COUNT(&ours))
		check_sys(sched_getaffinity(0, sizeof(ours), &ours), "sched_getaffinity");
	while (!CPU_ISSET(cpu, &ours))
		cpu += last ? -1 : 1;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	check_sys(sched_setaffinity(0, sizeof(one), &one), "sched_setaffinity");
}

static void ignore(int number)
{
	(void)number;
}

/* A receive that still waits after that gets -EINTR; 0 ends the limit. */
static void limit_time(unsigned int seconds)
{
	struct sigaction action = { .sa_handler = ignore };

	check_sys(sigaction(SIGALRM, &action, NULL), "sigaction");
	alarm(seconds);
}

/* The number of the message and, where there is room, bytes that follow from it. */
static void fill(char *data, uint64_t number)
{
	memset(data, (int)(number * 7), MESSAGE_SIZE);
	memcpy(data, &number, sizeof(number));
}

static void send_number(struct channel *channel, uint64_t number)
{
	char data[MESSAGE_SIZE];

	fill(data, number);
	channel->how->send(channel, 1, data, channel->how->payload);
}

/* False if there is no more; a message that is not the one due counts as lost. */
static bool receive_number(struct channel *channel, uint64_t number, unsigned long *lost)
{
	char data[MESSAGE_SIZE], wanted[MESSAGE_SIZE];
	ssize_t len = channel->how->recv(channel, 0, data, sizeof(data), NULL);

	if (len <= 0)
		return false;
	fill(wanted, number);
	*lost += (size_t)len != channel->how->payload || memcmp(data, wanted, len);
	return true;
}

static void send_all(struct channel *channel, unsigned long count)
{
	use_processor(true);
	channel_attach(channel);
	for (unsigned long number = 0; number < count; number++)
		send_number(channel, number);
	_exit(0);
}

/* Takes the messages; the clock runs from the first to the last of them. */
static void receive_all(struct channel *channel, unsigned long count, struct rate *rate)
{
	unsigned long number;
	double start = 0;

	for (number = 0; number < count; number++) {
		if (!receive_number(channel, number, &rate->lost))
			break;
		if (!number)
			start = now();
	}
	rate->seconds = now() - start;
	rate->lost += count - number;
}

static void end_partner(pid_t child, const struct rate *rate)
{
	limit_time(0);
	if (!rate->lost) {
		end_child(child);
		return;
	}
	kill(child, SIGKILL);
	check_sys(waitpid(child, NULL, 0), "waitpid");
}

/* Sender and receiver on two processors, if there are, so that both can work. */
struct rate rate_one_way(const struct mechanism *how, unsigned long count)
{
	struct rate rate = { 0 };
	struct channel channel;
	pid_t child;

	use_processor(false);
	channel_open(&channel, how, 0);
	child = start_child();
	if (!child)
		send_all(&channel, count + 1);
	limit_time(LIMIT_SECONDS);
	receive_all(&channel, count + 1, &rate);
	rate.per_second = count / rate.seconds;
	end_partner(child, &rate);
	how->close(&channel);
	return rate;
}

/* Sends back what it gets. */
static void echo_all(struct channel *there, struct channel *back, unsigned long count)
{
	unsigned long lost = 0;

	back->receiver = getppid();
	channel_attach(back);
	for (unsigned long number = 0; number < count; number++) {
		if (!receive_number(there, number, &lost))
			_exit(1);
		send_number(back, number);
	}
	_exit(lost != 0);
}

static void make_trips(struct channel *there, struct channel *back, unsigned long count,
		       struct rate *rate)
{
	unsigned long number;
	double start = 0;

	channel_attach(there);
	for (number = 0; number < count; number++) {
		if (number == WARM_UP)
			start = now();
		send_number(there, number);
		if (!receive_number(back, number, &rate->lost))
			break;
	}
	rate->seconds = now() - start;
	rate->lost += count - number;
}

/* Both on one processor, as only one of them has something to do at a time. */
struct rate rate_round_trip(const struct mechanism *how, unsigned long count)
{
	struct channel there, back;
	struct rate rate = { 0 };
	pid_t child;

	use_processor(false);
	channel_open(&there, how, 0);
	channel_open(&back, how, 1);
	child = start_child();
	if (!child)
		echo_all(&there, &back, count + WARM_UP);
	there.receiver = child;
	limit_time(LIMIT_SECONDS);
	make_trips(&there, &back, count + WARM_UP, &rate);
	rate.per_second = count / rate.seconds;
	end_partner(child, &rate);
	how->close(&there);
	how->close(&back);
	return rate;
}
