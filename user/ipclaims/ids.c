// SPDX-License-Identifier: GPL-2.0-only
/* Claims on the keys and ids of System V objects. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/stat.h>

#include "claim.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"
#include "queue.h"

/* Bits of the index in an id: 15, or 24 with the boot option ipcmni_extend. */
static const int index_bits[] = { 15, 24 };

static unsigned int sequence_of(int id)
{
	struct msqid_ds state;

	must(msgctl(id, IPC_STAT, &state), "msgctl");
	return state.msg_perm.__seq;
}

/* The kernel takes an index here, and tells the id of what it finds there. */
static bool is_at(int id, int index)
{
	struct msqid_ds state;

	return msgctl(index, MSG_STAT, &state) == id;
}

/* A queue whose sequence number is not 0, which would fit any arithmetic. */
static int make_telling_queue(void)
{
	enum { TRIES = 300 };

	for (int i = 0; i < TRIES; i++)
		if (make_and_remove_queue() >= 1 << index_bits[0])
			break;
	return make_queue();
}

static void check_arithmetic(void)
{
	int id = make_telling_queue();
	unsigned int sequence = sequence_of(id);

	for (size_t i = 0; i < ARRAY_SIZE(index_bits); i++) {
		int size = 1 << index_bits[i], index = id % size;

		if (sequence != (unsigned int)(id / size) || !is_at(id, index))
			continue;
		observe("The queue with id %d has index %d and sequence number %u: %u * %d + %d. "
			"The size of the table is %d.", id, index, sequence, sequence, size,
			index, size);
		conclude("so");
		return;
	}
	observe("The queue with id %d has sequence number %u.", id, sequence);
	conclude("not so");
}

#define IN_TURN		8

/*
 * Eight queues, each removed before the next is made. Who takes the lowest index
 * and counts up its sequence number never has two in turn with the same one.
 */
static void check_sequence(void)
{
	int size = 1 << index_bits[0], ids[IN_TURN], moved = 0, raised = 0;

	for (int i = 0; i < IN_TURN; i++)
		ids[i] = make_and_remove_queue();
	for (int i = 1; i < IN_TURN; i++) {
		moved += ids[i] % size != ids[i - 1] % size && ids[i] / size == ids[i - 1] / size;
		raised += ids[i] / size == ids[i - 1] / size + 1;
	}
	observe("Queues made and removed in turn have ids %d, %d, %d, %d.", ids[0], ids[1], ids[2],
		ids[3]);
	if (moved)
		conclude("index moves");
	else if (raised)
		conclude("raised");
	else
		conclude("neither");
}

static key_t key_in_child(const char *path, int id)
{
	volatile key_t *key = shared_memory(sizeof(*key));
	pid_t child = start();

	if (!child) {
		*key = ftok(path, id);
		_exit(0);
	}
	ends_well(child);
	return *key;
}

static void check_ftok(void)
{
	char path[FILE_PATH_MAX], other[FILE_PATH_MAX];
	key_t key;

	file_path("key", path);
	file_path("other", other);
	close(must(open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600), "open"));
	close(must(open(other, O_CREAT | O_RDWR | O_CLOEXEC, 0600), "open"));
	key = must(ftok(path, 'a'), "ftok");
	part(key_in_child(path, 'a') == key, "Two processes get the same key of a file and "
	     "an id, %#x here;", (unsigned int)key);
	part(ftok(path, 'b') != key && ftok(other, 'a') != key,
	     "another id, or another file made just now, gives another key.");
	must(unlink(path), "unlink");
	part(ftok(path, 'a') == -1, "Without the file there is none: nobody keeps the keys.");
	unlink(other);
	conclude_parts();
}

static unsigned long inode_of(int fd)
{
	struct stat state;

	must(fstat(fd, &state), "fstat");
	return state.st_ino;
}

static key_t key_of(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return must(ftok(path, 'a'), path);
}

