// SPDX-License-Identifier: GPL-2.0-only
/* Claims on shared memory. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include "claim.h"
#include "clock.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"

#define MESSAGES	1000
#define MESSAGE_SIZE	128

/**
 * struct board - messages in shared memory
 * @posted: how many are there
 * @texts: the messages
 */
struct board {
	atomic_int posted;
	char texts[MESSAGES][MESSAGE_SIZE];
};

/* From now on any system call but exit() kills this process. */
static void forbid_calls(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL),
	};
	struct sock_fprog program = { ARRAY_SIZE(code), code };

	need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		skip("seccomp: %s", strerror(errno));
}

static void post_all(struct board *board)
{
	for (int i = 0; i < MESSAGES; i++) {
		memset(board->texts[i], i, MESSAGE_SIZE);
		/* Pairs with the load of the reader. */
		atomic_store_explicit(&board->posted, i + 1, memory_order_release);
	}
}

static bool is_whole(const char *text, int i)
{
	for (int at = 0; at < MESSAGE_SIZE; at++)
		if (text[at] != (char)i)
			return false;
	return true;
}

static bool read_all(struct board *board)
{
	for (int i = 0; i < MESSAGES; i++) {
		/* Pairs with the store of the writer. */
		while (atomic_load_explicit(&board->posted, memory_order_acquire) <= i)
			;
		if (!is_whole(board->texts[i], i))
			return false;
	}
	return true;
}

/* exit_group(), which _exit() makes, is forbidden, too. */
static pid_t start_without_calls(struct board *board, bool writes)
{
	pid_t child = start();
	bool good = true;

	if (child)
		return child;
	forbid_core();
	forbid_calls();
	if (writes)
		post_all(board);
	else
		good = read_all(board);
	syscall(SYS_exit, good ? 0 : 1);
	__builtin_unreachable();
}

static bool works_without_calls(void)
{
	struct board *board = shared_memory(sizeof(*board));
	pid_t reader = start_without_calls(board, false);
	pid_t writer = start_without_calls(board, true);
	int read = end_of(reader), written = end_of(writer);

	if (finding_over())
		_exit(0);
	return !read && !written;
}

static double time_memory(void)
{
	struct board *board = shared_memory(sizeof(*board));
	double start_time = clock_seconds();
	bool good;

	post_all(board);
	good = read_all(board);
	if (!good)
		fault("a message in shared memory is damaged");
	return clock_seconds() - start_time;
}

static double time_pipe(void)
{
	char text[MESSAGE_SIZE];
	double start_time;
	int ends[2];

	make_pipe(ends, 0);
	start_time = clock_seconds();
	for (int i = 0; i < MESSAGES; i++) {
		memset(text, i, sizeof(text));
		must(write(ends[1], text, sizeof(text)), "write");
		must(read(ends[0], text, sizeof(text)), "read");
		if (!is_whole(text, i))
			fault("a message in a pipe is damaged");
	}
	start_time = clock_seconds() - start_time;
	close(ends[0]);
	close(ends[1]);
	return start_time;
}

static void check_fastest(void)
{
	double memory = 1e9, pipe = 1e9;

	part(works_without_calls(), "Two processes, to which every system call is forbidden, "
	     "exchange %d messages of %d bytes through shared memory.", MESSAGES, MESSAGE_SIZE);
	for (int round = 0; round < 10; round++) {
		memory = shorter(memory, time_memory());
		pipe = shorter(pipe, time_pipe());
	}
	observe("To put in and to take out such a message costs %.0f ns, through a pipe %.0f ns: "
		"%.1f times as much.", memory / MESSAGES * 1e9, pipe / MESSAGES * 1e9,
		pipe / memory);
	if (memory < pipe)
		conclude_parts();
	else
		conclude("slower");
}

/* ---- no synchronisation ----------------------------------------------------------- */

struct shop {
	volatile int stock;
	volatile int sold;
	pthread_mutex_t lock;
};

/* A customer that looks, waits for the other one to have looked, and buys. */
static _Noreturn void buy(struct shop *shop, int looked, int go)
{
	bool there = shop->stock >= 1;

	send_byte(looked);
	await_byte(go);
	if (there) {
		shop->stock--;
		shop->sold++;
	}
	_exit(0);
}

static void sell_to_two(struct shop *shop)
{
	int looked[2], go[2];
	pid_t customers[2];

	make_pipe(looked, 0);
	make_pipe(go, 0);
	for (int i = 0; i < 2; i++) {
		customers[i] = start();
		if (!customers[i])
			buy(shop, looked[1], go[0]);
	}
	await_byte(looked[0]);
	await_byte(looked[0]);
	for (int i = 0; i < 2; i++) {
		send_byte(go[1]);
		until(&shop->sold, i + 1);
	}
	ends_well(customers[0]);
	ends_well(customers[1]);
}

static void share_lock(struct shop *shop)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shop->lock, &attributes);
}

