// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mechanism.h promises for one sender and one receiver, asked of every
 * mechanism that is here.
 */
#include <fcntl.h>
#include <poll.h>

#include "ipcbench_cases.h"

/* Which can be told how many messages to hold, and hold them. */
static const char *const deep[] = {
	"pipe", "packet-pipe", "fifo", "unix-stream", "unix-dgram", "unix-seqpacket", "udp",
	"sysv-msg", "posix-mq", "uring-pipe", "mbox", NULL
};

/* ---- contents: what is sent arrives ----------------------------------------- */

static void carry(const struct mechanism *how, size_t size, int64_t wait)
{
	struct play play = play_make(how, size);

	play.wait = wait;
	play_pair(&play, send_filled, receive_filled);
}

static void test_contents(const struct mechanism *how)
{
	const size_t sizes[] = { 8, 64, 4096, how->max_size() };

	must(how->max_size() > 0 && how->max_size() <= LANE_SIZE_MAX);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		if (sizes[i] > how->max_size())
			continue;
		carry(how, sizes[i], WAIT_FOREVER);
		carry(how, sizes[i], SURELY);
	}
}

/* Shorter messages than the lane's largest; all are there before one is taken. */
static const size_t lengths[] = { 8, 24, 16 };

static size_t length_of(const struct end *end, unsigned int i)
{
	return lengths[i] < end->lane->size ? lengths[i] : end->lane->size;
}

static void send_lengths(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	for (unsigned int i = 0; i < COUNT(lengths); i++) {
		fill(data, length_of(end, i), i);
		must_be(end->lane->how->send(end, 1, data, length_of(end, i), play->wait), 0);
	}
	reach(1);
	free(data);
}

static void receive_lengths(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	if (!(end->lane->how->flags & MECHANISM_RENDEZVOUS))
		await(1);
	for (unsigned int i = 0; i < COUNT(lengths); i++) {
		must_be(end->lane->how->recv(end, 0, data, end->lane->size, play->wait),
			length_of(end, i));
		must(is_filled(data, length_of(end, i), i));
	}
	free(data);
}

static void test_boundaries(const struct mechanism *how)
{
	struct play play = play_small(how);

	play.wait = WAIT_FOREVER;
	play_pair(&play, send_lengths, receive_lengths);
	play = play_small(how);
	play_pair(&play, send_lengths, receive_lengths);
}

/* ---- waits ------------------------------------------------------------------- */

static void find_nothing(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);
	int64_t begin;

	(void)play;
	must_be(receive_one(end, data, WAIT_NEVER), -EAGAIN);
	begin = now_ns();
	must_be(receive_one(end, data, SHORTLY), -ETIMEDOUT);
	must(now_ns() - begin >= SHORTLY - MS);
	reach(1);
	free(data);
}

static void be_there(struct play *play, struct end *end)
{
	(void)play;
	(void)end;
	await(1);
}

static void test_nothing_there(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, be_there, find_nothing);
}

/* Send until there is no room, or no end to it; how the last one failed. */
static int flood(struct end *end, unsigned char *data, unsigned int *count, int64_t wait)
{
	while (*count < PLAY_MESSAGES) {
		int ret;

		fill(data, end->lane->size, *count);
		ret = send_one(end, data, wait);
		if (ret)
			return ret;
		++*count;
	}
	return 0;
}

/* What was on its way may have left room, when the first one says there is none. */
static void send_until_full(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);
	unsigned int count = 0;
	int64_t begin;
	int ret = flood(end, data, &count, WAIT_NEVER);

	if (ret) {
		must_be(ret, -EAGAIN);
		begin = now_ns();
		ret = flood(end, data, &count, SHORTLY);
		must_be(ret, ret ? -ETIMEDOUT : 0);
		must(now_ns() - begin >= SHORTLY - MS);
	}
	stage->number = ret ? count + 1 : 0;
	reach(1);
	if (ret)
		must_be(send_one(end, data, play->wait), 0);
	free(data);
}

/* What was not accepted is sent once more, and nothing is there twice. */
static void receive_all(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	await(1);
	for (unsigned int i = 0; i < stage->number; i++) {
		must_be(receive_one(end, data, play->wait), end->lane->size);
		must(is_filled(data, end->lane->size, i));
	}
	if (stage->number)
		must(receive_one(end, data, WAIT_NEVER) < 0);
	free(data);
}

static void test_full(const struct mechanism *how)
{
	struct play play = play_make(how, at_most(how, 4096));

	play_pair(&play, send_until_full, receive_all);
}

static void on_signal(int number)
{
	(void)number;
}

static void be_interrupted(struct play *play, struct end *end)
{
	const struct sigaction action = { .sa_handler = on_signal };
	unsigned char *data = buffer_of(end);

	(void)play;
	sigaction(SIGUSR1, &action, NULL);
	reach(1);
	must_be(receive_one(end, data, WAIT_FOREVER), -EINTR);
	reach(2);
	free(data);
}

