// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring in shared memory, by each way to wait for it: what ring.h says of its
 * counts holds when processes race, when calls end early and when processes are
 * killed. All processors are busy with something else meanwhile, so that whoever
 * is in the middle of something often has to stay there for a while.
 */
#include <sched.h>

#include "../ipcbench/ring.h"
#include "ipcbench_cases.h"

/* Whose locks do not stand for the counts. */
static const char *const movable[] = {
	"sysv-shm", "posix-shm", "futex-shm", "spin-shm", "eventfd", NULL
};

#define SIZE	24

/* One that takes so long to copy that many a process is killed while it does. */
#define LARGE	(64 << 10)

/* Messages of one race. */
#define RACERS	3000

#define KILLS	60

/**
 * struct tally - what is shared beyond the stage
 * @sent: send() of that message has returned
 * @seen: how often it was received
 * @next: number that no message has yet
 * @came: messages that were received
 * @patient: all waits are to be WAIT_FOREVER
 * @stop: all shall end
 */
struct tally {
	_Atomic unsigned char sent[1 << 20];
	_Atomic unsigned char seen[1 << 20];
	_Atomic unsigned int next;
	_Atomic unsigned int came;
	_Atomic bool patient;
	_Atomic bool stop;
};

static struct tally *tally;

/* ---- one process: the counts themselves --------------------------------------- */

struct both {
	struct play play;
	struct end sender;
	struct end receiver;
};

static void both_open(struct both *both, const struct mechanism *how, unsigned int depth)
{
	both->play = play_make(how, SIZE);
	both->play.lane.depth = depth;
	play_open(&both->play);
	both->sender = (struct end){ .lane = &both->play.lane, .role = ROLE_SENDER };
	both->receiver = (struct end){ .lane = &both->play.lane, .role = ROLE_RECEIVER };
	must_be(how->join(&both->receiver), 0);
	must_be(how->join(&both->sender), 0);
}

static void both_close(struct both *both)
{
	both->play.lane.how->leave(&both->sender);
	both->play.lane.how->leave(&both->receiver);
	both->play.lane.how->close(&both->play.lane);
}

static void put(struct both *both, unsigned int number, int64_t wait, int want)
{
	unsigned char data[SIZE];

	fill(data, SIZE, number);
	must_be(send_one(&both->sender, data, wait), want);
}

static void get(struct both *both, unsigned int number, int64_t wait)
{
	unsigned char data[SIZE];

	must_be(receive_one(&both->receiver, data, wait), SIZE);
	must(is_filled(data, SIZE, number));
}

static void get_nothing(struct both *both, int64_t wait, int want)
{
	unsigned char data[SIZE];

	must_be(receive_one(&both->receiver, data, wait), want);
}

/* What fails leaves everything as it was, as often as it may fail. */
static void test_failures(const struct mechanism *how)
{
	static const unsigned int depths[] = { 2, 3, 8 };

	for (unsigned int i = 0; i < COUNT(depths) * 4; i++) {
		unsigned int depth = depths[i % COUNT(depths)];
		struct both both;

		both_open(&both, how, depth);
		for (unsigned int j = 0; j < 5 * depth; j++) {
			for (unsigned int k = 0; k < depth; k++)
				put(&both, j + k, WAIT_NEVER, 0);
			put(&both, 0, WAIT_NEVER, -EAGAIN);
			put(&both, 0, 1000, -ETIMEDOUT);
			for (unsigned int k = 0; k < depth; k++)
				get(&both, j + k, k % 2 ? WAIT_FOREVER : 1000);
			get_nothing(&both, WAIT_NEVER, -EAGAIN);
			get_nothing(&both, 1000, -ETIMEDOUT);
		}
		both_close(&both);
	}
}

/* The counts may pass the end of their range. */
static void test_wrap(const struct mechanism *how)
{
	struct both both;
	struct ring *ring;

	both_open(&both, how, 3);
	ring = both.play.lane.own;
	for (enum role side = ROLE_SENDER; side <= ROLE_RECEIVER; side++) {
		atomic_store(&ring->shared->sides[side].place, UINT64_MAX - 4);
		ring->seen[side] = UINT64_MAX - 4;
	}
	for (unsigned int i = 0; i < 12; i++) {
		for (unsigned int j = 0; j < 3; j++)
			put(&both, i + j, WAIT_NEVER, 0);
		put(&both, 0, WAIT_NEVER, -EAGAIN);
		for (unsigned int j = 0; j < 3; j++)
			get(&both, i + j, WAIT_FOREVER);
		get_nothing(&both, WAIT_NEVER, -EAGAIN);
	}
	both_close(&both);
}