static void stay_on_processor(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * A file other than @fd, whose inode's number ends in the same 16 bits. Files in
 * memory are numbered one after the other, on each processor apart.
 */
static int find_twin(int fd)
{
	enum { TRIES = 4 << 16 };
	unsigned long inode = inode_of(fd);

	stay_on_processor();
	for (int i = 0; i < TRIES; i++) {
		int other = need(memfd_create("twin", MFD_CLOEXEC), "memfd_create");

		if ((inode_of(other) & 0xffff) == (inode & 0xffff))
			return other;
		close(other);
	}
	return -1;
}

static void check_collision(void)
{
	int fd = need(memfd_create("first", MFD_CLOEXEC), "memfd_create");
	int twin = find_twin(fd);
	bool same_ids = ftok("/", 1) == ftok("/", 257);

	observe("The ids 1 and 257 give %s for one file.", same_ids ? "the same key" : "two keys");
	if (twin >= 0)
		observe("Of two files, with inodes %#lx and %#lx, the keys are %#x and %#x.",
			inode_of(fd), inode_of(twin), (unsigned int)key_of(fd),
			(unsigned int)key_of(twin));
	if (twin >= 0 ? key_of(fd) == key_of(twin) : same_ids)
		conclude("collision");
	else
		conclude("distinct");
}

/* The maker has come to its end before we look. */
static void check_life(void)
{
	key_t key = object_key(GUARD_MSG_KEY);
	pid_t child = start();
	int queue;

	if (!child) {
		put(need(msgget(key, IPC_CREAT | IPC_EXCL | 0600), "msgget"), 5, "left behind");
		_exit(0);
	}
	ends_well(child);
	if (finding_over())
		_exit(0);
	queue = must(msgget(key, 0), "msgget");
	part(queued(queue) == 1 && take(queue, 0, 0) == 5,
	     "A queue and its message are there after the process that made them has ended.");
	must(msgctl(queue, IPC_RMID, NULL), "msgctl");
	part(msgget(key, 0) < 0 && errno == ENOENT, "Only IPC_RMID removes it.");
	conclude_parts();
}

const struct claim id_claims[] = {
	{
		.row = "115",
		.lectures = "S3",
		.text = "id = sequence * size + index",
		.says = "An id is its sequence number times the size of the table, and the "
			"index: 2, 102, 202, 302.",
		.page = "msgctl(2), sysvipc(7)",
		.check = check_arithmetic,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "117",
		.lectures = "S3",
		.text = "ftok() makes a key of path and id",
		.says = "ftok(path, id) gives processes a common key; nobody manages the keys "
			"of applications.",
		.page = "ftok(3)",
		.check = check_ftok,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "121",
		.lectures = "S1 S4",
		.text = "objects outlive their makers",
		.says = "The objects outlive the application, must be deleted, and can leak "
			"until the next boot.",
		.page = "sysvipc(7)",
		.check = check_life,
		.outcomes = { { "so", VERDICT_TRUE } },
		.note = "Who is killed before that has leaked it: ipcs(1) shows it, ipcrm(1) "
			"removes it.",
	}, {
		.row = "A2.8",
		.lectures = "S3",
		.text = "each free raises seq",
		.says = "The sequence number rises whenever an object is released, so that "
			"ids at one index are 2, 102, 202.",
		.page = "sysvipc(7)",
		.check = check_sequence,
		.outcomes = { { "raised", VERDICT_TRUE }, { "index moves", VERDICT_OUTDATED } },
		.note = "From Linux 5.2 on the index goes round, and the sequence number "
			"rises only when that starts again; before, the lowest index was "
			"given out and the number rose.",
	}, {
		.row = "A2.9",
		.lectures = "S3",
		.text = "keys of ftok() differ",
		.says = "ftok() gives keys to applications. (That two may be the same is not "
			"said.)",
		.page = "ftok(3)",
		.check = check_collision,
		.outcomes = { { "distinct", VERDICT_TRUE }, { "collision", VERDICT_OUTDATED } },
		.note = "A key has 8 bits of the id, 8 of the device and 16 of the inode.",
	},
	{ 0 }
};
