// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mechanism.h promises when processes share a lane, come from elsewhere or
 * go, asked of every mechanism that is here.
 */
#include "ipcbench_cases.h"

/* Where a reader learns that the last sender has gone, and a writer of the reader. */
static const char *const ends[] = {
	"pipe", "packet-pipe", "fifo", "unix-stream", "unix-seqpacket", "tcp", "uring-pipe", "mbox",
	NULL
};

/* Which lose what finds no room, so that the sender must not be too fast. */
static const char *const lossy[] = { "udp", NULL };

/* ---- ends -------------------------------------------------------------------- */

static void send_and_go(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	fill(data, end->lane->size, 0);
	must_be(send_one(end, data, play->wait), 0);
	free(data);
}

static void see_the_end(struct play *play, struct end *end)
{
	bool learns = is_among(end->lane->how, ends);
	unsigned char *data = buffer_of(end);
	ssize_t ret;

	must_be(receive_one(end, data, play->wait), end->lane->size);
	ret = receive_one(end, data, learns ? play->wait : SHORTLY);
	must_be(ret, ret == -ETIMEDOUT && !learns ? -ETIMEDOUT : RECV_END);
	must_be(receive_one(end, data, WAIT_NEVER), learns ? RECV_END :
						    ret == RECV_END ? RECV_END : -EAGAIN);
	free(data);
}

static void test_end(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, send_and_go, see_the_end);
}

static void go(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	must_be(receive_one(end, data, play->wait), end->lane->size);
	free(data);
}

/* What is sent meanwhile may be accepted; but that comes to an end. */
static void send_to_nobody(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);
	int ret = 0;

	fill(data, end->lane->size, 0);
	while (!ret)
		ret = send_one(end, data, play->wait);
	must(ret == -EPIPE || ret == -ECONNRESET);
	free(data);
}

static void test_nobody_receives(const struct mechanism *how)
{
	struct play play = play_small(how);

	play_pair(&play, send_to_nobody, go);
}

/* ---- several processes at one lane ------------------------------------------- */

#define SHARERS		2
#define CREDIT		8
#define SHARED_BYTES	(32 << 20)

static void take_credit(struct play *play)
{
	char byte;

	if (play->credit[0])
		must_be(read(play->credit[0], &byte, 1), 1);
}

static void give_credit(struct play *play)
{
	if (play->credit[1])
		must_be(write(play->credit[1], "", 1), 1);
}

static void need_credit(struct play *play, unsigned int messages)
{
	play->lane.depth = CREDIT;
	make_pipe(play->credit);
	while (messages--)
		give_credit(play);
}

/* A message begins with its number; the others tell which bytes follow it. */
static void send_share(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	for (uint32_t i = end->index; i < stage->number; i += SHARERS) {
		fill(data, end->lane->size, i);
		memcpy(data, &i, sizeof(i));
		take_credit(play);
		must_be(send_one(end, data, WAIT_FOREVER), 0);
	}
	free(data);
}

static void note_message(const struct end *end, unsigned char *data)
{
	uint32_t i;

	memcpy(&i, data, sizeof(i));
	must(i < stage->number);
	fill(data, sizeof(i), i);
	must(is_filled(data, end->lane->size, i));
	must_be(stage->seen[i]++, 0);
}

/*
 * Who waits without limit takes a ticket first, so that all together receive what
 * there is. Where messages are dealt out before anybody asks for them, that does
 * not do: there one waits for a while, and again.
 */
static bool is_more(const struct play *play)
{
	if (play->wait == WAIT_FOREVER)
		return atomic_fetch_add(&stage->step, 1) < (int)stage->number;
	return stage->step < (int)stage->number;
}

static void receive_share(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	while (is_more(play)) {
		ssize_t ret = end->lane->how->recv(end, 0, data, end->lane->size, play->wait);

		/* At the end another one may be about to note the last message. */
		if ((ret == -ETIMEDOUT || ret == RECV_END) && play->wait != WAIT_FOREVER)
			continue;
		must_be(ret, end->lane->size);
		note_message(end, data);
		if (play->wait != WAIT_FOREVER)
			stage->step++;
		give_credit(play);
	}
	free(data);
}

static void share(const struct mechanism *how, size_t size, unsigned int messages, int64_t wait)
{
	struct play play = play_make(how, size);

	play.wait = wait;
	play.lane.senders = SHARERS;
	play.lane.receivers = SHARERS;
	stage->number = messages;
	if (is_among(how, lossy))
		need_credit(&play, CREDIT);
	play_open(&play);
	for (unsigned int i = 0; i < SHARERS; i++)
		play_enter(&play, ROLE_RECEIVER, i, receive_share);
	for (unsigned int i = 0; i < SHARERS; i++)
		play_enter(&play, ROLE_SENDER, i, send_share);
	play_begin(&play);
	play_end(&play);
	for (unsigned int i = 0; i < messages; i++)
		must_be(stage->seen[i], 1);
}

static void test_shared(const struct mechanism *how)
{
	size_t most = at_most(how, how->shared_max);
	unsigned int messages = SHARED_BYTES / most;
	bool deals_out = !strcmp(how->group, "library");

	share(how, most < 64 ? most : 64, 2000, deals_out ? SHORTLY : WAIT_FOREVER);
	share(how, most, messages < 2000 ? messages : 2000, SHORTLY);
}