/* ---- many processes -------------------------------------------------------------- */

static void tally_make(void)
{
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	must(tally != MAP_FAILED);
}

/* A process that does nothing but take one processor. */
static void keep_busy(int processor)
{
	volatile unsigned int turns = 0;
	cpu_set_t set;

	if (play_fork())
		return;
	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (;;)
		turns++;
}

static void keep_all_busy(void)
{
	cpu_set_t set;

	must_be(sched_getaffinity(0, sizeof(set), &set), 0);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set))
			keep_busy(i);
}

static void on_signal(int number)
{
	(void)number;
}

static void on_disturbance(void (*handler)(int number))
{
	const struct sigaction action = { .sa_handler = handler };

	sigaction(SIGUSR1, &action, NULL);
}

/* All the ways to wait, one after the other; what is busy cannot be interrupted. */
static int64_t next_wait(const struct end *end, unsigned int turn)
{
	static const int64_t waits[] = { WAIT_FOREVER, WAIT_NEVER, 1000, WAIT_FOREVER, 5 * MS };
	int64_t wait = tally->patient ? WAIT_FOREVER : waits[turn % COUNT(waits)];

	return wait == WAIT_FOREVER && end->lane->how->flags & MECHANISM_BUSY ? MS : wait;
}

/* Nothing was sent or received, and it may be tried again. */
static bool may_go_on(int ret)
{
	return ret == -EAGAIN || ret == -ETIMEDOUT || ret == -EINTR || ret == -EPIPE ||
	       ret == RECV_END;
}

static void send_number(struct end *end, unsigned int number)
{
	static unsigned char data[LARGE];
	unsigned int turn = number;
	int ret;

	fill(data, SIZE, number);
	memcpy(data, &number, sizeof(number));
	while (!tally->stop && (ret = send_one(end, data, next_wait(end, turn++))))
		must(may_go_on(ret));
	if (!tally->stop)
		tally->sent[number] = 1;
}

static unsigned int note(const unsigned char *data)
{
	unsigned char wanted[SIZE];
	unsigned int number;

	memcpy(&number, data, sizeof(number));
	fill(wanted, SIZE, number);
	must(!memcmp(data + sizeof(number), wanted + sizeof(number), SIZE - sizeof(number)));
	must(number < COUNT(tally->seen));
	tally->seen[number]++;
	tally->came++;
	return number;
}

/* The number of what comes, or -1 when all shall end. */
static long receive_number(struct end *end)
{
	static unsigned char data[LARGE];
	unsigned int turn = 0;
	ssize_t ret;

	while ((ret = receive_one(end, data, next_wait(end, turn++))) < 0) {
		must(may_go_on(ret));
		if (tally->stop)
			return -1;
	}
	must_be(ret, end->lane->size);
	return note(data);
}

/* The numbers of one sender are apart by the number of senders. */
static void send_share(struct play *play, struct end *end)
{
	on_disturbance(on_signal);
	for (unsigned int i = end->index; i < RACERS; i += play->lane.senders)
		send_number(end, i);
}

static void receive_share(struct play *play, struct end *end)
{
	long last[PLAY_ACTORS] = { -1, -1, -1, -1 };
	long number;

	on_disturbance(on_signal);
	while ((number = receive_number(end)) >= 0) {
		must(number > last[number % play->lane.senders]);
		last[number % play->lane.senders] = number;
		if (tally->came == RACERS)
			tally->stop = true;
	}
}

static void disturb_all(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		kill(stage->pids[i], SIGUSR1);
	usleep(300);
}

/* Who waits for what never comes is woken until it has ended. */
static void end_all(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		int status;

		while (!waitpid(stage->pids[i], &status, WNOHANG))
			disturb_all(count);
		must_be(status, 0);
	}
}

/* Who is patient is left in peace half of the time: nothing helps then who sleeps. */
static bool is_to_be_disturbed(void)
{
	return !tally->patient || tally->came < RACERS / 2;
}

static void race(const struct mechanism *how, unsigned int senders, unsigned int receivers,
		 unsigned int depth)
{
	struct play play = play_make(how, SIZE);
	bool patient = tally->patient;

	memset(tally, 0, sizeof(*tally));
	tally->patient = patient;
	play.lane.senders = senders;
	play.lane.receivers = receivers;
	play.lane.depth = depth;
	play_open(&play);
	for (unsigned int i = 0; i < receivers; i++)
		play_enter(&play, ROLE_RECEIVER, i, receive_share);
	for (unsigned int i = 0; i < senders; i++)
		play_enter(&play, ROLE_SENDER, i, send_share);
	play_begin(&play);
	while (!tally->stop && !stage->failed)
		disturb_all(is_to_be_disturbed() ? play.count : 0);
	end_all(play.count);
	how->close(&play.lane);
	for (unsigned int i = 0; i < RACERS; i++)
		must_be(tally->seen[i], 1);
}