static void be_there_longer(struct play *play, struct end *end)
{
	(void)play;
	(void)end;
	await(2);
}

/* Signals that come before it waits do no harm: more follow. */
static void test_interrupted(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_open(&play);
	play_enter(&play, ROLE_RECEIVER, 0, be_interrupted);
	play_enter(&play, ROLE_SENDER, 0, be_there_longer);
	play_begin(&play);
	await(1);
	while (stage->step < 2) {
		kill(stage->pids[0], SIGUSR1);
		usleep(1000);
	}
	play_end(&play);
}

/* ---- depth --------------------------------------------------------------------- */

static void send_depth(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	for (unsigned int i = 0; i < play->lane.depth; i++) {
		fill(data, end->lane->size, i);
		must_be(send_one(end, data, WAIT_NEVER), 0);
	}
	stage->number = play->lane.depth;
	reach(1);
	free(data);
}

static void receive_depth(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	await(1);
	for (unsigned int i = 0; i < stage->number; i++) {
		must_be(receive_one(end, data, play->wait), end->lane->size);
		must(is_filled(data, end->lane->size, i));
	}
	free(data);
}

static void hold(const struct mechanism *how, size_t size, unsigned int depth)
{
	struct play play = play_make(how, size);
	int ret;

	play.lane.depth = depth;
	ret = how->open(&play.lane);
	if (ret && depth > 1)
		return;
	must_be(ret, 0);
	play_enter(&play, ROLE_RECEIVER, 0, receive_depth);
	play_enter(&play, ROLE_SENDER, 0, send_depth);
	play_begin(&play);
	play_end(&play);
}

/* Who may not hold as many refuses to open; who opens holds them. */
static void test_depth(const struct mechanism *how)
{
	static const unsigned int depths[] = { 1, 11, 100, 1000 };
	const size_t sizes[] = { 8, 100, at_most(how, 4096), at_most(how, 10000) };

	for (size_t i = 0; i < COUNT(depths); i++)
		for (size_t j = 0; j < COUNT(sizes); j++)
			hold(how, sizes[j], depths[i]);
}

/* ---- optional operations ------------------------------------------------------- */

static void send_when_asked(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	await(1);
	fill(data, end->lane->size, 0);
	must_be(send_one(end, data, play->wait), 0);
	await(2);
	free(data);
}

static bool polls(int fd, short events, int64_t wait)
{
	struct pollfd poller = { .fd = fd, .events = events };

	return poll(&poller, 1, wait / MS) == 1 && poller.revents & events;
}

/* It may be readable for nothing, but not after one has looked. */
static void poll_and_receive(struct play *play, struct end *end)
{
	int fd = end->lane->how->poll_fd(end);
	unsigned char *data = buffer_of(end);
	ssize_t ret;

	must(fd >= 0);
	must_be(receive_one(end, data, WAIT_NEVER), -EAGAIN);
	must(!polls(fd, POLLIN, 0));
	reach(1);
	do {
		must(polls(fd, POLLIN, play->wait));
		ret = receive_one(end, data, WAIT_NEVER);
	} while (ret == -EAGAIN);
	must_be(ret, end->lane->size);
	must_be(receive_one(end, data, WAIT_NEVER), -EAGAIN);
	must(!polls(fd, POLLIN, 0));
	reach(2);
	free(data);
}

static void poll_and_send(struct play *play, struct end *end)
{
	int fd = end->lane->how->poll_fd(end);

	must(fd == -EOPNOTSUPP || polls(fd, POLLOUT, play->wait));
	send_when_asked(play, end);
}

static void test_poll(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, poll_and_send, poll_and_receive);
}

/* A message that has been sent may still be on its way. */
static ssize_t peek_surely(struct end *end, unsigned char *data)
{
	ssize_t ret;

	do
		ret = end->lane->how->peek(end, data, end->lane->size);
	while (ret == -EAGAIN);
	return ret;
}

static void peek_and_receive(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	must_be(end->lane->how->peek(end, data, end->lane->size), -EAGAIN);
	reach(1);
	for (int i = 0; i < 2; i++) {
		memset(data, 0, end->lane->size);
		must_be(peek_surely(end, data), end->lane->size);
		must(is_filled(data, end->lane->size, 0));
	}
	must_be(receive_one(end, data, play->wait), end->lane->size);
	must(is_filled(data, end->lane->size, 0));
	must_be(end->lane->how->peek(end, data, end->lane->size), -EAGAIN);
	reach(2);
	free(data);
}

static void test_peek(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, send_when_asked, peek_and_receive);
}

static void ask_for_sender(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);
	pid_t pid = 0;

	reach(1);
	must_be(receive_one(end, data, play->wait), end->lane->size);
	must_be(end->lane->how->sender(end, &pid), 0);
	must_be(pid, stage->pids[1]);
	reach(2);
	free(data);
}

static void test_sender(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, send_when_asked, ask_for_sender);
}