static bool is_locked_out(struct shop *shop)
{
	pid_t child;

	share_lock(shop);
	pthread_mutex_lock(&shop->lock);
	child = start();
	if (!child)
		_exit(pthread_mutex_trylock(&shop->lock) == EBUSY ? 0 : 1);
	return end_of(child) == 0;
}

static void check_integrity(void)
{
	struct shop *shop = shared_memory(sizeof(*shop));

	shop->stock = 1;
	sell_to_two(shop);
	part(shop->sold == 2 && shop->stock == -1, "Two processes that both see a stock of 1 "
	     "before either of them buys sell %d; the stock is %d.", shop->sold, shop->stock);
	part(is_locked_out(shop), "A mutex in the memory, of the kind for several processes, "
	     "keeps the second one out.");
	conclude_parts();
}

/* ---- failure, and whose interface it is ----------------------------------------------- */

static void check_failure(void)
{
	void *attached, *mapped;
	int attach_error;

	/* To see that there is shared memory at all. */
	make_segment(1);
	attached = shmat(-1, NULL, 0);
	attach_error = errno;
	mapped = mmap(NULL, 0, PROT_READ, MAP_SHARED, -1, 0);
	observe("shmat() of no segment returns %p (%s), mmap() of no bytes %p (%s).", attached,
		error_name(attach_error), mapped, error_name(errno));
	if (!attached && !mapped)
		conclude("NULL");
	else if (attached == (void *)-1 && mapped == MAP_FAILED)
		conclude("(void *)-1");
	else
		conclude("neither");
}

/* Whether a line of /proc/sysvipc/shm has the id. */
static bool is_in_sysv_list(int id)
{
	FILE *file = fopen("/proc/sysvipc/shm", "re");
	char line[256];
	bool found = false;
	int its_id;

	if (!file)
		skip("/proc/sysvipc/shm: %s", strerror(errno));
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*d %d", &its_id) == 1 && its_id == id)
			found = true;
	fclose(file);
	return found;
}

static int sysv_maps(void)
{
	FILE *file = fopen("/proc/self/maps", "re");
	char line[512];
	int count = 0;

	while (file && fgets(line, sizeof(line), file))
		count += !!strstr(line, "/SYSV");
	if (file)
		fclose(file);
	return count;
}

static void check_interface(void)
{
	char name[OBJECT_NAME_MAX], path[64];
	int segment = make_segment(4096), fd;
	bool in_list, in_folder;

	object_name(GUARD_SHM_NAME, name);
	fd = need(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), "shm_open");
	must(ftruncate(fd, 4096), "ftruncate");
	snprintf(path, sizeof(path), "/dev/shm%s", name);
	in_list = is_in_sysv_list(segment);
	in_folder = !access(path, F_OK);
	need_memory(shmat(segment, NULL, 0), "shmat");
	need_memory(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0), "mmap");
	observe("What shmget() makes has an id, %d, and is %s /proc/sysvipc/shm; attached, it is "
		"%s called SYSV.", segment, in_list ? "in" : "not in",
		sysv_maps() == 1 ? "a map" : "no map");
	observe("What shm_open() makes, the POSIX way, has a name and a descriptor, and is %s "
		"/dev/shm.", in_folder ? "in" : "not in");
	if (in_list && sysv_maps() == 1)
		conclude("System V");
	else
		conclude("POSIX");
}

const struct claim shm_claims[] = {
	{
		.row = "103",
		.lectures = "S0 S2 S4",
		.text = "shared memory is the fastest",
		.says = "Shared memory is the cheapest and fastest way; once it is set up the "
			"kernel has no part in it.",
		.page = "shm_overview(7)",
		.check = check_fastest,
		.outcomes = { { "so", VERDICT_TRUE }, { "slower", VERDICT_OUTDATED } },
		.note = "To wait for a message without a system call costs a whole processor.",
	}, {
		.row = "108",
		.lectures = "S2",
		.text = "shared memory does not synchronise",
		.says = "Nothing keeps two processes from selling the same stock, down to "
			"below zero.",
		.page = "shm_overview(7), pthread_mutexattr_setpshared(3)",
		.check = check_integrity,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A2.15",
		.lectures = "S2",
		.text = "failed shmat returns NULL",
		.says = "The samples compare what shmat() and mmap() return with NULL or 0.",
		.page = "shmop(2), mmap(2)",
		.check = check_failure,
		.outcomes = { { "NULL", VERDICT_TRUE }, { "(void *)-1", VERDICT_OUTDATED } },
		.note = "A test for NULL takes that for memory.",
	}, {
		.row = "A2.16",
		.lectures = "S2",
		.text = "shmget is the POSIX way",
		.says = "A slide named 'POSIX Shared Memory' shows shmget(), shmat() and "
			"shmctl().",
		.page = "sysvipc(7), shm_overview(7)",
		.check = check_interface,
		.outcomes = { { "POSIX", VERDICT_TRUE }, { "System V", VERDICT_OUTDATED } },
	},
	{ 0 }
};