static void races(const struct mechanism *how)
{
	race(how, 1, 1, 2);
	race(how, 1, 1, 0);
	if (!how->shared_max)
		return;
	race(how, 2, 2, 2);
	race(how, 3, 1, 5);
	race(how, 1, 3, 5);
}

static void test_race(const struct mechanism *how)
{
	tally_make();
	on_disturbance(SIG_IGN);
	races(how);
	keep_all_busy();
	races(how);
}

static void test_patience(const struct mechanism *how)
{
	tally_make();
	tally->patient = true;
	on_disturbance(SIG_IGN);
	for (int i = 0; i < 20; i++)
		races(how);
	keep_all_busy();
	races(how);
}

/* ---- processes that are killed ----------------------------------------------------- */

static _Noreturn void send_on(struct end *end)
{
	must_be(end->lane->how->join(end), 0);
	while (!tally->stop) {
		unsigned int number = atomic_fetch_add(&tally->next, 1);

		must(number < COUNT(tally->sent));
		send_number(end, number);
	}
	_exit(EXIT_SUCCESS);
}

static _Noreturn void receive_on(struct end *end)
{
	must_be(end->lane->how->join(end), 0);
	while (receive_number(end) >= 0)
		;
	_exit(EXIT_SUCCESS);
}

/* Actors by number: senders are even. */
static void start(struct lane *lane, unsigned int number)
{
	struct end end = { .lane = lane, .role = number % 2, .index = number / 2 };
	pid_t pid = play_fork();

	if (!pid && end.role == ROLE_SENDER)
		send_on(&end);
	if (!pid)
		receive_on(&end);
	stage->pids[number] = pid;
}

/* There are always others that send and receive: something must come. */
static void kill_and_replace(struct lane *lane, unsigned int number)
{
	unsigned int came;
	int status;

	usleep(rand() % 1000);
	kill(stage->pids[number], SIGKILL);
	must_be(waitpid(stage->pids[number], &status, 0), stage->pids[number]);
	must(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	start(lane, number);
	came = tally->came;
	while (tally->came < came + 10 && !stage->failed)
		usleep(100);
}

/* What is left in the ring comes, too. */
static void drain(struct lane *lane)
{
	struct end end = { .lane = lane, .role = ROLE_RECEIVER };
	static unsigned char data[LARGE];

	must_be(lane->how->join(&end), 0);
	while (receive_one(&end, data, WAIT_NEVER) == LARGE)
		note(data);
	lane->how->leave(&end);
}

/* Each one that is killed may take one message with it, and no more. */
static void count_messages(void)
{
	unsigned int lost = 0, twice = 0;

	for (unsigned int i = 0; i < tally->next; i++) {
		lost += tally->sent[i] && !tally->seen[i];
		twice += tally->seen[i] > 1;
	}
	must_be(twice, 0);
	must(lost <= KILLS / 2);
}

static void test_killed(const struct mechanism *how)
{
	unsigned int actors = how->shared_max ? 4 : 2;
	struct play play = play_make(how, LARGE);

	tally_make();
	on_disturbance(on_signal);
	keep_all_busy();
	play.lane.senders = actors / 2;
	play.lane.receivers = actors / 2;
	play.lane.depth = 4;
	play_open(&play);
	for (unsigned int i = 0; i < actors; i++)
		start(&play.lane, i);
	for (unsigned int i = 0; i < KILLS; i++)
		kill_and_replace(&play.lane, i % actors);
	tally->stop = true;
	end_all(actors);
	drain(&play.lane);
	how->close(&play.lane);
	count_messages();
}

static const struct test_case tests[] = {
	{ .name = "what fails changes nothing", .run = test_failures },
	{ .name = "counts pass the end of their range", .run = test_wrap, .only = movable },
	{ .name = "each message once and in order", .run = test_race },
	{ .name = "nobody sleeps who could go on", .run = test_patience,
	  .without = MECHANISM_BUSY },
	{ .name = "goes on when processes are killed", .run = test_killed },
	{ .name = NULL }
};

/* As if they were arguments of the program. */
static const char *const rings[] = {
	"", "sysv-shm", "posix-shm", "futex-shm", "spin-shm", "file-lock", "eventfd", NULL
};

int main(int argc, char **argv)
{
	if (argc == 1)
		argv = (char **)rings;
	return cases_main(tests, argv);
}