static void forge_first_process(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	(void)play;
	fill(data, end->lane->size, 0);
	stage->number = -end->lane->how->forge(end, getppid(), data, end->lane->size);
	reach(1);
	await(2);
	free(data);
}

/* Who may not claim it is refused; who is not refused is believed. */
static void see_forgery(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);
	pid_t pid = 0;

	await(1);
	if (stage->number) {
		must_be(stage->number, EPERM);
		must(geteuid());
	} else {
		must_be(receive_one(end, data, play->wait), end->lane->size);
		must(is_filled(data, end->lane->size, 0));
		must_be(end->lane->how->sender(end, &pid), 0);
		must_be(pid, getppid());
	}
	reach(2);
	free(data);
}

static void test_forge(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, forge_first_process, see_forgery);
}

static void send_pipe(struct play *play, struct end *end)
{
	char text[8] = "";
	int fd[2];

	(void)play;
	make_pipe(fd);
	must_be(end->lane->how->send_fd(end, fd[1]), 0);
	close(fd[1]);
	must_be(read(fd[0], text, sizeof(text)), 5);
	must(!memcmp(text, "hello", 5));
}

static void write_to_what_comes(struct play *play, struct end *end)
{
	int fd = end->lane->how->recv_fd(end);

	(void)play;
	must(fd >= 0);
	must(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	must_be(write(fd, "hello", 5), 5);
	close(fd);
}

static void test_descriptor(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, send_pipe, write_to_what_comes);
}

/* What is sent with which priority, and in which order it is to come. */
static const unsigned char priorities[] = { 3, 9, 0, 3, 9 };
static const unsigned char by_priority[] = { 1, 4, 0, 3, 2 };

static void send_by_priority(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	(void)play;
	for (unsigned int i = 0; i < COUNT(priorities); i++) {
		fill(data, end->lane->size, i);
		must_be(end->lane->how->send_priority(end, priorities[i], data,
						      end->lane->size), 0);
	}
	reach(1);
	await(2);
	free(data);
}

static void receive_by_priority(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	(void)play;
	await(1);
	for (unsigned int i = 0; i < COUNT(by_priority); i++) {
		must_be(end->lane->how->recv_priority(end, data, end->lane->size),
			end->lane->size);
		must(is_filled(data, end->lane->size, by_priority[i]));
	}
	reach(2);
	free(data);
}

static void test_priority(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, send_by_priority, receive_by_priority);
}

/* Of message i, from 1, the type; and the order in which they are taken. */
static void send_types(struct play *play, struct end *end)
{
	static const uint64_t types[] = { 1, 2, 1, 3 };
	unsigned char *data = buffer_of(end);

	for (unsigned int i = 0; i < COUNT(types); i++) {
		fill(data, end->lane->size, i);
		must_be(end->lane->how->send(end, types[i], data, end->lane->size, play->wait), 0);
	}
	reach(1);
	await(2);
	free(data);
}

static void receive_types(struct play *play, struct end *end)
{
	static const struct {
		uint64_t type;
		unsigned int number;
	} rows[] = { { 3, 3 }, { 2, 1 }, { 0, 0 }, { 1, 2 } };
	unsigned char *data = buffer_of(end);

	await(1);
	must_be(end->lane->how->recv(end, 4, data, end->lane->size, WAIT_NEVER), -EAGAIN);
	for (unsigned int i = 0; i < COUNT(rows); i++) {
		must_be(end->lane->how->recv(end, rows[i].type, data, end->lane->size, play->wait),
			end->lane->size);
		must(is_filled(data, end->lane->size, rows[i].number));
	}
	reach(2);
	free(data);
}

static void test_types(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, send_types, receive_types);
}

static const struct test_case tests[] = {
	{ .name = "what is sent arrives", .run = test_contents },
	{ .name = "each arrives as it was sent", .run = test_boundaries,
	  .without = MECHANISM_STREAM },
	{ .name = "waits for a message no longer than asked", .run = test_nothing_there },
	{ .name = "waits for room no longer than asked", .run = test_full },
	{ .name = "a signal ends a wait", .run = test_interrupted, .without = MECHANISM_BUSY },
	{ .name = "holds as many as it was opened for", .run = test_depth, .only = deep },
	{ .name = "poll tells when to receive", .run = test_poll, .needs = NEEDS(poll_fd) },
	{ .name = "peek takes nothing", .run = test_peek, .needs = NEEDS(peek) },
	{ .name = "names the sender", .run = test_sender, .needs = NEEDS(sender) },
	{ .name = "a false sender", .run = test_forge, .needs = NEEDS(forge) },
	{ .name = "carries a descriptor", .run = test_descriptor, .needs = NEEDS(send_fd) },
	{ .name = "urgent ones first", .run = test_priority, .needs = NEEDS(send_priority) },
	{ .name = "chooses by type", .run = test_types, .with = MECHANISM_TYPES },
	{ .name = NULL }
};

int main(int argc, char **argv)
{
	(void)argc;
	return cases_main(tests, argv);
}