static void send_to_all(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	for (unsigned int i = 0; i < MESSAGES; i++) {
		for (unsigned int j = 0; j < SHARERS; j++)
			take_credit(play);
		fill(data, end->lane->size, i);
		must_be(send_one(end, data, play->wait), 0);
	}
	free(data);
}

static void receive_broadcast(struct play *play, struct end *end)
{
	unsigned char *data = buffer_of(end);

	for (unsigned int i = 0; i < MESSAGES; i++) {
		must_be(receive_one(end, data, play->wait), end->lane->size);
		must(is_filled(data, end->lane->size, i));
		give_credit(play);
	}
	free(data);
}

/* Who does not have it says so when it is asked for. */
static void test_broadcast(const struct mechanism *how)
{
	struct play play = play_small(how);
	int ret;

	play.lane.receivers = SHARERS;
	play.lane.broadcast = true;
	need_credit(&play, SHARERS);
	ret = how->open(&play.lane);
	if (ret == -EOPNOTSUPP)
		return;
	must_be(ret, 0);
	for (unsigned int i = 0; i < SHARERS; i++)
		play_enter(&play, ROLE_RECEIVER, i, receive_broadcast);
	play_enter(&play, ROLE_SENDER, 0, send_to_all);
	play_begin(&play);
	play_end(&play);
}

/* ---- names and leftovers -------------------------------------------------------- */

static bool play_stranger(const struct mechanism *how, enum role role)
{
	part_fn parts[] = { [ROLE_SENDER] = send_filled, [ROLE_RECEIVER] = receive_filled };
	struct play play = play_small(how);
	enum role other = role == ROLE_SENDER ? ROLE_RECEIVER : ROLE_SENDER;
	int ret;

	play_enter_stranger(&play, role, parts[role]);
	play_open(&play);
	must(play.lane.address[0]);
	if (other == ROLE_RECEIVER)
		play_enter(&play, other, 0, parts[other]);
	play_publish(&play);
	ret = play_joined(&play);
	if (ret == -EOPNOTSUPP)
		return false;
	must_be(ret, 0);
	if (other == ROLE_SENDER)
		play_enter(&play, other, 0, parts[other]);
	play_begin(&play);
	play_end(&play);
	return true;
}

/* In a process of its own: one that cannot join leaves others who wait for it. */
static bool can_join(const struct mechanism *how, enum role role)
{
	pid_t pid = play_fork();
	int status;

	if (!pid)
		_exit(play_stranger(how, role) ? 0 : 77);
	must_be(waitpid(pid, &status, 0), pid);
	must(WIFEXITED(status) && (!WEXITSTATUS(status) || WEXITSTATUS(status) == 77));
	return !WEXITSTATUS(status);
}

static bool has_address(const struct mechanism *how)
{
	struct play play = play_small(how);
	bool has;

	play_open(&play);
	has = play.lane.address[0];
	how->close(&play.lane);
	return has;
}

static void test_address(const struct mechanism *how)
{
	bool sends, receives;

	if (!has_address(how))
		return;
	sends = can_join(how, ROLE_SENDER);
	receives = can_join(how, ROLE_RECEIVER);
	must(sends || receives);
}

static void test_closed(const struct mechanism *how)
{
	unsigned int descriptors = leftover_descriptors();
	struct leftover before = leftover_now();
	struct play play = play_small(how);

	play_pair(&play, send_filled, receive_filled);
	must_be(leftover_descriptors(), descriptors);
	must(leftover_same(&before));
	if (how->remains)
		must(!how->remains(play.lane.address));
}

static void wait_for_death(struct play *play, struct end *end)
{
	(void)play;
	(void)end;
	for (;;)
		pause();
}

static _Noreturn void be_a_victim(const struct mechanism *how)
{
	struct play play = play_small(how);

	setpgid(0, 0);
	play_open(&play);
	play_enter(&play, ROLE_RECEIVER, 0, wait_for_death);
	play_enter(&play, ROLE_SENDER, 0, wait_for_death);
	play_publish(&play);
	for (;;)
		pause();
}

/* The victims that are not our children are somebody else's to bury. */
static void kill_all(pid_t first)
{
	kill(-first, SIGKILL);
	waitpid(first, NULL, 0);
	while (!kill(-first, 0))
		usleep(200);
}

/* What remains is judged by its name, unless a server has it. */
static void test_killed(const struct mechanism *how)
{
	struct leftover before = leftover_now();
	bool left, told;
	pid_t first = play_fork();

	if (!first)
		be_a_victim(how);
	await(1);
	kill_all(first);
	left = !leftover_same(&before);
	told = how->remains && how->remains(stage->lane.address);
	if (!how->start && leftover_is_seen())
		must_be(told, left);
}

static const struct test_case tests[] = {
	{ .name = "a reader learns of the end", .run = test_end },
	{ .name = "a writer learns of the end", .run = test_nobody_receives, .only = ends },
	{ .name = "shared, each message comes once", .run = test_shared,
	  .needs = NEEDS(shared_max) },
	{ .name = "reaches all, or says it cannot", .run = test_broadcast },
	{ .name = "found by its address, if it has one", .run = test_address },
	{ .name = "leaves nothing when it is closed", .run = test_closed },
	{ .name = "tells what remains of the killed", .run = test_killed },
	{ .name = NULL }
};

int main(int argc, char **argv)
{
	(void)argc;
	return cases_main(tests, argv);
}
